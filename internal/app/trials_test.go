package app_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/engines"
	"heed/internal/sidebyside/api"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// stuck hears nothing until it is cancelled.
type stuck struct{}

func (stuck) Transcribe(ctx context.Context, _ <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// ears are a server's engines: one that hears the calls by their scripts, and
// beside it a pool of others to compare.
func ears(t *testing.T, lines map[string][]scripted.Line) app.Engine {
	t.Helper()
	says := func(name, text string) engines.Entry {
		return engines.Entry{Name: name, Engine: scripted.New([]scripted.Line{{Start: time.Second, End: 5 * time.Second, Text: text}})}
	}
	pool, err := engines.New(engines.Options{Entries: []engines.Entry{
		says("careful", "i want to cancel my contract today"), says("hasty", "i want to counsel my contract"), {Name: "stuck", Engine: stuck{}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e := scriptedBy(lines)
	e.Pool = pool
	return e
}

const trialsPath = "/v1/engines/trials"

// compared waits for a trial to end.
func compared(t *testing.T, c *client.Client, id string) (v api.EngineTrial) {
	t.Helper()
	wait(t, "the end of a trial", func() bool {
		v = api.EngineTrial{}
		if status := ask(t, c, http.MethodGet, trialsPath+"/"+id, "", &v); status != http.StatusOK {
			t.Fatalf("trial %s: %d", id, status)
		}
		return v.State != "running"
	})
	return v
}

// TestTwoEnginesOnTheRecordingOfACall hears a kept call with two engines, and
// measures both by what somebody corrected.
func TestTwoEnginesOnTheRecordingOfACall(t *testing.T) {
	t.Parallel() // it waits more than it works
	const from = "+12025550181"
	lines := []scripted.Line{{Speaker: "customer", Start: time.Second, End: 5 * time.Second, Text: "i want to counsel my contract"}}
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), ears(t, map[string][]scripted.Line{from: lines}))
	r := call(t, c, recording(t, "cancel-competitor"), from, 40)
	if len(r.Utterances) != 1 {
		t.Fatalf("heard %+v", r.Utterances)
	}
	if status := ask(t, c, http.MethodPut, "/v1/calls/"+r.ID+"/utterances/"+r.Utterances[0].ID+"/correction", `{"text": "I want to cancel my contract"}`, nil); status >= 300 {
		t.Fatalf("corrected: %d", status)
	}
	start := func(c *client.Client, body string, want int) api.EngineTrial {
		t.Helper()
		status, raw, _ := send(t, c, http.MethodPost, trialsPath, "application/json", body)
		var v api.EngineTrial
		if status != want || json.Unmarshal([]byte(raw), &v) != nil {
			t.Errorf("%s: %d %s, want %d", body, status, raw, want)
		}
		return v
	}
	begun := start(c, `{"call_id": "`+r.ID+`", "engines": ["careful", "hasty"]}`, http.StatusAccepted)
	v := compared(t, c, begun.ID)
	if v.State != "done" || v.Result == nil {
		t.Fatalf("%+v", v)
	}
	// Each says its line for both parties: that of the agent nobody said.
	for i, want := range []api.TrialErrors{{Rate: 8.0 / 6, Words: 6, Insertions: 1 + 7}, {Rate: 7.0 / 6, Words: 6, Substitutions: 1, Insertions: 6}} {
		f := v.Result.Engines[i]
		if f.Errors == nil || *f.Errors != want || f.Unsaid != "untold" || f.Speed <= 0 {
			t.Errorf("%+v %+v, want %+v", f, f.Errors, want)
		}
	}
	if v.Result.Corrected != 1 || v.Result.Turns != 1 || v.Result.Different != 4 {
		t.Errorf("%+v", v.Result)
	}
	i := slices.IndexFunc(v.Result.Lines, func(l api.TrialLine) bool { return l.Speaker == "customer" })
	if i < 0 || v.Result.Lines[i].Said == "" || !slices.Contains(v.Result.Lines[i].Second, api.TrialWord{Text: "counsel", Mark: "other", Said: "cancel"}) {
		t.Errorf("%+v", v.Result.Lines)
	}
	var read struct {
		Reads []struct{ Kind string }
	}
	if ask(t, c, http.MethodGet, "/v1/audit?call="+r.ID+"&kind=trial", "", &read); len(read.Reads) == 0 {
		t.Error("nobody is noted to have read the words of the call")
	}
	var listed api.EngineTrials
	if ask(t, c, http.MethodGet, trialsPath, "", &listed); len(listed.Choices) < 3 || len(listed.Trials) != 1 || listed.Trials[0].Result != nil {
		t.Errorf("%+v", listed)
	}
	start(c, `{"call_id": "`+r.ID+`", "engines": ["careful", "careful"]}`, http.StatusUnprocessableEntity)
	start(c, `{"call_id": "`+r.ID+`", "engines": ["careful", "nobody"]}`, http.StatusUnprocessableEntity)
	start(c, `{"call_id": "0198c0de-0000-7000-8000-000000000000", "engines": ["careful", "hasty"]}`, http.StatusNotFound)
	start(asRole(t, c, "supervisor"), `{"call_id": "`+r.ID+`", "engines": ["careful", "hasty"]}`, http.StatusForbidden)
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+r.CustomerID+"/erase", `{"confirm": "erase"}`, nil); status >= 300 {
		t.Fatalf("erased: %d", status)
	}
	if status := ask(t, c, http.MethodGet, trialsPath+"/"+begun.ID, "", nil); status != http.StatusGone && status != http.StatusNotFound {
		t.Errorf("the words of a call that was erased: %d", status)
	}
	if ask(t, c, http.MethodGet, trialsPath, "", &listed); len(listed.Trials) != 0 {
		t.Errorf("its trial is still there: %+v", listed.Trials)
	}
}

// TestTwoRealEnginesOnAFile has both engines of this machine hear ten seconds of a
// recorded call.
func TestTwoRealEnginesOnAFile(t *testing.T) {
	t.Parallel() // it waits more than it works
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), realEngine(t, "sherpa", "pocketsphinx"))
	wav, err := fs.ReadFile(fixtures.Calls(), "cancel-competitor.wav")
	if err != nil {
		t.Fatal(err)
	}
	// Stereo mu-law at 8 kHz; a file that stops early is heard as far as it goes.
	status, raw, _ := send(t, c, http.MethodPost, trialsPath+"/file?first=sherpa&second=pocketsphinx", "audio/wav", string(wav[:10*2*8000]))
	var v api.EngineTrial
	if status != http.StatusAccepted || json.Unmarshal([]byte(raw), &v) != nil {
		t.Fatalf("%d %s", status, raw)
	}
	v = compared(t, c, v.ID)
	if v.State != "done" {
		t.Fatalf("%+v", v)
	}
	for _, f := range v.Result.Engines {
		if f.Words < 3 || f.Speed <= 0 || f.Model == "" {
			t.Errorf("%+v", f)
		}
	}
	t.Logf("%+v", v.Result.Engines)
}

