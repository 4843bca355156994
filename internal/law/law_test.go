package law_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/consent"
	"heed/internal/law"
)

func rules(t testing.TB) *law.Rules {
	t.Helper()
	r, err := law.Default()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// moment is a time of 2026 at a place; the 14th of April is a Tuesday.
func moment(t testing.TB, zone, text string) time.Time {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", "2026-04-"+text, z)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// of gives what one check says.
func of(t testing.TB, c law.Case, check string) law.Finding {
	t.Helper()
	for _, f := range rules(t).Ask(c) {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no check %q", check)
	return law.Finding{}
}

func declared(country, region string) law.Evidence {
	return law.Evidence{Strength: law.Declared, Country: country, Region: region, From: "declared address"}
}

const (
	losAngeles = "+12135550123"
	newYork    = "+12125550123"
	miami      = "+13055550123"
	tollFree   = "+18005550123"
	berlin     = "+493012345678"
)

func TestQuietHours(t *testing.T) {
	t.Parallel()
	const la, ny, be, hi = "America/Los_Angeles", "America/New_York", "Europe/Berlin", "Pacific/Honolulu"
	for _, c := range []struct {
		name, zone, at string
		number         string
		where          []law.Evidence
		channel        string
		says           string // part of the refusal; empty is allowed
	}{
		{"in the day", la, "14 12:00", losAngeles, nil, "call", ""},
		{"the first minute", la, "14 08:00", losAngeles, nil, "call", ""},
		{"a minute too early", la, "14 07:59", losAngeles, nil, "call", "07:59"},
		{"the last minute", la, "14 20:59", losAngeles, nil, "call", ""},
		{"nine in the evening", la, "14 21:00", losAngeles, nil, "call", "21:00"},
		{"five past nine by the address although the area code is three hours behind", ny, "14 21:05", losAngeles, []law.Evidence{declared("US", "NY")}, "call", "America/New_York, by declared address"},
		{"early evening by the address although the area code says five past nine", ny, "14 21:05", newYork, []law.Evidence{declared("US", "California")}, "call", ""},
		{"the declared zone beats the area code", ny, "14 21:05", losAngeles, []law.Evidence{{Strength: law.Declared, Zone: ny, From: "declared time zone"}}, "sms", "declared time zone"},
		{"declared beats verified", ny, "14 21:05", "", []law.Evidence{{Strength: law.Verified, Country: "US", Region: "US-NY"}, declared("US", "CA")}, "call", ""},
		{"verified beats observed", ny, "14 21:05", "", []law.Evidence{{Strength: law.Observed, Country: "US", Region: "US-CA"}, {Strength: law.Verified, Country: "US", Region: "US-NY"}}, "call", "21:05"},
		{"a country is narrowed by the number", la, "14 20:30", losAngeles, []law.Evidence{declared("US", "")}, "call", ""},
		{"a country alone: the strictest of its places", ny, "14 12:00", "", []law.Evidence{declared("US", "")}, "call", "where the customer may be"},
		{"a number of no place: the strictest of its places", ny, "14 12:00", tollFree, nil, "call", "where the customer may be"},
		{"and open where it is open everywhere", hi, "14 10:30", tollFree, nil, "call", ""},
		{"nothing known at all", la, "14 12:00", "", nil, "call", "nothing tells"},
		{"no zone at all", la, "14 12:00", "", []law.Evidence{{Strength: law.Declared, Zone: "Mars/Olympus"}}, "call", "nothing tells"},
		{"Florida is stricter", ny, "14 20:30", miami, nil, "sms", "20:30"},
		{"two zones in one state: the strictest", ny, "14 08:30", "", []law.Evidence{declared("US", "Tennessee")}, "call", "America/Chicago"},
		{"Sunday in Texas", "America/Chicago", "19 11:30", "", []law.Evidence{{Strength: law.Declared, Country: "US", Region: "TX", Zone: "America/Chicago"}}, "call", "Sunday"},
		{"Berlin on a Saturday evening", be, "18 18:30", berlin, nil, "call", "Saturday"},
		{"lunch in Paris", "Europe/Paris", "14 13:30", "+33123456789", nil, "call", "13:30"},
		{"a place without an entry", "Asia/Tokyo", "14 21:30", "+81312345678", nil, "call", "21:30"},
		{"a member of a group", "Europe/Warsaw", "14 20:30", "+48221234567", nil, "call", "20:30"},
		{"a zone alone in the US: the rules of the US", ny, "19 09:00", "", []law.Evidence{{Strength: law.Declared, Zone: ny}}, "call", ""},
		{"a zone that the number contradicts: the rules of its country", be, "19 12:00", newYork, []law.Evidence{{Strength: law.Declared, Zone: be}}, "call", ""},
		{"e-mail has no hour", la, "14 03:00", losAngeles, nil, "email", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := of(t, law.Case{At: moment(t, c.zone, c.at), Purpose: consent.Marketing, Channel: c.channel, Number: c.number, Where: c.where}, "quiet_hours")
			if f.Allowed != (c.says == "") || !strings.Contains(f.Reason, c.says) {
				t.Errorf("allowed %v: %s", f.Allowed, f.Reason)
			}
			if f.Reason == "" || (!f.Allowed && f.Source == "" && c.says != "nothing tells") {
				t.Errorf("%+v has no reason or source", f)
			}
		})
	}
}

// A service call is no solicitation.
func TestServiceIsNotMarketing(t *testing.T) {
	t.Parallel()
	c := law.Case{
		At: moment(t, "America/New_York", "14 23:00"), Purpose: consent.Service, Channel: "call", Number: newYork,
		Listed: []law.Listing{{List: "own"}}, Ledger: []consent.Row{row(consent.Tracking, "", consent.Withdrawn, "")},
	}
	if f := rules(t).Refusal(c); f != nil {
		t.Errorf("refused by %s: %s", f.Check, f.Reason)
	}
}

// row is of the first of April.
func row(p consent.Purpose, channel string, s consent.State, topic string) consent.Row {
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	return consent.Row{Cell: consent.Cell{Purpose: p, Channel: channel, Topic: topic}, State: s, At: at, RecordedAt: at, Source: "test"}
}

func worded(r consent.Row, words string) consent.Row {
	r.Wording = words
	return r
}

func later(r consent.Row) consent.Row {
	r.At, r.RecordedAt = r.At.AddDate(0, 0, 5), r.At.AddDate(0, 0, 5)
	return r
}

func TestChecks(t *testing.T) {
	t.Parallel()
	const G, W, D = consent.Granted, consent.Withdrawn, consent.Denied
	sale := law.Case{Purpose: consent.Marketing, Channel: "call", Number: newYork, Address: newYork}
	with := func(change func(*law.Case)) law.Case {
		c := sale
		change(&c)
		return c
	}
	ledger := func(rows ...consent.Row) law.Case { return with(func(c *law.Case) { c.Ledger = rows }) }
	text := func(rows ...consent.Row) law.Case {
		return with(func(c *law.Case) { c.Ledger, c.Channel = rows, "sms" })
	}
	listed := func(l law.Listing, rows ...consent.Row) law.Case {
		return with(func(c *law.Case) { c.Listed, c.Ledger = []law.Listing{l}, rows })
	}
	const M = consent.Marketing
	for _, c := range []struct {
		name, check string
		ask         law.Case
		ok          bool
	}{
		{"nobody said no", "do_not_track", sale, true},
		{"do not track me", "do_not_track", ledger(row(consent.Tracking, "", W, "")), false},
		{"and service", "do_not_track", with(func(c *law.Case) {
			c.Purpose, c.Ledger = consent.Service, []consent.Row{row(consent.Tracking, "", W, "")}
		}), true},
		{"track me again", "do_not_track", ledger(row(consent.Tracking, "", W, ""), later(row(consent.Tracking, "", G, ""))), true},
		{"objection", "marketing_objection", ledger(row(M, "", W, "")), false},
		{"on another channel", "marketing_objection", ledger(row(M, "email", W, "")), true},
		{"nothing on record", "marketing_objection", sale, true},
		{"opt-out of sale", "global_privacy_control", with(func(c *law.Case) {
			c.Purpose, c.Ledger = consent.Sale, []consent.Row{row(consent.Sale, "", W, "")}
		}), false},
		{"it is about sale only", "global_privacy_control", ledger(row(consent.Sale, "", W, "")), true},
		{"stop to a text reaches the call in the US", "revocation", ledger(row(M, "", G, ""), row(M, "sms", W, "")), false},
		{"and another topic", "revocation", ledger(row(M, "call", W, "fibre")), false},
		{"a no that answered a question is a stop as well", "revocation", ledger(row(M, "", G, ""), row(M, "sms", D, "")), false},
		{"a no to something else is none", "revocation", ledger(row(consent.Research, "sms", D, "")), true},
		{"but not e-mail", "revocation", with(func(c *law.Case) { c.Channel, c.Ledger = "email", []consent.Row{row(M, "sms", W, "")} }), true},
		{"nor a call elsewhere", "revocation", with(func(c *law.Case) { c.Number, c.Ledger = berlin, []consent.Row{row(M, "sms", W, "")} }), true},
		{"taken back", "revocation", ledger(row(M, "sms", W, ""), later(row(M, "sms", G, ""))), true},
		{"at another number", "revocation", ledger(consent.Row{Cell: consent.Cell{Purpose: M, Channel: "sms", Address: miami}, State: W, At: day, Source: "test"}), true},
		{"own list", "do_not_call", listed(law.Listing{List: "own"}), false},
		{"own list, whatever was agreed", "do_not_call", listed(law.Listing{List: "own"}, worded(row(M, "", G, ""), "call me")), false},
		{"national list", "do_not_call", listed(law.Listing{List: "us", National: true}), false},
		{"national list and a yes by word of mouth", "do_not_call", listed(law.Listing{List: "us", National: true}, row(M, "", G, "")), false},
		{"national list and a yes in writing", "do_not_call", listed(law.Listing{List: "us", National: true}, worded(row(M, "", G, ""), "call me")), true},
		{"on no list", "do_not_call", sale, true},
		{"a text in the US without words", "written_consent", text(row(M, "", G, "")), false},
		{"with words", "written_consent", text(worded(row(M, "", G, ""), "text me")), true},
		{"refused with words", "written_consent", text(worded(row(M, "", D, ""), "text me")), false},
		{"a text elsewhere", "written_consent", with(func(c *law.Case) { c.Channel, c.Number = "sms", berlin }), true},
		{"a text to nobody knows where", "written_consent", with(func(c *law.Case) { c.Channel, c.Number = "sms", "" }), false},
		{"a call dialled by hand", "written_consent", sale, true},
		{"no effect", "automated_decision", sale, true},
		{"legal effect, no person", "automated_decision", with(func(c *law.Case) { c.Effect = "legal" }), false},
		{"legal effect, a person", "automated_decision", with(func(c *law.Case) { c.Effect, c.Human = "legal", true }), true},
	} {
		t.Run(c.check+": "+c.name, func(t *testing.T) {
			t.Parallel()
			c.ask.At = moment(t, "America/New_York", "14 12:00")
			if f := of(t, c.ask, c.check); f.Allowed != c.ok || f.Reason == "" {
				t.Errorf("%+v, want allowed %v", f, c.ok)
			}
		})
	}
}

var day = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

func TestRecording(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, number string
		where        []law.Evidence
		wanted, want law.Assent
	}{
		{"all parties know", newYork, nil, law.None, law.Announce},
		{"announced is enough", newYork, nil, law.Announce, law.Announce},
		{"the operator may be stricter", newYork, nil, law.Ask, law.Ask},
		{"asked in Germany", berlin, nil, law.Announce, law.Ask},
		{"asked of whoever lives there", newYork, []law.Evidence{declared("DE", "")}, law.Announce, law.Ask},
		{"nothing known", "", nil, law.None, law.Announce},
	} {
		got, f := rules(t).Recording(c.wanted, c.where, c.number)
		if got != c.want || f.Allowed != (c.want == c.wanted) || f.Source == "" {
			t.Errorf("%s: %s (%+v), want %s", c.name, got, f, c.want)
		}
	}
	if eu, source := rules(t).NoEmotion(); !slices.Contains(eu, "DE") || slices.Contains(eu, "US") || source == "" {
		t.Errorf("no emotion in %v by %q", eu, source)
	}
}

// Whatever is known, every check has a name, a reason and, when it refuses,
// the refusal is the first of them.
func TestEveryAnswerIsWhole(t *testing.T) {
	t.Parallel()
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		c := law.Case{
			At:      day.Add(time.Duration(rapid.IntRange(0, 60*24*30).Draw(t, "minute")) * time.Minute),
			Purpose: rapid.SampledFrom([]consent.Purpose{consent.Marketing, consent.Service, consent.Sale, consent.Profiling}).Draw(t, "purpose"),
			Channel: rapid.SampledFrom([]string{"agent", "sms", "call", "email"}).Draw(t, "channel"),
			Number:  rapid.SampledFrom([]string{"", losAngeles, tollFree, berlin, "+", "123", "+999"}).Draw(t, "number"),
			Where:   []law.Evidence{{Strength: law.Declared, Country: rapid.StringMatching(`[A-Z]{0,2}`).Draw(t, "country"), Region: rapid.String().Draw(t, "region"), Zone: rapid.String().Draw(t, "zone")}},
		}
		first := ""
		for _, f := range r.Ask(c) {
			if f.Check == "" || f.Reason == "" {
				t.Fatalf("%+v", f)
			}
			if !f.Allowed && first == "" {
				first = f.Check
			}
		}
		got := ""
		if f := r.Refusal(c); f != nil {
			got = f.Check
		}
		if got != first {
			t.Fatalf("first refusal %q, want %q", got, first)
		}
	})
}

