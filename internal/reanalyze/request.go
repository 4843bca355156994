package reanalyze

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
)

// ErrRequest is what every error about a request is; it is [brain.ErrInvalid].
var ErrRequest error = requestError("this cannot be asked")

// requestError is the sentence that says what is wrong with a request.
type requestError string

func (e requestError) Error() string { return string(e) }

// Is makes it both errors.
func (e requestError) Is(target error) bool {
	return target == ErrRequest || target == brain.ErrInvalid
}

func refused(format string, args ...any) error { return requestError(fmt.Sprintf(format, args...)) }

// kinds are those that can be made anew.
func kinds() []insights.Kind {
	return []insights.Kind{insights.Intent, insights.Theme, insights.Sentiment, insights.Entity, insights.Moment, insights.Talk}
}

// Check refuses what cannot be asked, at a moment, and gives the stretch of
// time that is meant.
func Check(r event.ReanalysisRequest, now time.Time) (since, until time.Time, err error) {
	if r.Since == "" && r.Call == "" {
		return since, until, refused("since when? want a day, a moment or a time back from now")
	}
	for _, k := range r.Kinds {
		if !slices.Contains(kinds(), k) {
			return since, until, refused("no kind %q, want some of %v", k, kinds())
		}
	}
	if since, err = moment(r.Since, now, time.Time{}); err != nil {
		return since, until, fmt.Errorf("since: %w", err)
	}
	if until, err = moment(r.Until, now, now); err != nil {
		return since, until, fmt.Errorf("until: %w", err)
	}
	if !since.Before(until) {
		return since, until, refused("%s to %s is no stretch of time",
			since.Format(time.RFC3339), until.Format(time.RFC3339))
	}
	return since, until, nil
}

// moment reads a day, a moment or a time back from now.
func moment(text string, now, empty time.Time) (time.Time, error) {
	if text == "" {
		return empty, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t.UTC(), nil
		}
	}
	if back, err := duration(text); err == nil && back > 0 {
		return now.Add(-back).UTC(), nil
	}
	return empty, refused("%q is none of a day (2026-03-01), a moment (2026-03-01T09:00:00Z) and a time back from now (30d, 12h)", text)
}

// duration knows days and weeks too.
func duration(text string) (time.Duration, error) {
	for unit, length := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		number, is := strings.CutSuffix(text, unit)
		if !is {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 16) // 65,535 weeks is longer than there were telephones
		return time.Duration(n) * length, err
	}
	return time.ParseDuration(text)
}
