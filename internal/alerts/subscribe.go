package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/alerts/rule"
	"heed/internal/event"
	"heed/internal/store"
)

// Digest is the kind of a subscription to what each week brought.
const Digest = "digest"

// AnyTheme stands for all themes.
const AnyTheme = "*"

// usualRest is how long after an alert there is no other when nobody says.
const usualRest = 24 * time.Hour

// Wish is what somebody asks for.
type Wish struct {
	Search, Theme string // one of the two, or none for a digest
	store.Wanted
}

// Subscription is one as its owner sees it.
type Subscription struct {
	store.Subscription

	// Name is that of what is watched; empty for a digest and for what is gone.
	Name string
}

// ruleOf gives the rule of what is wanted.
func ruleOf(w store.Wanted) rule.Rule {
	return rule.Rule{
		Kind: rule.Kind(w.Kind), Least: w.Least, Unit: w.Unit, Period: rule.Periods[w.Period], Direction: w.Direction, Weeks: w.Weeks, Rest: w.Rest,
	}
}

// checked refuses a wish, with an *Invalid, and gives the name of what is watched.
func (s *Service) checked(ctx context.Context, who Who, w *Wish) (name string, err error) {
	w.Rest = cmp.Or(w.Rest, usualRest)
	if err := s.checkWay(&w.Wanted); err != nil {
		return "", err
	}
	return s.checkRule(ctx, who, w)
}

// checkRule looks at what is watched and for what.
func (s *Service) checkRule(ctx context.Context, who Who, w *Wish) (name string, err error) {
	if w.Kind == Digest {
		return "", checkDigest(w)
	}
	switch {
	case (w.Search == "") == (w.Theme == ""):
		return "", &Invalid{Field: "search_id", Want: "expected a search or a theme, and not both"}
	case w.Theme == AnyTheme && w.Kind != string(rule.New):
		return "", &Invalid{Field: "theme_id", Want: "expected one theme: any can only be new"}
	}
	if w.Theme != "" && w.Kind == string(rule.New) {
		w.Weeks = 1 // what is a new theme is for the themes to say
	}
	if err := ruleOf(w.Wanted).Check(); err != nil {
		if bad, ok := errors.AsType[*rule.Invalid](err); ok {
			return "", &Invalid{Field: bad.Field, Want: bad.Want}
		}
		return "", err
	}
	if w.Search != "" {
		if one, err := s.Search(ctx, who, w.Search); err == nil {
			if err := who.asks(one.Query, "search_id"); err != nil {
				return "", err
			}
		}
	}
	return s.nameOf(ctx, who.ID, w.Search, w.Theme)
}

func checkDigest(w *Wish) error {
	switch {
	case w.Search != "" || w.Theme != "":
		return &Invalid{Field: "kind", Want: "expected neither a search nor a theme for a digest: it is of all"}
	case w.Mail == "":
		return &Invalid{Field: "mail", Want: "expected an address: a digest comes by mail"}
	}
	return nil
}

// checkWay looks at where alerts go.
func (s *Service) checkWay(w *store.Wanted) error {
	switch {
	case w.Mail == "" && w.Webhook == "":
		return &Invalid{Field: "mail", Want: "expected an address of mail or of a webhook"}
	case w.Mail != "" && s.o.Mail.Check(w.Mail) != nil:
		return &Invalid{Field: "mail", Want: "expected one plain address such as ann@example.com"}
	case w.Language != "" && !slices.Contains(s.o.Letters.Languages(), w.Language):
		return &Invalid{Field: "language", Want: fmt.Sprintf("expected one of %v", s.o.Letters.Languages())}
	}
	if w.Webhook == "" {
		w.Secret = ""
		return nil
	}
	if err := s.o.Webhook.Check(w.Webhook); err != nil {
		return &Invalid{Field: "webhook", Want: err.Error()}
	}
	w.Secret = cmp.Or(w.Secret, s.o.Secret())
	return nil
}

// nameOf gives the name of what is watched, if its owner may see it.
func (s *Service) nameOf(ctx context.Context, owner, saved, theme string) (string, error) {
	switch theme {
	case AnyTheme:
		return "", nil
	case "":
		one, err := s.o.Store.SavedSearch(ctx, saved)
		if errors.Is(err, store.ErrNotFound) || err == nil && (!sees(owner, one) || !one.Deleted.IsZero()) {
			return "", &Invalid{Field: "search_id", Want: "there is no such saved search"}
		}
		return one.Name, err
	}
	title, _, _, err := s.o.Themes.Known(ctx, theme)
	if errors.Is(err, store.ErrNotFound) {
		return "", &Invalid{Field: "theme_id", Want: "there is no such theme"}
	}
	return title, err
}

