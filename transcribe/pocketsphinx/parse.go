package pocketsphinx

import (
	"strconv"
	"strings"
	"time"
)

// heard is a word in the worker's time.
type heard struct {
	text       string
	start, end time.Duration
	confidence float64
}

// parser reads what the program prints with -time yes: for each utterance the
// text, then a line for each word, fillers and sentence marks among them:
//
//	i am sorry
//	<s> 5.600 5.700 0.999900
//	i 5.710 5.880 0.982749
//	</s> 8.880 9.250 1.000000
type parser struct {
	words []heard
}

// line takes one line and gives the words of an utterance that it completes.
func (p *parser) line(text string) []heard {
	w, ok := parseWord(text)
	if !ok {
		return p.finish() // the next utterance's text
	}
	if w.text == "</s>" {
		return p.finish()
	}
	if clean := cleanWord(w.text); clean != "" {
		w.text = clean
		p.words = append(p.words, w)
	}
	return nil
}

// finish gives what is open.
func (p *parser) finish() []heard {
	done := p.words
	p.words = nil
	return done
}

// maxWorkerTime bounds the times that are believed, in seconds: a week.
const maxWorkerTime = 7 * 24 * 3600

// parseWord reads "word start end confidence".
func parseWord(line string) (heard, bool) {
	fields := strings.Fields(line)
	if len(fields) != 4 {
		return heard{}, false
	}
	var numbers [3]float64
	for i := range numbers {
		v, err := strconv.ParseFloat(fields[i+1], 64)
		if err != nil || !(v >= 0 && v <= maxWorkerTime) {
			return heard{}, false
		}
		numbers[i] = v
	}
	return heard{
		text:  fields[0],
		start: seconds(numbers[0]), end: max(seconds(numbers[1]), seconds(numbers[0])),
		confidence: min(numbers[2], 1), // the program's sums run a little over
	}, true
}

// cleanWord removes the mark of another pronunciation, "to(2)", and drops
// fillers such as <sil>, [NOISE] and ++UH++.
func cleanWord(w string) string {
	if strings.ContainsAny(w[:1], "<[+") {
		return ""
	}
	if i := strings.IndexByte(w, '('); i >= 0 {
		w = w[:i]
	}
	return strings.ToLower(w)
}

// seconds converts.
func seconds(s float64) time.Duration { return time.Duration(s*1000+0.5) * time.Millisecond }
