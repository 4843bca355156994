package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/hub"
	"heed/internal/mount"
	"heed/internal/store"
)

const backlog = 500 // events at once

// followCall streams one call: its events from a sequence number on, and its
// partial captions.
func (s *Server) followCall(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := s.o.Store.Call(r.Context(), id); err != nil {
		status, detail := verdict(err)
		s.problem(w, r, status, detail)
		return
	}
	if r = s.may(w, r, store.Read{Kind: readLive, Call: id}); r == nil {
		return
	}
	s.follow(w, r, hub.Filter{Call: id, Partials: true})
}

// followAll streams events of all calls.
func (s *Server) followAll(w http.ResponseWriter, r *http.Request) {
	var f hub.Filter
	for t := range strings.SplitSeq(r.URL.Query().Get("types"), ",") {
		if t != "" {
			f.Types = append(f.Types, event.Type(t))
		}
	}
	if telling(f.Types) {
		if r = s.may(w, r, store.Read{Kind: readLive}); r == nil {
			return
		}
	}
	s.follow(w, r, f)
}

// telling says whether a stream of all calls would hold what is said on them.
func telling(types []event.Type) bool {
	silent := []event.Type{event.CallStarted, event.CallChanged, event.CallEnded, event.CatalogueChanged}
	return len(types) == 0 || slices.ContainsFunc(types, func(t event.Type) bool { return !slices.Contains(silent, t) })
}

// follow writes server-sent events until the screen goes, is cut off, or the
// server stops. A screen resumes with Last-Event-ID and misses nothing.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, f hub.Filter) {
	after, err := s.resumeFrom(r)
	if err != nil {
		s.problem(w, r, http.StatusBadRequest, err.Error())
		return
	}
	// Subscribed before the backlog is read, so that nothing falls between.
	sub := s.o.Hub.Subscribe(f)
	defer sub.Close()
	e := &screen{Stream: hub.NewStream(w), hidden: hiddenFrom(r.Context())}
	if err := e.Retry(time.Second); err != nil {
		return
	}
	after, err = s.replay(r.Context(), e, f, after)
	if err != nil {
		s.log.Debug("screen left", "error", err)
		return
	}
	s.live(r, e, sub, after)
}

// replay writes what the log holds after a sequence number.
func (s *Server) replay(ctx context.Context, e *screen, f hub.Filter, after int64) (int64, error) {
	for {
		events, err := s.o.Store.Events(ctx, store.EventQuery{After: after, Call: f.Call, Types: f.Types, Limit: backlog})
		if err != nil {
			return after, err
		}
		for i := range events {
			if err := e.event(events[i]); err != nil {
				return after, err
			}
			after = events[i].Seq
		}
		if len(events) < backlog {
			return after, nil
		}
	}
}

func (s *Server) live(r *http.Request, e *screen, sub *hub.Subscription, after int64) {
	tick := time.NewTicker(hub.Heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			// A key that was revoked or a session that is over sees no more.
			if !s.callerStill(r.Context()) || e.Alive() != nil {
				return
			}
		case m, open := <-sub.Messages():
			// A closed queue ends the stream: the client resumes from its last event.
			if !open || e.message(m, &after) != nil {
				return
			}
		}
	}
}

// resumeFrom reads where the screen was: Last-Event-ID, else after, else now.
func (s *Server) resumeFrom(r *http.Request) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return s.o.Store.LastSeq(r.Context())
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("after must be the sequence number of an event, not %q", text)
	}
	return n, nil
}

// screen is a stream that somebody follows.
type screen struct {
	*hub.Stream

	// hidden are the types of event that the caller may not see.
	hidden []event.Type
}

// hiddenFrom keeps from callers what the routes keep from them: from agents what
// many calls are about, with quotes, and from all but few where callers came
// from, who took what out of Heed, and what became of its users.
func hiddenFrom(ctx context.Context) []event.Type {
	c, _ := callerOf(ctx)
	var hidden []event.Type
	if c.Role == mount.Agent {
		hidden = append(hidden, event.ThemeEmerged)
	}
	if !slices.Contains(trackers(), c.Role) {
		hidden = append(hidden, event.CallTracked)
	}
	if c.Role != mount.Admin && c.Role != mount.Privacy {
		hidden = append(hidden, event.DataExported)
	}
	if c.Role != mount.Admin {
		hidden = append(hidden, event.UserAdded, event.UserChanged, event.KeyChanged)
	}
	return hidden
}

func (e *screen) event(v event.Event) error {
	if slices.Contains(e.hidden, v.Type) || v.Erased() {
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return e.Event(strconv.FormatInt(v.Seq, 10), string(v.Type), raw)
}

// message writes what the hub sent, unless the replay had it already.
func (e *screen) message(m hub.Message, after *int64) error {
	if m.Partial != nil {
		return e.partial(m.Partial)
	}
	if m.Event.Seq <= *after {
		return nil
	}
	*after = m.Event.Seq
	return e.event(m.Event)
}

func (e *screen) partial(p *hub.Partial) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return e.Event("", "caption.partial", raw)
}
