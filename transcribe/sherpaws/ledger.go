package sherpaws

import (
	"strconv"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// perLetter is how long a letter takes to say, at about 15 a second; it is
// used for words that came together without times.
const perLetter = 65 * time.Millisecond

// ledger keeps the open stretch of one session. Stretches are counted here
// and not taken from the server's numbers: some of its recognisers leave the
// number as it is after silence, and some models never change it.
type ledger struct {
	number  int               // of the open stretch
	segment int               // the server's number of it
	text    string            // what was last said of it; empty = nothing yet
	words   []transcribe.Word // with their times
	guessed bool              // their times are when they came
	last    message           // the latest final, to know it when it comes twice
}

// take sorts a message in. head is how much audio had been sent when it came.
func (l *ledger) take(m message, head time.Duration) []remote.Result {
	var out []remote.Result
	if l.text != "" && m.segment != l.segment {
		out = l.close() // the Python server says by its next number only that a stretch is over
	}
	if m.text == "" || m.final && m.same(l.last) {
		return out
	}
	l.segment = m.segment
	l.guessed = len(m.words) == 0
	if !l.guessed {
		l.words = m.words
	} else {
		l.words = l.dated(strings.Fields(m.text), head)
	}
	l.text = m.text
	if m.final {
		l.last = m
		return append(out, l.close()...)
	}
	return append(out, l.result(false))
}

// dated gives words without times the time at which they came. Those that
// were there before keep theirs.
func (l *ledger) dated(texts []string, head time.Duration) []transcribe.Word {
	old := 0
	for old < len(texts) && old < len(l.words) && texts[old] == l.words[old].Text {
		old++
	}
	out := append([]transcribe.Word(nil), l.words[:old]...)
	length := time.Duration(0)
	for _, t := range texts[old:] {
		length += time.Duration(len(t)+1) * perLetter
	}
	at := max(head-length, 0)
	if old > 0 {
		at = max(at, out[old-1].End)
	}
	for _, t := range texts[old:] {
		end := min(at+time.Duration(len(t)+1)*perLetter, max(head, at))
		out = append(out, transcribe.Word{Text: t, Start: at, End: end})
		at = end
	}
	return out
}

// close makes the open stretch final; nothing when there is none.
func (l *ledger) close() []remote.Result {
	if l.text == "" {
		return nil
	}
	r := l.result(true)
	l.number++
	l.text, l.words = "", nil
	return []remote.Result{r}
}

// result forms what is known of the open stretch. Words that only came at a
// time say nothing of how far the server has heard.
func (l *ledger) result(final bool) remote.Result {
	r := remote.Result{Key: strconv.Itoa(l.number), Final: final, Text: l.text, Estimated: l.guessed, Words: append([]transcribe.Word(nil), l.words...)}
	if n := len(r.Words); n > 0 && !l.guessed {
		r.Start, r.End = r.Words[0].Start, r.Words[n-1].End
	}
	return r
}
