package sherpaws

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// word builds one from milliseconds.
func word(text string, start, end int) transcribe.Word {
	return transcribe.Word{Text: text, Start: time.Duration(start) * ms, End: time.Duration(end) * ms}
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want message
	}{
		"Python":             {`{"text":" HELLO YOU","segment":3}`, message{text: "HELLO YOU", segment: 3}},
		"tokens":             {`{"text":" HELLO YOU","tokens":[" HE","LLO"," YOU"],"timestamps":[0.5,0.6,0.7],"start_time":2,"segment":1,"is_final":true}`, message{text: "HELLO YOU", segment: 1, final: true, words: []transcribe.Word{word("HELLO", 2500, 2700), word("YOU", 2700, 2950)}}},
		"times as text":      {`{"text":"A B","tokens":["▁A","▁B"],"timestamps":"[0.10, 2.00]"}`, message{text: "A B", words: []transcribe.Word{word("A", 100, 350), word("B", 2000, 2250)}}},
		"lone spaces":        {`{"text":"A B","tokens":[" ","A"," ","B"," "],"timestamps":[0,0.1,0.2,0.3,0.4]}`, message{text: "A B", words: []transcribe.Word{word("A", 100, 300), word("B", 300, 550)}}},
		"tokens that differ": {`{"text":"10 €","tokens":[" TEN","<0xE2>"],"timestamps":[1,1.5]}`, message{text: "10 €", words: []transcribe.Word{word("10", 1000, 1375), word("€", 1375, 1750)}}},
		"fewer times":        {`{"text":"A B","tokens":[" A"," B"],"timestamps":[0.1]}`, message{text: "A B"}},
		"times go back":      {`{"text":"A B","tokens":[" A"," B"],"timestamps":[1,0.5]}`, message{text: "A B", words: []transcribe.Word{word("A", 1000, 1000), word("B", 500, 750)}}},
		"only spaces":        {`{"text":" ","tokens":[" "],"timestamps":[1]}`, message{}},
		"the other end":      {`{"text":"A","final":true}`, message{text: "A", final: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(message{})); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, in := range []string{``, `Done`, `null`, `{}`, `{"text":1}`, `{"text":"a","tokens":"b"}`, `{"text":"a","segment":"x"}`} {
		if m, err := parse([]byte(in)); !errors.Is(err, remote.ErrGarbage) {
			t.Errorf("parse(%s) = %+v, %v; want garbage", in, m, err)
		}
	}
}

func TestLedgerClosesByNumberOrByFinal(t *testing.T) {
	var l ledger
	var got []remote.Result
	for i, m := range []message{
		{text: "A"},
		{text: "A B"},
		{text: "A B", final: true},
		{text: "A B", final: true}, // twice
		{text: "", final: true},    // silence
		{text: "C", segment: 0},    // the number did not change
		{text: "", segment: 1},
		{text: "D E", segment: 2},
		{text: "D F", segment: 2}, // a word was heard better
	} {
		got = append(got, l.take(m, time.Duration(i+1)*time.Second)...)
	}
	got = append(got, l.close()...)
	w := func(text string, start, end int) remote.Result {
		return remote.Result{Text: text, Estimated: true, Start: time.Duration(start) * ms, End: time.Duration(end) * ms}
	}
	want := []remote.Result{
		w("A", 870, 1000), w("A B", 870, 2000), w("A B", 870, 2000), // final
		w("C", 5870, 6000), w("C", 5870, 6000), // final
		w("D E", 7740, 8000), w("D F", 7740, 9000), w("D F", 7740, 9000), // final
	}
	for i, key := range []string{"0", "0", "0", "1", "1", "2", "2", "2"} {
		want[i].Key = key
		want[i].Final = i == 2 || i == 4 || i == 7
	}
	for i := range got {
		if got[i].Start != 0 || got[i].End != 0 {
			t.Errorf("%q claims to have heard from %v to %v", got[i].Text, got[i].Start, got[i].End)
		}
		words := got[i].Words // TestTextOnlyServer sees the others
		got[i].Start, got[i].End, got[i].Words = words[0].Start, words[len(words)-1].End, nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"text":" HELLO YOU","tokens":[" HE","LLO"," YOU"],"timestamps":[0.5,0.6,0.7],"start_time":2,"segment":1,"is_final":true}`))
	f.Add([]byte(`{"text":"A B","tokens":["▁A","▁B"],"timestamps":"[0.10, 2.00]"}`))
	f.Add([]byte(`{"text":" ","tokens":[" "," "],"timestamps":[1,2]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := parse(in)
		if err != nil {
			if !errors.Is(err, remote.ErrGarbage) {
				t.Errorf("error %v", err)
			}
			return
		}
		if len(m.words) > 0 && !spells(m.words, m.text) {
			t.Errorf("words %+v do not spell %q", m.words, m.text)
		}
		for _, w := range m.words {
			if w.Start < 0 || w.End < w.Start {
				t.Errorf("word %+v", w)
			}
		}
		var l ledger
		l.take(m, time.Second)
		l.close()
	})
}
