package store

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The bounds of a page; more is clamped, nothing asked means the default.
const (
	maxPage     = 500
	defaultPage = 100
)

func clampLimit(n int) int {
	if n == 0 {
		return defaultPage
	}
	return min(max(n, 1), maxPage)
}

// mark is the place in a list behind which the next page begins: lists are
// ordered by time and then id, newest first, so that a page stays true while
// rows are added.
type mark struct {
	at int64
	id string
}

// String gives the opaque form that travels through the API.
func (m mark) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(m.at, 10) + " " + m.id))
}

// parseMark reads what String gave. The empty string is the list's beginning.
func parseMark(s string) (mark, error) {
	if s == "" {
		return mark{at: 1<<63 - 1}, nil
	}
	if len(s) > 512 {
		return mark{}, fmt.Errorf("page mark of %d bytes: %w", len(s), ErrBadPage)
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return mark{}, fmt.Errorf("page mark: %w", ErrBadPage)
	}
	at, id, ok := strings.Cut(string(raw), " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || id == "" {
		return mark{}, fmt.Errorf("page mark: %w", ErrBadPage)
	}
	return mark{at: ms, id: id}, nil
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
