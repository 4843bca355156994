package decide

import (
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/law"
)

// Listing is a number's entry on a do-not-call list.
type Listing = law.Listing

// Finding is the answer of one legal check.
type Finding = law.Finding

// AddressOf gives where a message of a channel would go, or nothing.
func AddressOf(p *customer.Profile, channel string) string { return address(p, channel) }

// legalGate holds what the law says whatever the customer allowed: the first
// of its checks that refuses.
func legalGate(m *moment, c *candidate) (string, string, bool) {
	if f := m.ruling(c.Purpose, c.Topic, c.Effect); f != nil {
		return "legal." + f.Check, f.Reason, false
	}
	return "", "", true
}

// ruling is a refusal of the law, or none, asked once for what is alike.
type ruling struct {
	purpose       consent.Purpose
	topic, effect string
	refusal       *law.Finding
}

func (m *moment) ruling(purpose consent.Purpose, topic, effect string) *law.Finding {
	for i := range m.ruled {
		if r := &m.ruled[i]; r.purpose == purpose && r.topic == topic && r.effect == effect {
			return r.refusal
		}
	}
	f := m.now.d.o.Law.Refusal(m.legalCase(purpose, topic, effect))
	m.ruled = append(m.ruled, ruling{purpose, topic, effect, f})
	return f
}

// legalCase puts the request to the law.
func (m *moment) legalCase(purpose consent.Purpose, topic, effect string) law.Case {
	c := law.Case{
		At: m.At, Purpose: purpose, Channel: m.Channel, Topic: topic, Address: m.address,
		Human: m.Channel == agentChannel, Effect: effect, Ledger: m.Ledger,
	}
	if purpose == consent.Service || (m.Channel != "sms" && m.Channel != "call") {
		return c // no telephone rings, and the place does not matter
	}
	return m.whereabouts(c)
}

// whereabouts adds what tells where the person is, and the lists.
func (m *moment) whereabouts(c law.Case) law.Case {
	c.Where, c.Number, c.Listed = Whereabouts(&m.Profile, m.At), m.address, m.Listed
	if set, _ := m.flagged("do_not_call"); set {
		c.Listed = append(slices.Clip(c.Listed), law.Listing{List: "own", Source: "the customer's profile"})
	}
	return c
}

// agentChannel is the channel on which a person stands between.
const agentChannel = "agent"

// Law answers every legal check for something of a purpose on the request's
// channel, for people who want to know why.
func (d *Decider) Law(r Request, purpose consent.Purpose) []law.Finding {
	now := d.force.Load()
	m := now.moment()
	m.begin(&r)
	c := m.whereabouts(m.legalCase(purpose, "", ""))
	if c.Number == "" {
		c.Number = address(&r.Profile, "call")
	}
	found := d.o.Law.Ask(c)
	m.end()
	now.moments.Put(m)
	return found
}

// The traits that tell where a person is.
var (
	zoneTraits    = []string{"time_zone", "timezone"}
	countryTraits = []string{"country", "address.country"}
	regionTraits  = []string{"region", "state", "address.state", "address.region"}
)

// Whereabouts reads what a profile tells at a moment of where the person is.
func Whereabouts(p *customer.Profile, at time.Time) []law.Evidence {
	var out []law.Evidence
	if t, zone := firstText(p, zoneTraits, at); zone != "" {
		out = append(out, law.Evidence{Strength: strength(t), Zone: zone, From: origin(t) + " time zone"})
	}
	t, country := firstText(p, countryTraits, at)
	r, region := firstText(p, regionTraits, at)
	if country == "" {
		t = r
	}
	if country != "" || region != "" {
		out = append(out, law.Evidence{Strength: strength(t), Country: country, Region: region, From: origin(t) + " address"})
	}
	if t, ok := p.Trait("address", at); ok {
		if parts, is := t.Value.(map[string]any); is {
			e := law.Evidence{Strength: strength(t), Country: field(parts, "country"), Region: field(parts, "state", "region"), From: origin(t) + " address"}
			out = append(out, e)
		}
	}
	return out
}

func firstText(p *customer.Profile, names []string, at time.Time) (customer.Trait, string) {
	for _, name := range names {
		if t, ok := p.Trait(name, at); ok {
			if s, is := t.Value.(string); is && s != "" {
				return t, s
			}
		}
	}
	return customer.Trait{}, ""
}

func field(m map[string]any, keys ...string) string {
	for _, k := range keys {
		if s, ok := m[k].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// strength says how much a trait is believed about a place: what the person
// or an agent said, then a system that is sure, then the rest.
func strength(t customer.Trait) law.Strength {
	switch {
	case slices.Contains([]string{"customer", "declared", "agent", "agent desk", "door"}, t.Source):
		return law.Declared
	case t.Confidence >= 1:
		return law.Verified
	default:
		return law.Observed
	}
}

func origin(t customer.Trait) string {
	return map[law.Strength]string{law.Declared: "the declared", law.Verified: "the recorded", law.Observed: "the observed"}[strength(t)]
}
