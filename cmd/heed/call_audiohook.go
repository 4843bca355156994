package main

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"heed/internal/ingest/audiohook"
	"heed/internal/play"
)

// hookFlags are the flags of "heed call --as audiohook".
type hookFlags struct {
	key              string
	pauses, discards []string

	read play.AudioHook // what check made of them
}

func (h *hookFlags) bind(fl *pflag.FlagSet) {
	fl.StringVar(&h.key, "audiohook-key", "", "with --as audiohook: KEY:SECRET that signs, as in the server's audiohook-keys (default: the server's own key)")
	fl.StringArrayVar(&h.pauses, "pause", nil, "with --as audiohook: seconds for which the stream is paused, FROM-TO; may be repeated")
	fl.StringArrayVar(&h.discards, "discard", nil, "with --as audiohook: seconds that are discarded without a pause, FROM-TO; may be repeated")
}

// check reads the flags, and gives all that is wrong with them.
func (h *hookFlags) check(as string) error {
	given := h.key != "" || len(h.pauses)+len(h.discards) > 0
	if !given {
		return nil
	}
	if as != audiohook.Platform {
		return misuse("--audiohook-key, --pause and --discard are for --as audiohook")
	}
	var errs []error
	if h.key != "" {
		keys, err := audiohook.ParseKeys([]string{h.key})
		if err != nil {
			errs = append(errs, misuse("--audiohook-key: it must be KEY:SECRET, the secret in base64"))
		}
		for key, secret := range keys {
			h.read.Key, h.read.Secret = key, secret
		}
	}
	h.read.Holes = nil
	for _, text := range h.pauses {
		errs = append(errs, h.hole("--pause", text, false))
	}
	for _, text := range h.discards {
		errs = append(errs, h.hole("--discard", text, true))
	}
	return errors.Join(errs...)
}

// hole reads seconds such as 12-15.5.
func (h *hookFlags) hole(flag, text string, discarded bool) error {
	const longest = 24 * 3600
	from, to, ok := strings.Cut(text, "-")
	a, err := strconv.ParseFloat(from, 64)
	b, err2 := strconv.ParseFloat(to, 64)
	if !ok || err != nil || err2 != nil || !(a >= 0 && b > a && b < longest) { // so written, it refuses NaN
		return misuse("%s %q is no stretch of time such as 12-15.5, in seconds", flag, text)
	}
	second := float64(time.Second)
	h.read.Holes = append(h.read.Holes, play.Hole{From: time.Duration(a * second), To: time.Duration(b * second), Discarded: discarded})
	return nil
}

// options is what is played. What the server says back is printed, beside the
// record when that is JSON.
func (h *hookFlags) options(t *terminal, beside bool) *play.AudioHook {
	out := h.read
	out.Sign = audiohook.Sign
	out.Heard = func(e play.Entity) {
		if e.Text == "" {
			return
		}
		write := t.printf
		if beside {
			write = t.notef
		}
		write("back %7.2f +%.2f  %-11s %s  %s\n", e.Offset.Seconds(), e.Duration.Seconds(), e.Type, e.Channel, e.Text)
	}
	return &out
}
