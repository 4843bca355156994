package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"heed/internal/alerts/letter"
	"heed/internal/alerts/rule"
	"heed/internal/event"
	"heed/internal/store"
)

// told is what an alert tells of a verdict.
func told(sub store.Subscription, name string, v rule.Verdict) event.Alert {
	unit := rule.Calls
	if rule.Kind(sub.Kind) == rule.Threshold {
		unit = sub.Unit
	}
	return event.Alert{
		Subscription: sub.ID, Kind: sub.Kind, SearchID: sub.Search, ThemeID: sub.Theme, Name: name,
		Count: v.Count, Unit: unit, From: v.From.UTC(), To: v.To.UTC(),
		Expected: v.Expected, Sample: v.Sample, Link: linkTo(sub, v.From, v.To),
	}
}

// linkTo leads to the calls behind a number. The search is named and not
// quoted: what it asks for may name a person.
func linkTo(sub store.Subscription, from, to time.Time) string {
	if sub.Search == "" {
		return "/themes/" + url.PathEscape(sub.Theme)
	}
	days := from.UTC().Format(time.DateOnly) + ".." + to.UTC().Add(-time.Millisecond).Format(time.DateOnly)
	return "/search?saved=" + url.QueryEscape(sub.Search) + "&days=" + days
}

// raise tells of something, and notes how its subscription stands, in one
// write.
func (s *Service) raise(ctx context.Context, sub store.Subscription, what event.Alert) error {
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetStanding(sub); err != nil {
			return err
		}
		return s.tell(tx, sub, what)
	})
	if errors.Is(err, store.ErrConflict) {
		return nil // changed or paused meanwhile: the next look decides
	}
	if err == nil {
		s.metrics.alerts.Inc()
		s.ring()
	}
	return err
}

// tell writes down an alert, its event and its messages.
func (s *Service) tell(tx *store.Tx, sub store.Subscription, what event.Alert) error {
	now := s.now()
	what.AlertID = event.NewID()
	if err := tx.AddAlert(store.Alert{Owner: sub.Owner, At: now, Alert: what}); err != nil {
		return err
	}
	public := what
	if sub.Search != "" {
		if one, err := s.o.Store.SavedSearch(context.Background(), sub.Search); err != nil || !one.Shared {
			public.Name = "" // all who work here can read the log
		}
	}
	e, err := event.New(event.AlertRaised, now, event.About{}, public)
	if err != nil {
		return err
	}
	if err := tx.Append(e); err != nil {
		return err
	}
	posts, err := s.posts(sub, what, now)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := tx.AddPost(p); err != nil {
			return err
		}
	}
	return nil
}

// posts are the messages of an alert.
func (s *Service) posts(sub store.Subscription, a event.Alert, now time.Time) ([]store.Post, error) {
	a.Link = s.url(a.Link)
	p := store.Post{Message: a.AlertID, Subscription: sub.ID, Due: s.o.Quiet.ends(now)}
	var out []store.Post
	if sub.Webhook != "" {
		body, err := json.Marshal(map[string]any{"type": string(event.AlertRaised), "timestamp": now.UTC().Format(time.RFC3339Nano), "data": a})
		if err != nil {
			return nil, fmt.Errorf("alert %s: %w", a.AlertID, err)
		}
		hook := p
		hook.By, hook.Posted = ByWebhook, store.Posted{To: sub.Webhook, Secret: sub.Secret, Body: string(body)}
		out = append(out, hook)
	}
	if sub.Mail != "" {
		l, err := s.o.Letters.Alert(a, s.reader(sub))
		if err != nil {
			return nil, err
		}
		out = append(out, s.mail(p, sub, l))
	}
	return out, nil
}

// The ways out.
const (
	ByMail    = "mail"
	ByWebhook = "webhook"
)

func (s *Service) mail(p store.Post, sub store.Subscription, l letter.Letter) store.Post {
	to := s.reader(sub)
	p.By = ByMail
	p.Posted = store.Posted{To: sub.Mail, Subject: l.Subject, Body: l.Text, HTML: l.HTML, Language: to.Language, Leave: to.Leave}
	return p
}

func (s *Service) reader(sub store.Subscription) letter.Reader {
	language := sub.Language
	if language == "" {
		language = "en"
	}
	return letter.Reader{Language: language, Leave: s.url("/unsubscribe/" + s.token(sub.ID))}
}
