package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/transcribe/audio"
)

// hearingServer is a server with the real engine, the same for all tests
// that only play calls at it.
func hearingServer(t *testing.T) *server {
	t.Helper()
	needEngine(t)
	common.once.Do(func() {
		dir, err := os.MkdirTemp("", "heed-data-")
		if err != nil {
			common.why = err.Error()
			return
		}
		common.server, err = launch(dir)
		if err == nil {
			err = common.server.arrive(t.Context())
		}
		if err != nil {
			common.why = err.Error()
		}
	})
	if common.why != "" {
		t.Fatal(common.why)
	}
	return common.server
}

// playFile plays a file and gives the call's record, and as it was printed.
func playFile(t *testing.T, file string, args ...string) (*record, string) {
	t.Helper()
	s := hearingServer(t)
	r := heed(t, append([]string{"call", file, "--data", s.dir, "--json", "--speed", "5"}, args...)...)
	r.want(t, 0)
	var rec record
	if err := json.Unmarshal([]byte(r.out), &rec); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, r.out)
	}
	return &rec, r.out
}

// TestCallsDiffer plays two recordings and sees two results: nothing in the
// path is canned.
func TestCallsDiffer(t *testing.T) {
	t.Parallel()
	needEngine(t)
	records := make(map[string]*record)
	t.Run("play", func(t *testing.T) {
		for _, name := range []string{"cancel-competitor", "upgrade-fibre"} {
			file := save(t, name+".wav", recorded(t, name, 24))
			rec := new(record)
			records[name] = rec
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r, _ := playFile(t, file)
				*rec = *r
				if r.Status != "ended" || r.Recording.State != "kept" || r.EndedAt == "" || math.Abs(r.Duration-24) > 0.1 {
					t.Errorf("status %s, recording %s, ended %q, %.1f s", r.Status, r.Recording.State, r.EndedAt, r.Duration)
				}
				r.complete(t, script(t, name, 24))
				r.undoubled(t)
			})
		}
	})
	cancel, upgrade := records["cancel-competitor"], records["upgrade-fibre"]
	if !slices.Contains(cancel.intents(), "cancel") || slices.Contains(upgrade.intents(), "cancel") {
		t.Errorf("intents %v and %v", cancel.intents(), upgrade.intents())
	}
	if len(cancel.offered()) == 0 || slices.Equal(cancel.offered(), upgrade.offered()) {
		t.Errorf("suggestions %v and %v", cancel.offered(), upgrade.offered())
	}
	for _, d := range cancel.Decisions {
		for _, a := range d.Actions {
			if a.Title == "" || a.Say == "" || a.Because == "" {
				t.Errorf("a suggestion lacks words: %+v", a)
			}
		}
	}
}

// TestCallJSON checks the documented fields and their types as a program
// without our code would see them.
func TestCallJSON(t *testing.T) {
	t.Parallel()
	needEngine(t)
	_, printed := playFile(t, save(t, "call.wav", recorded(t, "cancel-competitor", 13)), "--from", "+1 202 555 0188", "--agent", "Dana")
	var all map[string]any
	if err := json.Unmarshal([]byte(printed), &all); err != nil {
		t.Fatal(err)
	}
	fields(t, "record", all, "id", "", "status", "", "started_at", "", "utterances", []any{}, "insights", []any{}, "decisions", []any{}, "outcomes", []any{}, "duration", 0.0)
	if all["from"] != "+12025550188" || all["agent"] != "Dana" || all["platform"] != "twilio" {
		t.Errorf("from %v, agent %v, platform %v", all["from"], all["agent"], all["platform"])
	}
	each(t, all, "utterances", "id", "", "speaker", "", "start", 0.0, "end", 0.0, "text", "", "words", []any{}, "confidence", 0.0)
	each(t, all, "insights", "kind", "", "name", "", "confidence", 0.0, "speaker", "")
	decided := each(t, all, "decisions", "decision_id", "", "actions", []any{}, "because", "")
	for _, d := range decided {
		each(t, d, "actions", "action", "", "title", "", "because", "", "say", "")
	}
}

