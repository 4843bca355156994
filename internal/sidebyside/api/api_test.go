package api

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/mount"
	"heed/internal/sidebyside"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestWordsAreShownOnlyOnceTheirReadingIsNoted goes through a trial of a call
// whose readings are counted, and refused.
func TestWordsAreShownOnlyOnceTheirReadingIsNoted(t *testing.T) {
	heard := scripted.New([]scripted.Line{{Start: 0, End: time.Second, Text: "hello"}})
	trials := sidebyside.New(sidebyside.Options{
		Logger:  slog.New(slog.DiscardHandler),
		Choices: func() []sidebyside.Choice { return []sidebyside.Choice{{Name: "a"}, {Name: "b"}} },
		Open:    func(context.Context, string) (sidebyside.Engine, error) { return sidebyside.Engine{Engine: heard}, nil },
		Redactor: func() func(insights.Utterance) insights.Utterance {
			return func(u insights.Utterance) insights.Utterance { return u }
		},
	})
	t.Cleanup(func() { _ = trials.Close(context.Background()) })
	mux, may, noted := http.NewServeMux(), map[string][]string{}, []string{}
	var refused, gone error
	Routes(Options{
		Trials: trials,
		Call:   func(context.Context, string) error { return gone },
		Recording: func(_ context.Context, id string) (sidebyside.Source, error) {
			if id == "silent" {
				return sidebyside.Source{}, fs.ErrNotExist
			}
			return sidebyside.Source{Call: id, Wav: audio.WAV{Rate: 8000, Channels: [][]int16{make([]int16, 16000)}}}, nil
		},
	})(mount.Kit{
		API:    humago.New(mux, huma.DefaultConfig("test", "1")),
		Fail:   func(error) error { return huma.Error410Gone("erased") },
		Caller: func(context.Context) string { return "Dana" },
		Read: func(_ context.Context, kind string, calls ...string) error {
			noted = append(noted, kind+" "+strings.Join(calls, " "))
			return refused
		},
		Operation: func(id, method, path, summary string, roles []string) huma.Operation {
			may[id] = roles
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	do := func(method, path, body string, want int) string {
		t.Helper()
		w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		mux.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s %s %s: %d %s, want %d", method, path, body, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	do("POST", path, `{"call_id": "silent", "engines": ["a", "b"]}`, 404)
	do("POST", path, `{"call_id": "c", "engines": ["a"]}`, 422)
	do("POST", path, `{"call_id": "c", "engines": ["a", "b"]}`, 202)
	for limit := time.Now().Add(20 * time.Second); trials.All()[0].State == sidebyside.Running; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it goes on")
		}
	}
	one := path + "/" + trials.All()[0].ID
	if text := do("GET", path, "", 200); strings.Contains(text, "hello") {
		t.Errorf("the list shows words: %s", text)
	}
	if text := do("GET", one, "", 200); !strings.Contains(text, "hello") {
		t.Errorf("no words: %s", text)
	}
	if !slices.Equal(noted, []string{"trial silent", "trial c", "trial c"}) {
		t.Errorf("noted %q", noted)
	}
	refused = huma.Error503ServiceUnavailable("not noted")
	do("GET", one, "", 503)
	gone = errors.New("erased")
	do("GET", one, "", 410)
	do("GET", one, "", 404) // it went with its call
	do("DELETE", one, "", 204)
	for id, roles := range may {
		if !slices.Equal(roles, []string{"admin"}) {
			t.Errorf("%s is for %v", id, roles)
		}
	}
}
