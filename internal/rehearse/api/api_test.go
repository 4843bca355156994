package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/insights"
	"heed/internal/mount"
	"heed/internal/rehearse"
)

// maker is test calls that were made already.
type maker struct {
	view    rehearse.View
	refuse  error
	stopped bool
}

func (m *maker) Start(_ context.Context, platform, by string) error {
	m.view = rehearse.View{Platform: platform, By: by, State: "playing"}
	return m.refuse
}
func (m *maker) Stop()                       { m.stopped = true }
func (m *maker) Last() (rehearse.View, bool) { return m.view, m.view.Platform != "" }

func TestTestCallsAreMade(t *testing.T) {
	m := &maker{}
	mux := http.NewServeMux()
	Routes(Options{
		Tests: m, Doors: func(context.Context) ([]Platform, error) { return nil, errors.New("broken") },
		Guide: func(string) (string, error) { return "", errors.New("none") },
	})(mount.Kit{
		API: humago.New(mux, huma.DefaultConfig("test", "1")), Fail: func(err error) error { return huma.Error500InternalServerError("hidden") },
		Caller: func(context.Context) string { return "Dana" },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	do := func(method, path string, want int) string {
		t.Helper()
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, path, http.NoBody))
		if w.Code != want {
			t.Errorf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	if text := do(http.MethodGet, "/v1/platforms/test", 200); strings.Contains(text, "platform") {
		t.Errorf("before any call: %s", text)
	}
	if text := do(http.MethodPost, "/v1/platforms/twilio/test", 202); !strings.Contains(text, `"by":"Dana"`) || !strings.Contains(text, `"parties":[]`) {
		t.Errorf("a call: %s", text)
	}
	m.refuse = rehearse.ErrRunning
	do(http.MethodPost, "/v1/platforms/twilio/test", 409)
	m.refuse = rehearse.ErrUnknown
	do(http.MethodPost, "/v1/platforms/pigeon/test", 404)
	do(http.MethodPost, "/v1/platforms/PIGEON/test", 422)
	m.refuse = errors.New("odd")
	do(http.MethodPost, "/v1/platforms/twilio/test", 500)
	do(http.MethodGet, "/v1/platforms/twilio/guide", 404)
	do(http.MethodGet, "/v1/platforms", 500)
	if do(http.MethodDelete, "/v1/platforms/test", 204); !m.stopped {
		t.Error("it was not hung up")
	}
}

func TestWhatArrivedIsShown(t *testing.T) {
	v := testCallOf(rehearse.View{
		Sent: 1500 * time.Millisecond, Told: rehearse.Told{From: "+12025550142"},
		Parties: []rehearse.Party{{Speaker: insights.Customer, Frames: 75, Rate: 8000, Audio: 1500 * time.Millisecond, Level: -20}},
		Words:   []rehearse.Line{{Speaker: insights.Agent, At: 1, Text: "hello"}},
	})
	if v.Sent != 1.5 || v.Of != rehearse.Longest.Seconds() || v.Told.From != "+12025550142" || v.Parties[0] != (TestParty{"customer", 75, 1.5, 8000, -20}) || v.Words[0] != (TestLine{"agent", 1, "hello"}) {
		t.Errorf("it is shown as %+v", v)
	}
}
