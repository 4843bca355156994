package desk_test

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/store"
)

func monday() time.Time { return time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC) }

// rig is a desk over a real store.
type rig struct {
	*desk.Desk
	store *store.Store
}

func open(t *testing.T) rig {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return rig{desk.New(s, monday), s}
}

func (r rig) write(t *testing.T, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := r.store.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func call(n int) event.Call {
	return event.Call{
		ID: fmt.Sprintf("call-%02d", n), Platform: "twilio", PlatformCall: fmt.Sprintf("CA%02d", n), Direction: "inbound",
		Status: event.CallLive, StartedAt: monday().Add(time.Duration(n) * time.Minute), Captions: event.CaptionsLive,
	}
}

func utterance(n int, start insights.Seconds, who insights.Speaker, text string) insights.Utterance {
	return insights.Utterance{
		ID: fmt.Sprintf("u%d", n), CallID: "call-01", Seq: n, Speaker: who, Start: start, End: start + 2, Text: text, Confidence: 1,
	}
}

func insight(kind insights.Kind, name string, start insights.Seconds, value float64) insights.Insight {
	return insights.Insight{Kind: kind, Name: name, Value: value, Start: start, End: start + 2, Speaker: insights.Customer, Confidence: 1, Model: "test", UtteranceID: "u1"}
}

func TestLinesSumACallUp(t *testing.T) {
	agent := insight(insights.Intent, "goodbye", 90, 0)
	agent.Speaker = insights.Agent
	for _, tt := range []struct {
		name   string
		found  []insights.Insight
		intent string
		themes []string
		mood   float64
	}{
		{"nothing yet", nil, "", []string{}, 0},
		{
			"the latest intent of the customer",
			[]insights.Insight{insight(insights.Intent, "complaint", 3, 0), insight(insights.Intent, "cancel", 8, 0), agent},
			"cancel",
			[]string{},
			0,
		},
		{
			"latest in the call, not in the log", // the first minute was heard again at the end
			[]insights.Insight{insight(insights.Intent, "cancel", 80, 0), insight(insights.Intent, "complaint", 3, 0)},
			"cancel",
			[]string{},
			0,
		},
		{
			"each theme once, in order of speech",
			[]insights.Insight{insight(insights.Theme, "price", 9, 0), insight(insights.Theme, "outage", 2, 0), insight(insights.Theme, "price", 3, 0)},
			"",
			[]string{"outage", "price"},
			0,
		},
		{
			"the mood of the last five",
			[]insights.Insight{
				insight(insights.Sentiment, "", 60, .5), insight(insights.Sentiment, "", 1, -1), insight(insights.Sentiment, "", 2, -1),
				insight(insights.Sentiment, "", 20, .1), insight(insights.Sentiment, "", 30, .2), insight(insights.Sentiment, "", 40, .3), insight(insights.Sentiment, "", 50, .4),
			},
			"",
			[]string{},
			.3,
		},
		{
			"what is not for a list",
			[]insights.Insight{insight(insights.Moment, "thanks", 1, 0), insight(insights.Redacted, "card", 2, 0), insight(insights.Talk, "talk_ratio", 0, .5), insight(insights.Entity, "date", 4, 0)},
			"",
			[]string{},
			0,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t)
			r.write(t, func(tx *store.Tx) error {
				return errors.Join(tx.SaveCall(call(1)), tx.AddUtterance(utterance(1, 1, insights.Customer, "words")), tx.AddInsights("call-01", tt.found))
			})
			lines, next, err := r.Calls(t.Context(), store.CallQuery{})
			if err != nil || len(lines) != 1 || next != "" {
				t.Fatalf("%d lines, next %q, %v", len(lines), next, err)
			}
			l := lines[0]
			if l.ID != "call-01" || l.Intent != tt.intent || math.Abs(l.Mood-tt.mood) > 1e-9 || l.Last != "words" {
				t.Errorf("intent %q, mood %v, last %q; want intent %q, mood %v", l.Intent, l.Mood, l.Last, tt.intent, tt.mood)
			}
			if diff := cmp.Diff(tt.themes, l.Themes); diff != "" {
				t.Errorf("themes:\n%s", diff)
			}
		})
	}
}