// fields checks that there are fields of the types of the examples.
func fields(t *testing.T, what string, of map[string]any, namesAndExamples ...any) {
	t.Helper()
	for i := 0; i < len(namesAndExamples); i += 2 {
		name, example := namesAndExamples[i].(string), namesAndExamples[i+1]
		ok := false
		switch example.(type) {
		case string:
			_, ok = of[name].(string)
		case float64:
			_, ok = of[name].(float64)
		case []any:
			_, ok = of[name].([]any)
		}
		if !ok {
			t.Errorf("%s: %q is %v, want something like %v", what, name, of[name], example)
		}
	}
}

// each checks the fields of every element of a list, of which there must be one.
func each(t *testing.T, of map[string]any, list string, namesAndExamples ...any) []map[string]any {
	t.Helper()
	var out []map[string]any
	elements, _ := of[list].([]any)
	for _, e := range elements {
		m, _ := e.(map[string]any)
		fields(t, list, m, namesAndExamples...)
		out = append(out, m)
	}
	if len(out) == 0 && list != "actions" {
		t.Errorf("%s is empty", list)
	}
	return out
}

// TestCallTakesAnyWAV plays what people have: other rates, one channel, no
// sound on one side, and a file that was cut off.
func TestCallTakesAnyWAV(t *testing.T) {
	t.Parallel()
	needEngine(t)
	t.Run("mono at 44.1 kHz is the customer alone", func(t *testing.T) {
		t.Parallel()
		// The words end at 9.5 s: what follows lets them be heard in full, also
		// where a busy machine hears them from the spool.
		w := recorded(t, "cancel-competitor", 12)
		up, err := audio.NewResampler(w.Rate, 44100)
		if err != nil {
			t.Fatal(err)
		}
		pcm := up.Flush(up.Process(nil, w.Channels[1]))
		r, _ := playFile(t, save(t, "mono.wav", audio.WAV{Rate: 44100, Channels: [][]int16{pcm}}))
		if shareOf("i want to cancel my contract", r.around("customer", 5, 10)) < .8 { // an engine may misread a word
			t.Errorf("heard %+v", r.Said)
		}
		if said := r.around("agent", 0, 99); said != "" {
			t.Errorf("an agent who is not there says %q", said)
		}
		if !slices.Contains(r.intents(), "cancel") {
			t.Errorf("intents %v", r.intents())
		}
	})
	t.Run("the customer may be on the left", func(t *testing.T) {
		t.Parallel()
		w := recorded(t, "cancel-competitor", 10)
		w.Channels[0], w.Channels[1] = w.Channels[1], w.Channels[0]
		r, _ := playFile(t, save(t, "left.wav", w), "--customer", "left")
		if !slices.Contains(r.intents(), "cancel") || r.around("agent", 0, 5) == "" {
			t.Errorf("intents %v, heard %+v", r.intents(), r.Said)
		}
	})
	t.Run("a silent track", func(t *testing.T) {
		t.Parallel()
		w := recorded(t, "cancel-competitor", 25)
		clear(w.Channels[1])
		r, _ := playFile(t, save(t, "silent.wav", w))
		if said := r.around("customer", 0, 99); said != "" {
			t.Errorf("the silent customer says %q", said)
		}
		if r.around("agent", 0, 99) == "" || r.Status != "ended" || r.Recording.State != "kept" {
			t.Errorf("status %s, recording %s, heard %+v", r.Status, r.Recording.State, r.Said)
		}
		if !slices.ContainsFunc(r.Health.Notes, func(n string) bool { return strings.HasPrefix(n, "customer track silent") }) {
			t.Errorf("nobody is told: %v", r.Health.Notes)
		}
	})
	t.Run("a file that is cut off", func(t *testing.T) {
		t.Parallel()
		whole, err := os.ReadFile(save(t, "whole.wav", recorded(t, "happy-thanks", 4)))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "cut.wav")
		if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		s := hearingServer(t)
		r := heed(t, "call", file, "--data", s.dir, "--speed", "0")
		if r.code != 0 || !strings.Contains(r.err, "cut off") || !strings.Contains(r.out, "ended, 2 s") {
			t.Errorf("exit status %d\n%s%s", r.code, r.out, r.err)
		}
	})
}

