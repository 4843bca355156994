package assemblyai

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// message is every message of the service; the type says which fields it has.
type message struct {
	Type       string `json:"type"`
	TurnOrder  int    `json:"turn_order"`
	EndOfTurn  bool   `json:"end_of_turn"`
	Transcript string `json:"transcript"` // settled words only
	Words      []struct {
		Text       string  `json:"text"`
		Start      int64   `json:"start"` // ms
		End        int64   `json:"end"`   // ms
		Confidence float64 `json:"confidence"`
	} `json:"words"`
	Seconds   float64 `json:"audio_duration_seconds"` // of a Termination, rounded
	ErrorCode int     `json:"error_code"`
	Error     string  `json:"error"`
}

// parse reads one message; those that say nothing about speech give nothing.
// A turn that ends twice, unformatted and formatted, keeps its number, so the
// second end is known for what it is.
func parse(b []byte) ([]remote.Result, error) {
	var m message
	if err := json.Unmarshal(b, &m); err != nil || m.Type == "" || m.TurnOrder < 0 {
		return nil, remote.Refused(name, remote.ErrGarbage)
	}
	switch m.Type {
	case "Turn":
		r := remote.Result{Key: strconv.Itoa(m.TurnOrder), Final: m.EndOfTurn, Text: m.Transcript}
		for _, w := range m.Words {
			r.Words = append(r.Words, transcribe.Word{
				Text: w.Text, Start: millis(w.Start), End: millis(w.End), Confidence: w.Confidence,
			})
		}
		return []remote.Result{r}, nil
	case "Termination":
		return []remote.Result{remote.Heard(millis(int64(min(max(m.Seconds, 0), 1e6) * 1000)))}, io.EOF
	case "Error":
		return nil, verdict(m.ErrorCode, m.Error)
	}
	return nil, nil
}

// millis converts a time of the service; what cannot be one is 0.
func millis(ms int64) time.Duration {
	if ms < 0 || ms > int64(24*time.Hour/time.Millisecond) {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// Codes of errors and closes, of this version and, above 4000, of those
// before it, which some servers still use.
const (
	policy         = 1008 // key, account or too many sessions
	invalidMessage = 3006
	audioViolation = 3007 // pieces too short or long, or sent too fast
	tooMany        = 3009
	badRate        = 4000
	badKey         = 4001
	noMoney        = 4002
	paidOnly       = 4003
	limited        = 4029
	badSchema      = 4101
	tooManyStreams = 4102
)

// verdict says what an error of the service means for the call. The reason is
// the service's own fixed words; it is cut short all the same.
func verdict(code int, reason string) error {
	err := fmt.Errorf("assemblyai says %d: %.100q", code, reason)
	switch code {
	case tooMany, limited, tooManyStreams:
		return remote.Limited(name, 0, err)
	case policy:
		if strings.Contains(strings.ToLower(reason), "too many") {
			return remote.Limited(name, 0, err)
		}
		return remote.Refused(name, err)
	case audioViolation:
		if strings.Contains(strings.ToLower(reason), "rate exceeded") {
			return err // a new session may be sent audio again
		}
		return remote.Refused(name, err)
	case invalidMessage, badRate, badKey, noMoney, paidOnly, badSchema:
		return remote.Refused(name, err)
	}
	return err
}