// TestTwoEnginesOnAFile hears a file, refuses what is none, and is cancelled.
func TestTwoEnginesOnAFile(t *testing.T) {
	t.Parallel() // it waits more than it works
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), ears(t, nil))
	wav, err := fs.ReadFile(fixtures.Calls(), "double-charge.wav")
	if err != nil {
		t.Fatal(err)
	}
	upload := func(second, body string, want int) api.EngineTrial {
		t.Helper()
		status, raw, _ := send(t, c, http.MethodPost, trialsPath+"/file?first=careful&second="+second+"&name=x.wav", "audio/wav", body)
		var v api.EngineTrial
		if status != want || json.Unmarshal([]byte(raw), &v) != nil {
			t.Errorf("%d %s, want %d", status, raw, want)
		}
		return v
	}
	v := compared(t, c, upload("hasty", string(wav), http.StatusAccepted).ID)
	if v.State != "done" || v.File != "x.wav" || v.Result.Engines[0].Errors != nil || v.Result.Share <= 0 || v.Result.Share >= 1 {
		t.Errorf("%+v", v)
	}
	upload("hasty", "no sound at all", http.StatusUnprocessableEntity)
	long := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 8000, Channels: 1, Encoding: audio.Mulaw}, 601*8000)
	upload("hasty", string(long)+strings.Repeat("\xff", 601*8000), http.StatusUnprocessableEntity)
	large := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 96000, Channels: 2, Encoding: audio.PCM16}, 41<<20)
	upload("hasty", string(large)+strings.Repeat("\x00", 41<<20), http.StatusRequestEntityTooLarge)
	running := upload("stuck", string(wav), http.StatusAccepted)
	upload("hasty", string(wav), http.StatusConflict)
	if status := ask(t, c, http.MethodDelete, trialsPath+"/"+running.ID, "", nil); status != http.StatusNoContent {
		t.Errorf("cancelled: %d", status)
	}
	if v := compared(t, c, running.ID); v.State != "stopped" {
		t.Errorf("%+v", v)
	}
	upload("stuck", string(wav), http.StatusAccepted) // goes on when the server stops
}
