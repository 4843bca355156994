package vosk

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
	"heed/transcribe/remote"
)

func TestParse(t *testing.T) {
	hello := transcribe.Word{Text: "hello", Start: 840 * time.Millisecond, End: 1500 * time.Millisecond, Confidence: 0.75}
	for name, c := range map[string]struct {
		in   string
		want answer
	}{
		"partial":          {`{"partial" : "hel"}`, answer{text: "hel"}},
		"nothing yet":      {`{"partial" : ""}`, answer{}},
		"result":           {`{"result":[{"conf":0.75,"end":1.5,"start":0.84,"word":"hello"}],"text":"hello"}`, answer{final: true, text: "hello", words: []transcribe.Word{hello}, confidence: 0.75}},
		"end of silence":   {`{"text" : ""}`, answer{final: true}},
		"without words":    {`{"text" : "hello"}`, answer{final: true, text: "hello"}},
		"alternatives":     {`{"alternatives":[{"confidence":212.4,"result":[{"end":1.5,"start":0.84,"word":"hello"}],"text":"hello"},{"text":"yellow"}]}`, answer{final: true, text: "hello", words: []transcribe.Word{{Text: "hello", Start: hello.Start, End: hello.End}}}},
		"speaker and more": {`{"spk":[0.1,-2],"spk_frames":31,"text":"hello","result":[]}`, answer{final: true, text: "hello"}},
		"absurd numbers":   {`{"text":"a","result":[{"word":"a","start":-3,"end":1e300,"conf":17}]}`, answer{final: true, text: "a", words: []transcribe.Word{{Text: "a", End: 1e15, Confidence: 1}}, confidence: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(answer{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{``, `null`, `[]`, `{}`, `"text"`, `{"text":5}`, `{"partial":null}`, `{"alternatives":[]}`, `{"text":"a"`} {
		if a, err := parse([]byte(in)); !errors.Is(err, remote.ErrGarbage) {
			t.Errorf("parse(%s) = %+v, %v; want garbage", in, a, err)
		}
	}
}

// The goodbye is compared as a text by the server, so its spaces matter.
func TestGoodbyeIsExact(t *testing.T) {
	if goodbye != "{\x22eof\x22 : 1}" {
		t.Errorf("goodbye %q", goodbye)
	}
}

func TestPartialsAreTimedByTheAnswers(t *testing.T) {
	s := newSession(nil, 8000)
	var got []remote.Result
	for _, a := range []answer{{}, {}, {}, {text: "a"}, {text: "a b"}, {final: true, text: "a b"}, {}, {text: "c"}} {
		if err := s.owe(4000); err != nil {
			t.Fatal(err)
		}
		got = append(got, s.place(a)...)
	}
	half := 500 * time.Millisecond
	want := []remote.Result{
		{Text: "a", Start: 2 * half, End: 4 * half},
		{Text: "a b", Start: 2 * half, End: 5 * half},
		{Text: "a b", Start: 2 * half, End: 6 * half, Final: true},
		{Text: "c", Start: 6 * half, End: 8 * half},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestServerThatAnswersNothingIsNoticed(t *testing.T) {
	s := newSession(nil, 8000)
	for range unanswered {
		if err := s.owe(960); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.owe(960); !errors.Is(err, errBehind) {
		t.Errorf("owe = %v, want %v", err, errBehind)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"partial" : "hel"}`))
	f.Add([]byte(`{"result":[{"conf":0.75,"end":1.5,"start":0.84,"word":"hello"}],"text":"hello"}`))
	f.Add([]byte(`{"alternatives":[{"confidence":212.4,"result":[{"end":1.5,"start":0.84,"word":"hello"}],"text":"hello"}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := parse(in)
		if err != nil {
			if !errors.Is(err, remote.ErrGarbage) {
				t.Errorf("error %v", err)
			}
			return
		}
		if !(a.confidence >= 0 && a.confidence <= 1.0001) {
			t.Errorf("confidence %v", a.confidence)
		}
		for _, w := range a.words {
			if w.Start < 0 || w.End < 0 || !(w.Confidence >= 0 && w.Confidence <= 1) || !a.final {
				t.Errorf("word %+v", w)
			}
		}
	})
}
