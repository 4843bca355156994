package audiohook

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
)

// teller says back what is committed of a call. It belongs to one goroutine.
type teller struct {
	out    *outbox
	log    *slog.Logger
	media  *media
	time   *timeline
	zero   time.Duration // of the stream, on the call's clock
	tongue string
	assist bool
	page   string // of the call, for people
	paused bool   // we asked for a pause
	shown  string // actions that were suggested last
}

// follow says back what is committed from now on. It returns at once.
func (f *feed) follow(ctx context.Context, assist bool) {
	f.heard = make(chan struct{})
	located, ok := f.stream.(ingest.Located)
	if !ok || f.door.options.Follow == nil {
		close(f.heard)
		return
	}
	id, zero := located.Located()
	ctx, f.leave = context.WithCancel(ctx) //nolint:fatcontext // the session's, not the message's
	t := &teller{
		out: f.out, log: f.log, media: f.media, time: f.time, zero: zero, tongue: f.tongue, assist: assist,
		page: f.door.origin.URL("https", f.who.host, "/calls/"+id),
	}
	events := f.door.options.Follow(ctx, id)
	f.work.Go(func() {
		defer close(f.heard)
		for e := range events {
			if over := t.tell(&e); over {
				return
			}
		}
		if ctx.Err() == nil {
			t.log.Warn("what is heard is told back no more: it was not taken in time")
		}
	})
}

// tell takes an event. It is true after the last of the call. What is no event
// that is known, or was erased, says nothing.
func (t *teller) tell(e *event.Event) (over bool) {
	switch e.Type {
	case event.UtteranceSpoken:
		var s event.Spoken
		if json.Unmarshal(e.Data, &s) == nil && s.Utterance.ID != "" {
			t.utterance(&s.Utterance)
		}
	case event.DecisionMade:
		t.suggest(e.Data)
	case event.CallChanged:
		var c event.Call
		if json.Unmarshal(e.Data, &c) == nil {
			t.keep(c.Recording.State)
		}
	case event.CallEnded:
		return true
	default: // of no use to the platform
	}
	return false
}

// keep has the platform send nothing while nothing is to be kept.
func (t *teller) keep(state string) {
	pause := state == "paused" || state == "refused"
	if pause == t.paused || state == "" {
		return
	}
	t.paused = pause
	if pause {
		t.out.put("pause", nothing{})
	} else {
		t.out.put("resume", nothing{})
	}
}

// utterance says back what was heard of this stream. What another stream of the
// call brought has no place in this one.
func (t *teller) utterance(u *insights.Utterance) {
	whole := stretch{start: u.Start.Duration() - t.zero, end: u.End.Duration() - t.zero}
	s := speech{time: t.time, tongue: t.language(u), index: t.media.index(u.Speaker)}
	if s.index < 0 || whole.end <= 0 || whole.start > t.time.now() {
		return
	}
	whole.start = max(whole.start, 0)
	whole.words = wordsOf(u, t.zero)
	for i, part := range divide(whole, t.time.cutsBetween(whole.start, whole.end)) {
		said := s.transcript(u, i, &part)
		t.event("transcript", said)
		if t.assist {
			t.event("agentassist", assist{ID: idOf(said.ID, 0), Utterances: []assisted{{
				ID: said.ID, Position: said.Offset, Duration: said.Duration, Text: part.text(), Language: cmp.Or(s.tongue, u.Language),
				Confidence: said.Alternatives[0].Confidence, Channel: said.Channel, IsFinal: true,
			}}})
		}
	}
}

// language is that of an utterance, when it is written as the protocol does.
func (t *teller) language(u *insights.Utterance) string {
	if isLanguage(u.Language) {
		return u.Language
	}
	if base, _, _ := strings.Cut(t.tongue, "-"); u.Language == "" || strings.EqualFold(base, u.Language) {
		return t.tongue
	}
	return ""
}

// decision is what a suggestion is made of.
type decision struct {
	ID      string `json:"decision_id"`
	Actions []struct {
		Action  string  `json:"action"`
		Title   string  `json:"title"`
		Say     string  `json:"say"`
		Because string  `json:"because"`
		P       float64 `json:"p"`
	} `json:"actions"`
}

// plain takes from a text what would be markup where it is shown.
var plain = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// suggest says back the next best actions, when they are others than before.
func (t *teller) suggest(raw json.RawMessage) {
	var d decision
	if !t.assist || json.Unmarshal(raw, &d) != nil {
		return
	}
	names := make([]string, len(d.Actions))
	for i, a := range d.Actions {
		names[i] = a.Action
	}
	shown := strings.Join(names, " ")
	if shown == t.shown || shown == "" {
		return
	}
	t.shown = shown
	now := position(t.time.begin(t.time.now()))
	out := assist{ID: idOf(d.ID, 0)}
	for i, a := range d.Actions {
		out.Suggestions = append(out.Suggestions, suggestion{
			Type: "article", ID: idOf(d.ID, i+1), Confidence: share(a.P), Position: now,
			Title: a.Title, Excerpts: []string{plain.Replace(a.Say), plain.Replace(a.Because)}, DocumentURI: t.page,
			Metadata: map[string]string{"decision": d.ID, "action": a.Action},
		})
	}
	t.event("agentassist", out)
}

func (t *teller) event(kind string, data any) {
	t.out.put("event", entities{Entities: []entity{{Type: kind, Data: data}}})
}

// Types are the events that a session follows.
func Types() []event.Type {
	return []event.Type{event.UtteranceSpoken, event.DecisionMade, event.CallChanged, event.CallEnded}
}
