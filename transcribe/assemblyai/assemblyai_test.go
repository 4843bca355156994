package assemblyai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
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
	key := os.Getenv("HEED_TEST_ASSEMBLYAI_KEY")
	if key == "" {
		t.Skip("HEED_TEST_ASSEMBLYAI_KEY is not set: the real service was not asked")
	}
	enginetest.Run(t, func(t *testing.T) transcribe.Engine {
		e, err := New(Options{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}, enginetest.Options{Recall: 0.7})
}

func TestHearsEveryWordInSpiteOf(t *testing.T) {
	ms := time.Millisecond
	for name, f := range map[string]*fake{
		"nothing":                         {},
		"turns that end twice":            {twice: true},
		"turns that end out of order":     {swapped: true},
		"both":                            {swapped: true, twice: true},
		"finals without partials":         {sudden: true},
		"out of order without partials":   {sudden: true, swapped: true},
		"partials with words only":        {empty: true},
		"a close in the middle of a word": {cut: lengths(1210 * ms)},
		"closes again and again":          {cut: lengths(1210*ms, 3*time.Second, 900*ms)},
		"a busy moment":                   {status: func(n int, _ http.Header) int { return []int{503, 502, 0}[min(n, 2)] }},
	} {
		t.Run(name, func(t *testing.T) {
			said := remotetest.Said()
			got, err := remotetest.Play(t, f.start(t), remotetest.Call(t, said))
			if err != nil {
				t.Fatal(err)
			}
			if want, heard := remotetest.Text(said, got); heard != want {
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
	says := func(code int, reason string) *fake {
		return &fake{say: fmt.Sprintf(`{"type":"Error","error_code":%d,"error":%q}`, code, reason), code: code}
	}
	for name, c := range map[string]struct {
		fake    *fake
		cause   error
		limited bool
	}{
		"a bad key":               {refuse(401), nil, false},
		"a bad request":           {refuse(400), nil, false},
		"too many requests":       {refuse(429), nil, true},
		"too many sessions":       {says(3009, "Too many concurrent sessions"), nil, true},
		"too many, in old words":  {says(1008, "Unauthorized Connection: Too many concurrent sessions"), nil, true},
		"no money":                {says(1008, "Unauthorized Connection: insufficient balance"), nil, false},
		"a message that is wrong": {says(3006, "Invalid Message Type"), nil, false},
		"garbage":                 {&fake{say: `{"type":`}, remote.ErrGarbage, false},
		"an oversized message":    {&fake{say: `{"type":"Turn","x":"` + strings.Repeat("x", 2<<20) + `"}`}, remote.ErrFlood, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := remotetest.Play(t, c.fake.start(t), remotetest.Call(t, remotetest.Said()))
			if err == nil || transcribe.VerdictOf(err) != transcribe.UseAnother || c.cause != nil && !errors.Is(err, c.cause) {
				t.Errorf("error %v with verdict %v, want %v and another engine", err, transcribe.VerdictOf(err), c.cause)
			}
			if strings.Contains(err.Error(), testKey) {
				t.Errorf("the error shows the key: %v", err)
			}
			limited, ok := errors.AsType[*remote.RateLimited](err)
			if ok != c.limited || ok && (limited.After > 0) != (name == "too many requests") {
				t.Errorf("rate limit %+v in %v", limited, err)
			}
			if c.fake.Dials() != 1 {
				t.Errorf("%d dials, want one", c.fake.Dials())
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	for _, code := range []int{1006, 1011, 3005, 3008, 4008, 4031} {
		if err := verdict(code, "x"); transcribe.VerdictOf(err) != transcribe.Retry {
			t.Errorf("%d: verdict %v, want retry", code, transcribe.VerdictOf(err))
		}
	}
	if err := verdict(3007, "Audio Transmission Rate Exceeded: x"); transcribe.VerdictOf(err) != transcribe.Retry {
		t.Errorf("sent too fast: %v", err)
	}
}

func TestSendsNoFasterThanTheServiceAllows(t *testing.T) {
	f := &fake{strict: true}
	said := remotetest.Said()[:8]
	frames := remotetest.Call(t, said)
	start := time.Now()
	got, err := remotetest.Play(t, f.start(t), frames)
	if err != nil {
		t.Fatal(err)
	}
	if want, heard := remotetest.Text(said, got); heard != want || f.Dials() != 1 {
		t.Errorf("heard %q over %d sessions, want %q over one", heard, f.Dials(), want)
	}
	if took := time.Since(start); took < time.Second {
		t.Errorf("%v of audio went out in %v", frames[len(frames)-1].End(), took)
	}
}

func TestHangUpIsBounded(t *testing.T) {
	said := remotetest.Said()[:5]
	f := &fake{mute: true}
	e := f.start(t)
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

func TestACancelledCallIsNotBilledOn(t *testing.T) {
	// The goodbye waits 200 ms at most for a service that reads slowly, which
	// a fake on a busy machine can be; the session's inactivity timeout ends
	// it then. So one goodbye of three must arrive.
	for range 3 {
		if terminated(t) {
			return
		}
	}
	t.Error("no session was terminated")
}

// terminated cancels a call at its first words and tells whether the service
// was told.
func terminated(t *testing.T) bool {
	f := &fake{}
	e := f.start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	feed := make(chan transcribe.Frame, 1000)
	for _, frame := range remotetest.Call(t, remotetest.Said()) {
		feed <- frame
	}
	err := e.Transcribe(ctx, feed, func(transcribe.Segment) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want %v", err, context.Canceled)
	}
	select {
	case <-f.ended:
		return true
	case <-time.After(3 * time.Second):
		return false
	}
}

func TestHintsReachTheService(t *testing.T) {
	f := &fake{}
	e := f.start(t)
	phrases := []string{"northwind platinum", strings.Repeat("too long ", 6), "asha"}
	for range 300 {
		phrases = append(phrases, "fibre plan")
	}
	hinted := e.With(transcribe.Hints{Language: "de-AT", Phrases: phrases}).(*Engine)
	if len(hinted.phrases) != 100 || hinted.phrases[1] != "asha" {
		t.Errorf("%d phrases kept: %q", len(hinted.phrases), hinted.phrases)
	}
	if hinted.model() != multilingual || e.model() != english || e.phrases != nil {
		t.Errorf("models %q and %q", hinted.model(), e.model())
	}
	if q, err := hinted.query(remote.Format{Rate: 8000}); err != nil || !strings.HasPrefix(q.Get("keyterms_prompt"), `["northwind platinum","asha",`) {
		t.Errorf("query %v, %v", q, err)
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

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"no key":   {},
		"http":     {Key: "k", URL: "https://streaming.assemblyai.com/v3/ws"},
		"too slow": {Key: "k", Pace: 0.5},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	e, err := New(Options{Key: "k", Language: "hi"})
	if err != nil {
		t.Fatal(err)
	}
	if info := e.Info(); info.Name != name || info.Model != anyLanguage || !strings.Contains(info.Note, "streaming.assemblyai.com") {
		t.Errorf("Info() = %+v", info)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"type":"Turn","turn_order":3,"end_of_turn":true,"transcript":"a b","words":[{"text":"a","start":100,"end":200,"confidence":0.9,"word_is_final":true}]}`)
	f.Add(`{"type":"Begin","id":"x","expires_at":1772570132}`)
	f.Add(`{"type":"Termination","audio_duration_seconds":3}`)
	f.Add(`{"type":"Error","error_code":3006,"error":"x"}`)
	f.Add(`{"type":"Turn","turn_order":-1,"words":[{"start":-9223372036854775808,"end":9223372036854775807}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		results, err := parse([]byte(in))
		if errors.Is(err, io.EOF) {
			if len(results) != 1 || results[0].Text != "" || results[0].End < 0 || results[0].End > 24*time.Hour || !strings.Contains(in, "ermination") {
				t.Errorf("%q ends the session with %+v", in, results)
			}
			return
		}
		if err != nil && len(results) > 0 {
			t.Errorf("results %v beside error %v", results, err)
		}
		for _, r := range results {
			if r.Key == "" || strings.HasPrefix(r.Key, "-") {
				t.Errorf("key %q", r.Key)
			}
			for _, w := range r.Words {
				if w.Start < 0 || w.End < 0 || w.End > 24*time.Hour {
					t.Errorf("word %+v", w)
				}
			}
		}
	})
}
