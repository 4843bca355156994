package app_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asticode/go-astisub"
	"github.com/parquet-go/parquet-go"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/store"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// fetched is an answer that is no JSON.
type fetched struct {
	status          int
	header, trailer http.Header
	body            string
}

func fetch(t *testing.T, c *client.Client, path string) fetched {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Base()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetched{res.StatusCode, res.Header, res.Trailer, string(body)}
}

// exported is a row of a search's Parquet, as far as the test looks.
type exported struct {
	Call      string     `parquet:"call_id"`
	Utterance string     `parquet:"utterance_id"`
	At        *time.Time `parquet:"at,optional,timestamp(millisecond)"`
	Second    *float64   `parquet:"second,optional"`
	Speaker   string     `parquet:"speaker"`
	Text      string     `parquet:"text"`
	Intents   []string   `parquet:"intents,list"`
	Sentiment *float64   `parquet:"sentiment,optional"`
	Agent     string     `parquet:"agent"`
	Link      string     `parquet:"link"`
}

// A call that was heard leaves as files: all of what a search finds, its call
// and the calls of a theme, to those who may take it, and the log says who did.
func TestWhatASearchFindsIsTakenOut(t *testing.T) {
	t.Parallel() // it waits more than it works
	const name = "cancel-competitor"
	s, lines := readScript(t, name)
	dir := filepath.Join(t.TempDir(), "data")
	a, c := serve(t, dir, scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	r := call(t, c, recording(t, name), s.Caller, 25)
	marketer := asRole(t, c, "marketer")
	var found struct {
		Total int
		State string
	}
	query := "/v1/search?q=" + url.QueryEscape("speaker:customer")
	var said []insights.Utterance
	for _, u := range r.Utterances {
		if u.Speaker == insights.Customer {
			said = append(said, u)
		}
	}
	wait(t, "the whole index", func() bool {
		return ask(t, marketer, http.MethodGet, query, "", &found) == http.StatusOK && found.Total == len(said) && found.State == "complete"
	})
	ask1 := "/v1/search/export?sort=oldest&q=" + url.QueryEscape("speaker:customer") + "&format="
	got := fetch(t, marketer, ask1+"parquet")
	rows, err := parquet.Read[exported](strings.NewReader(got.body), int64(len(got.body)))
	if err != nil || len(rows) != len(said) {
		t.Fatalf("%d of %d rows, %v", len(rows), len(said), err)
	}
	for i, row := range rows {
		u := said[i]
		if row.Utterance != u.ID || row.Text != u.Text || row.Call != r.ID || row.Agent != "Dana" || *row.Second != float64(u.Start) || !row.At.Equal(r.StartedAt.Add(u.Start.Duration())) {
			t.Errorf("row %d: %+v of %+v", i, row, u)
		}
		if !strings.Contains(row.Link, "/calls/"+r.ID) {
			t.Errorf("link %q", row.Link)
		}
	}
	if !slices.ContainsFunc(rows, func(r exported) bool { return slices.Contains(r.Intents, "cancel") }) ||
		!slices.ContainsFunc(rows, func(r exported) bool { return r.Sentiment != nil }) {
		t.Errorf("what was understood is missing: %+v", rows)
	}
	got = fetch(t, marketer, ask1+"csv&bom=true")
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
	if err != nil || len(table) != len(said)+1 || !strings.HasPrefix(got.body, "\ufeffcall_id,utterance_id,at,") || table[1][1] != said[0].ID || got.trailer.Get("Heed-Export-Partial") != "" {
		t.Errorf("%v %v %q", err, got.trailer, got.body)
	}
	if strings.Contains(got.body, s.Caller) {
		t.Error("the caller's number is in the export")
	}
	// Where callers came from is not for all who take calls out.
	if head := strings.Join(table[0], ","); !strings.HasSuffix(head, ",link,source,campaign,queue") {
		t.Errorf("a marketer gets %s", head)
	}
	if head, _, _ := strings.Cut(fetch(t, asRole(t, c, "privacy"), ask1+"csv").body, "\r\n"); !strings.HasSuffix(head, ",link") {
		t.Errorf("a privacy officer gets %s", head)
	}
	lists(t, marketer, r.ID)
	pieces(t, c, marketer, r)
	refusedExports(t, c, marketer)
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	noted(t, dir, "marketer search parquet;marketer search csv;privacy search csv;marketer calls jsonl;marketer theme_calls csv;marketer subtitles vtt;marketer clip wav;")
}

// lists takes out the calls, and those of a theme.
func lists(t *testing.T, c *client.Client, id string) {
	t.Helper()
	var line struct {
		CallID   string `json:"call_id"`
		Themes   []string
		Duration float64
		Status   string
	}
	got := fetch(t, c, "/v1/calls/export?format=jsonl&status=ended")
	if err := json.Unmarshal([]byte(got.body), &line); err != nil || line.CallID != id || line.Status != "ended" || line.Duration <= 0 || len(line.Themes) == 0 {
		t.Fatalf("%v %+v %s", err, line, got.body)
	}
	theme := ""
	wait(t, "the theme", func() bool {
		all := themesOf(t, c)
		for _, th := range all.Themes {
			if th.Now.Calls == 1 {
				theme = th.ID
			}
		}
		return theme != ""
	})
	got = fetch(t, c, "/v1/themes/"+theme+"/calls/export")
	if rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll(); err != nil || len(rows) != 2 || rows[1][0] != id {
		t.Errorf("%v %s", err, got.body)
	}
}

// pieces takes subtitles and a clip out of the call.
func pieces(t *testing.T, c, marketer *client.Client, r *desk.Record) {
	t.Helper()
	got := fetch(t, marketer, "/v1/calls/"+r.ID+"/subtitles")
	subs, err := astisub.ReadFromWebVTT(strings.NewReader(got.body))
	if err != nil || len(subs.Items) < len(r.Utterances) || !strings.HasPrefix(got.header.Get("Content-Type"), "text/vtt") {
		t.Fatalf("%v: %s", err, got.body)
	}
	got = fetch(t, marketer, "/v1/calls/"+r.ID+"/clip?from=1.5&to=4")
	clip, err := audio.ReadWAV(strings.NewReader(got.body))
	if err != nil || len(clip.Channels) != 2 || len(clip.Channels[0]) != 20_000 {
		t.Fatalf("%d %v %s", got.status, err, got.header)
	}
	whole, err := audio.ReadWAV(strings.NewReader(fetch(t, c, "/v1/calls/"+r.ID+"/recording").body))
	if err != nil || !slices.Equal(whole.Channels[0][12_000:32_000], clip.Channels[0]) || !slices.Equal(whole.Channels[1][12_000:32_000], clip.Channels[1]) {
		t.Errorf("the clip is not that of the recording: %v", err)
	}
	for role, want := range map[string]int{"agent": http.StatusForbidden, "viewer": http.StatusForbidden} {
		if got := fetch(t, asRole(t, c, role), "/v1/calls/"+r.ID+"/clip?from=1.5&to=4"); got.status != want {
			t.Errorf("%s: %d", role, got.status)
		}
	}
}

func refusedExports(t *testing.T, c, marketer *client.Client) {
	t.Helper()
	for _, role := range []string{"agent", "viewer", "designer", "ingest"} {
		as := asRole(t, c, role)
		for _, path := range []string{"/v1/search/export?q=x", "/v1/calls/export", "/v1/themes/x/calls/export"} {
			if got := fetch(t, as, path); got.status != http.StatusForbidden {
				t.Errorf("%s may take %s out: %d", role, path, got.status)
			}
		}
	}
	for path, want := range map[string]int{
		"/v1/search/export":                     http.StatusUnprocessableEntity,
		"/v1/search/export?q=x&format=xlsx":     http.StatusUnprocessableEntity,
		"/v1/search/export?like=nothing":        http.StatusNotFound,
		"/v1/search/export?q=wrong+sentimnt:<0": http.StatusBadRequest,
		"/v1/calls/export?customer=x&bom=2":     http.StatusUnprocessableEntity,
	} {
		got := fetch(t, marketer, path)
		if got.status != want || !strings.Contains(got.header.Get("Content-Type"), "problem+json") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
		if want == http.StatusBadRequest && !strings.Contains(got.body, `"location":"query.q:6"`) {
			t.Error(got.body)
		}
	}
}

// noted holds what was taken against the log of a server that has stopped.
func noted(t *testing.T, dir, want string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir, Master: app.MasterKey(settings(t, dir))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	events, err := s.Events(t.Context(), store.EventQuery{Types: []event.Type{event.DataExported}, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	for _, e := range events {
		var taken event.Taken
		if err := json.Unmarshal(e.Data, &taken); err != nil {
			t.Fatal(err)
		}
		log.WriteString(taken.By + " " + taken.What + " " + taken.Format + ";")
	}
	if log.String() != want {
		t.Errorf("the log has %s, want %s", log.String(), want)
	}
}
