package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"heed/insights"
	"heed/insights/moment"
	"heed/internal/brain"
	"heed/internal/config"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/store"
)

// summaryApp starts a server without engines whose settings are given.
func summaryApp(t *testing.T, args ...string) *App {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c := config.Bind(flags)
	args = append(args, "--listen=127.0.0.1:0", "--data="+filepath.Join(t.TempDir(), "data"))
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	moments, err := moment.New(moment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), Options{Config: *c, Logger: slog.New(slog.DiscardHandler), Engine: NoEngine(), Analyzer: moments})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

// talkOver commits a short call and its end.
func talkOver(t *testing.T, a *App) event.Call {
	t.Helper()
	b := a.parts.brain
	c, err := b.CallStarted(t.Context(), event.Call{
		ID: "c1", Platform: "script", PlatformCall: "p1", Direction: "inbound", StartedAt: time.Now(), Status: event.CallLive,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"i want to cancel my contract", "i will send you the form tomorrow", "all right that sounds fair thank you"} {
		u := insights.Utterance{ID: fmt.Sprint("u", i+1), CallID: c.ID, Seq: i + 1, Speaker: insights.Customer, Start: insights.Seconds(5 * i), End: insights.Seconds(5*i + 4), Text: text}
		if i == 1 {
			u.Speaker = insights.Agent
		}
		if err := b.Heard(t.Context(), c.ID, u, a.o.Analyzer.Analyze(&u, &insights.Call{})); err != nil {
			t.Fatal(err)
		}
	}
	ended := time.Now()
	c.Status, c.EndedAt = event.CallOver, &ended
	if err := b.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// summed waits until the call's summary meets a condition.
func summed(t *testing.T, a *App, call string, ok func(insights.Summary) bool) insights.Summary {
	t.Helper()
	for {
		changed := a.parts.store.Changed()
		s, err := a.parts.store.Summary(t.Context(), call)
		switch {
		case err == nil && ok(s):
			return s
		case err != nil && !errors.Is(err, store.ErrNotFound):
			t.Fatal(err)
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatalf("no such summary; the last is %+v", s)
		}
	}
}

func promised(s insights.Summary) string {
	for _, l := range s.Lines {
		if l.Part == insights.SummaryPromise {
			return l.Text
		}
	}
	return ""
}

func TestACallThatEndsIsSummedUp(t *testing.T) {
	a := summaryApp(t)
	c := talkOver(t, a)
	s := summed(t, a, c.ID, func(insights.Summary) bool { return true })
	if s.Source != insights.FromWords || promised(s) != "i will send you the form tomorrow" {
		t.Errorf("summary %+v", s)
	}
	r, err := desk.New(a.parts.store, nil, nil).Record(t.Context(), c.ID)
	if err != nil || r.Summary == nil || len(r.Summary.Lines) != len(s.Lines) {
		t.Errorf("the record has %+v, %v", r.Summary, err)
	}
	if _, err := a.parts.brain.Correct(t.Context(), c.ID, "u2", "I will mail you the form on Friday.", brain.Corrector{ID: "u"}); err != nil {
		t.Fatal(err)
	}
	s = summed(t, a, c.ID, func(s insights.Summary) bool { return strings.Contains(promised(s), "Friday") })
	if promised(s) != "I will mail you the form on Friday." {
		t.Errorf("corrected %+v", s)
	}
}

func TestAnEndpointSumsUp(t *testing.T) {
	var sent, key string
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		sent, key = string(raw), r.Header.Get("Authorization")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"{\"promise\":[{\"text\":\"The form comes tomorrow.\",\"line\":2}]}"},"finish_reason":"stop"}]}`)
	}))
	t.Cleanup(endpoint.Close)
	a := summaryApp(t, "--summary-endpoint="+endpoint.URL+"/v1", "--summary-model=small", "--summary-key=swordfish")
	c := talkOver(t, a)
	s := summed(t, a, c.ID, func(insights.Summary) bool { return true })
	if s.Source != "small" || promised(s) != "The form comes tomorrow." || s.Lines[0].UtteranceID != "u2" {
		t.Errorf("summary %+v", s)
	}
	if key != "Bearer swordfish" || !strings.Contains(sent, "i will send you the form tomorrow") {
		t.Errorf("key %q, sent %s", key, sent)
	}
}
