package openai

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// job is a stretch whose file begins at 10 s, with speech from 10.3 to 12 s.
func job() *post {
	return &post{from: 10 * time.Second, at: span{10300 * ms, 12 * time.Second}}
}

func TestReplies(t *testing.T) {
	w := func(text string, start, end int, p float64) transcribe.Word {
		return transcribe.Word{Text: text, Start: time.Duration(start) * ms, End: time.Duration(end) * ms, Confidence: p}
	}
	whole := remote.Result{Final: true, Start: 10300 * ms, End: 12 * time.Second}
	with := func(text string, p float64, words ...transcribe.Word) remote.Result {
		r := whole
		r.Text, r.Words, r.Confidence = text, words, p
		return r
	}
	for name, c := range map[string]struct {
		in   string
		want remote.Result
	}{
		"text":             {`{"text":"Hi there.","usage":{"type":"duration","seconds":2}}`, with("Hi there.", 0)},
		"words":            {`{"text":"Hi there.","words":[{"word":"Hi","start":0.5,"end":0.75},{"word":"there","start":0.75,"end":1.5,"probability":0.5}]}`, with("Hi there.", 0, w("Hi", 10500, 10750, 0), w("there", 10750, 11500, 0.5))},
		"words too late":   {`{"text":"Hi","words":[{"word":"Hi","start":29,"end":30}]}`, with("Hi", 0, w("Hi", 12000, 12000, 0))},
		"absurd words":     {`{"text":"Hi","words":[{"word":"Hi","start":-1,"end":1e300,"probability":7}]}`, with("Hi", 0, w("Hi", 10000, 12000, 1))},
		"segments":         {`{"text":"A b. C.","segments":[{"start":0.5,"end":1,"text":" A b."},{"start":1,"end":1.5,"text":" C."},{"start":1.5,"end":2,"text":" "}]}`, with("A b. C.", 0, w(" A b.", 10500, 11000, 0), w(" C.", 11000, 11500, 0))},
		"sure of it":       {`{"text":"A","segments":[{"start":0.5,"end":1,"text":"A","avg_logprob":-0.0001}],"words":[{"word":"A","start":0.5,"end":1}]}`, with("A", 0.9999000049998333, w("A", 10500, 11000, 0))},
		"all invented":     {`{"text":"Thanks","segments":[{"start":0,"end":2,"text":"Thanks","avg_logprob":-1.5,"no_speech_prob":0.9}],"words":[{"word":"Thanks","start":0,"end":2}]}`, with("", 0)},
		"quiet, yet sure":  {`{"text":"Hi","segments":[{"start":0.5,"end":1,"text":"Hi","avg_logprob":-0.7,"no_speech_prob":0.9}]}`, with("Hi", 0.4965853037914095, w("Hi", 10500, 11000, 0))},
		"nothing":          {`{"text":""}`, with("", 0)},
		"invented at last": {`{"text":"A bye","segments":[{"start":0.5,"end":1,"text":"A"},{"start":1,"end":2,"text":"bye","avg_logprob":-2,"no_speech_prob":0.99}],"words":[{"word":"A","start":0.5,"end":0.9},{"word":"bye","start":1.1,"end":1.3}]}`, with("A bye", 0, w("A", 10500, 10900, 0))},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := parseReply([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, r.place(job())); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, in := range []string{``, `null`, `{}`, `"hi"`, `{"text":7}`, `{"text":"a","words":{}}`} {
		if r, err := parseReply([]byte(in)); !errors.Is(err, remote.ErrGarbage) {
			t.Errorf("parseReply(%s) = %+v, %v; want garbage", in, r, err)
		}
	}
}

func TestWhatIsWorthWaiting(t *testing.T) {
	refused := func(status int, after, body string) error {
		return refusal(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {after}}}, []byte(body))
	}
	for name, c := range map[string]struct {
		err  error
		wait time.Duration // 0 = not worth it
	}{
		"broken":            {errors.New("connection reset"), firstWait},
		"server":            {refused(500, "", `<html>`), firstWait},
		"server, polite":    {refused(503, "3", ``), 3 * time.Second},
		"server, for long":  {refused(503, "300", ``), 0},
		"limited":           {refused(429, "", `{"error":{"code":"rate_limit_exceeded"}}`), firstWait},
		"limited, politely": {refused(429, "2", ``), 2 * time.Second},
		"limited for long":  {refused(429, "60", ``), 0},
		"no money":          {refused(429, "1", `{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}`), 0},
		"our fault":         {refused(400, "1", `{"error":{"code":"x"}}`), 0},
		"bad key":           {refused(401, "", `{"error":"key secret"}`), 0},
	} {
		wait, again := worthWaiting(c.err, firstWait)
		if again != (c.wait > 0) || again && wait != c.wait {
			t.Errorf("%s: wait %v, again %t; want %v", name, wait, again, c.wait)
		}
		if last := lastWord(c.err); transcribe.VerdictOf(last) != transcribe.UseAnother || strings.Contains(last.Error(), "secret") {
			t.Errorf("%s: %v with verdict %v", name, last, transcribe.VerdictOf(last))
		}
	}
}

func TestPromptsAreBounded(t *testing.T) {
	var phrases []string
	for range 500 {
		phrases = append(phrases, "  heed\tfibre ")
	}
	words := keywords(append(phrases, ""))
	if len(words) != maxKeywords || words[0] != "heed fibre" {
		t.Errorf("%d keywords, the first %q", len(words), words[0])
	}
	if p := prompt(words); len(p) > maxPrompt || len(p) < maxPrompt-20 || strings.HasSuffix(p, ", ") {
		t.Errorf("prompt of %d bytes: %q", len(p), p)
	}
	for tag, want := range map[string]string{"": "", "en": "en", "pt-BR": "pt", "DE_ch": "de"} {
		if got := base(tag); got != want {
			t.Errorf("base(%q) = %q, want %q", tag, got, want)
		}
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add([]byte(`{"text":"Hi there.","words":[{"word":"Hi","start":0.5,"end":0.75}]}`))
	f.Add([]byte(`{"text":"A","segments":[{"start":0.5,"end":1,"text":"A","avg_logprob":-0.1,"no_speech_prob":0.2}]}`))
	f.Add([]byte(`{"text":"A","logprobs":[{"logprob":-0.1}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := parseReply(in)
		if err != nil {
			if !errors.Is(err, remote.ErrGarbage) {
				t.Errorf("error %v", err)
			}
			return
		}
		got := r.place(job())
		if !got.Final || !(got.Confidence >= 0 && got.Confidence <= 1) {
			t.Errorf("result %+v", got)
		}
		for _, w := range got.Words {
			if w.Start < 10*time.Second || w.End < 10*time.Second || w.Start > 12*time.Second || w.End > 12*time.Second || !(w.Confidence >= 0 && w.Confidence <= 1) {
				t.Errorf("word %+v", w)
			}
		}
	})
}
