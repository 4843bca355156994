package search

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"heed/insights"
)

// kept is what a hit shows and no query reads.
type kept struct {
	Call       string
	Speaker    insights.Speaker
	Start, End insights.Seconds
	At         time.Time
	writing
}

// writing is how an utterance is written where that is not as it was said.
type writing struct {
	Written string `json:"w,omitempty"`
	Words   []int  `json:"n,omitempty"`
}

const (
	keptBase = 36
	keptGap  = " "
	// wholeID marks an id that is no UUID and so is kept as it stands.
	wholeID = "="
)

// keep writes it down as it is stored with every utterance: the call's id in
// base 64, milliseconds in base 36. As JSON it would be three times as long, and
// a tenth of the index.
func keep(k kept) string {
	parts := []string{
		shortID(k.Call), strconv.Itoa(party(k.Speaker)),
		strconv.FormatInt(k.Start.Duration().Milliseconds(), keptBase), strconv.FormatInt(k.End.Duration().Milliseconds(), keptBase),
		strconv.FormatInt(k.At.UnixMilli(), keptBase),
	}
	if k.Written != "" {
		raw, _ := json.Marshal(k.writing) //nolint:errchkjson // strings and whole numbers always encode
		parts = append(parts, string(raw))
	}
	return strings.Join(parts, keptGap)
}

var errKept = errors.New("search index: stored hit cannot be read")

// unkeep reads it back.
func unkeep(fields map[string]any) (k kept, err error) {
	raw, _ := fields["kept"].(string)
	parts := strings.SplitN(raw, keptGap, 6)
	if len(parts) < 5 {
		return k, errKept
	}
	var numbers [4]int64
	for i := range numbers {
		if numbers[i], err = strconv.ParseInt(parts[1+i], keptBase, 64); err != nil {
			return k, fmt.Errorf("%w: %w", errKept, err)
		}
	}
	if k.Call, err = longID(parts[0]); err != nil {
		return k, fmt.Errorf("%w: %w", errKept, err)
	}
	k.Speaker = insights.Speaker(parties[numbers[0]&1])
	k.Start, k.End = millis(numbers[1]), millis(numbers[2])
	k.At = time.UnixMilli(numbers[3]).UTC()
	if len(parts) > 5 {
		if err := json.Unmarshal([]byte(parts[5]), &k.writing); err != nil {
			return k, fmt.Errorf("%w: %w", errKept, err)
		}
	}
	return k, nil
}

func millis(ms int64) insights.Seconds {
	return insights.SecondsOf(time.Duration(ms) * time.Millisecond)
}

// party is the place of a speaker in parties.
func party(s insights.Speaker) int {
	if s == insights.Agent {
		return 1
	}
	return 0
}

func shortID(id string) string {
	u, err := uuid.Parse(id)
	if err != nil || u.String() != id {
		return wholeID + strings.ReplaceAll(id, keptGap, "_")
	}
	return base64.RawURLEncoding.EncodeToString(u[:])
}

func longID(short string) (string, error) {
	if id, ok := strings.CutPrefix(short, wholeID); ok {
		return id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(short)
	if err != nil {
		return "", fmt.Errorf("id of the call: %w", err)
	}
	u, err := uuid.FromBytes(raw)
	if err != nil {
		return "", fmt.Errorf("id of the call: %w", err)
	}
	return u.String(), nil
}
