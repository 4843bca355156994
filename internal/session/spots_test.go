package session

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// spotting is an engine that spots phrases at given times, whatever it was
// told, and remembers what that was.
type spotting struct {
	transcribe.Engine

	spots []transcribe.Spot

	mu   sync.Mutex
	told []transcribe.Hints
}

func (e *spotting) With(h transcribe.Hints) transcribe.Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, h)
	return e
}

func (e *spotting) Info() transcribe.Info {
	return transcribe.Info{Name: "spotting", Model: "small-en"}
}

func (e *spotting) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return e.Engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		for _, spot := range e.spots {
			if spot.Start >= s.Start && spot.Start < s.End {
				s.Spots = append(s.Spots, spot) // in partials too, which is a lie
			}
		}
		return emit(s)
	})
}

// listening makes a rig whose customer is heard by e, with the hints of call.
func listening(t testing.TB, e *spotting, lines []scripted.Line, spot ...string) *rig {
	return newRig(t, func(o *Options) {
		o.Hints = func(c event.Call, who insights.Speaker) transcribe.Hints {
			if who == insights.Agent {
				return transcribe.Hints{Phrases: []string{c.CustomerID}}
			}
			return transcribe.Hints{Phrases: []string{c.CustomerID}, Spot: spot}
		}
		agent := knows(lines)
		o.Engine = func(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
			if who == insights.Agent || len(failed) > 0 {
				return agent(c, who, failed)
			}
			e.Engine = scripted.New(scripted.ForParty(lines, string(who)))
			return e, "spotting"
		}
	})
}

func spottedIn(r *rig, callID string) []insights.Insight {
	return slices.DeleteFunc(slices.Clone(r.brain.found[callID]), func(in insights.Insight) bool { return in.Kind != insights.Spotted })
}

// TestSpotsAreCommittedWithTheirUtterance: with time, probability and model,
// and with words only where the text has them.
func TestSpotsAreCommittedWithTheirUtterance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &spotting{spots: []transcribe.Spot{
			{Phrase: "cancel my contract", Start: 7 * second, End: 8 * second, Confidence: 0.75},
			{Phrase: "warranty", Start: 15 * second, End: 16 * second, Confidence: math.NaN()},
			{Phrase: "nobody asked", Start: 15 * second, End: 16 * second, Confidence: 1},
			{Phrase: "late", Start: 21 * second, End: time.Hour, Confidence: 7},
		}}
		r := listening(t, e, dialogue, "cancel my contract", "warranty", "late")
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		c, said := r.finish(t, s)
		byID := map[string]insights.Utterance{}
		for _, u := range said {
			byID[u.ID] = u
		}
		got := spottedIn(r, c.ID)
		if len(got) != 3 {
			t.Fatalf("insights %+v, want three", got)
		}
		for i, want := range []insights.Insight{
			{Name: "cancel my contract", Confidence: 0.75, Start: 7, End: 8, Text: "cancel my contract"},
			{Name: "warranty", Confidence: 0, Start: 15, End: 16},
			{Name: "late", Confidence: 1, Start: 21, End: 22, Text: "late"},
		} {
			in := got[i]
			u := byID[in.UtteranceID]
			if in.Name != want.Name || in.Confidence != want.Confidence || in.Start != want.Start || in.End != want.End ||
				in.Text != want.Text || in.Model != "spot/small-en" || in.Speaker != insights.Customer || u.Speaker != insights.Customer {
				t.Errorf("insight %+v of %q, want %+v", in, u.Text, want)
			}
			if want.Text == "" && in.Evidence != nil || want.Text != "" && (len(in.Evidence) != 1 || u.Text[in.Evidence[0].From:in.Evidence[0].To] != want.Text) {
				t.Errorf("evidence %+v of %q", in.Evidence, u.Text)
			}
		}
		if len(e.told) == 0 || len(e.told[0].Phrases) != 1 || e.told[0].Phrases[0] != "customer-1" || len(e.told[0].Spot) != 3 {
			t.Errorf("the engine was told %+v", e.told)
		}
	})
}

