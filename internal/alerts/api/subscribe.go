package api

import (
	"context"
	"time"

	"heed/internal/alerts"
	"heed/internal/store"
)

// Rule is what somebody wants to be told of.
type Rule struct {
	Kind      string `json:"kind" enum:"threshold,change,new,digest" doc:"So many in a period; more or fewer than the past lets expect; some after weeks without any; or what each week brought, on Monday"`
	Least     int    `json:"least,omitempty" minimum:"1" maximum:"1000000" doc:"Of a threshold: so many or more"`
	Unit      string `json:"unit,omitempty" enum:"calls,lines" doc:"Of a threshold: what is counted, calls by default"`
	Period    string `json:"period,omitempty" enum:"hour,day,week" doc:"Of a threshold and of a change: the last so long, a day by default"`
	Direction string `json:"direction,omitempty" enum:"up,down,either" doc:"Of a change; either by default"`
	Weeks     int    `json:"weeks,omitempty" minimum:"1" maximum:"26" doc:"Of something new in a search: how long there was none, 4 weeks by default"`
	RestHours int    `json:"rest_hours,omitempty" minimum:"1" maximum:"672" doc:"After an alert there is no other for so long; a day by default"`
}

func (r Rule) wanted(w *store.Wanted) {
	w.Kind, w.Least, w.Unit, w.Period, w.Direction, w.Weeks = r.Kind, r.Least, r.Unit, r.Period, r.Direction, r.Weeks
	w.Rest = time.Duration(r.RestHours) * time.Hour
	switch r.Kind {
	case "threshold":
		w.Unit, w.Period = orElse(w.Unit, "calls"), orElse(w.Period, "day")
	case "change":
		w.Direction, w.Period = orElse(w.Direction, "either"), orElse(w.Period, "day")
	case "new":
		if w.Weeks == 0 {
			w.Weeks = 4
		}
	}
}

func orElse(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}

// Way is where alerts go.
type Way struct {
	Mail     string `json:"mail,omitempty" maxLength:"254" doc:"One plain address"`
	Language string `json:"language,omitempty" enum:"en,ar" doc:"Of mails; en by default"`
	Webhook  string `json:"webhook,omitempty" maxLength:"2000" doc:"An https address on the public internet, called as Standard Webhooks 1.0.0 has it: signed, with an id that is the same in every attempt"`
}

// Watched is what is watched.
type Watched struct {
	Search string `json:"search_id,omitempty" maxLength:"64" doc:"A saved search"`
	Theme  string `json:"theme_id,omitempty" maxLength:"64" doc:"A theme, or * for any that is new"`
}

// Subscription is what somebody asked for.
type Subscription struct {
	ID string `json:"id"`
	Watched
	Rule
	Way

	Name    string     `json:"name,omitempty" doc:"Of the search or the theme"`
	State   string     `json:"state" enum:"active,paused,deleted"`
	Note    string     `json:"note,omitempty" doc:"Why there is nothing to tell: short or few (too little past to compare with), broad, partial or slow (not counted now), gone or unreadable (the search), orphan (its owner), unsubscribed, gone away (the webhook), nothing (in the week)"`
	Above   bool       `json:"above" doc:"It was told, and what was told of goes on"`
	Alerted *time.Time `json:"alerted_at,omitempty" doc:"When it was last told"`
	Checked time.Time  `json:"checked_at" doc:"Up to when it was looked at"`
	Created time.Time  `json:"created_at"`
}

func subscriptionView(s alerts.Subscription) Subscription {
	v := Subscription{
		ID: s.ID, Watched: Watched{s.Search, s.Theme}, Way: Way{s.Mail, s.Language, s.Webhook}, Name: s.Name, State: string(s.State), Note: s.Note,
		Above: s.Above, Checked: s.Checked, Created: s.Created,
		Rule: Rule{s.Kind, s.Least, s.Unit, s.Period, s.Direction, s.Weeks, int(s.Rest / time.Hour)},
	}
	if !s.Alerted.IsZero() {
		v.Alerted = &s.Alerted
	}
	return v
}

