package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Market is what marketing is told and asked: events of other systems, and what
// campaigns brought and cost.
type Market struct {
	Segment   Segment
	Campaigns Campaigns
}

// Campaigns says what is counted for a campaign and how.
type Campaigns struct {
	Numbers  string // file: which number stands in which advertisement
	Currency string // ISO 4217, of costs and revenue
	LookBack time.Duration
	// A call is qualified that lasted so long and, where any is named, has one of
	// the intents or outcomes.
	Qualified         time.Duration
	QualifiedIntents  []string
	QualifiedOutcomes []string
	// Names of the conversions, as the ad platforms know them.
	OrderConversion string
	CallConversion  string
}

func (c *Campaigns) bind(fs *pflag.FlagSet) {
	fs.StringVar(&c.Numbers, "campaigns-numbers", "", "file that says which telephone number stands in which advertisement")
	fs.StringVar(&c.Currency, "campaigns-currency", "EUR", "currency of costs and revenue, ISO 4217; amounts in others are not counted")
	fs.DurationVar(&c.LookBack, "campaigns-look-back", 90*24*time.Hour, "calls so long before an order have a part in it")
	fs.DurationVar(&c.Qualified, "campaigns-qualified", time.Minute, "a call is qualified that lasted so long")
	fs.StringSliceVar(&c.QualifiedIntents, "campaigns-qualified-intents", nil, "and has one of these intents, such as buy, or one of the outcomes")
	fs.StringSliceVar(&c.QualifiedOutcomes, "campaigns-qualified-outcomes", nil, "and has one of these outcomes, such as accepted, or one of the intents")
	fs.StringVar(&c.OrderConversion, "campaigns-order-conversion", "Heed order", "name of the conversion of orders at the ad platforms")
	fs.StringVar(&c.CallConversion, "campaigns-call-conversion", "Heed qualified call", "name of the conversion of qualified calls at the ad platforms")
}

func (c *Campaigns) validate(add func(string, error)) {
	if len(c.Currency) != 3 || strings.Trim(strings.ToUpper(c.Currency), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		add("campaigns-currency", fmt.Errorf("%q is no currency of ISO 4217, such as EUR", c.Currency))
	}
	if c.LookBack < time.Hour || c.LookBack > 2*365*24*time.Hour {
		add("campaigns-look-back", fmt.Errorf("%s is not between 1h and 17520h", c.LookBack))
	}
	if c.Qualified < 0 || c.Qualified > 24*time.Hour {
		add("campaigns-qualified", fmt.Errorf("%s is not between 0 and 24h", c.Qualified))
	}
	for name, v := range map[string]string{"campaigns-order-conversion": c.OrderConversion, "campaigns-call-conversion": c.CallConversion} {
		if v == "" || len(v) > 100 || strings.ContainsAny(v, "=+-@\t\r\n\"") {
			add(name, errors.New("must be 1 to 100 characters, none of them = + - @ or a quote"))
		}
	}
}
