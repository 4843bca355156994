package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe/audio"
)

// process is a command that runs beside the test.
type process struct {
	cmd      *exec.Cmd
	out, err bytes.Buffer
	ended    chan struct{}
}

func background(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(t.Context(), common.binary, args...), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = environment(), &p.out, &p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // the status is looked at
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.ended })
	return p
}

// end waits for the process.
func (p *process) end(t *testing.T) result {
	t.Helper()
	eventually(t, "the end of the command", func() bool {
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	return result{p.out.String(), p.err.String(), p.cmd.ProcessState.ExitCode()}
}

// TestKillMinusNine kills the server in the middle of a call, while somebody
// speaks, and starts it again: what was committed is there once, as it was,
// and the rest up to the kill comes from the spool.
func TestKillMinusNine(t *testing.T) {
	t.Parallel()
	needEngine(t)
	const name, speed = "cancel-competitor", "3"
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir)
	caller := background(t, "call", save(t, "call.wav", recorded(t, name, 60)), "--data", dir, "--speed", speed)
	id := s.live(t)
	heard := midSentence(t, s.follow(t, id), 3)
	before, worker := s.record(t, id), s.worker()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.wait() // it says that it was killed
	if r := caller.end(t); r.code != 1 || !strings.HasPrefix(r.err, "heed: ") {
		t.Errorf("the caller: exit status %d\n%s", r.code, r.err)
	}
	if len(before.Said) < 3 || worker == 0 {
		t.Fatalf("%d utterances, worker %d: the test is no test", len(before.Said), worker)
	}
	eventually(t, "the end of the speech worker", func() bool { return !running(worker) })

	s = serveFor(t, dir)
	after := s.recovered(t, id)
	once(t, before, after)
	after.undoubled(t)
	rest := after.around(heard.Speaker, heard.Start, heard.End)
	if got := shareOf(heard.Text, rest); got < 0.5 {
		t.Errorf("the %s was saying %q when it was killed; recovered is %q", heard.Speaker, heard.Text, rest)
	}
	after.complete(t, script(t, name, heard.Start))
	if !slices.ContainsFunc(after.Said, func(u utterance) bool { return u.Recovered }) {
		t.Error("nothing is marked as recovered")
	}
	if after.Recording.State != "kept" || after.Duration < heard.End || after.Captions == "paused" {
		t.Errorf("recording %s, %.1f s, captions %s; it was killed after %.1f s", after.Recording.State, after.Duration, after.Captions, heard.End)
	}
	s.playable(t, id, after.Duration)
	s.stop(t)

	s = serveFor(t, dir)
	again := s.recovered(t, id)
	if diff := cmp.Diff(after, again); diff != "" {
		t.Errorf("the second restart changed the call:\n%s", diff)
	}
	s.stop(t)
	if n := countEvents(t, dir, id, "utterance.spoken"); n != len(again.Said) {
		t.Errorf("%d events about %d utterances", n, len(again.Said))
	}
	if n := countEvents(t, dir, id, "call.ended"); n != 1 {
		t.Errorf("the call ended %d times", n)
	}
}

// recovered waits until a call was closed after a crash.
func (s *server) recovered(t *testing.T, id string) *record {
	t.Helper()
	var r *record
	eventually(t, "recovery", func() bool {
		r = s.record(t, id)
		return r.EndedAt != ""
	})
	if r.Status != "recovered" {
		t.Errorf("the call is %s", r.Status)
	}
	return r
}

// once checks that what was committed is there once and unchanged.
func once(t *testing.T, before, after *record) {
	t.Helper()
	for _, u := range before.Said {
		var same []utterance
		for _, v := range after.Said {
			if u.ID == v.ID {
				same = append(same, v)
			}
		}
		if diff := cmp.Diff([]utterance{u}, same); diff != "" {
			t.Errorf("committed before the kill, after the restart:\n%s", diff)
		}
	}
	for _, d := range before.Decisions {
		if !slices.ContainsFunc(after.Decisions, func(x decision) bool { return x.ID == d.ID && x.Because == d.Because }) {
			t.Errorf("the decision %s is gone", d.ID)
		}
	}
}

// shareOf is how much of the first text's words the second has, 0..1.
func shareOf(first, second string) float64 {
	words, has := strings.Fields(first), strings.Fields(second)
	n := 0
	for _, w := range words {
		if slices.Contains(has, w) {
			n++
		}
	}
	return float64(n) / float64(max(len(words), 1))
}

// playable downloads a recording as a player does.
func (s *server) playable(t *testing.T, id string, seconds float64) {
	t.Helper()
	resp := s.ask(t, "/v1/calls/"+id+"/recording")
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("recording: %s %v", resp.Status, resp.Header)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	w, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil || len(w.Channels) != 2 || w.Truncated {
		t.Fatalf("recording: %v, %d channels, truncated %v", err, len(w.Channels), w.Truncated)
	}
	if got := float64(len(w.Channels[0])) / float64(w.Rate); math.Abs(got-seconds) > 1 {
		t.Errorf("the recording has %.1f s, the call %.1f", got, seconds)
	}
	for i, pcm := range w.Channels {
		if loudest(pcm) < 1000 {
			t.Errorf("channel %d of the recording is silent", i)
		}
	}
}

func loudest(pcm []int16) int {
	top := 0
	for _, v := range pcm {
		top = max(top, int(v), -int(v))
	}
	return top
}

// countEvents looks into the tables of a folder that no server uses.
func countEvents(t *testing.T, dir, call, kind string) int {
	t.Helper()
	var n int
	err := openTables(t, dir, "ro").QueryRow(`SELECT count(*) FROM event WHERE call = ? AND type = ?`, call, kind).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWorkerKilled kills the speech worker while somebody speaks. The call
// goes on, the screen is told that captions are paused, and nothing is lost.
// Then the server is told to end in the middle of the next call, together
// with its worker as a terminal would: it lets the call come to its end.
func TestWorkerKilled(t *testing.T) {
	t.Parallel()
	needEngine(t)
	const name, length = "upgrade-fibre", 36
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir)
	file := save(t, "call.wav", recorded(t, name, length))
	caller := background(t, "call", file, "--data", dir, "--speed", "3")
	id := s.live(t)
	screen := s.follow(t, id)
	heard := midSentence(t, screen, 1)
	worker := s.worker()
	if err := syscall.Kill(worker, syscall.SIGKILL); worker == 0 || err != nil {
		t.Fatalf("worker %d: %v", worker, err)
	}
	await(t, screen, "captions paused", saysCaptions("paused"))
	await(t, screen, "captions live", saysCaptions("live"))
	if r := caller.end(t); r.code != 0 || !strings.Contains(r.out, "captions are paused") || !strings.Contains(r.out, "captions are live") {
		t.Errorf("the caller: exit status %d\n%s%s", r.code, r.out, r.err)
	}
	r := s.record(t, id)
	if r.Status != "ended" || r.Recording.State != "kept" || math.Abs(r.Duration-length) > .1 || r.Captions == "paused" {
		t.Errorf("status %s, recording %s, %.1f s, captions %s", r.Status, r.Recording.State, r.Duration, r.Captions)
	}
	r.complete(t, script(t, name, length))
	r.undoubled(t)
	if got := shareOf(heard.Text, r.around(heard.Speaker, heard.Start, heard.End)); got < 0.5 {
		t.Errorf("the %s was saying %q when the worker was killed; in the end it is %q", heard.Speaker, heard.Text, r.around(heard.Speaker, heard.Start, heard.End))
	}
	var status struct {
		Engine struct {
			State    string
			Restarts int
		}
	}
	s.get(t, "/v1/status", &status)
	if status.Engine.State != "ready" || status.Engine.Restarts != 1 || s.worker() == worker {
		t.Errorf("engine %+v, worker %d", status.Engine, s.worker())
	}
	s.drains(t, file, length)
}

// TestTwoSignals asks a server to end while a call lives, which then is not
// waited for when it is asked again.
func TestTwoSignals(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir, "--speech-engine", "none")
	file := save(t, "call.wav", recorded(t, "happy-thanks", 90))
	caller := background(t, "call", file, "--data", dir)
	id := s.live(t)
	eventually(t, "a stream", func() bool { return strings.Contains(s.log(), "stream opened") })
	if err := s.signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "draining", func() bool { return strings.Contains(s.log(), "new calls are refused") })
	heed(t, "call", file, "--data", dir).want(t, 1, "the server is shutting down")
	if r := s.record(t, id); r.Status != "live" {
		t.Errorf("while draining the call is %s", r.Status)
	}
	s.stop(t) // the second signal
	if !strings.Contains(s.log(), "cut off") {
		t.Errorf("nobody is told that a call was cut off:\n%s", s.log())
	}
	if r := caller.end(t); r.code != 1 {
		t.Errorf("the caller: exit status %d\n%s", r.code, r.err)
	}
	s = serveFor(t, dir, "--speech-engine", "none")
	s.recovered(t, id)
	s.stop(t)
}

