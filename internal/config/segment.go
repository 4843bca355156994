package config

import (
	"fmt"

	"github.com/spf13/pflag"
)

// Segment says how events of other systems are understood and bounded.
type Segment struct {
	Rate    int      // most messages a second from one key; 0 is no bound
	Events  []string // "Demo Booked=demo.booked"
	Pages   []string // "/account/cancel*=page.cancel"
	Consent []string // "Advertising=marketing", "Newsletter=marketing/email"
}

func (s *Segment) bind(fs *pflag.FlagSet) {
	fs.IntVar(&s.Rate, "segment-rate", 20_000, "most events a second from one key; more are asked to come back; 0 is no bound")
	fs.StringSliceVar(&s.Events, "segment-events", nil, "what events of your own names mean, such as \"Demo Booked=demo.booked\"")
	fs.StringSliceVar(&s.Pages, "segment-pages", []string{"/account/cancel*=page.cancel"}, "what a look at a page means, by its path; a star is any text")
	fs.StringSliceVar(&s.Consent, "segment-consent", nil, "which purpose a consent category of events speaks for, such as Advertising=marketing or Newsletter=marketing/email; others are not listened to")
}

func (s *Segment) validate(add func(string, error)) {
	if s.Rate < 0 || s.Rate > 10_000_000 {
		add("segment-rate", fmt.Errorf("%d is not between 0 and 10000000", s.Rate))
	}
}