func TestRulesOfTheOperator(t *testing.T) {
	t.Parallel()
	own, err := rules(t).Extend("own.yaml", []byte(`version: 1
windows:
  - {place: US, channels: [call, sms], weekdays: "10:00-12:00", holidays: [2026-04-15], source: our lawyer}
  - {place: US-NY, channels: [call, sms], weekdays: "09:00-20:00", source: our lawyer}
`))
	if err != nil {
		t.Fatal(err)
	}
	for at, ok := range map[string]bool{"14 09:30": false, "14 11:00": true, "15 11:00": false} {
		c := law.Case{At: moment(t, "America/New_York", at), Purpose: consent.Marketing, Channel: "call", Number: newYork}
		if f := own.Refusal(c); (f == nil) != ok {
			t.Errorf("%s: %+v", at, f)
		}
	}
	for name, text := range map[string]string{
		"own.yaml:1: version":              "version: 2",
		"own.yaml:3: windows[0].weekdays":  "version: 1\nwindows:\n  - {place: US, weekdays: 9-17, source: x}",
		"own.yaml:3: windows[0]: names no": "version: 1\nwindows:\n  - {place: US, weekdays: \"09:00-17:00\"}",
		"own.yaml:2: window":               "version: 1\nwindow: []",
		"own.yaml:3: recording[0].assent":  "version: 1\nrecording:\n  - {place: US, assent: maybe, source: x}",
		"own.yaml:3: places.XX.zones":      "version: 1\nplaces:\n  XX: {name: X, zones: [Nowhere]}",
		"own.yaml:3: revocation[0].scope":  "version: 1\nrevocation:\n  - {place: US, scope: all, source: x}",
	} {
		if _, err := rules(t).Extend("own.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: error %v, want %q", text, err, name)
		}
	}
}

func BenchmarkRefusal(b *testing.B) {
	r := rules(b)
	c := law.Case{At: moment(b, "America/New_York", "14 12:00"), Purpose: consent.Marketing, Channel: "call", Number: newYork, Where: []law.Evidence{declared("US", "NY")}}
	for b.Loop() {
		if f := r.Refusal(c); f != nil {
			b.Fatal(f)
		}
	}
}
