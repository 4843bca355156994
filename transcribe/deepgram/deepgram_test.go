package deepgram

import (
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote"
	"heed/transcribe/remote/remotetest"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		return (&fake{script: true}).start(t)
	}, enginetest.Options{Recall: 1})
}

func TestRealService(t *testing.T) {
	key := os.Getenv("HEED_TEST_DEEPGRAM_KEY")
	if key == "" {
		t.Skip("HEED_TEST_DEEPGRAM_KEY is not set: the real service was not asked")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		e, err := New(Options{Key: key, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}, enginetest.Options{Recall: 0.7})
}

func TestHearsEveryWordInSpiteOf(t *testing.T) {
	ms := time.Millisecond
	cuts := func(lengths ...time.Duration) func(int) time.Duration {
		return func(n int) time.Duration {
			if n < len(lengths) {
				return lengths[n]
			}
			return 0
		}
	}
	for name, f := range map[string]*fake{
		"nothing":                         {},
		"a noisy line":                    {noisy: true},
		"results that come twice":         {doubled: true},
		"both":                            {noisy: true, doubled: true},
		"finals without partials":         {sudden: true},
		"words without a transcript":      {wordsOnly: true},
		"a close in the middle of a word": {cut: cuts(1210 * ms)},
		"closes again and again":          {cut: cuts(1210*ms, 3*time.Second, 900*ms)},
		"a busy moment":                   {status: func(n int, _ http.Header) int { return []int{503, 502, 0}[min(n, 2)] }},
		"an error message":                {say: `{"type":"Error","code":"INTERNAL","description":"x"}`},
		"messages of other kinds":         {say: `{"type":"SpeechStarted","channel":[0],"timestamp":1.2}`, sudden: true, noisy: true, doubled: true},
	} {
		t.Run(name, func(t *testing.T) {
			said := remotetest.Said()
			got, err := remotetest.Play(t, f.start(t), remotetest.Call(t, said))
			if err != nil {
				t.Fatal(err)
			}
			want, heard := remotetest.Text(said, got)
			if strings.HasPrefix(name, "messages") { // it stood for the first final
				want = want[strings.Index(want, remotetest.Word(5)):]
			}
			if heard != want {
				t.Errorf("heard %q\nwant  %q", heard, want)
			}
		})
	}
}

func TestFailsFor(t *testing.T) {
	refuse := func(status int) *fake {
		return &fake{status: func(_ int, h http.Header) int {
			if status == http.StatusTooManyRequests {
				h.Set("Retry-After", "30")
			}
			return status
		}}
	}
	for name, c := range map[string]struct {
		fake  *fake
		cause error
		dials int
	}{
		"a bad key":            {refuse(401), nil, 1},
		"a bad request":        {refuse(400), nil, 1},
		"no money":             {refuse(402), nil, 1},
		"too many requests":    {refuse(429), nil, 1},
		"garbage":              {&fake{say: `{"type":`}, remote.ErrGarbage, 1},
		"results of no kind":   {&fake{say: `{"type":"Results","channel":[0]}`}, remote.ErrGarbage, 1},
		"no type":              {&fake{say: `{"transcript":"hi"}`}, remote.ErrGarbage, 1},
		"an oversized message": {&fake{say: `{"type":"Results","x":"` + strings.Repeat("x", 2<<20) + `"}`}, remote.ErrFlood, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := remotetest.Play(t, c.fake.start(t), remotetest.Call(t, remotetest.Said()))
			if err == nil || transcribe.VerdictOf(err) != transcribe.UseAnother || c.cause != nil && !errors.Is(err, c.cause) {
				t.Errorf("error %v with verdict %v, want %v and another engine", err, transcribe.VerdictOf(err), c.cause)
			}
			if strings.Contains(err.Error(), testKey) {
				t.Errorf("the error shows the key: %v", err)
			}
			if limited, ok := errors.AsType[*remote.RateLimited](err); ok != (name == "too many requests") || ok && limited.After != 30*time.Second {
				t.Errorf("rate limit %+v in %v", limited, err)
			}
			if c.fake.Dials() != c.dials {
				t.Errorf("%d dials, want %d", c.fake.Dials(), c.dials)
			}
		})
	}
}