type subscriptionsInput struct {
	All bool `query:"all" doc:"Those of everybody; for an administrator"`
}

type subscriptionList struct {
	Subscriptions []Subscription `json:"subscriptions"`
}

func (r routes) subscriptions(ctx context.Context, in *subscriptionsInput) (*out[subscriptionList], error) {
	found, err := r.alerts.Subscriptions(ctx, r.who(ctx), in.All)
	if err != nil {
		return nil, r.fail(err)
	}
	l := subscriptionList{make([]Subscription, len(found))}
	for i, one := range found {
		l.Subscriptions[i] = subscriptionView(one)
	}
	return &out[subscriptionList]{l}, nil
}

// NewSubscription is what somebody asks for.
type NewSubscription struct {
	Watched
	Rule
	Way
}

func (n NewSubscription) wish() alerts.Wish {
	w := alerts.Wish{Search: n.Search, Theme: n.Theme}
	n.wanted(&w.Wanted)
	w.Mail, w.Language, w.Webhook = n.Mail, n.Language, n.Webhook
	return w
}

type subscribeInput struct {
	Key
	Body NewSubscription
}

// told answers with a subscription.
func (r routes) told(s alerts.Subscription, err error) (*out[Subscription], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[Subscription]{subscriptionView(s)}, nil
}

func (r routes) subscribe(ctx context.Context, in *subscribeInput) (*out[Subscription], error) {
	return r.told(r.alerts.Subscribe(ctx, r.who(ctx), in.Body.wish()))
}

func (r routes) subscription(ctx context.Context, in *ByID) (*out[Subscription], error) {
	return r.told(r.alerts.Subscription(ctx, r.who(ctx), in.ID))
}

// Edited is what becomes of a subscription; what is left out stays.
type Edited struct {
	State *string `json:"state,omitempty" enum:"active,paused" doc:"active also brings back what was deleted"`
	Rule  *Rule   `json:"rule,omitempty" doc:"In the place of the present one"`
	Way   *Way    `json:"way,omitempty" doc:"In the place of the present one"`
}

type changeInput struct {
	ByID
	Key
	Body Edited
}

