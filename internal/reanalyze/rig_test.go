package reanalyze

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/talk"
	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/summaries"
)

// words is an analyzer that finds its words as intents or moments.
type words struct {
	kind    insights.Kind
	version string
	finds   map[string]string // name by word
}

func (w words) Version() string { return string(w.kind) + "/" + w.version }

func (w words) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	var out []insights.Insight
	for f := range strings.FieldsSeq(u.Text) {
		if name := w.finds[f]; name != "" && u.Speaker == insights.Customer {
			out = append(out, insights.Insight{Kind: w.kind, Name: name, Confidence: 0.9, Model: w.Version()})
		}
	}
	return out
}

// first and second are an older and a newer understanding.
func first() insights.Chain {
	return insights.Chain{
		words{insights.Intent, "1", map[string]string{"leave": "cancel", "bill": "payment_problem"}},
		words{insights.Moment, "1", map[string]string{"thanks": "thanks"}},
	}
}

func second() insights.Chain {
	return insights.Chain{
		words{insights.Intent, "2", map[string]string{"leave": "cancel", "bill": "complaint", "upgrade": "upgrade_interest"}},
		words{insights.Moment, "1", map[string]string{"thanks": "thanks"}},
	}
}

// lines are what the customer of a call says, in turn with the agent.
var lines = []string{"i want to leave", "the bill is wrong", "can i upgrade", "thanks then", "leave the bill"}

// shop is a store with a brain and calls that are over.
type shop struct {
	store *store.Store
	brain *brain.Brain
	clock time.Time
	// what is said of whole calls when they end: by an older version
	whole Whole
}

// older measures and sums up as an earlier version did.
type older struct{}

func (older) Version() string { return "summary/0" }

func (older) Quote(c event.Call, _ []insights.Utterance, _ []insights.Insight, _ []event.Correction) insights.Summary {
	return insights.Summary{CallID: c.ID, Lines: []insights.SummaryLine{}, Source: insights.FromWords, Model: "summary/0"}
}

func olderFigures([]insights.Utterance, insights.Seconds, []insights.Stretch) []insights.Insight {
	return []insights.Insight{
		{Kind: insights.Talk, Name: "ratio", Value: 0.5, Model: "talk/1"},
		{Kind: insights.Talk, Name: "longest_silence", Start: 3, End: 9, Value: 6, Model: "talk/1"},
	}
}

// present measures and sums up as this version does.
func present(analyzer insights.Analyzer) Whole {
	quotes, err := summaries.NewQuoter(analyzer)
	if err != nil {
		panic(err)
	}
	return Whole{Measure: talk.Measure, Version: talk.Version, Quotes: quotes}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func open(ctx context.Context, dir string) (*shop, error) {
	p := &shop{clock: noon, whole: Whole{Measure: olderFigures, Quotes: older{}}}
	var err error
	now := func() time.Time { return p.clock }
	if p.store, err = store.Open(ctx, store.Options{Path: dir, Now: now}); err != nil {
		return nil, err
	}
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		return nil, err
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		return nil, err
	}
	p.brain = brain.New(brain.Options{Store: p.store, Decider: d, Logger: slog.New(slog.DiscardHandler), Region: "US", Now: now})
	return p, nil
}

