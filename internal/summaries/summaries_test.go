package summaries_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/insights/moment"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/summaries"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func noon() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }

// model is a language model by hand.
type model struct {
	err   error
	asked int
	said  []insights.Utterance
}

func (m *model) Sum(ctx context.Context, call string, said []insights.Utterance) (insights.Summary, error) {
	m.asked++
	m.said = said
	if err := errors.Join(m.err, ctx.Err()); err != nil {
		return insights.Summary{}, err
	}
	return insights.Summary{
		CallID: call, Source: "m", Model: "chat-summary/1.m",
		Lines: []insights.SummaryLine{{Part: insights.SummaryIssue, Text: "It was about this.", UtteranceID: said[0].ID}},
	}, nil
}

// rig is a keeper over a real store with one call.
type rig struct {
	t     *testing.T
	store *store.Store
	*summaries.Keeper
	model *model
	log   bytes.Buffer
	now   time.Time
}

func start(t *testing.T, m *model) *rig {
	t.Helper()
	r := &rig{t: t, model: m, now: noon()}
	clock := func() time.Time { return r.now }
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data"), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	moments, err := moment.New(moment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := summaries.Options{Store: s, Analyzer: moments, Logger: slog.New(slog.NewTextHandler(&r.log, nil)), Now: clock}
	if m != nil {
		o.Model = m
	}
	r.store = s
	if r.Keeper, err = summaries.New(o); err != nil {
		t.Fatal(err)
	}
	r.call("c1", event.CallLive)
	for i, text := range []string{"i want to cancel my contract", "i will send you the form tomorrow", "all right that sounds fair thank you"} {
		u := insights.Utterance{
			ID: "u" + string(rune('1'+i)), CallID: "c1", Seq: i + 1, Speaker: insights.Customer, Start: insights.Seconds(5 * i), End: insights.Seconds(5*i + 4), Text: text,
		}
		if i == 1 {
			u.Speaker = insights.Agent
		}
		r.write(func(tx *store.Tx) error {
			found := moments.Analyze(&u, nil)
			return errors.Join(tx.AddUtterance(u), tx.AddInsights("c1", found))
		})
	}
	return r
}

func (r *rig) write(fn func(*store.Tx) error) {
	r.t.Helper()
	if err := r.store.Write(r.t.Context(), fn); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) call(id string, status event.CallStatus) {
	r.t.Helper()
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: "CA" + id, Status: status, StartedAt: noon().Add(-time.Minute), Language: "en"}
	if ended := noon(); status != event.CallLive {
		c.EndedAt = &ended
	}
	r.write(func(tx *store.Tx) error { return tx.SaveCall(c) })
}

