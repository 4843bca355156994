package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/model"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/sherpa"
)

// workerEnv makes this test binary a speech worker; see TestMain.
const workerEnv = "HEED_TEST_SPEECH_WORKER"

// realEngine is the embedded engine with the small model.
func realEngine(t *testing.T) transcribe.Engine {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
		missing = t.Fatalf
	}
	runtimeDir, err := model.FindRuntime([]string{os.Getenv("HEED_RUNTIME")})
	if err != nil {
		missing("%v", err)
	}
	m, err := model.Find(filepath.SplitList(os.Getenv("HEED_MODELS")), model.SmallEnglish)
	if err != nil {
		missing("%v: set HEED_MODELS, or: go run ./cmd/heed model pull", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: m.Dir, Command: []string{"/usr/bin/env", workerEnv + "=real", self}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// sentence is the second of the engines' sample, as it comes over the phone.
func sentence(t *testing.T) []int16 {
	t.Helper()
	f, err := os.Open("../../transcribe/enginetest/testdata/speech.wav")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	w, err := audio.ReadWAV(f)
	if err != nil {
		t.Fatal(err)
	}
	narrow, err := audio.NewResampler(w.Rate, 8000)
	if err != nil {
		t.Fatal(err)
	}
	pcm := narrow.Flush(narrow.Process(nil, w.Channels[0]))[5*8000:]
	first := slices.IndexFunc(pcm, func(v int16) bool { return v > 500 })
	pcm = pcm[max(0, first-160):]
	return audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, pcm))
}

// sounding renders a player of a length.
func (p player) sounding(length time.Duration) (pcm []int16) {
	for at := time.Duration(0); at < length; at += realTime {
		pcm = append(pcm, p.frame(at).PCM...)
	}
	return pcm
}

// heardIn is what the engine and the session make of a customer's audio.
func heardIn(t *testing.T, engine transcribe.Engine, pcm []int16) (event.Call, []insights.Word) {
	t.Helper()
	r := newRig(t, func(o *Options) {
		o.Engine = func(_ event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
			if who == insights.Agent || len(failed) > 0 {
				return nil, ""
			}
			return engine, "sherpa"
		}
	})
	s := r.open(t, "a")
	for i := 0; i+160 <= len(pcm); i += 160 {
		s.Audio(insights.Customer, transcribe.Frame{Rate: 8000, At: time.Duration(i) * second / 8000, PCM: pcm[i : i+160]})
	}
	c, said := r.finish(t, s)
	var words []insights.Word
	for _, u := range said {
		words = append(words, u.Words...)
	}
	return c, words
}

// textOf joins words.
func textOf(words []insights.Word) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.Text)
	}
	return strings.Join(texts, " ")
}

// TestRealEngineHearsNoWordsInSounds plays ringing and music to the real
// engine, and a sentence a tenth of a second after each.
func TestRealEngineHearsNoWordsInSounds(t *testing.T) {
	engine, said := realEngine(t), sentence(t)
	rest := make([]int16, 800)
	ringing := player{{second / 2, 3 * second / 2, []float64{440, 480}}, {11 * second / 2, 13 * second / 2, []float64{440, 480}}}.sounding(13 * second / 2)
	music := chords(0, 8*second).sounding(8 * second)

	c, words := heardIn(t, engine, slices.Concat(ringing, music, make([]int16, 16000)))
	if len(words) > 0 {
		t.Errorf("ringing and music say %q", textOf(words))
	}
	if got := kindsOf(c); got != "ringing music" {
		t.Errorf("heard %q", got)
	}
	for name, before := range map[string][]int16{"ringing": ringing, "music": music} {
		c, words := heardIn(t, engine, slices.Concat(before, rest, said, make([]int16, 8000)))
		text, begin := textOf(words), insights.Seconds(float64(len(before)+len(rest))/8000)
		t.Logf("after %s: %q from %v on, which began at %v", name, text, words[0].Start, begin)
		if got := kindsOf(c); got != name || c.Sounds[0].End > begin {
			t.Errorf("heard %+v before the sentence at %v, want %s", c.Sounds, begin, name)
		}
		if words[0].Start < begin-0.2 || words[0].Start > begin+0.3 {
			t.Errorf("after %s the first word is heard at %v, want %v", name, words[0].Start, begin)
		}
		// Without a pause before it, the small model is unsure of the first
		// words of "the price is too high and the service was very slow".
		if !strings.Contains(text, "high and the service was very") || len(words) < 8 || len(words) > 12 {
			t.Errorf("after %s: %q", name, text)
		}
	}
}

// kindsOf gives the kinds of a call's sounds.
func kindsOf(c event.Call) string {
	var kinds []string
	for _, s := range c.Sounds {
		kinds = append(kinds, s.Kind)
	}
	return strings.Join(kinds, " ")
}