// TestCallNarrates reads what a person sees of a call.
func TestCallNarrates(t *testing.T) {
	t.Parallel()
	s := hearingServer(t)
	file := save(t, "call.wav", recorded(t, "cancel-competitor", 13))
	r := heed(t, "call", file, "--data", s.dir, "--speed", "5")
	r.want(t, 0)
	for _, want := range []string{"agent     ", "customer  ", "cancel my contract", "do next   ", "ended, 13 s: ", "intents: cancel", s.base + "/calls/"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it does not say %q:\n%s", want, r.out)
		}
	}
	if r.err != "" {
		t.Errorf("on standard error: %q", r.err)
	}
}

// TestCallRefusals are commands that must do nothing, and say what to do.
func TestCallRefusals(t *testing.T) {
	t.Parallel()
	good := save(t, "good.wav", recorded(t, "happy-thanks", 1))
	empty := save(t, "empty.wav", audio.WAV{Rate: 8000, Channels: [][]int16{nil, nil}})
	nothing := filepath.Join(t.TempDir(), "nothing.wav")
	text := filepath.Join(t.TempDir(), "text.wav")
	opus := filepath.Join(t.TempDir(), "text.opus")
	for path, content := range map[string]string{nothing: "", opus: "neither is this", text: "this is no recording, whatever its name says"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := t.TempDir()
	for _, tt := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"no key", []string{good, "--data", none}, 1, []string{"no API key", "--key", "HEED_KEY", none}},
		{"no server", []string{good, "--to", "http://127.0.0.1:1", "--key", "k"}, 1, []string{"cannot reach the server at http://127.0.0.1:1", "heed serve"}},
		{"an address that is none", []string{good, "--to", "localhost", "--key", "k"}, 2, []string{"http://localhost:8080"}},
		{"no such file", []string{"/no/such.wav", "--key", "k"}, 2, []string{"/no/such.wav", "no such file"}},
		{"a folder", []string{none, "--key", "k"}, 2, []string{none}},
		{"an empty WAV", []string{empty, "--key", "k"}, 2, []string{empty, "no audio"}},
		{"an empty file", []string{nothing, "--key", "k"}, 2, []string{nothing, "not a WAV"}},
		{"no WAV", []string{text, "--key", "k"}, 2, []string{text, "not a WAV"}},
		{"no such platform", []string{good, "--as", "smoke", "--key", "k"}, 2, []string{`"smoke"`, "twilio"}},
		{"as fast as the server takes it, which nobody tells", []string{good, "--as", "whip", "--speed", "0", "--key", "k"}, 2, []string{"--speed 0", "WebRTC"}},
		{"the same as a border controller", []string{good, "--as", "siprec", "--speed", "0", "--key", "k"}, 2, []string{"--speed 0", "SIPREC"}},
		{"a SIP address for another", []string{good, "--sip", "sip:10.0.0.5", "--key", "k"}, 2, []string{"--sip", "siprec"}},
		{"no Opus", []string{opus, "--as", "whip", "--key", "k"}, 2, []string{opus, "Ogg"}},
		{"no such side", []string{good, "--customer", "up", "--key", "k"}, 2, []string{`"up"`, "left", "right"}},
		{"too fast", []string{good, "--speed", "1e9", "--key", "k"}, 2, []string{"--speed", "1000"}},
		{"no speed at all", []string{good, "--speed", "NaN", "--key", "k"}, 2, []string{"--speed"}},
		{"backwards", []string{good, "--speed", "-1", "--key", "k"}, 2, []string{"--speed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			heed(t, append([]string{"call"}, tt.args...)...).want(t, tt.code, tt.says...)
		})
	}
	t.Run("all of it at once", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "call", text, "--speed", "-1", "--customer", "up", "--as", "smoke", "--data", none)
		for _, want := range []string{"--speed", "--customer", "--as", "not a WAV", "no API key"} {
			if !strings.Contains(r.err, want) {
				t.Errorf("it does not mention %s:\n%s", want, r.err)
			}
		}
		if lines := strings.Split(strings.TrimSpace(r.err), "\n"); r.code != 2 || len(lines) != 5 ||
			slices.ContainsFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "heed: ") }) {
			t.Errorf("exit status %d, want 2 and a line each:\n%s", r.code, r.err)
		}
	})
}