func TestHangUpIsBounded(t *testing.T) {
	said := remotetest.Said()[:5]
	e := (&fake{mute: true}).start(t)
	start := time.Now()
	frames := remotetest.Call(t, said)
	got, err := remotetest.Play(t, e, frames)
	if err != nil {
		t.Fatal(err)
	}
	// 2 s, and the call's length because it came all at once.
	if took, most := time.Since(start), frames[len(frames)-1].End()+2500*time.Millisecond; took > most {
		t.Errorf("took %v, want at most %v", took, most)
	}
	if want, heard := remotetest.Text(said, got); heard != want {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

func TestHintsReachTheService(t *testing.T) {
	f := &fake{}
	e := f.start(t)
	var many []string
	for range 300 {
		many = append(many, "northwind platinum plan")
	}
	if kept := e.With(transcribe.Hints{Phrases: many}).(*Engine).phrases; len(kept) < 20 || len(kept) > 100 {
		t.Errorf("%d of 300 phrases kept", len(kept))
	}
	hinted := e.With(transcribe.Hints{Language: "en-GB", Phrases: many}).(*Engine)
	q := hinted.query(remote.Format{Rate: 8000})
	if q.Get("language") != "en-GB" || !slices.Equal(q["keyterm"], hinted.phrases) {
		t.Errorf("query %v", q)
	}
	if e.phrases != nil || e.o.Language != "en" {
		t.Error("With changed the original")
	}
	said := remotetest.Said()
	got, err := remotetest.Play(t, hinted, remotetest.Call(t, said))
	if err != nil {
		t.Fatal(err)
	}
	if want, heard := remotetest.Text(said, got); heard != want {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

func TestLanguagesOfHints(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "en-GB": "en-GB", "en-us": "en-us", "en-ZA": "en", "de-AT": "de", "de-CH": "de-CH", "DE": "de",
		"es-MX": "es", "zh-Hant": "zh-Hant", "zh-Hans-CN": "zh", "hi-IN": "hi",
	} {
		if got := language(tag); got != want {
			t.Errorf("language(%q) = %q, want %q", tag, got, want)
		}
	}
	e, err := New(Options{Key: "k", Model: "nova-2-phonecall"})
	if err != nil {
		t.Fatal(err)
	}
	q := e.With(transcribe.Hints{Phrases: []string{"northwind"}}).(*Engine).query(remote.Format{Rate: 8000})
	if q.Has("keyterm") || q.Has("language") {
		t.Errorf("nova-2 is asked for %v", q)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"no key":      {},
		"http":        {Key: "k", URL: "https://api.deepgram.com/v1/listen"},
		"no host":     {Key: "k", URL: "wss://"},
		"a password":  {Key: "k", URL: "wss://me:secret@host/v1"},
		"not an URL":  {Key: "k", URL: "wss://%zz"},
		"other words": {Key: "k", URL: "deepgram"},
	} {
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	e, err := New(Options{Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	if info := e.Info(); info.Name != name || info.Model != defaultModel || !strings.Contains(info.Note, "api.deepgram.com") {
		t.Errorf("Info() = %+v", info)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"type":"Results","start":1,"duration":2,"is_final":true,"speech_final":true,"channel":{"alternatives":[{"transcript":"a b","confidence":0.9,"words":[{"word":"a","start":1,"end":1.5,"confidence":0.9}]}]}}`)
	f.Add(`{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.395}`)
	f.Add(`{"type":"Metadata","duration":3}`)
	f.Add(`{"type":"Error","code":"X"}`)
	f.Add(`{"type":"Results","start":-1e300,"channel":{"alternatives":[{"words":[{"end":1e300}]}]}}`)
	f.Fuzz(func(t *testing.T, in string) {
		var p parser
		for range 2 {
			results, err := p.message([]byte(in))
			if err != nil && len(results) > 0 {
				t.Errorf("results %v beside error %v", results, err)
			}
			for _, r := range results {
				if r.Start < 0 || r.End < 0 || r.Key != "" {
					t.Errorf("result %+v", r)
				}
				for _, w := range r.Words {
					if w.Start < 0 || w.End < 0 {
						t.Errorf("word %+v", w)
					}
				}
			}
		}
	})
}