func (r routes) change(ctx context.Context, in *changeInput) (*out[Subscription], error) {
	was, err := r.alerts.Subscription(ctx, r.who(ctx), in.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	e := alerts.Edit{State: state(in.Body.State)}
	if in.Body.Rule != nil || in.Body.Way != nil {
		w := was.Wanted
		if in.Body.Rule != nil {
			in.Body.Rule.wanted(&w)
		}
		if in.Body.Way != nil {
			w.Mail, w.Language, w.Webhook = in.Body.Way.Mail, in.Body.Way.Language, in.Body.Way.Webhook
		}
		e.Wanted = &w
	}
	return r.told(r.alerts.Change(ctx, r.who(ctx), in.ID, e))
}

func (r routes) end(ctx context.Context, in *dropInput) (*struct{}, error) {
	deleted := store.SubscriptionDeleted
	if _, err := r.alerts.Change(ctx, r.who(ctx), in.ID, alerts.Edit{State: &deleted}); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

type signingSecret struct {
	Secret string `json:"secret" doc:"whsec_ and base64, as libraries of Standard Webhooks take it; what was signed before is not"`
}

func (r routes) secret(ctx context.Context, in *ByID) (*out[signingSecret], error) {
	one, err := r.alerts.Change(ctx, r.who(ctx), in.ID, alerts.Edit{Secret: true})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[signingSecret]{signingSecret{one.Secret}}, nil
}

// Tried is what somebody may come to ask for.
type Tried struct {
	Watched
	Rule

	Query string `json:"query,omitempty" maxLength:"2000" doc:"In the place of a saved search"`
}

type previewInput struct{ Body Tried }

type preview struct {
	Weeks    int         `json:"weeks" doc:"That were looked at"`
	Fired    []time.Time `json:"fired" doc:"When you would have been told, looking a quarter of an hour to six hours apart"`
	Count    int         `json:"count" doc:"In the period that ends now"`
	Expected float64     `json:"expected,omitempty" doc:"What the past lets expect of a change"`
	Sample   int         `json:"sample,omitempty" doc:"On so many calls of the past"`
	Note     string      `json:"note,omitempty" enum:"short,few,broad" doc:"Why it cannot be told now: too little past, too few calls in it, or more than are counted"`
}

func (r routes) preview(ctx context.Context, in *previewInput) (*out[preview], error) {
	w := NewSubscription{Watched: in.Body.Watched, Rule: in.Body.Rule}.wish()
	p, err := r.alerts.Preview(ctx, r.who(ctx), w, in.Body.Query)
	if err != nil {
		return nil, r.fail(err)
	}
	v := preview{Weeks: 8, Fired: p.Fired, Count: p.Last.Count, Expected: p.Last.Expected, Sample: p.Last.Sample, Note: string(p.Last.Note)}
	if v.Fired == nil {
		v.Fired = []time.Time{}
	}
	return &out[preview]{v}, nil
}

// Delivery is what became of a message.
type Delivery struct {
	By    string    `json:"by" enum:"mail,webhook"`
	State string    `json:"state" enum:"waiting,sent,failed"`
	Tries int       `json:"tries"`
	At    time.Time `json:"at" doc:"When it was sent or given up, or is tried next"`
	Why   string    `json:"why,omitempty" doc:"Why the last attempt failed"`
}

// Alert is what somebody was told.
type Alert struct {
	ID           string `json:"id"`
	Subscription string `json:"subscription_id"`
	Watched

	At         time.Time  `json:"at"`
	Name       string     `json:"name,omitempty"`
	Kind       string     `json:"kind" enum:"threshold,change,new"`
	Count      int        `json:"count"`
	Unit       string     `json:"unit" enum:"calls,lines"`
	From       time.Time  `json:"from"`
	To         time.Time  `json:"to"`
	Expected   float64    `json:"expected,omitempty" doc:"What the past lets expect of a change"`
	Sample     int        `json:"sample,omitempty" doc:"On so many calls of the past"`
	Link       string     `json:"link" doc:"Opens the calls behind the number in Heed"`
	Deliveries []Delivery `json:"deliveries" doc:"What became of the messages, for 30 days"`
}

type alertsInput struct {
	Page
	Subscription string `query:"subscription" maxLength:"64" doc:"Of this one only"`
	All          bool   `query:"all" doc:"Those of everybody; for an administrator"`
}

type alertPage struct {
	Alerts []Alert `json:"alerts"`
	Next   string  `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) alertList(ctx context.Context, in *alertsInput) (*out[alertPage], error) {
	found, posts, next, err := r.alerts.Alerts(ctx, r.who(ctx), alerts.AlertQuery{Subscription: in.Subscription, All: in.All, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, r.fail(err)
	}
	p := alertPage{Alerts: make([]Alert, len(found)), Next: next}
	for i, a := range found {
		p.Alerts[i] = Alert{
			ID: a.AlertID, Subscription: a.Subscription, Watched: Watched{a.SearchID, a.ThemeID}, At: a.At, Name: a.Name, Kind: a.Kind, Count: a.Count, Unit: a.Unit, From: a.From, To: a.To,
			Expected: a.Expected, Sample: a.Sample, Link: a.Link, Deliveries: []Delivery{},
		}
		for _, d := range posts[a.AlertID] {
			p.Alerts[i].Deliveries = append(p.Alerts[i].Deliveries, Delivery{d.By, string(d.State), d.Tries, d.Due, d.Why})
		}
	}
	return &out[alertPage]{p}, nil
}
