package audiohook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/google/uuid"
)

// version is that of the protocol.
const version = "2"

// maxText is how long a text message may be, in UTF-16 code units, as the
// platform counts; maxBinary is in bytes.
const (
	maxText   = 65535
	maxBinary = 64 << 10
	// maxMessage is what a connection may bring at once, so that one that is
	// too big can be answered in the protocol's words: text is UTF-8.
	maxMessage = 4 * maxText
)

var errMessage = errors.New("not a well-formed client message")

// envelope is what every message of the client has.
type envelope struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Seq        *count          `json:"seq"`
	ServerSeq  *count          `json:"serverseq"`
	Position   string          `json:"position"`
	Parameters json.RawMessage `json:"parameters"`

	at time.Duration // Position, read
}

// count is a number of messages. Copies of the platform write it as a string.
type count int64

// UnmarshalJSON reads a whole number that is not negative.
func (c *count) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 53)
	if err != nil || n < 0 {
		return errMessage
	}
	*c = count(n)
	return nil
}

// parse reads a message.
func parse(data []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return envelope{}, errMessage
	}
	var err error
	e.at, err = parsePosition(e.Position)
	if err != nil || e.Version != version || !isUUID(e.ID) || e.Type == "" || e.Seq == nil || e.ServerSeq == nil || !isObject(e.Parameters) {
		return envelope{}, errMessage
	}
	return e, nil
}

func isObject(raw json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{"))
}

// tooLong says that a text is over the protocol's limit.
func tooLong(data []byte) bool {
	if len(data) <= maxText {
		return false
	}
	n := 0
	for _, r := range string(data) {
		n += max(utf16.RuneLen(r), 1)
	}
	return n > maxText
}

// isUUID accepts what RFC 4122 does, its versions 1 to 5, and the null UUID.
func isUUID(s string) bool {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return false
	}
	return u == uuid.Nil || u.Variant() == uuid.RFC4122 && u.Version() >= 1 && u.Version() <= 5
}

func isNull(id string) bool { return id == uuid.Nil.String() }

// isLanguage accepts codes such as en-US.
func isLanguage(s string) bool {
	base, region, ok := strings.Cut(s, "-")
	return ok && isLetters(base) && isLetters(region)
}

// isLetters accepts two or three of them.
func isLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return len(s) == 2 || len(s) == 3
}

// longest bounds a position: more is no call.
const longest = 100 * 24 * time.Hour

var errPosition = errors.New("not a position such as PT1.5S")

// parsePosition reads the one form of ISO 8601 that the protocol has: seconds,
// with decimals or without.
func parsePosition(s string) (time.Duration, error) {
	digits, ok := strings.CutPrefix(s, "PT")
	if !ok {
		return 0, errPosition
	}
	if digits, ok = strings.CutSuffix(digits, "S"); !ok {
		return 0, errPosition
	}
	whole, part, point := strings.Cut(digits, ".")
	if !isDigits(whole) || !isDigits(part) || point && part == "" || !point && whole == "" {
		return 0, errPosition
	}
	seconds := int64(0)
	if whole != "" {
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || n > int64(longest/time.Second) {
			return 0, errPosition
		}
		seconds = n
	}
	nanos, _ := strconv.ParseInt((part + "000000000")[:9], 10, 64) // nine digits
	return time.Duration(seconds)*time.Second + time.Duration(nanos), nil
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// position writes a time as the protocol does, to the millisecond.
func position(d time.Duration) string {
	ms := max(d, 0).Round(time.Millisecond).Milliseconds()
	s := fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
	return "PT" + strings.TrimRight(strings.TrimRight(s, "0"), ".") + "S"
}

// reply is a message of ours. Parameters are never null.
type reply struct {
	Version    string `json:"version"`
	ID         string `json:"id"`
	Type       string `json:"type"`
	Seq        int64  `json:"seq"`
	ClientSeq  int64  `json:"clientseq"`
	Parameters any    `json:"parameters"`
}

// nothing are the parameters of most messages.
type nothing struct{}

// farewell are those of disconnect.
type farewell struct {
	Reason string `json:"reason"` // completed, unauthorized or error
	Info   string `json:"info,omitempty"`
}

// hole are those of resumed and discarded.
type hole struct {
	Start     string `json:"start"`
	Discarded string `json:"discarded"`
}

// length is how much is missing.
func (h hole) length() (time.Duration, error) {
	if _, err := parsePosition(h.Start); err != nil {
		return 0, err
	}
	return parsePosition(h.Discarded)
}