func TestCallsPage(t *testing.T) {
	r := open(t)
	r.write(t, func(tx *store.Tx) error {
		var errs []error
		for i := range 5 {
			errs = append(errs, tx.SaveCall(call(i)))
		}
		return errors.Join(errs...)
	})
	var got []string
	after := ""
	for range 5 {
		lines, next, err := r.Calls(t.Context(), store.CallQuery{Limit: 2, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			got = append(got, l.ID)
		}
		if after = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"call-04", "call-03", "call-02", "call-01", "call-00"}, got); diff != "" {
		t.Errorf("the latest first:\n%s", diff)
	}
	if _, _, err := r.Calls(t.Context(), store.CallQuery{After: "nonsense"}); !errors.Is(err, store.ErrBadPage) {
		t.Errorf("a page mark that is none: %v", err)
	}
}

// TestRecord joins all that is known of a call, with what was heard late in
// its place.
func TestRecord(t *testing.T) {
	r := open(t)
	c := call(1)
	c.CustomerID = "anna"
	late := utterance(3, 1, insights.Customer, "hello")
	late.Recovered = true
	r.write(t, func(tx *store.Tx) error {
		return errors.Join(
			tx.SaveProfile(customer.Profile{
				ID: "anna", Version: 1, CreatedAt: monday(), UpdatedAt: monday(),
				Traits: []customer.Trait{{Name: "name", Value: "Anna Berg", Source: "crm", At: monday(), Confidence: 1}},
			}),
			tx.SaveCall(c),
			tx.AddUtterance(utterance(1, 4, insights.Agent, "how can i help")),
			tx.AddUtterance(utterance(2, 9, insights.Customer, "cancel")),
			tx.AddUtterance(late),
			tx.AddInsights(c.ID, []insights.Insight{insight(insights.Sentiment, "negative", 9, -0.4), insight(insights.Sentiment, insights.Annoyed, 9, 0.7)}),
			tx.AddDecision(decide.Decision{ID: "d1", CallID: c.ID, Subject: "anna", At: monday(), Because: "Asked to cancel."}),
			tx.AddOutcome(decide.Outcome{ID: "o1", DecisionID: "d1", CallID: c.ID, Action: "keep", Outcome: "accepted", At: monday(), Key: "k1"}),
		)
	})
	e, err := event.New(event.CallStarted, monday(), event.About{Subject: c.ID, Call: c.ID}, c)
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, func(tx *store.Tx) error { return tx.Append(e) })
	got, err := r.Record(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, u := range got.Utterances {
		said = append(said, u.Text)
	}
	if diff := cmp.Diff([]string{"hello", "how can i help", "cancel"}, said); diff != "" {
		t.Errorf("in the order of speech:\n%s", diff)
	}
	if len(got.Insights) != 2 || len(got.Decisions) != 1 || len(got.Outcomes) != 1 || got.LastSeq != 1 {
		t.Errorf("%d insights, %d decisions, %d outcomes, last event %d; want two, and one each", len(got.Insights), len(got.Decisions), len(got.Outcomes), got.LastSeq)
	}
	if m := got.Mood; m == nil || len(m.Points) != 1 || m.Low.Value != -0.4 || m.AnnoyedAt == nil || *m.AnnoyedAt != 9 {
		t.Errorf("the mood went %+v", got.Mood)
	}
	if got.Customer == nil || got.Customer.Name != "Anna Berg" {
		t.Errorf("customer %+v", got.Customer)
	}
	if got.Corrections == nil || len(got.Corrections) != 0 {
		t.Errorf("corrections %+v, want an empty list", got.Corrections)
	}
	lines, _, err := r.Calls(t.Context(), store.CallQuery{CustomerID: "anna"})
	if err != nil || len(lines) != 1 || lines[0].Last != "cancel" || lines[0].Mood != -0.4 {
		t.Errorf("the latest words: %+v, %v", lines, err)
	}
	fixed := event.Correction{UtteranceID: "u2", CallID: c.ID, Heard: "cancel", Text: "Cancel it.", Plain: "cancel it", At: monday()}
	r.write(t, func(tx *store.Tx) error { return tx.SaveCorrection(fixed) })
	if got, err = r.Record(t.Context(), c.ID); err != nil || len(got.Corrections) != 1 || got.Corrections[0] != fixed || got.Utterances[2].Text != "cancel" {
		t.Errorf("corrected: %+v, %v", got, err)
	}
	if lines, _, err = r.Calls(t.Context(), store.CallQuery{CustomerID: "anna"}); err != nil || lines[0].Last != "Cancel it." {
		t.Errorf("the latest words as corrected: %+v, %v", lines, err)
	}
}

