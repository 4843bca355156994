package app_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"heed/internal/client"
	"heed/internal/play"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// TestARecordingIsPausedOverTheAPI pauses a live call for a payment by the
// API: what was said meanwhile is nowhere, and the log tells from when to when.
func TestARecordingIsPausedOverTheAPI(t *testing.T) {
	t.Parallel() // it waits more than it works
	const from = "+12025550181"
	var lines []scripted.Line
	for i := range 60 {
		at := time.Duration(i) * time.Second
		lines = append(lines, scripted.Line{Speaker: "customer", Start: at, End: at + 800*time.Millisecond, Text: fmt.Sprintf("word%d is said", i)})
	}
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{from: lines}))
	o := play.Options{
		Recording: recording(t, "cancel-competitor"), URL: c.Base(), Key: c.Key(), Speed: 8,
		Caller: play.Caller{From: from, To: "+12025550199", Agent: "Dana"},
	}
	steps := []struct {
		at      time.Duration
		actions map[string]int
	}{
		{10 * time.Second, map[string]int{"pause": http.StatusOK, "stop": http.StatusUnprocessableEntity}},
		{16 * time.Second, map[string]int{"resume": http.StatusOK}},
	}
	o.Progress = func(p play.Progress) { // the call waits for it
		if len(steps) == 0 || p.At < steps[0].at {
			return
		}
		heard(t, c, steps[0].at-time.Second)
		for action, status := range steps[0].actions {
			if got := order(t, c, p.PlatformCall, action); got != status {
				t.Errorf("%s: %d, want %d", action, got, status)
			}
		}
		steps = steps[1:]
	}
	r := callAs(t, c, o)
	if len(r.Recording.Paused) != 1 || r.Recording.State != "kept" {
		t.Fatalf("%+v", r.Recording)
	}
	pause := r.Recording.Paused[0]
	if pause.Start < 5 || pause.End <= pause.Start+1 {
		t.Errorf("paused from %v to %v", pause.Start, pause.End)
	}
	before, after := 0, 0
	for _, u := range r.Utterances {
		switch middle := (u.Start + u.End) / 2; {
		case middle < pause.Start:
			before++
		case middle < pause.End:
			t.Errorf("%q was said in the pause", u.Text)
		default:
			after++
		}
	}
	if before == 0 || after == 0 {
		t.Errorf("%d lines before and %d after the pause", before, after)
	}
}

// heard waits until the server has so much of the only call: what was sent may
// still be on its way.
func heard(t *testing.T, c *client.Client, much time.Duration) {
	t.Helper()
	media := regexp.MustCompile(`(?m)^heed_door_messages_total\{kind="media",platform="twilio"\} (\d+)$`)
	wait(t, "what was sent", func() bool {
		found := media.FindSubmatch(metrics(t, c))
		if found == nil {
			return false
		}
		n, err := strconv.Atoi(string(found[1]))
		return err == nil && n >= 2*int(much/transcribe.FrameDuration) // one for each party
	})
}

// order says what is to become of the recording of a live call.
func order(t *testing.T, c *client.Client, platformCall, action string) int {
	t.Helper()
	id, err := c.CallID(t.Context(), platformCall)
	if err != nil || id == "" {
		t.Fatalf("the live call: %q %v", id, err)
	}
	status := ask(t, c, http.MethodPost, "/v1/calls/"+id+"/recording", `{"action": "`+action+`"}`, nil)
	rec, err := c.Call(t.Context(), id)
	if err != nil || action == "pause" && rec.Recording.State != "paused" {
		t.Errorf("after %s: %+v %v", action, rec.Recording, err)
	}
	return status
}

// The law and the do-not-call lists over the API: shapes, roles and effects.
func TestTheLawOverTheAPI(t *testing.T) {
	at := time.Date(2026, 4, 14, 15, 0, 0, 0, time.UTC)
	c, _, _ := clocked(t, filepath.Join(t.TempDir(), "data"), at)
	var view struct {
		Notice string
		Checks []struct{ Name, About string }
		Rules  []struct{ Kind, Place, Says, Source string }
	}
	if status := ask(t, c, http.MethodGet, "/v1/law", "", &view); status != http.StatusOK || !strings.Contains(view.Notice, "Not legal advice") || len(view.Checks) < 8 || len(view.Rules) < 20 {
		t.Errorf("%d: %q, %d checks, %d rules", status, view.Notice, len(view.Checks), len(view.Rules))
	}
	for _, r := range view.Rules {
		if r.Source == "" || r.Says == "" {
			t.Errorf("%+v has no source or says nothing", r)
		}
	}
	id := person(t, c, "+12125550191", "")
	allow(t, c, id, "marketing", "granted")
	if rule, why := removedBy(decided(t, c, id, "call")); rule != "" {
		t.Fatalf("removed by %s: %s", rule, why)
	}
	for _, q := range []struct {
		path, body string
		status     int
	}{
		{"/v1/do-not-call/own", `{"number": "+12125550191"}`, 200},
		{"/v1/do-not-call/own", `{"number": "nonsense"}`, 422},
		{"/v1/do-not-call/own", `{"number": "+12125550191", "more": 1}`, 422},
		{"/v1/do-not-call/lists/own/end?round=1", "", 422},
		{"/v1/calls/nobody/recording", `{"action": "pause"}`, 409},
	} {
		if got := ask(t, c, http.MethodPost, q.path, q.body, nil); got != q.status {
			t.Errorf("%s %s: %d, want %d", q.path, q.body, got, q.status)
		}
	}
	if rule, _ := removedBy(decided(t, c, id, "call")); rule != "legal.do_not_call" {
		t.Errorf("on our list, removed by %q", rule)
	}
	if got := ask(t, c, http.MethodGet, "/v1/customers/nobody/law", "", nil); got != http.StatusNotFound {
		t.Errorf("nobody's law: %d", got)
	}
	if got := ask(t, c, http.MethodPost, "/v1/do-not-call/own/remove", `{"number": "+12125550191"}`, nil); got != 200 {
		t.Errorf("removed: %d", got)
	}
	if rule, _ := removedBy(decided(t, c, id, "call")); rule != "" {
		t.Errorf("off our list, removed by %q", rule)
	}
}
