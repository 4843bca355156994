package engines

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is an engine that fails as it is told.
type fake struct {
	name   string
	fails  func() error // nil hears
	asked  atomic.Int64
	batch  bool
	hints  transcribe.Hints
	shared *fake
}

func (f *fake) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	if f.shared != nil {
		f.shared.asked.Add(1)
	}
	f.asked.Add(1)
	if f.fails != nil {
		if err := f.fails(); err != nil {
			return err
		}
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case fr, ok := <-frames:
			if !ok {
				return nil
			}
			if err := emit(transcribe.Segment{ID: 1, Text: "word", Start: fr.At, End: fr.End()}); err != nil {
				return err
			}
		}
	}
}

func (f *fake) Batch() transcribe.Engine {
	return &fake{name: f.name, fails: f.fails, batch: true, shared: f}
}

func (f *fake) With(h transcribe.Hints) transcribe.Engine {
	return &fake{name: f.name, fails: f.fails, batch: f.batch, hints: h, shared: f}
}

func entry(f *fake, remote bool, languages ...string) Entry {
	return Entry{Name: f.name, Engine: f, Remote: remote, Info: transcribe.Info{Name: f.name, Languages: languages}}
}

func pool(t *testing.T, o Options) *Pool {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func down(v transcribe.Verdict) func() error {
	return func() error { return &transcribe.Error{Engine: "x", Verdict: v, Err: errors.New("503")} }
}

// drive lets an engine hear one frame.
func drive(e transcribe.Engine) error {
	frames := make(chan transcribe.Frame, 1)
	frames <- transcribe.Frame{PCM: make([]int16, 160), Rate: 8000}
	close(frames)
	return e.Transcribe(context.Background(), frames, func(transcribe.Segment) error { return nil })
}

func TestChainByLanguage(t *testing.T) {
	sherpa, deepgram, vosk := &fake{name: "sherpa"}, &fake{name: "deepgram"}, &fake{name: "vosk"}
	p := pool(t, Options{
		Entries:   []Entry{entry(sherpa, false, "en"), entry(deepgram, true), entry(vosk, true, "pl")},
		Default:   []string{"sherpa", "deepgram"},
		Languages: map[string][]string{"pl": {"vosk", "deepgram"}},
	})
	for _, c := range []struct {
		language string
		failed   []string
		want     string
	}{
		{"", nil, "sherpa"},
		{"en", nil, "sherpa"},
		{"en-GB", nil, "sherpa"},
		{"en_US", []string{"sherpa"}, "deepgram"},
		{"en", []string{"sherpa", "deepgram"}, ""},
		{"de", nil, "deepgram"}, // the default chain without those that do not know it
		{"pl", nil, "vosk"},
		{"PL-pl", []string{"vosk"}, "deepgram"},
	} {
		e, name := p.For(Ask{Call: "c", Language: c.language, Failed: c.failed, Live: true})
		if name != c.want || (e == nil) != (c.want == "") {
			t.Errorf("For(%q, failed %v) = %q, want %q", c.language, c.failed, name, c.want)
		}
	}
	if !p.Knows("ja") {
		t.Error("deepgram, which names no language, does not know Japanese")
	}
}

func TestNoEngineForTheLanguage(t *testing.T) {
	p := pool(t, Options{Entries: []Entry{entry(&fake{name: "sherpa"}, false, "en")}, Default: []string{"sherpa"}})
	if e, why := p.For(Ask{Language: "de-AT", Live: true}); e != nil || !strings.Contains(why, `"de"`) {
		t.Errorf("For(de) = %v, %q: want none, and the language in the reason", e, why)
	}
	if p.Knows("de") || !p.Knows("en-GB") {
		t.Error("an English engine knows German, or no English")
	}
	empty := pool(t, Options{})
	if empty.Knows("en") {
		t.Error("an empty pool knows English")
	}
	if e, why := empty.For(Ask{Live: true}); e != nil || why == "" {
		t.Errorf("an empty pool gives %v, %q", e, why)
	}
}

func TestNewRefuses(t *testing.T) {
	a := entry(&fake{name: "a"}, false)
	for name, o := range map[string]Options{
		"unknown in the default":  {Entries: []Entry{a}, Default: []string{"b"}},
		"unknown of a language":   {Entries: []Entry{a}, Languages: map[string][]string{"de": {"b"}}},
		"two engines of one name": {Entries: []Entry{a, a}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestBreaker: a service that failed three times in a row is left alone, then
// tried with one stream, then used again.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := true
		remote := &fake{name: "deepgram", fails: func() error {
			if broken {
				return down(transcribe.Retry)()
			}
			return nil
		}}
		p := pool(t, Options{
			Entries: []Entry{entry(remote, true), entry(&fake{name: "sherpa"}, false)},
			Default: []string{"deepgram", "sherpa"},
		})
		pick := func() (transcribe.Engine, string) { return p.For(Ask{Call: "c", Live: true}) }
		for range 3 {
			e, name := pick()
			if name != "deepgram" || drive(e) == nil {
				t.Fatalf("picked %s before the breaker opened", name)
			}
		}
		if _, name := pick(); name != "sherpa" || p.States()[0].State != "down" {
			t.Errorf("after three failures: picked %s, state %s", name, p.States()[0].State)
		}
		time.Sleep(31 * time.Second)
		if e, name := pick(); name != "deepgram" || drive(e) == nil {
			t.Errorf("after the rest: picked %s", name)
		}
		if _, name := pick(); name != "sherpa" {
			t.Errorf("failed when tried: picked %s", name)
		}
		time.Sleep(31 * time.Second)
		broken = false
		e, _ := pick()
		if err := drive(e); err != nil {
			t.Errorf("the service is back: %v", err)
		}
		if _, name := pick(); name != "deepgram" || p.States()[0].State != "ready" {
			t.Errorf("back: picked %s, state %s", name, p.States()[0].State)
		}
	})
}

// TestBreakerOfTheOnlyEngine: it refuses at once with the verdict to use
// another, and is still given, for nil would be for good.
func TestBreakerOfTheOnlyEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		remote := &fake{name: "vosk", fails: down(transcribe.UseAnother)}
		p := pool(t, Options{Entries: []Entry{entry(remote, true)}, Default: []string{"vosk"}})
		for range 5 {
			e, name := p.For(Ask{Call: "c", Live: true})
			if name != "vosk" {
				t.Fatalf("picked %q", name)
			}
			if err := drive(e); transcribe.VerdictOf(err) != transcribe.UseAnother {
				t.Fatalf("verdict %v", transcribe.VerdictOf(err))
			}
		}
		if remote.asked.Load() != 3 {
			t.Errorf("the service was asked %d times, want 3", remote.asked.Load())
		}
		if e, name := p.For(Ask{Call: "c", Failed: []string{"vosk"}, Live: true}); e != nil || name != "" {
			t.Errorf("failed just now: %v, %q", e, name)
		}
	})
}

