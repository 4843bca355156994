package api

import (
	"context"
	"net/url"
	"strings"
	"time"

	"heed/internal/mount"
	"heed/internal/store"
	"heed/internal/watch"
)

// ByID is the input of operations on one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

// LiveRuleDraft is what a rule is to wait for.
type LiveRuleDraft struct {
	Name    string  `json:"name" minLength:"1" maxLength:"320" doc:"Up to 80 letters"`
	Kind    string  `json:"kind" enum:"mood,silence,phrase,theme,asks,risk,long,overlap" doc:"The mood is under level for seconds; nobody says anything for seconds; a phrase is said; a theme comes up; the customer asks for somebody else; the risk is level or more; the call goes on for seconds; both speak for level of the call"`
	Level   float64 `json:"level,omitempty" minimum:"-1" maximum:"1" doc:"Of a mood -1 to 1, of a risk and of an overlap 0 to 1"`
	Seconds float64 `json:"seconds,omitempty" minimum:"0" maximum:"14400"`
	Phrase  string  `json:"phrase,omitempty" maxLength:"200" doc:"Words in order; cancel* for all that begin so, a|b for either, ... for up to six words between"`
	Theme   string  `json:"theme,omitempty" maxLength:"100" doc:"The name of a theme"`
	Speaker string  `json:"speaker,omitempty" enum:"customer,agent" doc:"Who has to say it; by default either"`
	Agent   string  `json:"agent,omitempty" maxLength:"200" doc:"Watch over this agent's calls alone"`
	Queue   string  `json:"queue,omitempty" maxLength:"200" doc:"Watch over this queue's calls alone"`
	Mail    string  `json:"mail,omitempty" maxLength:"254" doc:"One plain address; of a rule that you may not change its host alone is shown"`
	Lang    string  `json:"language,omitempty" enum:"en,ar" doc:"Of mails; en by default"`
	Webhook string  `json:"webhook,omitempty" maxLength:"2000" doc:"An https address on the public internet, called as Standard Webhooks 1.0.0 has it; of a rule that you may not change its host alone is shown"`
}

func (d LiveRuleDraft) wanted() store.WatchWanted {
	return store.WatchWanted{
		Name: d.Name, Kind: d.Kind, Level: d.Level, Seconds: d.Seconds, Phrase: d.Phrase, Theme: d.Theme, Speaker: d.Speaker,
		Agent: d.Agent, Queue: d.Queue, WatchWays: store.WatchWays{Mail: d.Mail, Language: d.Lang, Webhook: d.Webhook},
	}
}

// LiveRule is of what supervisors are told while a call goes on.
type LiveRule struct {
	ID string `json:"id"`
	LiveRuleDraft

	WebhookOff string `json:"webhook_off,omitempty" doc:"Why nothing is sent to the webhook any more: gone away (it answered 410). Changing the rule has it tried again"`

	By        string    `json:"by,omitempty" doc:"Who made it"`
	Own       bool      `json:"own" doc:"You may change it"`
	Created   time.Time `json:"created_at"`
	Changed   time.Time `json:"changed_at"`
	ChangedBy string    `json:"changed_by,omitempty"`
}

// ruleView shows a rule to somebody: where it tells is for who may change it, to
// others it is said without what names a person or lets one in.
func ruleView(r store.WatchRule, by watch.Person) LiveRule {
	own := r.Owner == by.ID || by.Role == mount.Admin
	mail, webhook := r.Mail, r.Webhook
	if !own {
		mail, webhook = veiled(mail, webhook)
	}
	return LiveRule{
		ID: r.ID, By: r.By, Own: own, Created: r.Created.UTC(), Changed: r.Changed.UTC(), ChangedBy: r.ChangedBy, WebhookOff: r.WebhookOff,
		LiveRuleDraft: LiveRuleDraft{r.Name, r.Kind, r.Level, r.Seconds, r.Phrase, r.Theme, r.Speaker, r.Agent, r.Queue, mail, r.Language, webhook},
	}
}

// veiled leaves of addresses the hosts.
func veiled(mail, webhook string) (string, string) {
	if at := strings.LastIndexByte(mail, '@'); at >= 0 {
		mail = "…" + mail[at:]
	}
	if u, err := url.Parse(webhook); err == nil && webhook != "" {
		webhook = "https://" + u.Hostname() + "/…"
	}
	return mail, webhook
}

type liveRuleList struct {
	Rules []LiveRule `json:"rules"`
}

func (r routes) rules(ctx context.Context, _ *struct{}) (*out[liveRuleList], error) {
	found, err := r.watch.Rules(ctx)
	if err != nil {
		return nil, r.fail(err)
	}
	l := liveRuleList{make([]LiveRule, len(found))}
	for i, one := range found {
		l.Rules[i] = ruleView(one, r.who(ctx))
	}
	return &out[liveRuleList]{l}, nil
}

// kept answers with a rule.
func (r routes) kept(ctx context.Context, rule store.WatchRule, err error) (*out[LiveRule], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[LiveRule]{ruleView(rule, r.who(ctx))}, nil
}

type makeInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body LiveRuleDraft
}

func (r routes) make(ctx context.Context, in *makeInput) (*out[LiveRule], error) {
	rule, err := r.watch.Make(ctx, r.who(ctx), in.Body.wanted())
	return r.kept(ctx, rule, err)
}

type changeInput struct {
	ByID

	Seen time.Time `query:"changed_at" doc:"The changed_at of the rule that was read: when somebody has changed it since, nothing is changed"`
	Body LiveRuleDraft
}

func (r routes) change(ctx context.Context, in *changeInput) (*out[LiveRule], error) {
	wanted := in.Body.wanted()
	wanted.Changed = in.Seen
	rule, err := r.watch.Change(ctx, r.who(ctx), in.ID, wanted)
	return r.kept(ctx, rule, err)
}

func (r routes) drop(ctx context.Context, in *ByID) (*struct{}, error) {
	if err := r.watch.Delete(ctx, r.who(ctx), in.ID); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

func (r routes) restore(ctx context.Context, in *ByID) (*out[LiveRule], error) {
	rule, err := r.watch.Restore(ctx, r.who(ctx), in.ID)
	return r.kept(ctx, rule, err)
}

type liveRuleSecret struct {
	Secret string `json:"secret" doc:"whsec_ and base64, as libraries of Standard Webhooks take it; what was signed before is not"`
}

func (r routes) secret(ctx context.Context, in *ByID) (*out[liveRuleSecret], error) {
	secret, err := r.watch.NewSecret(ctx, r.who(ctx), in.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[liveRuleSecret]{liveRuleSecret{secret}}, nil
}
