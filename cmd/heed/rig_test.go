package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"heed/fixtures"
	"heed/internal/client"
	"heed/transcribe/audio"
)

// server is a running "heed serve".
type server struct {
	dir, base, key string
	cmd            *exec.Cmd
	out, err       lockedBuffer
	ended          chan struct{} // closed when the process is gone
	state          error         // how it ended
}

// lockedBuffer can be read while a process writes into it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// launch starts the process; nothing is waited for.
func launch(dir string, args ...string) (*server, error) {
	s := &server{dir: dir, ended: make(chan struct{})}
	_ = os.Remove(filepath.Join(dir, client.AddressFile)) // of the server before
	s.cmd = exec.Command(common.binary, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = environment(), &s.out, &s.err
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		s.state = s.cmd.Wait()
	}()
	return s, nil
}

// arrive waits until the server can be found and answers.
func (s *server) arrive(ctx context.Context) error {
	err := until(ctx, func() (bool, error) {
		select {
		case <-s.ended:
			return false, fmt.Errorf("it ended: %w\n%s", s.state, s.log())
		default:
		}
		s.base = client.FindServer("", s.dir)
		return s.base != client.DefaultServer && client.Alive(ctx, s.base) == nil, nil
	})
	if err == nil {
		s.key, err = client.FindKey("", s.dir)
	}
	return err
}

