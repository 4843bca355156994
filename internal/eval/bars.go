package eval

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Bars are the word error rates, in percent, that a report must not exceed,
// by group. "overall", "calls" and "overlap" are the report's totals.
type Bars map[string]float64

// ParseBars reads "overall=15,asterisk=9".
func ParseBars(text string) (Bars, error) {
	bars := Bars{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		group, number, _ := strings.Cut(part, "=")
		bar, err := strconv.ParseFloat(number, 64)
		if err != nil || group == "" || !(bar >= 0) {
			return nil, fmt.Errorf("bar %q is not of the form group=percent", part)
		}
		bars[group] = bar
	}
	return bars, nil
}

// Check gives an error that names every group above its bar, and every bar
// whose group was not measured.
func (b Bars) Check(r Report) error {
	var failed []error
	measured := map[string]bool{}
	for _, s := range append(append([]Score(nil), r.Groups...), r.Overall, r.Calls, r.Overlap) {
		bar, set := b[s.Group]
		if !set || s.Utterances == 0 {
			continue
		}
		measured[s.Group] = true
		if got := 100 * s.WER; got > bar {
			failed = append(failed, fmt.Errorf("%s: word error rate %.1f %% is above %.1f %%", s.Group, got, bar))
		}
	}
	for group := range b {
		if !measured[group] {
			failed = append(failed, fmt.Errorf("%s: nothing was measured", group))
		}
	}
	return errors.Join(failed...)
}