// TestNotTheServicesFault: hang-ups, receivers' errors and hopeless audio do
// not open a breaker; a stream that breaks after it began well counts.
func TestNotTheServicesFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		remote := &fake{name: "vosk"}
		p := pool(t, Options{Entries: []Entry{entry(remote, true)}, Default: []string{"vosk"}})
		e, _ := p.For(Ask{Call: "c", Live: true})
		for range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_ = e.Transcribe(ctx, make(chan transcribe.Frame), nil)
			frames := make(chan transcribe.Frame, 1)
			frames <- transcribe.Frame{PCM: make([]int16, 1), Rate: 8000}
			gone := errors.New("receiver is gone")
			if err := e.Transcribe(t.Context(), frames, func(transcribe.Segment) error { return gone }); !errors.Is(err, gone) {
				t.Errorf("emit's error came back as %v", err)
			}
		}
		remote.fails = down(transcribe.GiveUp)
		for range 5 {
			_ = drive(e)
		}
		if got := p.States()[0].State; got != "ready" {
			t.Errorf("state %s", got)
		}
	})
}

func TestBatchAndHintsReachTheEngine(t *testing.T) {
	f := &fake{name: "sherpa"}
	p := pool(t, Options{Entries: []Entry{entry(f, false)}, Default: []string{"sherpa"}, Capacity: NewCapacity(Record, 2, 2, time.Now)})
	full, _ := p.For(Ask{Call: "first", Live: true})
	if full == nil {
		t.Fatal("the first call was not heard")
	}
	e, _ := p.For(Ask{Call: "over"})
	if e == nil {
		t.Fatal("work that can wait was refused by a full machine")
	}
	hinted, ok := transcribe.Hint(e, transcribe.Hints{Phrases: []string{"heed"}}).(watched)
	if !ok {
		t.Fatal("hints took the watch away")
	}
	inner := hinted.inner.(*fake)
	if !inner.batch || !slices.Equal(inner.hints.Phrases, []string{"heed"}) {
		t.Errorf("inner engine: batch %t, hints %+v", inner.batch, inner.hints)
	}
}

func TestCloseEndsEveryEngine(t *testing.T) {
	ended := 0
	e := entry(&fake{name: "a"}, false)
	e.Close = func() error { ended++; return errors.New("stuck") }
	b := entry(&fake{name: "b"}, false)
	b.Close = func() error { ended++; return nil }
	p := pool(t, Options{Entries: []Entry{e, b}, Default: []string{"a"}})
	if err := p.Close(); err == nil || ended != 2 {
		t.Errorf("Close = %v, %d engines ended", err, ended)
	}
}

func TestCountryOf(t *testing.T) {
	for number, want := range map[string]string{
		"+12025550143": "US", "+442079460000": "GB", "+4930123456": "DE", "": "", "anonymous": "", "2025550143": "",
	} {
		if got := CountryOf(number); got != want {
			t.Errorf("CountryOf(%s) = %q, want %q", number, got, want)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	knows := func(language string) bool { return slices.Contains([]string{"de", "en", "pl"}, language) }
	for number, want := range map[string]string{
		"+12025550143": "en", "+442079460000": "en", "+4930123456": "de", "+43123456789": "de", "+48221234567": "pl",
		"+33142345678": "", "": "", "anonymous": "", "+999123456": "", "+80012345678": "",
	} {
		if got := LanguageOf(number, knows); got != want {
			t.Errorf("LanguageOf(%s) = %q, want %q", number, got, want)
		}
	}
}

// TestLanguageByCountryWithAnEngineForAll: an engine that knows every language
// lets the number's country choose, and English callers keep the first one.
func TestLanguageByCountryWithAnEngineForAll(t *testing.T) {
	p := pool(t, Options{
		Entries: []Entry{entry(&fake{name: "sherpa"}, false, "en"), entry(&fake{name: "deepgram"}, true)},
		Default: []string{"sherpa", "deepgram"},
	})
	for number, want := range map[string]string{"+4930123456": "deepgram", "+12025550143": "sherpa", "anonymous": "sherpa"} {
		if _, name := p.For(Ask{Call: "c", Language: LanguageOf(number, p.Knows), Live: true}); name != want {
			t.Errorf("a call from %s is heard by %q, want %s", number, name, want)
		}
	}
}
