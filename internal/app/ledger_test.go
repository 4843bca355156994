package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/consent"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/ledger"
	"heed/internal/play"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// office is a running server with a clock that a test can move, and a caller
// who says what the test wants.
type office struct {
	*client.Client
	offset atomic.Int64
	lines  map[string][]scripted.Line // by the number that is called
	dir    string                     // the data folder
	log    logged
}

// logged is all that a server wrote.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) text() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

func (o *office) now() time.Time { return time.Now().Add(time.Duration(o.offset.Load())) }

// at moves the clock to a moment.
func (o *office) at(moment time.Time) { o.offset.Store(int64(time.Until(moment))) }

func openOffice(t *testing.T) *office {
	t.Helper()
	understand, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{lines: map[string][]scripted.Line{}, dir: filepath.Join(t.TempDir(), "data")}
	e := app.NoEngine()
	e.Info = transcribe.Info{Name: "scripted"}
	e.For = func(c event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
		return scripted.New(scripted.ForParty(o.lines[c.To], string(who))), "scripted"
	}
	a, err := app.New(t.Context(), app.Options{
		Config: settings(t, o.dir), Version: "test",
		Logger: slog.New(slog.NewTextHandler(&o.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Engine: e, Analyzer: understand, Now: o.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Client = run(t, a)
	return o
}

// caller calls a number and says one thing there.
func (o *office) caller(t *testing.T, from, to, says string) *desk.Record {
	t.Helper()
	o.lines[to] = []scripted.Line{
		{Speaker: "agent", Start: time.Second, End: 4 * time.Second, Text: "hello this is dana how can i help you"},
		{Speaker: "customer", Start: 6 * time.Second, End: 10 * time.Second, Text: says},
	}
	return callAs(t, o.Client, play.Options{
		Recording: recording(t, "happy-thanks"), URL: o.Base(), Key: o.Key(), Speed: 25,
		Caller: play.Caller{From: from, To: to, Agent: "Dana"},
	})
}

// ask calls the API with a key and gives the status; a good answer is read
// into answer.
func (o *office) ask(t *testing.T, key, method, path string, body, answer any) int {
	t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, o.Base()+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= 300 || answer == nil {
		if resp.StatusCode >= 300 {
			t.Logf("%s %s: %d %s", method, path, resp.StatusCode, raw)
		}
		return resp.StatusCode
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, raw)
	}
	return resp.StatusCode
}

// must is ask as the administrator, of what must succeed.
func (o *office) must(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	if status := o.ask(t, o.Key(), method, path, body, answer); status >= 300 {
		t.Fatalf("%s %s: %d", method, path, status)
	}
}

// standing gives what a person's ledger says of marketing on a channel.
func (o *office) standing(t *testing.T, customer, channel string) ledger.Standing {
	t.Helper()
	var grid struct{ Cells []ledger.Standing }
	o.must(t, "GET", "/v1/customers/"+customer+"/consent/now", nil, &grid)
	for _, s := range grid.Cells {
		if s.Purpose == consent.Marketing && s.Channel == channel {
			return s
		}
	}
	t.Fatalf("no cell for %q", channel)
	return ledger.Standing{}
}
