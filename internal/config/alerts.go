package config

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Alerts configures what people are told of searches and themes.
type Alerts struct {
	Quiet string // "22:00-07:00", when nobody is written to; empty: never
}

func (a *Alerts) bind(fs *pflag.FlagSet) {
	fs.StringVar(&a.Quiet, "alerts-quiet", "", "time of day in which nobody is sent alerts, such as 22:00-07:00, in calls-time-zone")
}

// Hours gives the quiet time as times since midnight; both are 0 for none.
func (a Alerts) Hours() (from, to time.Duration, err error) {
	if a.Quiet == "" {
		return 0, 0, nil
	}
	bad := errors.New("expected two times of day such as 22:00-07:00")
	first, last, ok := strings.Cut(a.Quiet, "-")
	if !ok {
		return 0, 0, bad
	}
	var at [2]time.Duration
	for i, text := range [...]string{first, last} {
		t, err := time.Parse("15:04", strings.TrimSpace(text))
		if err != nil {
			return 0, 0, bad
		}
		at[i] = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	if from, to = at[0], at[1]; from == to {
		return 0, 0, errors.New("expected two different times of day")
	}
	return from, to, nil
}

func (a *Alerts) validate(add func(string, error)) {
	_, _, err := a.Hours()
	add("alerts-quiet", err)
}