func saysCaptions(state string) func(message) bool {
	return func(m message) bool {
		var e struct{ Data struct{ Captions string } }
		return m.kind == "call.changed" && json.Unmarshal([]byte(m.data), &e) == nil && e.Data.Captions == state
	}
}

// drains stops the server in the middle of a call.
func (s *server) drains(t *testing.T, file string, length float64) {
	t.Helper()
	caller := background(t, "call", file, "--data", s.dir, "--speed", "6", "--json")
	id := s.live(t)
	midSentence(t, s.follow(t, id), 1)
	worker := s.worker()
	for _, pid := range []int{worker, s.cmd.Process.Pid} {
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "draining", func() bool { return strings.Contains(s.log(), "new calls are refused") })
	if !running(worker) {
		t.Error("the worker did not wait for the end of the call")
	}
	var last record
	r := caller.end(t)
	if err := json.Unmarshal([]byte(r.out), &last); r.code != 0 || err != nil {
		t.Errorf("the caller: exit status %d, %v\n%s", r.code, err, r.err)
	}
	if err := s.wait(); err != nil {
		t.Errorf("the end of the server: %v", err)
	}
	if last.Status != "ended" || math.Abs(last.Duration-length) > .1 || last.Recording.State != "kept" {
		t.Errorf("status %s, %.1f s, recording %s", last.Status, last.Duration, last.Recording.State)
	}
	if running(worker) {
		t.Error("the worker is left behind")
	}
	if n := strings.Count(s.log(), "speech worker died"); n != 1 { // the one that the test killed before
		t.Errorf("the worker died %d times", n)
	}
	if n := countEvents(t, s.dir, id, "call.ended"); n != 1 {
		t.Errorf("the call ended %d times", n)
	}
}
