// Package comments is what people write beside a call for those who read it
// later: about the call as a whole, or at an utterance or a second of it.
//
// All who read calls read them; who may only read writes none. Their words are
// sealed with the call, erased with its customer and never in the log, in
// search or in what is learnt. It notifies nobody and knows no mentions.
package comments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

const (
	// MaxText bounds a comment, in characters.
	MaxText = 2000
	// MaxOfCall bounds the comments that stand on a call.
	MaxOfCall = 500
	// restorable is how long one that was removed can be brought back.
	restorable = 24 * time.Hour
)

// The verdicts, in words for who wrote.
var (
	ErrNotYours = errors.New("a comment is changed by who wrote it; administrators and privacy officers may remove it")
	ErrTooMany  = errors.New("a call has at most 500 comments; remove some first")
)

// Invalid says what is wrong with a part of what was sent.
type Invalid struct{ Field, Want string }

func (i *Invalid) Error() string { return i.Field + ": " + i.Want }

// Writers gives who may comment: all who read calls, but for those who only read.
func Writers() []string {
	return slices.DeleteFunc(mount.People(), func(r string) bool { return r == mount.Viewer })
}

// Author is who writes.
type Author struct{ ID, Name, Role string }

// Draft is what is to be said, and where. Of an utterance the second is its
// start.
type Draft struct {
	Text        string
	Second      *insights.Seconds
	UtteranceID string
}

// Options are what comments need.
type Options struct {
	Store *store.Store
	// Redact takes out of a text what may not be kept, such as card numbers.
	Redact func(text string) string
	Now    func() time.Time
}

// Comments keeps comments. It is made by New.
type Comments struct{ o Options }

// New keeps comments in a store.
func New(o Options) *Comments { return &Comments{o} }

// Of gives a page of what stands on a call, the oldest first, and the mark of
// the next page. A call that is not there is [store.ErrNotFound].
func (c *Comments) Of(ctx context.Context, callID, after string, limit int) ([]event.Comment, string, error) {
	if _, err := c.o.Store.Call(ctx, callID); err != nil {
		return nil, "", err
	}
	return c.o.Store.Comments(ctx, callID, after, limit)
}

// Add writes a comment.
func (c *Comments) Add(ctx context.Context, callID string, d Draft, by Author) (event.Comment, error) {
	call, err := c.o.Store.Call(ctx, callID)
	if err != nil {
		return event.Comment{}, err
	}
	n := event.Comment{ID: event.NewID(), CallID: callID, Actor: by.ID, By: by.Name, At: c.now()}
	if n.Text, err = c.text(d.Text); err != nil {
		return n, err
	}
	if err := c.place(ctx, call, d, &n); err != nil {
		return n, err
	}
	return n, c.write(ctx, event.CommentAdded, n, by)
}

// place puts a comment where the draft says that it belongs.
func (c *Comments) place(ctx context.Context, call event.Call, d Draft, n *event.Comment) error {
	n.Second = d.Second
	if d.UtteranceID == "" {
		if d.Second != nil && (*d.Second < 0 || call.EndedAt != nil && *d.Second > call.Duration+1) {
			return &Invalid{"second", "want a second of the call"}
		}
		return nil
	}
	said, err := c.o.Store.Utterances(ctx, call.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == d.UtteranceID })
	if i < 0 {
		return &Invalid{"utterance_id", "want an utterance of this call"}
	}
	n.UtteranceID, n.Second = d.UtteranceID, cmp.Or(d.Second, &said[i].Start)
	return nil
}

// Edit changes the words of one's own comment.
func (c *Comments) Edit(ctx context.Context, callID, id, text string, by Author) (event.Comment, error) {
	n, err := c.standing(ctx, callID, id)
	if err != nil {
		return n, err
	}
	if n.Actor != by.ID {
		return n, ErrNotYours
	}
	words, err := c.text(text)
	if err != nil || words == n.Text {
		return n, err
	}
	n.Text, n.Edited = words, c.now()
	return n, c.write(ctx, event.CommentEdited, n, by)
}

// Remove takes a comment away; for a day it can be restored. One that is
// removed already is no error.
func (c *Comments) Remove(ctx context.Context, callID, id string, by Author) error {
	n, err := c.of(ctx, callID, id)
	if err != nil || !n.Removed.IsZero() {
		return err
	}
	if !mayRemove(n, by) {
		return ErrNotYours
	}
	n.Removed = c.now()
	return c.write(ctx, event.CommentRemoved, n, by)
}

// Restore brings back a comment that was removed.
func (c *Comments) Restore(ctx context.Context, callID, id string, by Author) (event.Comment, error) {
	n, err := c.of(ctx, callID, id)
	if err != nil || n.Removed.IsZero() {
		return n, err
	}
	if !mayRemove(n, by) {
		return n, ErrNotYours
	}
	n.Removed = time.Time{}
	return n, c.write(ctx, event.CommentRestored, n, by)
}

// mayRemove says whether somebody may remove a comment: their own, and those
// who answer for what is kept any.
func mayRemove(n event.Comment, by Author) bool {
	return n.Actor == by.ID || by.Role == mount.Admin || by.Role == mount.Privacy
}

// of gives a comment of a call, also one that was removed.
func (c *Comments) of(ctx context.Context, callID, id string) (event.Comment, error) {
	n, err := c.o.Store.Comment(ctx, id)
	if err == nil && n.CallID != callID {
		err = fmt.Errorf("comment %s of call %s: %w", id, callID, store.ErrNotFound)
	}
	return n, err
}

func (c *Comments) standing(ctx context.Context, callID, id string) (event.Comment, error) {
	n, err := c.of(ctx, callID, id)
	if err == nil && !n.Removed.IsZero() {
		err = fmt.Errorf("comment %s was removed: %w", id, store.ErrNotFound)
	}
	return n, err
}

func (c *Comments) write(ctx context.Context, t event.Type, n event.Comment, by Author) error {
	e, err := event.New(t, c.now(), event.About{Subject: n.CallID, Call: n.CallID}, event.Commented{
		CommentID: n.ID, Second: n.Second, UtteranceID: n.UtteranceID, Actor: by.ID, By: by.Name,
	})
	if err != nil {
		return err
	}
	return c.o.Store.Write(ctx, func(tx *store.Tx) error {
		if t == event.CommentAdded || t == event.CommentRestored {
			if there, err := tx.CountComments(n.CallID); err != nil || there >= MaxOfCall {
				return cmp.Or(err, ErrTooMany)
			}
		}
		if err := tx.PurgeComments(c.now().Add(-restorable)); err != nil {
			return err
		}
		if err := tx.SaveComment(n); err != nil {
			return err
		}
		return tx.Append(e)
	})
}

func (c *Comments) now() time.Time { return c.o.Now().UTC().Truncate(time.Millisecond) }

// text makes one line of valid text, without what may not be kept.
func (c *Comments) text(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "":
		return "", &Invalid{"text", "want words"}
	case utf8.RuneCountInString(s) > MaxText:
		return "", &Invalid{"text", fmt.Sprintf("want at most %d characters", MaxText)}
	}
	return c.o.Redact(s), nil
}
