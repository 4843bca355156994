// Package handling is how agents handle their calls: that they want no
// suggestions on one, and how it ended. What they write goes through the
// redactor before it is stored, as what was said does.
//
// It decides nothing: a muted call is decided on as any other, so that the
// newest suggestion is there when it is muted no more. It hides nothing
// either; the desk does.
package handling

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"heed/internal/event"
	"heed/internal/store"
)

// Bounds of what is said of a call.
const (
	MaxTags    = 12
	MaxTag     = 40   // characters
	MaxSummary = 4000 // bytes
	// MaxMute is how long "for a while" is at most.
	MaxMute = 8 * time.Hour
)

// ErrInvalid is something said of a call that cannot be; the error says what.
var ErrInvalid = errors.New("invalid")

// Options is what a keeper needs. All fields are required but Now.
type Options struct {
	Store *store.Store
	// Redact gives a text as it may be stored, or an error that says to its
	// author what is wrong with it.
	Redact func(text string) (string, error)
	Now    func() time.Time // nil means time.Now
}

// Keeper keeps how calls were handled. It is safe for concurrent use.
type Keeper struct{ o Options }

// New makes a keeper.
func New(o Options) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Keeper{o}
}

// Mute says that suggestions are not wanted on a call, for a while or, with a
// length of zero, for the rest of it; on false says that they are.
func (k *Keeper) Mute(ctx context.Context, callID, by string, on bool, length time.Duration) (event.Mute, error) {
	m := event.Mute{CallID: callID, On: on, By: by, At: k.o.Now().UTC()}
	if length < 0 || length > MaxMute {
		return m, fmt.Errorf("mute call %s: for %v, at most %v: %w", callID, length, MaxMute, ErrInvalid)
	}
	if on && length > 0 {
		m.Until = m.At.Add(length)
	}
	err := k.change(ctx, callID, event.SuggestionsMuted, func(c event.Call, h *event.Handling) (any, error) {
		if on && !c.Open() {
			return nil, fmt.Errorf("the call is over: %w", ErrInvalid)
		}
		h.Mute = &m
		return m, nil
	})
	if err != nil {
		return m, fmt.Errorf("mute call %s: %w", callID, err)
	}
	return m, nil
}

// WrapUp keeps what an agent says of a call that is over, in place of what was
// said before.
func (k *Keeper) WrapUp(ctx context.Context, w event.WrapUp) (event.WrapUp, error) {
	w.At = k.o.Now().UTC()
	if err := k.tidy(&w); err != nil {
		return w, fmt.Errorf("wrap up call %s: %w: %w", w.CallID, ErrInvalid, err)
	}
	err := k.change(ctx, w.CallID, event.CallWrapped, func(c event.Call, h *event.Handling) (any, error) {
		if c.Status == event.CallLive {
			return nil, fmt.Errorf("the call is not over: %w", ErrInvalid)
		}
		h.WrapUp = &w
		return w, nil
	})
	if err != nil {
		return w, fmt.Errorf("wrap up call %s: %w", w.CallID, err)
	}
	return w, nil
}

// change commits what somebody says of a call, with its event. What is there is
// read in the same write, so that nothing can come between.
func (k *Keeper) change(ctx context.Context, callID string, t event.Type, fn func(event.Call, *event.Handling) (any, error)) error {
	return k.o.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Call(callID)
		if err != nil {
			return err
		}
		h, err := tx.Handling(callID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		h.CallID = callID
		data, err := fn(c, &h)
		if err != nil {
			return err
		}
		e, err := event.New(t, k.o.Now().UTC(), event.About{Subject: c.CustomerID, Call: callID}, data)
		if err != nil {
			return err
		}
		return errors.Join(tx.SaveHandling(h), tx.Append(e))
	})
}

// tidy makes what was written fit to be stored, or says why it cannot be.
func (k *Keeper) tidy(w *event.WrapUp) error {
	if len(w.Tags) > MaxTags {
		return fmt.Errorf("%d tags, at most %d", len(w.Tags), MaxTags)
	}
	tags := make([]string, 0, len(w.Tags))
	for _, tag := range w.Tags {
		tag = strings.Join(strings.Fields(tag), " ")
		if n := utf8.RuneCountInString(tag); n == 0 || n > MaxTag {
			return fmt.Errorf("a tag of %d characters, want 1 to %d", n, MaxTag)
		}
		tag, err := k.o.Redact(tag)
		if err != nil {
			return fmt.Errorf("a tag: %w", err)
		}
		tags = append(tags, tag)
	}
	w.Tags = tags
	if w.Dismissed == nil {
		w.Dismissed = []event.Dismissed{}
	}
	if w.Summary = strings.TrimSpace(w.Summary); w.Summary == "" {
		return nil
	}
	return k.summary(w)
}

// summary takes a summary through the redactor line by line: it keeps its lines.
func (k *Keeper) summary(w *event.WrapUp) error {
	if len(w.Summary) > MaxSummary {
		return fmt.Errorf("the summary is over %d bytes", MaxSummary)
	}
	var lines []string
	for line := range strings.Lines(w.Summary) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		clean, err := k.o.Redact(line)
		if err != nil {
			return fmt.Errorf("the summary: %w", err)
		}
		lines = append(lines, clean)
	}
	w.Summary = strings.Join(lines, "\n")
	return nil
}

// Share is how many calls of a period were muted.
type Share struct {
	Calls int     `json:"calls" doc:"Calls that began in the period"`
	Muted int     `json:"muted" doc:"Of them those on which suggestions were muted"`
	Share float64 `json:"share" doc:"Muted by calls; 0 without calls"`
	Days  int     `json:"days"`
}

// Muted counts the muted calls of so many days up to now.
func (k *Keeper) Muted(ctx context.Context, days int) (Share, error) {
	to := k.o.Now()
	calls, muted, err := k.o.Store.Mutes(ctx, to.AddDate(0, 0, -days), to)
	s := Share{Calls: calls, Muted: muted, Days: days}
	if calls > 0 {
		s.Share = float64(muted) / float64(calls)
	}
	return s, err
}

// Call gives the call that is handled.
func (k *Keeper) Call(ctx context.Context, id string) (event.Call, error) {
	return k.o.Store.Call(ctx, id)
}