// Subscribe keeps a wish; it is watched from now on. *Invalid, ErrTooMany.
func (s *Service) Subscribe(ctx context.Context, who Who, w Wish) (Subscription, error) {
	name, err := s.checked(ctx, who, &w)
	if err != nil {
		return Subscription{}, err
	}
	now := s.o.Now().UTC().Truncate(time.Millisecond)
	sub := store.Subscription{
		ID: event.NewID(), Owner: who.ID, Search: w.Search, Theme: w.Theme, State: store.SubscriptionActive, Created: now, Changed: now, Wanted: w.Wanted,
	}
	sub.Checked = now
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := roomForOne(tx, who.ID); err != nil {
			return err
		}
		return tx.SaveSubscription(sub)
	})
	return Subscription{sub, name}, err
}

func roomForOne(tx *store.Tx, owner string) error {
	own, every, err := tx.CountSubscriptions(owner)
	if err == nil && (own >= MostSubscriptions || every >= mostEvery) {
		err = ErrTooMany
	}
	return err
}

// Subscriptions gives somebody's own, or everybody's to an administrator who
// asks for all.
func (s *Service) Subscriptions(ctx context.Context, who Who, all bool) ([]Subscription, error) {
	owner := who.ID
	if all && who.Role == Admin {
		owner = ""
	}
	found, err := s.o.Store.Subscriptions(ctx, owner, "")
	if err != nil {
		return nil, err
	}
	out := make([]Subscription, len(found))
	for i, one := range found {
		if out[i], err = s.named(ctx, one); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named adds the name of what is watched, or none where it is gone.
func (s *Service) named(ctx context.Context, one store.Subscription) (Subscription, error) {
	name, err := "", error(nil)
	if one.Kind != Digest {
		name, err = s.nameOf(ctx, one.Owner, one.Search, one.Theme)
	}
	if errors.As(err, new(*Invalid)) {
		err = nil
	}
	return Subscription{one, name}, err
}

// Subscription gives one that is somebody's own, or any to an administrator.
func (s *Service) Subscription(ctx context.Context, who Who, id string) (Subscription, error) {
	one, err := s.o.Store.Subscription(ctx, id)
	if err == nil && one.Owner != who.ID && who.Role != Admin {
		err = fmt.Errorf("subscription %s: %w", id, store.ErrNotFound)
	}
	if err != nil {
		return Subscription{}, err
	}
	return s.named(ctx, one)
}

// Edit is a change of a subscription; what is nil stays.
type Edit struct {
	State  *store.SubscriptionState
	Wanted *store.Wanted // with the secret left out
	// Secret makes another secret to sign webhooks with.
	Secret bool
}

// Change changes a subscription, or brings it back. What was changed is looked at as
// if it were new. *Invalid, ErrTooMany.
func (s *Service) Change(ctx context.Context, who Who, id string, e Edit) (Subscription, error) {
	was, err := s.Subscription(ctx, who, id)
	if err != nil {
		return was, err
	}
	one := was.Subscription
	if e.Wanted != nil {
		w := Wish{one.Search, one.Theme, *e.Wanted}
		w.Secret = one.Secret
		if _, err := s.checked(ctx, Who{ID: one.Owner}, &w); err != nil {
			return was, err
		}
		one.Wanted = w.Wanted
	}
	if e.Secret {
		if one.Webhook == "" {
			return was, &Invalid{Field: "webhook", Want: "there is none whose secret could be made"}
		}
		one.Secret = s.o.Secret()
	}
	if e.State != nil {
		one.State = *e.State
	}
	one.Changed = s.o.Now().UTC().Truncate(time.Millisecond)
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error { return s.save(tx, was.Subscription, one) })
	if err != nil {
		return was, err
	}
	return s.Subscription(ctx, who, id)
}

// save stores a changed subscription, and what that means for what is on its way.
func (s *Service) save(tx *store.Tx, was, one store.Subscription) error {
	if was.State == store.SubscriptionDeleted && one.State != store.SubscriptionDeleted {
		if err := roomForOne(tx, one.Owner); err != nil {
			return err
		}
	}
	if err := tx.SaveSubscription(one); err != nil {
		return err
	}
	if one.State != store.SubscriptionActive {
		return tx.DropPosts(one.ID, "")
	}
	if was.State != store.SubscriptionActive || ruleOf(was.Wanted) != ruleOf(one.Wanted) {
		return tx.BeginStanding(one.ID, one.Changed)
	}
	return nil
}

// Alerts gives a page of what somebody was told, or everybody to an
// administrator who asks for all, and what became of the messages.
func (s *Service) Alerts(ctx context.Context, who Who, q AlertQuery) (page []store.Alert, posts map[string][]store.Post, next string, err error) {
	owner := who.ID
	if q.All && who.Role == Admin {
		owner = ""
	}
	page, next, err = s.o.Store.Alerts(ctx, owner, q.Subscription, q.After, q.Limit)
	if err != nil {
		return nil, nil, "", err
	}
	ids := make([]string, len(page))
	for i, a := range page {
		ids[i] = a.AlertID
	}
	posts, err = s.o.Store.PostsOf(ctx, ids)
	return page, posts, next, err
}

// AlertQuery selects alerts.
type AlertQuery struct {
	Subscription string // empty is any
	All          bool   // of everybody
	After        string
	Limit        int
}
