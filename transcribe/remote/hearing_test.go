package remote

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heed/transcribe"
)

// said gives words of 300 ms each from a second on.
func said(at time.Duration, text string) []transcribe.Word {
	var out []transcribe.Word
	for w := range strings.FieldsSeq(text) {
		out = append(out, transcribe.Word{Text: w, Start: at, End: at + 300*ms, Confidence: 0.7})
		at += 400 * ms
	}
	return out
}

func TestStretches(t *testing.T) {
	piece := func(at int, text string) Result {
		return Result{Append: true, Words: said(time.Duration(at)*time.Second, text)}
	}
	end := func(r Result) Result { r.Final = true; return r }
	partial := func(at int, text string) Result {
		return Result{Words: said(time.Duration(at)*time.Second, text)}
	}
	keyed := func(key string, r Result) Result { r.Key = key; return r }
	for name, c := range map[string]struct {
		results []Result
		want    string // stretches that are ready, and the words of the open one
	}{
		"partials replace each other": {[]Result{partial(1, "a"), partial(1, "b c")}, "(b c)"},
		"a final replaces all":        {[]Result{piece(1, "a"), partial(2, "b"), end(partial(1, "c d"))}, "c d"},
		"pieces add up":               {[]Result{piece(1, "a b"), partial(2, "c"), end(piece(2, "c d"))}, "a b c d"},
		"a partial follows a piece":   {[]Result{piece(1, "a b"), partial(2, "c")}, "(a b c)"},
		"an end closes the pieces":    {[]Result{piece(1, "a b"), {Final: true}}, "a b"},
		"an end leaves the next":      {[]Result{piece(1, "a b"), partial(3, "c"), {Final: true}}, "a b|(c)"},
		"an end waits for pieces":     {[]Result{partial(1, "a"), {Final: true}, end(piece(1, "a b"))}, "a b"},
		"an end of nothing":           {[]Result{{Final: true, End: time.Second}}, ""},
		"doubled pieces":              {[]Result{piece(1, "a"), piece(1, "a"), end(piece(2, "b")), end(piece(2, "b"))}, "a b"},
		"a key that failed":           {[]Result{keyed("x", partial(1, "a")), keyed("x", Result{Final: true})}, "a"},
		"a key that says nothing":     {[]Result{keyed("x", Result{}), keyed("x", Result{Final: true})}, ""},
		"a straggling partial":        {[]Result{keyed("x", end(partial(1, "a"))), keyed("x", partial(1, "b"))}, "a"},
		"an earlier key is awaited":   {[]Result{keyed("x", Result{}), keyed("y", end(partial(3, "b")))}, "()"},
		"and comes first":             {[]Result{keyed("x", Result{}), keyed("y", end(partial(3, "b"))), keyed("x", end(partial(1, "a")))}, "a|b"},
		"deltas":                      {[]Result{{Key: "x", Append: true, Text: "a b"}, {Key: "x", Append: true, Text: "c"}}, "(a b c)"},
		"deltas and the whole":        {[]Result{{Key: "x", Append: true, Text: "a"}, {Key: "x", Final: true, Text: "A, b."}}, "a b"},
		"words that have no times":    {[]Result{{Final: true, Words: []transcribe.Word{{Text: "A."}, {Text: "B"}}}}, "a b"},
		"times from another world":    {[]Result{{Final: true, Words: []transcribe.Word{{Text: "a", Start: -1 << 62, End: 1 << 62}}}}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			h := hearing{head: time.Minute}
			var got []string
			for _, r := range c.results {
				if err := h.take(r, time.Now()); err != nil {
					t.Fatal(err)
				}
				for s := h.ready(false, time.Now()); s != nil; s = h.ready(false, time.Now()) {
					if len(s.settled) > 0 {
						got = append(got, join(s.settled))
					}
				}
			}
			if s := h.open(); s != nil {
				got = append(got, "("+join(s.words())+")")
			}
			if text := strings.Join(got, "|"); text != c.want {
				t.Errorf("%q, want %q", text, c.want)
			}
		})
	}
}

func TestStragglersAreWaitedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hearing{head: time.Minute}
		for _, r := range []Result{{Key: "x", Words: said(time.Second, "a")}, {Key: "y", Final: true, Words: said(3*time.Second, "b")}} {
			if err := h.take(r, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(straggler - ms)
		if s := h.ready(false, time.Now()); s != nil {
			t.Errorf("%q before its time", join(s.settled))
		}
		time.Sleep(ms)
		for _, want := range []string{"a", "b"} {
			if s := h.ready(false, time.Now()); s == nil || join(s.settled) != want {
				t.Errorf("stretch %v, want %q", s, want)
			}
		}
	})
}

func TestMissingNumbersAreWaitedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hearing{head: time.Minute, numbered: true}
		take := func(key, text string) {
			if err := h.take(Result{Key: key, Final: true, Words: said(time.Second, text)}, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		next := func(want string) {
			t.Helper()
			got := ""
			if s := h.ready(false, time.Now()); s != nil {
				got = join(s.settled)
			}
			if got != want {
				t.Errorf("next is %q, want %q", got, want)
			}
		}
		take("1", "b")
		next("")
		take("0", "a")
		next("a")
		next("b")
		take("3", "d")
		next("")
		time.Sleep(missing)
		next("d")
		take("2", "c") // later than anybody waits, but it was said
		next("c")
		take("x", "e") // no number at all
		next("")
		time.Sleep(missing)
		next("e")
	})
}

func TestSpeakerSettlesWhatWasTakenBack(t *testing.T) {
	tape := newTapeOf(t, 8000, 8000)
	tape.hold(10 * time.Second)
	tape.last = 10 * time.Second
	var got []transcribe.Segment
	s := speaker{tape: tape, emit: func(s transcribe.Segment) error { got = append(got, s); return nil }}
	for _, step := range []func() error{
		func() error { return s.hint(said(time.Second, "uh")) },
		func() error { return s.say(nil, false) }, // the service thought better of it
		func() error { return s.settle() },
		func() error { return s.settle() },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 2 || !got[1].Final || got[1].Text != "uh" || got[1].ID != 1 {
		t.Errorf("segments %+v", got)
	}
}
