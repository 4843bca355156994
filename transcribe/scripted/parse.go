package scripted

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	// maxTranscript bounds a transcript file; two minutes of talk take 8 kB.
	maxTranscript = 4 << 20
	// maxSeconds bounds the times in it.
	maxSeconds = 24 * 3600
)

// errTooBig means a file that is no transcript of a call.
var errTooBig = errors.New("over 4 MB")

// Parse reads a transcript as fixtures/calls/*.json holds it:
//
//	{"turns":[{"role":"agent","start":0.9,"end":4.4,"text":"good morning"}]}
//
// Times are seconds from the start of the call. Unknown fields are ignored.
func Parse(r io.Reader) ([]Line, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxTranscript+1))
	if err != nil {
		return nil, fmt.Errorf("read transcript: %w", err)
	}
	if len(text) > maxTranscript {
		return nil, fmt.Errorf("read transcript: %w", errTooBig)
	}
	var file struct {
		Turns []struct {
			Role       string
			Start, End float64
			Text       string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read transcript: %w", err)
	}
	lines := make([]Line, 0, len(file.Turns))
	for i, t := range file.Turns {
		switch {
		case t.Role != "agent" && t.Role != "customer":
			return nil, fmt.Errorf("turn %d: role %q, want agent or customer", i+1, t.Role)
		case !(t.Start >= 0 && t.End > t.Start && t.End <= maxSeconds):
			return nil, fmt.Errorf("turn %d: from %v to %v s is no stretch of time", i+1, t.Start, t.End)
		case strings.TrimSpace(t.Text) == "":
			return nil, fmt.Errorf("turn %d: no text", i+1)
		}
		lines = append(lines, Line{Speaker: t.Role, Start: duration(t.Start), End: duration(t.End), Text: t.Text})
	}
	return lines, nil
}

// ForParty keeps the lines of one speaker.
func ForParty(lines []Line, speaker string) []Line {
	var out []Line
	for _, l := range lines {
		if l.Speaker == speaker {
			out = append(out, l)
		}
	}
	return out
}

// duration converts seconds, to the millisecond.
func duration(seconds float64) time.Duration {
	return time.Duration(seconds*1000+0.5) * time.Millisecond
}
