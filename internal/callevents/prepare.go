package callevents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Bounds of what is kept of an event.
const (
	maxID    = 256
	maxValue = 1024
)

// check refuses an event that names no call, or nothing that tells it from
// others.
func check(t event.Told) error {
	if t.Provider == "" || t.ID == "" || t.Call == "" {
		return fmt.Errorf("%w: provider, event and call must be named", event.ErrTold)
	}
	for _, id := range []string{t.Provider, t.ID, t.Call, t.Corrects} {
		if len(id) > maxID {
			return fmt.Errorf("%w: an id is longer than %d bytes", event.ErrTold, maxID)
		}
	}
	return nil
}

// prepare puts an event's fields into the form in which they are kept. What
// cannot be one is left out: a withheld number is no number.
func prepare(t event.Told, region string, now time.Time) (event.Told, error) {
	if err := check(t); err != nil {
		return t, err
	}
	t.Received = now.UTC().Truncate(time.Millisecond)
	t.At = t.At.UTC().Truncate(time.Millisecond)
	if t.At.Year() < 2000 || t.At.After(now.Add(24*time.Hour)) {
		t.At = time.Time{} // no clock that is to be believed
	}
	fields := t.Fields
	t.Fields = make(map[string]string, len(fields))
	known := event.FieldNames()
	for name, value := range fields {
		value = strings.TrimSpace(value)
		switch {
		case !known[name]:
			t.Unknown++
		case value != "" && len(value) <= maxValue:
			t.Fields[name] = value
		}
	}
	form(t.Fields, region)
	return t, nil
}

// form puts numbers, times and directions into their forms.
func form(fields map[string]string, region string) {
	for _, name := range event.NumberFields() {
		keep(fields, name, func(v string) (string, bool) { return customer.NormalizePhone(v, region) })
	}
	for _, name := range event.TimeFields() {
		keep(fields, name, moment)
	}
	keep(fields, event.FieldDirection, direction)
}

// keep puts a field into its form, or drops it.
func keep(fields map[string]string, name string, as func(string) (string, bool)) {
	if fields[name] == "" {
		return
	}
	v, ok := as(fields[name])
	if fields[name] = v; !ok {
		delete(fields, name)
	}
}

func moment(v string) (string, bool) {
	at, err := time.Parse(time.RFC3339Nano, v)
	return at.UTC().Format(time.RFC3339Nano), err == nil
}

func direction(v string) (string, bool) {
	switch v = strings.ToLower(v); {
	case strings.HasPrefix(v, "in"):
		return "inbound", true
	case strings.HasPrefix(v, "out"):
		return "outbound", true
	}
	return "", false
}

// recordingOf describes the recording that an event tells of, with what is
// known of its call.
func (k *Keeper) recordingOf(ctx context.Context, t event.Told) Recording {
	r := Recording{Platform: t.Provider, Call: t.Call, URL: t.Fields[event.FieldRecordingURL], At: t.At}
	if at, err := time.Parse(time.RFC3339Nano, t.Fields[event.FieldRecordingAt]); err == nil {
		r.At = at
	}
	r.Channels, _ = strconv.Atoi(t.Fields[event.FieldRecordingChannels])
	if t.Tracking {
		d, err := k.o.Store.Detail(ctx, t.Provider, t.Call)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			k.log.Warn("what was told of a call could not be read", "error", err)
		}
		d.Add(t)
		v := d.Tracked()
		r.Direction, r.From, r.To = v.Direction, v.Caller, cmp.Or(v.Number, v.Destination)
		if v.Direction == "outbound" {
			r.From, r.To = r.To, r.From
		}
		return r
	}
	f := k.Known(ctx, t.Provider, t.Call)
	r.Direction, r.From, r.To = f.Direction, f.From, f.To
	return r
}

// without gives the fields but those of some names.
func without(fields map[string]string, names ...string) map[string]string {
	out := make(map[string]string, len(fields))
	for name, v := range fields {
		if !slices.Contains(names, name) {
			out[name] = v
		}
	}
	return out
}
