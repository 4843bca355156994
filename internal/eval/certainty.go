package eval

import (
	"math"

	"heed/internal/wer"
	"heed/transcribe"
)

// Certainty tells whether word confidences mean what they say.
type Certainty struct {
	Words int `json:"words"` // of the engine, those with a confidence
	// Right is the share of them that was said, Mean their mean confidence.
	Right float64 `json:"right"`
	Mean  float64 `json:"mean"`
	// Gap is the expected calibration error: the mean distance between
	// confidence and truth over ten equal ranges of confidence, weighted by
	// their words. 0 is perfect.
	Gap float64 `json:"gap"`
	// Bins are the ranges from 0 to 1.
	Bins [10]Bin `json:"bins"`
}

// Bin is one range of confidence.
type Bin struct {
	Words int     `json:"words"`
	Right float64 `json:"right"` // share that was said
	Mean  float64 `json:"mean"`  // confidence
}

// count sorts the words of one recording into their ranges; shares are sums
// until finish.
func (c *Certainty) count(said string, words []transcribe.Word) {
	var heard []string
	var confidence []float64
	for _, w := range words {
		for _, text := range wer.Normalize(w.Text) {
			heard, confidence = append(heard, text), append(confidence, w.Confidence)
		}
	}
	for i, right := range wer.Right(wer.Normalize(said), heard) {
		bin := &c.Bins[min(max(int(confidence[i]*10), 0), 9)]
		bin.Words++
		bin.Mean += confidence[i]
		if right {
			bin.Right++
		}
	}
}

func (c *Certainty) finish() {
	for i := range c.Bins {
		b := &c.Bins[i]
		if b.Words == 0 {
			continue
		}
		c.Words += b.Words
		c.Right += b.Right
		c.Mean += b.Mean
		c.Gap += math.Abs(b.Right - b.Mean)
		b.Right /= float64(b.Words)
		b.Mean /= float64(b.Words)
	}
	n := float64(max(c.Words, 1))
	c.Right, c.Mean, c.Gap = c.Right/n, c.Mean/n, c.Gap/n
}