// TestSpotsInARedactedStretchAreDropped: and those around it are not.
func TestSpotsInARedactedStretchAreDropped(t *testing.T) {
	lines := []scripted.Line{
		{Speaker: "agent", Start: 1 * second, End: 4 * second, Text: "what is the number of your card"},
		{Speaker: "customer", Start: 5 * second, End: 9 * second, Text: "i want a refund now please"},
		{Speaker: "customer", Start: 14 * second, End: 22 * second, Text: "four one one one one one one one one one one one one one one one"},
	}
	synctest.Test(t, func(t *testing.T) {
		e := &spotting{spots: []transcribe.Spot{
			{Phrase: "refund", Start: 7 * second, End: 8 * second, Confidence: 0.5},
			{Phrase: "one", Start: 17 * second, End: 18 * second, Confidence: 0.5},
		}}
		r := listening(t, e, lines, "refund", "one")
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		c, said := r.finish(t, s)
		if got := spottedIn(r, c.ID); len(got) != 1 || got[0].Name != "refund" {
			t.Errorf("insights %+v of %+v, want the refund only", got, said)
		}
	})
}

// TestSpotsOfARecoveredCall: what is heard from the spool is spotted too, and
// only what was not committed before.
func TestSpotsOfARecoveredCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &spotting{spots: []transcribe.Spot{
			{Phrase: "contract", Start: 8 * second, End: 8500 * time.Millisecond, Confidence: 0.5},
			{Phrase: "late", Start: 18 * second, End: 19 * second, Confidence: 0.5},
		}}
		r := listening(t, e, dialogue, "contract", "late")
		broken := true
		r.brain.refuseHeard = func(u insights.Utterance) error {
			if broken && u.Seq > 3 {
				return context.DeadlineExceeded
			}
			return nil
		}
		s := r.open(t, "a")
		play(s, 0, 0, dialogueLength, realTime)
		s.Stop(ingest.Stopped)
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := len(e.told)
		broken = false
		r.next(t)
		if err := r.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, _ := r.drained(t)
		var names []string
		for _, in := range spottedIn(r, c.ID) {
			names = append(names, in.Name)
		}
		if !slices.Equal(names, []string{"contract", "late"}) || len(e.told) == before {
			t.Errorf("spotted %v; the engine was told %d times, %d before", names, len(e.told), before)
		}
	})
}

func TestWordsAt(t *testing.T) {
	for text, want := range map[string]int{
		"cancel": 0, "i cancel it": 2, "cancelled then cancel": 15, "recancel": -1, "": -1,
	} {
		span, ok := wordsAt(text, "cancel")
		if ok != (want >= 0) || ok && (span.From != want || text[span.From:span.To] != "cancel") {
			t.Errorf("%q: %+v, %t", text, span, ok)
		}
	}
	if _, ok := wordsAt("x", ""); ok {
		t.Error("no phrase was found")
	}
}

// TestSaneSpots: an engine's spots are few, of finals, and inside them.
func TestSaneSpots(t *testing.T) {
	given := make([]transcribe.Spot, 2*maxSpots)
	for i := range given {
		given[i] = transcribe.Spot{Phrase: "x", Start: -second, End: time.Hour, Confidence: math.Inf(1)}
	}
	seg := transcribe.Segment{ID: 1, Final: true, Text: "x", Start: second, End: 2 * second, Spots: given}
	got := sane(seg, 0, 3*second).Spots
	if len(got) != maxSpots || got[0] != (transcribe.Spot{Phrase: "x", Start: second, End: 2 * second, Confidence: 1}) || given[0].Start != -second {
		t.Errorf("%d spots, first %+v", len(got), got[0])
	}
	seg.Final = false
	if got := sane(seg, 0, 3*second).Spots; got != nil {
		t.Errorf("spots %+v of a partial", got)
	}
}
