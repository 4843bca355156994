package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/wer"
	"heed/transcribe"
	"heed/transcribe/audio"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hearsay hears what it was told, and keeps the audio that it was given.
type hearsay struct {
	texts []string
	rates []int
	audio []time.Duration
	err   error
}

func (h *hearsay) Transcribe(_ context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	var total time.Duration
	rate := 0
	for f := range frames {
		if f.At != total {
			return errors.New("a frame is out of place")
		}
		total += f.Duration()
		rate = f.Rate
	}
	h.audio, h.rates = append(h.audio, total), append(h.rates, rate)
	if h.err != nil {
		return h.err
	}
	text := h.texts[len(h.audio)-1]
	for i, part := range strings.Split(text, "|") {
		if err := emit(transcribe.Segment{ID: i + 1, Text: "guess"}); err != nil {
			return err
		}
		if err := emit(transcribe.Segment{ID: i + 1, Final: true, Text: part}); err != nil {
			return err
		}
	}
	return nil
}

func writeWAV(t *testing.T, path string, f audio.WAVFormat, samples int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := audio.NewWAVWriter(file, f)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(make([]int16, samples*f.Channels)), w.Close()); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// speech is a folder with two groups and one call.
func speech(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "manifest.jsonl"), `{"file":"utt/letters/one.wav","text":"A B C","kind":"utt"}
{"file":"utt/letters/two.wav","text":"d e"}
{"file":"calls/x.wav","text":"not measured","kind":"call"}
{"file":"utt/prompts/three.wav","text":"please hold the line","kind":"utt"}
`)
	mono := audio.WAVFormat{Rate: 16000, Channels: 1, Encoding: audio.PCM16}
	writeWAV(t, filepath.Join(dir, "utt/letters/one.wav"), mono, 16000)
	writeWAV(t, filepath.Join(dir, "utt/letters/two.wav"), mono, 8000)
	writeWAV(t, filepath.Join(dir, "utt/prompts/three.wav"), mono, 32000)
	writeFile(t, filepath.Join(dir, "synthetic/call.json"),
		`{"turns":[{"role":"agent","text":"hello"},{"role":"customer","text":"i want to cancel"},{"role":"agent","text":"why"}]}`)
	writeWAV(t, filepath.Join(dir, "synthetic/call.wav"), audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.Mulaw}, 8000)
	writeFile(t, filepath.Join(dir, "overlap/two.json"), `[{"words":"hello there","speaker":"1"},{"words":"who is it","speaker":"2"}]`)
	writeWAV(t, filepath.Join(dir, "overlap/two.wav"), mono, 16000)
	return dir
}

