package intake

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"heed/insights"
	"heed/internal/store"
)

// Platform is the name under which recordings are that no platform is named of.
const Platform = "recording"

var (
	// ErrRefused is what is not taken, with the reason.
	ErrRefused = errors.New("not taken")
	// ErrTooLarge is a recording of more bytes than are taken.
	ErrTooLarge = errors.New("the recording is too large")
)

// Submission is what somebody brings or asks for.
type Submission struct {
	Platform string // empty is [Platform]
	Source   string // the platform's id of the recording; may be empty
	About    store.Particulars
	// Key makes a submission safe to repeat; may be empty.
	Key string
	// Bulk puts it behind what is not.
	Bulk bool
}

const (
	longestID    = 256
	longestField = 128
	longestURL   = 2048
)

// earliest is before the first telephone recordings that anybody imports.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// checked gives a submission in its normal form, or says what is wrong.
func (s Submission) checked(now time.Time) (Submission, error) {
	a := &s.About
	s.Platform = cmp.Or(s.Platform, Platform)
	a.Direction = cmp.Or(a.Direction, "inbound")
	for _, f := range []struct {
		name, value string
		most        int
	}{
		{"platform", s.Platform, 32},
		{"recording_id", s.Source, longestID},
		{"platform_call_id", a.Call, longestID},
		{"url", a.URL, longestURL},
		{"from", a.From, longestField},
		{"to", a.To, longestField},
		{"agent", a.Agent, longestField},
	} {
		if len(f.value) > f.most || strings.ContainsFunc(f.value, unicode.IsControl) {
			return s, fmt.Errorf("%w: %s is longer than %d characters or holds one that cannot be printed", ErrRefused, f.name, f.most)
		}
	}
	if err := plausible(a, now); err != nil {
		return s, err
	}
	if a.Started.After(now) {
		a.Started = now // two clocks
	}
	if a.Language != "" {
		tag, err := language.Parse(a.Language)
		if err != nil {
			return s, fmt.Errorf("%w: language is no tag such as en or de-AT", ErrRefused)
		}
		a.Language = tag.String()
	}
	return s, nil
}

// plausible refuses what cannot be said of a call.
func plausible(a *store.Particulars, now time.Time) error {
	switch {
	case a.Direction != "inbound" && a.Direction != "outbound":
		return fmt.Errorf("%w: direction is neither inbound nor outbound", ErrRefused)
	case a.Channels < 0 || a.Channels > 2:
		return fmt.Errorf("%w: channels is neither 1 nor 2", ErrRefused)
	case a.First != "" && a.First != insights.Agent && a.First != insights.Customer:
		return fmt.Errorf("%w: first is neither agent nor customer", ErrRefused)
	case !a.Started.IsZero() && (a.Started.Before(earliest) || a.Started.After(now.Add(24*time.Hour))):
		return fmt.Errorf("%w: started_at is in the future or long before recordings were made", ErrRefused)
	}
	return nil
}

// incoming is the row of a submission.
func (s Submission) incoming(id string, now time.Time) store.Incoming {
	i := store.Incoming{ID: id, Platform: s.Platform, Source: s.Source, About: s.About, Due: now, Came: now}
	if s.Bulk {
		i.Urgency = 1
	}
	if i.About.Started.IsZero() {
		i.About.Started = now
	}
	return i
}
