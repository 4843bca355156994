package law

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Strength orders evidence of where somebody is; more is believed first.
type Strength int

// What the person told beats what a system knows for sure, which beats what
// was seen or guessed. The number's area code is weaker than all of them.
const (
	Observed Strength = iota + 1
	Verified
	Declared
)

// Evidence tells where somebody is. Any field may be empty.
type Evidence struct {
	Strength Strength
	Country  string // ISO 3166-1, "US"
	Region   string // ISO 3166-2 with or without the country, or its name: "US-FL", "FL", "Florida"
	Zone     string // IANA, "America/New_York"
	From     string // in words, such as "declared address"
}

// spot is where the person may be.
type spot struct {
	place string // "US-FL", "US", or empty when only the zone is known
	zone  *time.Location
	from  string
}

// country gives "US" of "US-FL".
func (s spot) country() string {
	country, _, _ := strings.Cut(s.place, "-")
	return country
}

// where gives everywhere that the person may be. The strongest evidence
// decides; a weaker one narrows what that leaves open when it agrees with it.
// Empty means that nothing is known.
func (q *question) where() []spot {
	if q.known {
		return q.spots
	}
	q.known = true
	all := slices.Clone(q.Where)
	slices.SortStableFunc(all, func(a, b Evidence) int { return int(b.Strength) - int(a.Strength) })
	for _, e := range all {
		q.narrow(q.rules.spotsOf(e))
	}
	q.narrow(q.rules.spotsOfNumber(q.Number))
	return q.spots
}

// narrow takes evidence in: where both agree, or what was there before.
func (q *question) narrow(more []spot) {
	if len(more) == 0 {
		return
	}
	if len(q.spots) == 0 {
		q.spots = more
		return
	}
	var both []spot
	for _, a := range q.spots {
		for _, b := range more {
			if s, ok := agree(a, b); ok && !slices.Contains(both, s) {
				both = append(both, s)
			}
		}
	}
	if len(both) > 0 {
		q.spots = both
		return
	}
	for i := range q.spots { // the zone stands; the country is not disputed
		if q.spots[i].place == "" {
			q.spots[i].place = more[0].country()
		}
	}
}

// agree joins two spots that can both be true.
func agree(a, b spot) (spot, bool) {
	if a.zone != b.zone {
		return spot{}, false
	}
	switch {
	case a.place == "" || strings.HasPrefix(b.place, a.place+"-"):
		a.place = b.place
	case b.place == "" || a.place == b.place || strings.HasPrefix(a.place, b.place+"-"):
	default:
		return spot{}, false
	}
	return a, true
}

// spotsOf reads one piece of evidence.
func (r *Rules) spotsOf(e Evidence) []spot {
	country := strings.ToUpper(strings.TrimSpace(e.Country))
	code := r.region(country, e.Region)
	if zone := r.zone(e.Zone); zone != nil {
		if code == "" {
			code = cmp.Or(country, r.countryOf(e.Zone))
		}
		return []spot{{code, zone, e.From}}
	}
	switch {
	case code != "":
		return r.inZones(code, r.places[code].Zones, e.From)
	case country != "":
		return r.inCountry(country, e.From)
	}
	return nil
}

// codes gives all places in one order, so that the same question has the same
// answer and reason each time.
func (r *Rules) codes() []string { return slices.Sorted(maps.Keys(r.places)) }

// countryOf gives the country that a time zone lies in, where the places tell.
func (r *Rules) countryOf(zone string) string {
	for _, code := range r.codes() {
		p := r.places[code]
		if slices.Contains(p.Zones, zone) {
			return spot{place: code}.country()
		}
	}
	return ""
}

// region finds a part of a country by code or name; empty when it is not
// known.
func (r *Rules) region(country, text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	for _, code := range []string{strings.ToUpper(text), country + "-" + strings.ToUpper(text)} {
		if _, ok := r.places[code]; ok && strings.Contains(code, "-") {
			return code
		}
	}
	for _, code := range r.codes() {
		p := r.places[code]
		if strings.EqualFold(p.Name, text) && (country == "" || strings.HasPrefix(code, country+"-")) {
			return code
		}
	}
	return ""
}

// inCountry gives everywhere in a country.
func (r *Rules) inCountry(country, from string) []spot {
	if p, ok := r.places[country]; ok {
		return r.inZones(country, p.Zones, from)
	}
	var out []spot
	for _, code := range r.codes() {
		p := r.places[code]
		if strings.HasPrefix(code, country+"-") {
			out = append(out, r.inZones(code, p.Zones, from)...)
		}
	}
	if len(out) > 0 {
		return out
	}
	prefix := phonenumbers.GetCountryCodeForRegion(country)
	if prefix == 0 {
		return nil
	}
	return r.inZones(country, zonesOf(phonenumbers.Format(&phonenumbers.PhoneNumber{CountryCode: new(int32(prefix))}, phonenumbers.E164)), from) //nolint:gosec // at most 999
}

func (r *Rules) inZones(code string, zones []string, from string) []spot {
	out := make([]spot, 0, len(zones))
	for _, name := range zones {
		if z := r.zone(name); z != nil {
			out = append(out, spot{code, z, from})
		}
	}
	return out
}

// spotsOfNumber reads where a number was given out: its country and, where the
// area code tells, the part of it.
func (r *Rules) spotsOfNumber(number string) []spot {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return nil
	}
	const from = "the number's area code"
	country := phonenumbers.GetRegionCodeForNumber(n)
	byZone := r.inZones(country, zonesOf(number), from)
	q := question{rules: r}
	if area, err := phonenumbers.GetGeocodingForNumber(n, "en"); err == nil {
		if _, after, found := strings.Cut(area, ", "); found {
			area = after
		}
		if code := r.region(country, area); code != "" {
			q.narrow(r.inZones(code, r.places[code].Zones, from))
		}
	}
	if len(q.spots) == 0 {
		q.narrow(r.inCountry(country, from))
	}
	q.narrow(byZone)
	return q.spots
}

// zonesOf gives the time zones of a number's prefix.
func zonesOf(number string) []string {
	zones, err := phonenumbers.GetTimezonesForPrefix(number)
	if err != nil {
		return nil
	}
	return zones
}

// zone loads a time zone once; nil for what is none.
func (r *Rules) zone(name string) *time.Location {
	if name == "" {
		return nil
	}
	if z, ok := r.zones.Load(name); ok {
		return z.(*time.Location) //nolint:forcetypeassert,errcheck // nothing else is stored
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil // not kept: names from outside must not fill the memory
	}
	kept, _ := r.zones.LoadOrStore(name, z)
	return kept.(*time.Location) //nolint:forcetypeassert,errcheck // nothing else is stored
}

// Midnight gives the start of the case's day at the person's place. Where the
// place is one of several, it is the earliest, and where nothing tells, that of
// UTC.
func (r *Rules) Midnight(c Case) time.Time {
	q := question{rules: r, Case: &c}
	var earliest time.Time
	for _, s := range q.where() {
		if at := midnight(c.At, s.zone); earliest.IsZero() || at.Before(earliest) {
			earliest = at
		}
	}
	if earliest.IsZero() {
		return midnight(c.At, time.UTC)
	}
	return earliest
}

func midnight(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}