// transcript is one line of "heed transcribe --json".
type transcript struct {
	File    string
	Text    string
	Seconds float64
	Words   []struct {
		Text       string
		Start, End float64
		Confidence float64
	}
}

func TestTranscribe(t *testing.T) {
	t.Parallel()
	needEngine(t)
	stereo := save(t, "stereo.wav", recorded(t, "cancel-competitor", 10))
	mono := recorded(t, "happy-thanks", 8)
	mono.Channels = mono.Channels[:1]
	alone := save(t, "mono.wav", mono)
	t.Run("good ones among bad ones", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "transcribe", "--json", stereo, "/no/such.wav", alone)
		r.want(t, 1, "/no/such.wav", "no such file")
		lines := strings.Split(strings.TrimSpace(r.out), "\n")
		if len(lines) != 2 {
			t.Fatalf("%d lines, want one a good file:\n%s", len(lines), r.out)
		}
		first, second := parseTranscript(t, lines[0]), parseTranscript(t, lines[1])
		if first.File != stereo || second.File != alone || first.Text == second.Text {
			t.Errorf("files %s and %s, texts %q and %q", first.File, second.File, first.Text, second.Text)
		}
		if !strings.Contains(first.Text, "cancel my contract") || math.Abs(first.Seconds-10) > .01 {
			t.Errorf("%.2f s: %q", first.Seconds, first.Text)
		}
	})
	t.Run("for people", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "transcribe", stereo)
		r.want(t, 0)
		agent, customer := strings.Index(r.out, "agent     "), strings.Index(r.out, "customer  ")
		if agent < 0 || customer < agent || !strings.Contains(r.out, "I want to cancel my contract.") {
			t.Errorf("it printed\n%s", r.out)
		}
	})
	t.Run("only bad ones", func(t *testing.T) {
		t.Parallel()
		heed(t, "transcribe", "--json", "/no/such.wav").want(t, 2, "/no/such.wav")
		heed(t, "transcribe", "/dev/null").want(t, 2, "/dev/null", "not a WAV")
	})
}

func parseTranscript(t *testing.T, line string) transcript {
	t.Helper()
	var all map[string]any
	var tr transcript
	if err := json.Unmarshal([]byte(line), &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(line), &tr); err != nil {
		t.Fatal(err)
	}
	fields(t, "transcript", all, "file", "", "text", "", "words", []any{}, "utterances", []any{}, "seconds", 0.0)
	var words []string
	before := 0.0
	for _, w := range tr.Words {
		words = append(words, w.Text)
		if w.Start < before || w.End < w.Start || w.End > tr.Seconds+.1 || w.Confidence <= 0 || w.Confidence > 1 {
			t.Errorf("word %+v after %.2f in %.2f s", w, before, tr.Seconds)
		}
		before = w.Start
	}
	if len(words) == 0 || len(words) != len(strings.Fields(tr.Text)) {
		t.Errorf("words %v, text %q", words, tr.Text)
	}
	return tr
}

// TestCallInterrupted hangs up in the middle of a call.
func TestCallInterrupted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir, "--speech-engine", "none")
	caller := background(t, "call", save(t, "call.wav", recorded(t, "happy-thanks", 60)), "--data", dir)
	id := s.live(t)
	began := time.Now()
	if err := caller.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	caller.end(t).want(t, 130, "interrupted")
	eventually(t, "the end of the call", func() bool { return s.record(t, id).Status == "ended" })
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("hanging up took %v", took)
	}
	s.stop(t)
}
