package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"heed/internal/event"
)

// Events keeps what platforms tell of calls beside their audio.
type Events interface {
	// Tell returns when the event is on the disk; one that came before is no
	// error. [event.ErrTold] is one that will never be taken.
	Tell(ctx context.Context, t event.Told) error
	// Known gives what was told of a platform's call so far.
	Known(ctx context.Context, platform, call string) event.Facts
}

// storeWithin is how long an event may wait for the disk: platforms give up
// after some seconds, and send it again.
const storeWithin = 4 * time.Second

// Keep answers a webhook once all that it told is on the disk: 204, also for a
// repeat, or 503 when it cannot be written, so that it is sent again.
func Keep(w http.ResponseWriter, r *http.Request, to Events, counts *Counts, told ...event.Told) {
	ctx, cancel := context.WithTimeout(r.Context(), storeWithin)
	defer cancel()
	for _, t := range told {
		err := to.Tell(ctx, t)
		if errors.Is(err, event.ErrTold) {
			Refuse(http.StatusBadRequest, "event", "The webhook does not name its call and itself in at most 256 bytes.").Send(w, counts)
			return
		}
		if err != nil {
			p := Refuse(http.StatusServiceUnavailable, "store", "The event could not be stored; send it again.")
			p.Retry = 5
			p.Send(w, counts)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// EventID tells an event from others where its platform gives it no id: by the
// parts that differ between two, and are the same when it is sent again.
func EventID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Moment reads the forms in which platforms write times: RFC 3339, RFC 1123 and
// the like, and seconds or milliseconds since 1970. Zero is none of them.
func Moment(s string) time.Time {
	for _, form := range []string{
		time.RFC3339Nano, time.RFC1123Z, time.RFC1123, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05.999999999",
	} {
		if at, err := time.Parse(form, s); err == nil {
			return at.UTC()
		}
	}
	return unix(s)
}

func unix(s string) time.Time {
	var n int64
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1e14 {
			return time.Time{}
		}
		n = n*10 + int64(c-'0')
	}
	switch {
	case n >= 1e11 && n < 1e14:
		return time.UnixMilli(n).UTC()
	case n >= 1e8 && n < 1e11:
		return time.Unix(n, 0).UTC()
	}
	return time.Time{}
}

// Written gives a moment as fields of events hold it; empty for none.
func Written(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}
