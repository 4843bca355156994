// Package remotetest is what tests of remote engines share: audio whose words
// a fake service can really hear, sample by sample, and the ear that hears
// them. A fake that uses it cannot know a word that it was not sent.
//
// It is for tests only and speaks no vendor's protocol.
package remotetest

import (
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/enginetest"
)

const (
	// mark is the sample at which a word begins: the loudest of mu-law, which
	// no level comes near.
	mark = 32124
	// floor is the level under which there is silence.
	floor = 200
	// pause is the silence that ends a stretch of speech.
	pause = 500 * time.Millisecond
	// words is the size of the vocabulary.
	words = 60
)

// level is the sample value that stands for a word. Every one is a value of
// mu-law, so that encoding changes none.
func level(k int) int16 { return audio.DecodeMulaw(nil, []byte{byte(0x84 + k)})[0] }

// numberOf is the word whose level is nearest.
func numberOf(s int16) int {
	best := 0
	for k := range words {
		if distance(level(k), s) < distance(level(best), s) {
			best = k
		}
	}
	return best
}

// distance is the absolute difference.
func distance(a, b int16) int { return max(int(a)-int(b), int(b)-int(a)) }

// Word is the text of a number's word; numbers wrap round after 60.
func Word(k int) string {
	const first, vowels, last = "bdfgklmnprst", "aeiou", "nt"
	k %= words
	return string([]byte{first[k%12], vowels[k/12], last[k%2], vowels[(k+2)%5]})
}

// Speak gives audio of a length in which each word is spoken from its Start to
// its End. Their texts must be those of [Word].
func Speak(t testing.TB, said []transcribe.Word, rate int, length time.Duration) []int16 {
	t.Helper()
	numbers := map[string]int{}
	for k := range words {
		numbers[Word(k)] = k
	}
	pcm := make([]int16, samples(length, rate))
	for _, w := range said {
		k, known := numbers[w.Text]
		if !known {
			t.Fatalf("remotetest: %q is not in the vocabulary", w.Text)
		}
		from := samples(w.Start, rate)
		if from >= len(pcm) {
			continue
		}
		for i := from; i < samples(w.End, rate) && i < len(pcm); i++ {
			pcm[i] = level(k)
		}
		pcm[from] = mark
	}
	return pcm
}

// samples is the number of samples at a rate in a length.
func samples(d time.Duration, rate int) int { return int(d * time.Duration(rate) / time.Second) }

// Frames cuts audio into frames of a length from a stream time on.
func Frames(pcm []int16, rate int, from, length time.Duration) []transcribe.Frame {
	var out []transcribe.Frame
	n := samples(length, rate)
	for at := 0; at < len(pcm); at += n {
		out = append(out, transcribe.Frame{
			PCM: append([]int16(nil), pcm[at:min(at+n, len(pcm))]...), Rate: rate,
			At: from + time.Duration(at)*time.Second/time.Duration(rate),
		})
	}
	return out
}

// Event is what an [Ear] understood: a stretch of speech so far, or whole.
type Event struct {
	Number int // of the stretch, from 0
	Final  bool
	Words  []transcribe.Word // by the ear's own clock
}

// Ear hears one session's audio. Its clock starts with its first sample.
type Ear struct {
	rate   int
	script bool              // by the clock; otherwise the audio of Speak
	lines  []transcribe.Word // the script's words still to come
	loud   []bool            // by 10 ms, for the script

	heard int64 // samples
	word  *transcribe.Word
	value int16 // the level of the word that is being heard
	open  []transcribe.Word
	next  int // number of the next stretch
	lost  bool
}

// NewEar hears the audio of [Speak]. A word whose beginning or end it was not
// sent is heard wrong, as services do.
func NewEar(rate int) *Ear { return &Ear{rate: rate} }

// NewScriptEar hears the sample of enginetest by its own clock, where the
// audio is loud.
func NewScriptEar(t testing.TB, rate int) *Ear {
	t.Helper()
	e := &Ear{rate: rate, script: true}
	for _, s := range enginetest.Script(t) {
		e.lines = append(e.lines, split(s)...)
	}
	return e
}

// split gives the words of a sentence time by their length.
func split(s enginetest.Spoken) []transcribe.Word {
	var out []transcribe.Word
	at, sofar := s.Start, 0
	for text := range strings.FieldsSeq(s.Text) {
		sofar += len(text) + 1
		end := s.Start + (s.End-s.Start)*time.Duration(sofar)/time.Duration(len(s.Text)+1)
		out = append(out, transcribe.Word{Text: text, Start: at, End: end, Confidence: 0.9})
		at = end
	}
	return out
}

// Now is the ear's clock.
func (e *Ear) Now() time.Duration {
	return time.Duration(e.heard) * time.Second / time.Duration(e.rate)
}

// Hear takes audio and gives what became clear with it.
func (e *Ear) Hear(pcm []int16) []Event {
	before := len(e.open)
	var out []Event
	if e.script {
		e.listen(pcm)
	} else {
		for _, s := range pcm {
			e.sample(s)
			e.heard++
		}
	}
	if len(e.open) > before {
		out = append(out, Event{Number: e.next, Words: append([]transcribe.Word(nil), e.open...)})
	}
	if n := len(e.open); n > 0 && e.word == nil && e.Now()-e.open[n-1].End >= pause {
		out = append(out, e.close())
	}
	return out
}

// Finish gives what is left when no more audio comes.
func (e *Ear) Finish() []Event {
	if e.word != nil {
		e.end("x")
	}
	if len(e.open) == 0 {
		return nil
	}
	return []Event{e.close()}
}

// close ends the stretch.
func (e *Ear) close() Event {
	out := Event{Number: e.next, Final: true, Words: e.open}
	e.open = nil
	e.next++
	return out
}

// sample hears one sample of Speak's audio.
func (e *Ear) sample(s int16) {
	switch {
	case s > mark-500:
		if e.word != nil {
			e.end("")
		}
		e.word, e.value = &transcribe.Word{Start: e.Now()}, 0
	case s < floor:
		if e.word != nil {
			e.end("")
		}
	case e.word == nil: // the beginning is missing
		e.word, e.value, e.lost = &transcribe.Word{Start: e.Now()}, s, true
	case e.value == 0:
		e.value = s
	}
}

// end takes the word that was heard into the stretch.
func (e *Ear) end(wrong string) {
	w := *e.word
	w.End, w.Confidence = e.Now(), 0.9
	w.Text = Word(numberOf(e.value)) + wrong
	if e.lost {
		w.Text = "x" + w.Text
	}
	e.word, e.lost = nil, false
	e.open = append(e.open, w)
}

// listen hears the script.
func (e *Ear) listen(pcm []int16) {
	for _, s := range pcm {
		bin := int(e.heard * 100 / int64(e.rate))
		for len(e.loud) <= bin {
			e.loud = append(e.loud, false)
		}
		e.loud[bin] = e.loud[bin] || s > 2*floor || s < -2*floor
		e.heard++
	}
	for len(e.lines) > 0 && e.lines[0].End <= e.Now() {
		w := e.lines[0]
		e.lines = e.lines[1:]
		for bin := int(w.Start / (10 * time.Millisecond)); bin < int(w.End/(10*time.Millisecond)); bin++ {
			if e.loud[bin] {
				e.open = append(e.open, w)
				break
			}
		}
	}
}
