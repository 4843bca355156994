package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/alerts/rule"
	"heed/internal/mount"
	"heed/internal/store"
)

// Watch looks at all that is due, tells whoever is to be told, and writes the
// digests of a week that is over. However often it is called, a moment is looked
// at once. What cannot be counted now is left for later.
func (s *Service) Watch(ctx context.Context) error {
	s.watching.Lock()
	defer s.watching.Unlock()
	began, now := time.Now(), s.now()
	subs, err := s.o.Store.Subscriptions(ctx, "", store.SubscriptionActive)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	slices.SortStableFunc(subs, func(a, b store.Subscription) int { return a.Checked.Compare(b.Checked) })
	n := s.numbers()
	var stood []store.Subscription
	var errs []error
	for _, sub := range subs {
		if ctx.Err() != nil || time.Since(began) > longest {
			break
		}
		noted, err := s.look(ctx, n, sub, now)
		if noted != nil {
			stood = append(stood, *noted)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("watch: subscription %s: %w", sub.ID, err))
		}
	}
	return errors.Join(append(errs, s.note(ctx, stood), s.purge(ctx, now))...)
}

// note writes down how what was looked at stands, where nothing is to be told.
func (s *Service) note(ctx context.Context, stood []store.Subscription) error {
	if len(stood) == 0 {
		return nil
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, sub := range stood {
			// Changed or paused meanwhile: the next look decides.
			if err := tx.SetStanding(sub); err != nil && !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		return nil
	})
}

// look looks at one subscription when it is due. It gives how it stands, to be
// noted with others, unless that was written already.
func (s *Service) look(ctx context.Context, n *numbers, sub store.Subscription, now time.Time) (noted *store.Subscription, err error) {
	switch {
	case sub.Kind == Digest:
		return s.digest(ctx, n, sub, now)
	case emerges(sub):
		return nil, nil //nolint:nilnil // the log tells of it
	}
	r := ruleOf(sub.Wanted)
	at := now.Truncate(r.Every())
	if !at.After(sub.Checked) {
		return nil, nil //nolint:nilnil // it is not due
	}
	h, name, err := n.history(ctx, sub, at.Add(-r.Back()), at)
	if err == nil {
		err = s.owned(ctx, sub)
	}
	if why, ok := errors.AsType[unready](err); ok {
		s.metrics.looks.WithLabelValues(string(why)).Inc()
		if sub.Note == string(why) {
			return nil, nil //nolint:nilnil // it is known
		}
		sub.Note = string(why)
		return &sub, nil
	}
	if err != nil {
		return nil, err
	}
	v := r.Judge(h, at)
	s.metrics.looks.WithLabelValues(string(v.Note)).Inc()
	standing := rule.Standing{Above: sub.Above, Told: sub.Alerted}
	tell := r.Step(&standing, v)
	sub.Checked, sub.Above, sub.Alerted, sub.Note = at, standing.Above, standing.Told, string(v.Note)
	if !tell {
		return &sub, nil
	}
	return nil, s.raise(ctx, sub, told(sub, name, v))
}

// owned says whether who asked for a subscription still has a part in it.
func (s *Service) owned(ctx context.Context, sub store.Subscription) error {
	role, err := s.o.Store.RoleOf(ctx, sub.Owner, s.now())
	if errors.Is(err, store.ErrNotFound) || err == nil && !slices.Contains(Readers(), role) {
		return orphan
	}
	return err
}

// Readers are the roles that are told of numbers: those that read themes.
func Readers() []string { return mount.Analysts() }

// Preview says what a wish would have told in the last weeks, and what it says
// now. It keeps nothing. *Invalid, and what is not counted is [ErrUncounted].
func (s *Service) Preview(ctx context.Context, who Who, w Wish, draft string) (rule.Past, error) {
	if w.Mail == "" && w.Webhook == "" {
		w.Mail = "nobody@localhost" // where to is not asked yet
	}
	sub := store.Subscription{Owner: who.ID, Search: w.Search, Theme: w.Theme}
	n, now := s.numbers(), s.now().Truncate(time.Minute)
	if draft != "" { // a search that is not saved yet
		if w.Search != "" || w.Theme != "" {
			return rule.Past{}, &Invalid{Field: "query", Want: "expected a query, a saved search or a theme, and one of them alone"}
		}
		return s.previewQuery(ctx, n, w, who, draft, now)
	}
	if _, err := s.checked(ctx, who, &w); err != nil {
		return rule.Past{}, err
	}
	if w.Kind == Digest {
		return rule.Past{}, &Invalid{Field: "kind", Want: "expected threshold, change or new: a digest comes each Monday"}
	}
	sub.Wanted = w.Wanted
	if emerges(sub) {
		return s.emergedBefore(ctx, sub, now)
	}
	r := ruleOf(w.Wanted)
	h, _, err := n.history(ctx, sub, now.Add(-previewed-r.Back()), now)
	if err != nil {
		return rule.Past{}, uncounted(err)
	}
	return r.Replay(h, now.Add(-previewed), now), nil
}

// previewed is how far back a preview goes.
const previewed = 8 * 7 * 24 * time.Hour

func (s *Service) previewQuery(ctx context.Context, n *numbers, w Wish, who Who, query string, now time.Time) (rule.Past, error) {
	if _, err := (Draft{Name: "preview", Query: query}).checked(who); err != nil {
		return rule.Past{}, err
	}
	r := ruleOf(w.Wanted)
	if err := r.Check(); err != nil {
		if bad, ok := errors.AsType[*rule.Invalid](err); ok {
			return rule.Past{}, &Invalid{Field: bad.Field, Want: bad.Want}
		}
		return rule.Past{}, err
	}
	of := span{now.Add(-previewed - r.Back()), now}
	h, err := n.query(ctx, query, of)
	if err != nil {
		return rule.Past{}, uncounted(err)
	}
	if h.From, err = n.begin(ctx); err == nil && r.Kind == rule.Change {
		h.Volume, err = n.counted(ctx, "", of)
	}
	if err != nil {
		return rule.Past{}, err
	}
	return r.Replay(h, now.Add(-previewed), now), nil
}

// ErrUncounted says that the past is not counted yet.
var ErrUncounted = errors.New("the past is not counted yet; ask again in a while")

func uncounted(err error) error {
	if errors.As(err, new(unready)) {
		return fmt.Errorf("%w: %w", ErrUncounted, err)
	}
	return err
}

// purge forgets, once a day, what was deleted long ago.
func (s *Service) purge(ctx context.Context, now time.Time) error {
	const cursor = "alerts.purge"
	day := now.Unix() / int64((24 * time.Hour).Seconds())
	done, err := s.o.Store.Cursor(ctx, cursor)
	if err != nil || done >= day {
		return err
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PurgeSubscriptions(now.Add(-kept)); err != nil {
			return err
		}
		if err := tx.PurgeSearches(now.Add(-kept)); err != nil {
			return err
		}
		return tx.SetCursor(cursor, day)
	})
}