// happen appends events of a call and has them handled.
func (r *rig) happen(ctx context.Context, call string, types ...event.Type) error {
	r.t.Helper()
	after, err := r.Cursor(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, t := range types {
		e, err := event.New(t, r.now, event.About{Subject: call, Call: call}, nil)
		if err != nil {
			r.t.Fatal(err)
		}
		r.write(func(tx *store.Tx) error { return tx.Append(e) })
	}
	events, err := r.store.Events(r.t.Context(), store.EventQuery{After: after, Types: summaries.Types()})
	if err != nil {
		r.t.Fatal(err)
	}
	return r.Handle(ctx, events)
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// told gives the payloads of the events that say a call was summed up.
func (r *rig) told() []insights.Summary {
	r.t.Helper()
	events, err := r.store.Events(r.t.Context(), store.EventQuery{Types: []event.Type{event.CallSummarised}})
	r.must(err)
	out := make([]insights.Summary, len(events))
	for i, e := range events {
		r.must(json.Unmarshal(e.Data, &out[i]))
	}
	return out
}

func line(s insights.Summary, part insights.SummaryPart) string {
	for _, l := range s.Lines {
		if l.Part == part {
			return l.Text
		}
	}
	return ""
}

func TestACallIsSummedUpWhenItEnds(t *testing.T) {
	r := start(t, nil)
	r.must(r.happen(t.Context(), "c1", event.UtteranceCorrected)) // while it is live: nothing
	if _, err := r.store.Summary(t.Context(), "c1"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("a live call: %v", err)
	}
	r.call("c1", event.CallOver)
	r.must(r.happen(t.Context(), "c1", event.CallEnded))
	s, err := r.store.Summary(t.Context(), "c1")
	r.must(err)
	if s.Source != insights.FromWords || !strings.HasPrefix(s.Model, "summary/") || line(s, insights.SummaryPromise) != "i will send you the form tomorrow" ||
		line(s, insights.SummaryOutcome) != "all right that sounds fair thank you" {
		t.Errorf("summary %+v", s)
	}
	if told := r.told(); len(told) != 1 || len(told[0].Lines) != len(s.Lines) {
		t.Errorf("told %+v", told)
	}
	cursor, err := r.Cursor(t.Context())
	if last, _ := r.store.LastSeq(t.Context()); err != nil || cursor != last-1 {
		t.Errorf("cursor %d of %d, %v", cursor, last, err)
	}
	r.must(r.happen(t.Context(), "c1", event.UtteranceReanalyzed)) // nothing new was understood
	if told := r.told(); len(told) != 1 {
		t.Errorf("told %d times of the same summary", len(told))
	}
	r.must(r.happen(t.Context(), "erased", event.CallEnded)) // a call that is gone holds nothing up
}

func TestACorrectionIsReadAgain(t *testing.T) {
	r := start(t, nil)
	r.call("c1", event.CallOver)
	fix := event.Correction{UtteranceID: "u2", CallID: "c1", Speaker: insights.Agent, Text: "I have sent you the form.", Plain: "i have sent you the form", At: noon()}
	r.write(func(tx *store.Tx) error { return tx.SaveCorrection(fix) })
	r.must(r.happen(t.Context(), "c1", event.CallEnded, event.UtteranceCorrected, event.UtteranceCorrected))
	s, err := r.store.Summary(t.Context(), "c1")
	r.must(err)
	if line(s, insights.SummaryPromise) != "" || line(s, insights.SummaryDone) != "I have sent you the form." {
		t.Errorf("the promise was corrected away: %+v", s)
	}
	if n := len(r.told()); n != 1 {
		t.Errorf("told %d times of one batch", n)
	}
	r.write(func(tx *store.Tx) error {
		_, err := tx.DropCorrection("u2")
		return err
	})
	r.must(r.happen(t.Context(), "c1", event.CorrectionWithdrawn))
	if s, err = r.store.Summary(t.Context(), "c1"); err != nil || line(s, insights.SummaryPromise) == "" {
		t.Errorf("taken back: %+v, %v", s, err)
	}
}

func TestTheModelWritesIt(t *testing.T) {
	m := &model{}
	r := start(t, m)
	r.call("c1", event.CallOver)
	fix := event.Correction{UtteranceID: "u1", CallID: "c1", Text: "My card is [card number].", Plain: "my card is [card number]", At: noon()}
	r.write(func(tx *store.Tx) error { return tx.SaveCorrection(fix) })
	r.must(r.happen(t.Context(), "c1", event.CallEnded))
	s, err := r.store.Summary(t.Context(), "c1")
	r.must(err)
	if s.Source != "m" || line(s, insights.SummaryIssue) != "It was about this." {
		t.Errorf("summary %+v", s)
	}
	if len(m.said) != 3 || m.said[0].Written != fix.Text || m.said[0].Text != fix.Plain {
		t.Errorf("it was given %+v", m.said)
	}
}

func TestQuotesStandInForTheModel(t *testing.T) {
	m := &model{err: errors.New("the endpoint answered 500")}
	r := start(t, m)
	r.call("c1", event.CallOver)
	for range 5 { // from the third failure on it is left alone
		r.must(r.happen(t.Context(), "c1", event.CallEnded))
	}
	if s, err := r.store.Summary(t.Context(), "c1"); err != nil || s.Source != insights.FromWords || len(s.Lines) == 0 {
		t.Errorf("summary %+v, %v", s, err)
	}
	if m.asked != 3 {
		t.Errorf("asked %d times", m.asked)
	}
	if log := r.log.String(); strings.Count(log, "quotes stand in") != 3 || strings.Contains(log, "cancel") {
		t.Errorf("log %s", log)
	}
	m.err, r.now = nil, r.now.Add(2*time.Minute)
	r.must(r.happen(t.Context(), "c1", event.UtteranceCorrected))
	if s, err := r.store.Summary(t.Context(), "c1"); err != nil || s.Source != "m" {
		t.Errorf("after the rest: %+v, %v", s, err)
	}
}

func TestThePastIsNotSentAnywhere(t *testing.T) {
	m := &model{}
	r := start(t, m)
	r.call("c1", event.CallOver)
	r.now = noon().Add(61 * time.Minute)
	r.must(r.happen(t.Context(), "c1", event.CallEnded))
	if s, err := r.store.Summary(t.Context(), "c1"); err != nil || m.asked != 0 || s.Source != insights.FromWords {
		t.Errorf("asked %d times: %+v, %v", m.asked, s, err)
	}
}

// A shutdown while the model is asked leaves the call for the next start.
func TestShutdownLeavesItForLater(t *testing.T) {
	r := start(t, &model{})
	r.call("c1", event.CallOver)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.happen(ctx, "c1", event.CallEnded); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if cursor, err := r.Cursor(t.Context()); err != nil || cursor != 0 {
		t.Errorf("cursor %d, %v", cursor, err)
	}
	r.must(r.happen(t.Context(), "c1"))
	if _, err := r.store.Summary(t.Context(), "c1"); err != nil {
		t.Error(err)
	}
}