func newShop(t *testing.T) *shop {
	t.Helper()
	p, err := open(t.Context(), filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// call makes a call an hour after the one before, and ends it unless it lives.
func (p *shop) call(ctx context.Context, n int, analyzer insights.Analyzer, live bool) error {
	started := noon.Add(time.Duration(n-1000) * time.Hour)
	p.clock = started
	c, err := p.brain.CallStarted(ctx, event.Call{
		ID: fmt.Sprintf("call-%03d", n), Platform: "test", PlatformCall: fmt.Sprint(n), Direction: "inbound",
		From: fmt.Sprintf("+1202555%04d", n%7), Status: event.CallLive, StartedAt: started,
	})
	if err != nil {
		return err
	}
	past := insights.Call{ID: c.ID}
	for i := range 2 * len(lines) {
		u := insights.Utterance{
			ID: fmt.Sprintf("%s-%02d", c.ID, i), CallID: c.ID, Seq: i + 1, Speaker: insights.Customer, Text: lines[i/2],
			Start: insights.Seconds(10 * i), End: insights.Seconds(10*i + 5),
		}
		if i%2 == 1 {
			u.Speaker, u.Text = insights.Agent, "i see "+u.Text
		}
		spotted := insights.Insight{Kind: insights.Spotted, Name: "phrase", Model: "spot/1", Confidence: 1}
		found := append([]insights.Insight{spotted}, analyzer.Analyze(&u, &past)...)
		insights.Complete(&u, found)
		if err := p.brain.Heard(ctx, c.ID, u, found); err != nil {
			return err
		}
		past.Utterances = append(past.Utterances, u)
		past.Insights = append(past.Insights, found...)
	}
	if live {
		return nil
	}
	ended := p.clock.Add(2 * time.Minute)
	c.Status, c.EndedAt, c.Duration = event.CallOver, &ended, 120
	c.Sounds = []event.Sound{{Kind: "music", Speaker: insights.Customer, Start: 96, End: 110}}
	if err := p.brain.CallEnded(ctx, c, p.whole.Measure(past.Utterances, c.Duration, c.Music())); err != nil {
		return err
	}
	s := p.whole.Quotes.Quote(c, past.Utterances, past.Insights, nil)
	return p.store.Write(ctx, func(tx *store.Tx) error { return tx.SaveSummary(s) })
}

func (p *shop) calls(ctx context.Context, n int, analyzer insights.Analyzer) error {
	for i := range n {
		if err := p.call(ctx, i, analyzer, false); err != nil {
			return err
		}
	}
	p.clock = noon
	return nil
}

func (p *shop) service(analyzer insights.Analyzer) *Service {
	return New(Options{
		Store: p.store, Brain: p.brain, Analyzer: analyzer, Whole: present(analyzer), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return p.clock },
	})
}

// state is all that a reanalysis may change, as text: what is understood of
// each utterance, and what the profiles rest on.
func (p *shop) state(t *testing.T, calls int) []string {
	t.Helper()
	var out []string
	customers := map[string]bool{}
	for n := range calls {
		c, err := p.store.Call(t.Context(), fmt.Sprintf("call-%03d", n))
		if err != nil {
			t.Fatal(err)
		}
		found, err := p.store.Insights(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range found {
			out = append(out, fmt.Sprintf("%s %s %s:%s %s%s %s %.3f", c.ID, in.UtteranceID, in.Kind, in.Name, in.Speaker, in.Start.Duration(), in.Model, in.Value))
		}
		s, err := p.store.Summary(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s summary %+v", c.ID, s))
		if !customers[c.CustomerID] {
			customers[c.CustomerID] = true
			out = append(out, p.evidence(t, c)...)
		}
	}
	return out
}

func (p *shop) evidence(t *testing.T, c event.Call) []string {
	t.Helper()
	profile, err := p.store.Profile(t.Context(), c.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, signal := range []string{"churn_risk", "mood", "buying_intent"} {
		for _, e := range profile.Evidence[signal] {
			out = append(out, fmt.Sprintf("%s %s %s %.3f %v %s", c.From, signal, e.Label, e.Weight*e.Confidence, e.At, e.CallID))
		}
	}
	return out
}

// readings counts the events of reanalysis by utterance, and for whole calls
// by call.
func (p *shop) readings(t *testing.T) (utterances, calls map[string]int) {
	t.Helper()
	utterances, calls = map[string]int{}, map[string]int{}
	after := int64(0)
	for {
		events, err := p.store.Events(t.Context(), store.EventQuery{After: after, Types: []event.Type{event.UtteranceReanalyzed, event.CallReanalyzed}, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return utterances, calls
		}
		for _, e := range events {
			after = e.Seq
			if e.Type == event.CallReanalyzed {
				calls[e.Call]++
				continue
			}
			var r event.Reanalyzed
			if err := json.Unmarshal(e.Data, &r); err != nil {
				t.Fatal(err)
			}
			utterances[r.Utterance.ID]++
		}
	}
}