func TestSpeech(t *testing.T) {
	engine := &hearsay{texts: []string{"a b|c", "d", "please fold the the line", "hello why", "i want to council", "hello who there"}}
	cpu := time.Duration(0)
	var seen []string
	o := Options{
		SpeechDir: speech(t), Engine: engine, Name: "hearsay",
		CPU:  func() time.Duration { cpu += 11 * time.Millisecond; return cpu },
		Each: func(u Utterance) { seen = append(seen, u.Group+"/"+u.Heard) },
	}
	var out bytes.Buffer
	if err := Speech(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "speech.golden")
	if *update {
		writeFile(t, golden, out.String())
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{8000, 8000, 8000, 8000, 8000, 8000}, engine.rates); diff != "" {
		t.Errorf("rates (-want +got):\n%s", diff)
	}
	if engine.audio[0] != time.Second || engine.audio[2] != 2*time.Second {
		t.Errorf("heard %v", engine.audio)
	}
	if len(seen) != 6 || seen[4] != "synthetic customer/i want to council" || seen[5] != "two at once/hello who there" {
		t.Errorf("seen %q", seen)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var r Report
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil {
		t.Fatal(err)
	}
	if r.Overall.Errors != (wer.Errors{Words: 9, Substitutions: 1, Deletions: 1, Insertions: 1}) || r.Calls.Words != 6 || r.Overall.Exact != 1 ||
		r.Overlap.Errors != (wer.Errors{Words: 5, Deletions: 2}) {
		t.Errorf("overall %+v, calls %+v", r.Overall, r.Calls)
	}
}

func TestNativePath(t *testing.T) {
	engine := &hearsay{texts: []string{"", "", "", "", "", ""}}
	r, err := Measure(t.Context(), Options{SpeechDir: speech(t), Engine: engine, Native: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Path != "native" || engine.rates[0] != 16000 || engine.rates[3] != 8000 || r.Overall.WER != 1 || r.CPUPerSecond != 0 {
		t.Errorf("%+v at %v Hz", r, engine.rates)
	}
}

func TestBrief(t *testing.T) {
	engine := &hearsay{texts: []string{"a b c", "d e", "please hold the line"}}
	r, err := Measure(t.Context(), Options{SpeechDir: speech(t), Engine: engine, Brief: true})
	if err != nil || len(engine.audio) != 3 || r.Overall.WER != 0 || r.Calls.Utterances+r.Overlap.Utterances != 0 {
		t.Errorf("%+v, %v; heard %v", r, err, engine.audio)
	}
}

func TestBars(t *testing.T) {
	report := Report{
		Groups:  []Score{{Group: "letters", Utterances: 1, WER: 0.2}},
		Overall: Score{Group: "overall", Utterances: 1, WER: 0.15},
		Calls:   Score{Group: "calls"},
	}
	for text, want := range map[string]string{
		"":                          "",
		"overall=15,letters=20":     "",
		" overall=15.1 , letters=0": "letters: word error rate 20.0 % is above 0.0 %",
		"overall=14.9":              "overall: word error rate 15.0 % is above 14.9 %",
		"calls=18":                  "calls: nothing was measured",
		"digits=18":                 "digits: nothing was measured",
	} {
		bars, err := ParseBars(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := bars.Check(report); err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{"overall", "=5", "overall=", "overall=x", "overall=-1", "overall=NaN"} {
		if _, err := ParseBars(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestCertainty(t *testing.T) {
	var c Certainty
	c.count("yes please cancel it", []transcribe.Word{
		{Text: "yes", Confidence: 0.95}, {Text: "please", Confidence: 0.95}, {Text: "council", Confidence: 0.25}, {Text: "it", Confidence: 1},
	})
	c.count("no", []transcribe.Word{{Text: "no", Confidence: 0.25}})
	c.finish()
	// Two words at 0.25 of which one is right, three at 0.9667 all right.
	if c.Words != 5 || c.Right != 0.8 || math.Abs(c.Mean-0.68) > 1e-9 || math.Abs(c.Gap-0.12) > 1e-9 {
		t.Errorf("%+v", c)
	}
	if b := c.Bins[2]; b.Words != 2 || b.Right != 0.5 || b.Mean != 0.25 {
		t.Errorf("bin %+v", b)
	}
}

func TestSpeechFailures(t *testing.T) {
	broken := errors.New("deaf")
	for name, c := range map[string]struct {
		spoil func(dir string)
		o     Options
		want  string
	}{
		"no engine":      {func(string) {}, Options{}, "no engine"},
		"engine fails":   {func(string) {}, Options{Engine: &hearsay{err: broken}}, "utt/letters/one.wav: deaf"},
		"no manifest":    {func(dir string) { os.Remove(filepath.Join(dir, "manifest.jsonl")) }, Options{Engine: &hearsay{}}, "manifest.jsonl"},
		"not JSON":       {func(dir string) { writeFile(t, filepath.Join(dir, "manifest.jsonl"), "{}\nx") }, Options{Engine: &hearsay{}}, "line 1: no file"},
		"no recording":   {func(dir string) { os.Remove(filepath.Join(dir, "utt/letters/one.wav")) }, Options{Engine: &hearsay{}}, "one.wav"},
		"not a WAV":      {func(dir string) { writeFile(t, filepath.Join(dir, "utt/letters/one.wav"), "RIFX") }, Options{Engine: &hearsay{}}, "one.wav"},
		"script spoiled": {func(dir string) { writeFile(t, filepath.Join(dir, "synthetic/call.json"), "[") }, Options{Engine: &hearsay{texts: make([]string, 9)}}, "call.json"},
		"one speaker":    {func(dir string) { writeFile(t, filepath.Join(dir, "overlap/two.json"), `[{"words":"a"}]`) }, Options{Engine: &hearsay{texts: make([]string, 9)}}, "1 speakers, want 2"},
		"mono call": {func(dir string) {
			writeWAV(t, filepath.Join(dir, "synthetic/call.wav"), audio.WAVFormat{Rate: 8000, Channels: 1, Encoding: audio.PCM16}, 800)
		}, Options{Engine: &hearsay{texts: make([]string, 9)}}, "not a two-party recording"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := speech(t)
			c.spoil(dir)
			c.o.SpeechDir = dir
			var out bytes.Buffer
			if err := Speech(t.Context(), &out, c.o); err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
				t.Errorf("%v, want %q, and no report (%q)", err, c.want, out.String())
			}
		})
	}
}

// TestTelephoneLine sends tones down the line and measures what arrives.
func TestTelephoneLine(t *testing.T) {
	for hertz, want := range map[float64]struct{ low, high float64 }{
		50: {-121, -20}, 100: {-121, -14}, 400: {-1, 1}, 1000: {-1, 1}, 3000: {-1, 1}, 3800: {-121, -20}, 5000: {-121, -30}, 7000: {-121, -30},
	} {
		pcm := make([]int16, 16000)
		for i := range pcm {
			pcm[i] = int16(10000 * math.Sin(2*math.Pi*hertz*float64(i)/16000))
		}
		got, err := telephone(pcm, 16000)
		if err != nil || len(got) != 8000 {
			t.Fatalf("%d samples, %v", len(got), err)
		}
		sum := 0.0
		for _, s := range got[1000:7000] {
			sum += float64(s) * float64(s)
		}
		level := 10 * math.Log10(sum/6000/(10000*10000/2)+1e-12)
		if level < want.low || level > want.high {
			t.Errorf("%.0f Hz arrives at %.1f dB, want %v", hertz, level, want)
		}
	}
	if _, err := telephone(nil, 0); err == nil {
		t.Error("a rate of 0 was taken")
	}
}