// serveFor starts a server and ends it with the test.
func serveFor(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	s, err := launch(dir, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		select {
		case <-s.ended:
		default:
			_ = s.cmd.Process.Kill()
			<-s.ended
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.arrive(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) log() string { return s.err.String() }

func (s *server) signal(sig os.Signal) error { return s.cmd.Process.Signal(sig) }

// wait gives how the process ended.
func (s *server) wait() error {
	select {
	case <-s.ended:
		return s.state
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		return errors.New("it did not end")
	}
}

// stop ends the server as an operator would and checks its exit status.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := errors.Join(s.signal(syscall.SIGTERM), s.wait()); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

// until asks again and again until the answer is yes.
func until(ctx context.Context, yes func() (bool, error)) error {
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := yes(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// eventually is until for tests.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := until(ctx, func() (bool, error) { return yes(), nil }); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// get asks the API; the answer's body is decoded into into.
func (s *server) get(t *testing.T, path string, into any) {
	t.Helper()
	resp := s.ask(t, path)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

func (s *server) ask(t *testing.T, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("GET %s: %v\n%s", path, err, s.log())
	}
	return resp
}

// newKey makes an API key of a role.
func (s *server) newKey(t *testing.T, role string) string {
	t.Helper()
	body := strings.NewReader(`{"name":"` + t.Name() + `","role":"` + role + `"}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/v1/keys", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var k struct{ Key string }
	if err := json.NewDecoder(resp.Body).Decode(&k); err != nil || k.Key == "" {
		t.Fatalf("a new key: %s, %v", resp.Status, err)
	}
	return k.Key
}

// The documented fields of a call's record, spelled out here once more: a
// field that is renamed in the program must fail a test.
type record struct {
	ID        string      `json:"id"`
	Status    string      `json:"status"`
	Captions  string      `json:"captions"`
	Duration  float64     `json:"duration"`
	EndedAt   string      `json:"ended_at"`
	Said      []utterance `json:"utterances"`
	Decisions []decision  `json:"decisions"`
	Insights  []insight   `json:"insights"`
	Recording struct {
		State string `json:"state"`
	} `json:"recording"`
	Health struct {
		Notes []string `json:"notes"`
	} `json:"health"`
}

type utterance struct {
	ID        string  `json:"id"`
	Speaker   string  `json:"speaker"`
	Start     float64 `json:"start"`
	End       float64 `json:"end"`
	Text      string  `json:"text"`
	Recovered bool    `json:"recovered"`
}

type insight struct {
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Speaker string  `json:"speaker"`
}

type decision struct {
	ID      string `json:"decision_id"`
	Because string `json:"because"`
	Actions []struct {
		Action  string `json:"action"`
		Title   string `json:"title"`
		Say     string `json:"say"`
		Because string `json:"because"`
	} `json:"actions"`
}

// intents are what the customer wanted.
func (r *record) intents() []string {
	var names []string
	for _, in := range r.Insights {
		if in.Kind == "intent" && in.Speaker == "customer" && !slices.Contains(names, in.Name) {
			names = append(names, in.Name)
		}
	}
	return names
}

// offered are the actions that were suggested, each once.
func (r *record) offered() []string {
	var names []string
	for _, d := range r.Decisions {
		for _, a := range d.Actions {
			if !slices.Contains(names, a.Action) {
				names = append(names, a.Action)
			}
		}
	}
	return names
}

// undoubled checks that a party never says two things at once, which is how
// words that were heard twice would look.
func (r *record) undoubled(t *testing.T) {
	t.Helper()
	ids, ends := make(map[string]bool), make(map[string]utterance)
	for _, u := range r.Said { // in order of speech
		if ids[u.ID] {
			t.Errorf("utterance %s is there twice", u.ID)
		}
		ids[u.ID] = true
		if before, any := ends[u.Speaker]; any && u.Start < before.End-0.05 {
			t.Errorf("the %s speaks twice at once: %+v and %+v", u.Speaker, before, u)
		}
		ends[u.Speaker] = u
	}
}

// around gives what a party said at some time between two moments.
func (r *record) around(speaker string, from, to float64) string {
	var words []string
	for _, u := range r.Said {
		if u.Speaker == speaker && u.Start < to && u.End > from {
			words = append(words, u.Text)
		}
	}
	return strings.Join(words, " ")
}

// live waits for the one live call of a server.
func (s *server) live(t *testing.T) string {
	t.Helper()
	var page struct {
		Calls []struct{ ID string }
	}
	eventually(t, "a live call", func() bool {
		s.get(t, "/v1/calls?status=live", &page)
		return len(page.Calls) > 0
	})
	return page.Calls[0].ID
}

func (s *server) record(t *testing.T, id string) *record {
	t.Helper()
	var r record
	s.get(t, "/v1/calls/"+id, &r)
	return &r
}

// message is one server-sent event.
type message struct{ kind, data string }

// follow streams a call's events from its beginning until the test or the
// server ends.
func (s *server) follow(t *testing.T, id string) <-chan message {
	t.Helper()
	resp := s.ask(t, "/v1/calls/"+id+"/events?after=0")
	out := make(chan message, 4096)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(out)
		readMessages(resp.Body, out)
	}()
	t.Cleanup(func() { resp.Body.Close(); <-ended })
	return out
}

func readMessages(r io.Reader, out chan<- message) {
	var m message
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			m.kind = value
		case "data":
			m.data = value
			out <- m
		}
	}
}

// await gives the first message that is wanted.
func await(t *testing.T, from <-chan message, what string, wanted func(message) bool) message {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case m, open := <-from:
			if !open {
				t.Fatalf("%s: the stream ended", what)
			}
			if wanted(m) {
				return m
			}
		case <-late:
			t.Fatalf("%s: it did not come", what)
		}
	}
}

// caption is a partial caption.
type caption struct {
	Speaker string  `json:"speaker"`
	Text    string  `json:"text"`
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
}

// midSentence waits until some utterances are committed and then for a
// caption of a few words, which are not committed yet.
func midSentence(t *testing.T, from <-chan message, committed int) caption {
	t.Helper()
	n := 0
	var c caption
	await(t, from, "a caption", func(m message) bool {
		if m.kind == "utterance.spoken" {
			n++
		}
		if n < committed || m.kind != "caption.partial" {
			return false
		}
		c = caption{}
		return json.Unmarshal([]byte(m.data), &c) == nil && len(strings.Fields(c.Text)) >= 4
	})
	return c
}

// worker gives the process id of a server's speech worker, 0 when it has none.
func (s *server) worker() int {
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, path := range all {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // it has just ended
		}
		// The fields after the name, which is in brackets: state, parent.
		_, rest, _ := strings.Cut(string(raw), ") ")
		f := strings.Fields(rest)
		if len(f) < 2 || f[0] == "Z" || f[1] != strconv.Itoa(s.cmd.Process.Pid) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if err == nil && strings.Contains(string(command), "stt-worker") {
			return pid
		}
	}
	return 0
}

// running says whether a process is there and no zombie.
func running(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// recorded gives the first seconds of a recorded call.
func recorded(t *testing.T, name string, seconds int) audio.WAV {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".wav")
	if err != nil {
		t.Fatal(err)
	}
	w, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil || len(w.Channels) != 2 {
		t.Fatalf("%d channels, %v", len(w.Channels), err)
	}
	for i, pcm := range w.Channels {
		w.Channels[i] = pcm[:min(len(pcm), seconds*w.Rate)]
	}
	return w
}

// save writes a WAV file into a folder of its own and gives its path.
func save(t *testing.T, name string, w audio.WAV) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: w.Rate, Channels: len(w.Channels), Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	var samples []int16
	for i := range w.Channels[0] {
		for _, pcm := range w.Channels {
			samples = append(samples, pcm[i])
		}
	}
	if err := errors.Join(out.Write(samples), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// turn is a line of a recorded call's script.
type turn struct {
	Role       string
	Start, End float64
	Text       string
}

// script gives what is said in a recorded call before a moment.
func script(t *testing.T, name string, before float64) []turn {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct{ Turns []turn }
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(s.Turns, func(l turn) bool { return l.End > before })
}

// complete checks that every turn of the script was heard at its time.
func (r *record) complete(t *testing.T, turns []turn) {
	t.Helper()
	for _, l := range turns {
		if len(strings.Fields(l.Text)) > 2 && r.around(l.Role, l.Start, l.End) == "" {
			t.Errorf("nothing was heard of the %s between %.1f and %.1f: %q", l.Role, l.Start, l.End, l.Text)
		}
	}
}
