package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Post is a message on its way out, the same in every attempt.
type Post struct {
	Message      string // its id, the same in every attempt
	By           string // "mail" or "webhook"
	Subscription string
	State        PostState
	Due          time.Time
	Tries        int
	Why          string // why the last attempt failed; nothing personal
	Posted
}

// PostState says where a message is.
type PostState string

// A message waits, was taken by the other side, or was given up.
const (
	PostWaiting PostState = "waiting"
	PostSent    PostState = "sent"
	PostFailed  PostState = "failed"
)

// Posted is what goes out, and where to. It is kept sealed, and only until it
// was sent.
type Posted struct {
	To       string `json:"to"`
	Secret   string `json:"secret,omitempty"` // of a webhook
	Body     string `json:"body"`             // of a webhook, or the text of a mail
	HTML     string `json:"html,omitempty"`
	Subject  string `json:"subject,omitempty"`
	Language string `json:"language,omitempty"`
	Leave    string `json:"leave,omitempty"` // address at which one unsubscribes
}

// AddPost puts a message on its way; one that is there is left as it is.
func (tx *Tx) AddPost(p Post) error {
	op := "post " + p.Message
	raw, err := tx.seal(op, nobody, p.Posted)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO post (message, by, subscription, state, due, tries, why, doc) VALUES (?, ?, ?, 'waiting', ?, 0, '', ?)
		ON CONFLICT DO NOTHING`, p.Message, p.By, p.Subscription, millis(p.Due), raw)
	return err
}

// SetPost notes what became of an attempt. What is over is kept without its
// words.
func (tx *Tx) SetPost(p Post) error {
	_, err := tx.exec("post "+p.Message, `UPDATE post SET state = ?1, due = ?2, tries = ?3, why = ?4,
		doc = CASE ?1 WHEN 'waiting' THEN doc ELSE '' END WHERE message = ?5 AND by = ?6`,
		string(p.State), millis(p.Due), p.Tries, p.Why, p.Message, p.By)
	return err
}

// DropPosts gives up what waits for somebody who wants it no more; by mail or by
// webhook, "" is either.
func (tx *Tx) DropPosts(subscription, by string) error {
	_, err := tx.exec("posts of "+subscription, `DELETE FROM post WHERE subscription = ?1 AND state = 'waiting' AND (?2 = '' OR by = ?2)`, subscription, by)
	return err
}

// RefusePosts notes that who gets a message wants no more of them: a
// subscription is paused, and of a rule over live calls the webhook is switched
// off, unless it goes elsewhere by now.
func (tx *Tx) RefusePosts(p Post, at time.Time) error {
	const why = "gone away"
	r, err := tx.WatchRule(p.Subscription)
	switch {
	case errors.Is(err, ErrNotFound):
		return tx.PauseSubscription(p.Subscription, why, at)
	case err != nil || r.Webhook != p.To:
		return err
	}
	r.WebhookOff = why
	if err := tx.SaveWatchRule(r); err != nil {
		return err
	}
	return tx.DropPosts(r.ID, p.By)
}

type postRow struct {
	Message, By, Subscription, State, Why, Doc string
	Due                                        int64
	Tries                                      int
}

const postColumns = `SELECT message, by, subscription, state, due, tries, why, doc FROM post `

func (r postRow) post() Post {
	return Post{
		Message: r.Message, By: r.By, Subscription: r.Subscription, State: PostState(r.State), Due: fromMillis(r.Due), Tries: r.Tries, Why: r.Why,
	}
}

// PostsDue gives messages that are to be sent now, those that wait longest
// first; at most so many.
func (s *Store) PostsDue(ctx context.Context, now time.Time, limit int) ([]Post, error) {
	var rows []postRow
	err := s.reads.SelectContext(ctx, &rows, postColumns+`WHERE state = 'waiting' AND due <= ? ORDER BY due LIMIT ?`, millis(now), clampLimit(limit))
	if err != nil {
		return nil, fmt.Errorf("posts: %w", classify(err))
	}
	out := make([]Post, len(rows))
	for i, r := range rows {
		out[i] = r.post()
		if err := decode(s.reads.vault, "post "+r.Message, r.Doc, &out[i].Posted); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PostsOf says what became of messages, by their ids, without their words.
func (s *Store) PostsOf(ctx context.Context, messages []string) (map[string][]Post, error) {
	out := make(map[string][]Post, len(messages))
	for _, m := range messages {
		var rows []postRow
		if err := s.reads.SelectContext(ctx, &rows, postColumns+`WHERE message = ?`, m); err != nil {
			return nil, fmt.Errorf("posts of %s: %w", m, classify(err))
		}
		for _, r := range rows {
			out[m] = append(out[m], r.post())
		}
	}
	return out, nil
}
