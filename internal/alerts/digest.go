package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/internal/alerts/letter"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// morning is when the digest of a week is written, on Monday.
	morning = 7
	// stale is how late a digest still comes after a time without power: a Monday's
	// news on Friday is none.
	stale = 48 * time.Hour
	// mostTold bounds the parts of a digest.
	mostTold = 50
)

// weekOver gives the last Monday morning that is not after a moment and the
// week that ended with it, on the clocks of the moment's zone: days may have 23
// or 25 hours.
func weekOver(at time.Time) (due, from, to time.Time) {
	y, m, d := at.Date()
	d -= (int(at.Weekday()) + 6) % 7
	if at.Before(time.Date(y, m, d, morning, 0, 0, 0, at.Location())) {
		d -= 7
	}
	return time.Date(y, m, d, morning, 0, 0, 0, at.Location()), time.Date(y, m, d-7, 0, 0, 0, 0, at.Location()),
		time.Date(y, m, d, 0, 0, 0, 0, at.Location())
}

// digest writes the digest of a week that is over, once. A week in which there
// was nothing has none.
func (s *Service) digest(ctx context.Context, n *numbers, sub store.Subscription, now time.Time) (noted *store.Subscription, err error) {
	due, from, to := weekOver(now)
	if !due.After(sub.Checked) {
		return nil, nil //nolint:nilnil // it is not due
	}
	if now.Sub(due) > stale {
		sub.Checked = due
		return &sub, nil
	}
	err = s.owned(ctx, sub)
	if why, ok := errors.AsType[unready](err); ok {
		sub.Checked, sub.Note = due, string(why)
		return &sub, nil
	}
	if err != nil {
		return nil, err
	}
	k, err := s.week(ctx, n, sub, from, to)
	if errors.Is(err, partial) || errors.Is(err, slow) {
		return nil, nil //nolint:nilnil,nilerr // later: an unfinished number would be told as one
	}
	if err != nil {
		return nil, err
	}
	sub.Checked, sub.Note = due, ""
	if k.Empty() {
		sub.Note = "nothing"
		return &sub, nil
	}
	l, err := s.o.Letters.Digest(k, s.reader(sub))
	if err != nil {
		return nil, err
	}
	sub.Alerted = due
	p := s.mail(store.Post{Message: "digest-" + due.Format(time.DateOnly) + "-" + sub.ID, Subscription: sub.ID, Due: s.o.Quiet.ends(now)}, sub, l)
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetStanding(sub); err != nil {
			return err
		}
		return tx.AddPost(p)
	})
	if errors.Is(err, store.ErrConflict) {
		return nil, nil //nolint:nilnil,nilerr // changed meanwhile: the next look decides
	}
	s.ring()
	return nil, err
}

// week gathers what a week brought somebody.
func (s *Service) week(ctx context.Context, n *numbers, sub store.Subscription, from, to time.Time) (letter.Week, error) {
	k := letter.Week{From: from, To: to, Link: func(theme string) string { return s.url(linkTo(store.Subscription{Theme: theme}, from, to)) }}
	var err error
	if k.Searches, err = s.tallies(ctx, n, sub, from, to); err != nil {
		return k, err
	}
	if k.Themes, err = s.themesOf(ctx, from, to); err != nil {
		return k, err
	}
	k.Alerts, err = s.alertsOf(ctx, sub.Owner, from, to)
	return k, err
}

// tallies counts somebody's own searches. One that cannot be asked any more is
// passed over.
func (s *Service) tallies(ctx context.Context, n *numbers, sub store.Subscription, from, to time.Time) ([]letter.Tally, error) {
	page, _, err := s.o.Store.SavedSearches(ctx, sub.Owner, "", 500)
	if err != nil {
		return nil, err
	}
	var out []letter.Tally
	for _, one := range page {
		if one.Owner != sub.Owner || len(out) == mostTold {
			continue
		}
		h, err := n.query(ctx, one.Query, span{from.AddDate(0, 0, -7), to})
		if errors.Is(err, unreadable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t := letter.Tally{Name: one.Name, Link: s.url(linkTo(store.Subscription{Search: one.ID}, from, to))}
		for _, p := range h.Points {
			if p.At.Before(from) {
				t.Before += p.Calls
			} else {
				t.Now += p.Calls
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// themesOf gives the themes that emerged in a week.
func (s *Service) themesOf(ctx context.Context, from, to time.Time) (out []event.Emergence, err error) {
	found, _, err := s.o.Store.Episodes(ctx, false, "", 500)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		if e.Began.Before(from) || !e.Began.Before(to) || len(out) == mostTold {
			continue
		}
		var g event.Emergence
		if err := json.Unmarshal(e.Doc, &g); err != nil {
			return nil, fmt.Errorf("episode of theme %s: %w", e.Theme, err)
		}
		g.Quotes = nil // no words of customers go out
		out = append(out, g)
	}
	return out, nil
}

// alertsOf gives what somebody was told in a week.
func (s *Service) alertsOf(ctx context.Context, owner string, from, to time.Time) (out []event.Alert, err error) {
	found, _, err := s.o.Store.Alerts(ctx, owner, "", "", 500)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if a.At.Before(from) || !a.At.Before(to) || len(out) == mostTold {
			continue
		}
		a.Link = s.url(a.Link)
		out = append(out, a.Alert)
	}
	return out, nil
}