func TestACallOfNobody(t *testing.T) {
	r := open(t)
	r.write(t, func(tx *store.Tx) error { return tx.SaveCall(call(1)) })
	got, err := r.Record(t.Context(), "call-01")
	if err != nil || got.Customer != nil {
		t.Errorf("customer %+v, %v", got.Customer, err)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	r := open(t)
	lost := call(2)
	lost.CustomerID = "nobody"
	r.write(t, func(tx *store.Tx) error { return tx.SaveCall(lost) })
	_, noCall := r.Record(t.Context(), "none")
	_, noCustomer := r.Customer(t.Context(), "none")
	_, gone := r.Record(t.Context(), lost.ID)
	for what, err := range map[string]error{"call": noCall, "customer": noCustomer, "customer of a call": gone} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no such %s: %v", what, err)
		}
	}
}

func TestCustomers(t *testing.T) {
	r := open(t)
	cell := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	row := consent.Row{ID: "r1", CustomerID: "p1", Cell: cell, State: consent.Denied, At: monday(), RecordedAt: monday(), Source: "call", Actor: "customer"}
	r.write(t, func(tx *store.Tx) error {
		var errs []error
		for i, name := range []string{"Maria Keller", "Mark Stone", "Olga Marsh"} {
			errs = append(errs, tx.SaveProfile(customer.Profile{
				ID: fmt.Sprintf("p%d", i+1), Version: 1, CreatedAt: monday(), UpdatedAt: monday(),
				Traits: []customer.Trait{{Name: "name", Value: name, Source: "crm", At: monday(), Confidence: 1}},
			}))
		}
		return errors.Join(append(errs, tx.AddConsent(consent.Seal(nil, row)))...)
	})
	found, _, err := r.Customers(t.Context(), "keller", "", 10)
	if err != nil || len(found) != 1 || found[0].Name != "Maria Keller" {
		t.Fatalf("found %+v, %v", found, err)
	}
	said := consent.State("")
	for _, m := range found[0].May {
		if m.Purpose == cell.Purpose && m.Channel == cell.Channel {
			said = m.State
		}
	}
	if said != consent.Denied {
		t.Errorf("may: %+v", found[0].May)
	}
	first, next, err := r.Customers(t.Context(), "", "", 2)
	if err != nil || len(first) != 2 || next == "" {
		t.Fatalf("a page: %d, next %q, %v", len(first), next, err)
	}
	second, next, err := r.Customers(t.Context(), "", next, 2)
	if err != nil || len(second) != 1 || next != "" {
		t.Errorf("the rest: %d, next %q, %v", len(second), next, err)
	}
	if _, _, err := r.Customers(t.Context(), "", "nonsense", 2); !errors.Is(err, store.ErrBadPage) {
		t.Errorf("a page mark that is none: %v", err)
	}
}
