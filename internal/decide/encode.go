package decide

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
)

// missing is the value of a feature of which nothing is known.
const missing = "missing"

// encode tells of a person and the moment what the list allows. What needs a
// purpose that the person has not allowed is left out and only that is said
// ("consent_missing"): not allowing something never looks like a value.
func (f *Features) encode(m *moment) []Feature {
	out := make([]Feature, 0, len(f.list)+len(m.labels))
	var withheld []consent.Purpose
	for i := range f.list {
		s := &f.list[i]
		if m.now.catalogue.traits.sensitive(s.Of) {
			continue
		}
		purpose, ok := m.allows(s)
		if !ok {
			if !slices.Contains(withheld, purpose) {
				withheld = append(withheld, purpose)
				out = append(out, Feature{Name: "consent_missing", Value: string(purpose)})
			}
			continue
		}
		out = s.encode(m, out)
	}
	return out
}

// allows says whether a feature may be told: by the purpose it has in the
// list, and by that of the trait that it reads.
func (m *moment) allows(s *featureSpec) (consent.Purpose, bool) {
	if s.Purpose != "" && m.permit(s.Purpose, "").State != consent.Granted {
		return s.Purpose, false
	}
	switch s.Kind {
	case "category", "number", "months":
		t, _ := m.Profile.Trait(s.Of, m.At)
		return consent.Purpose(t.Purpose), m.usable(&t)
	}
	return "", true
}

// usable says whether a trait may be used to choose. One that was given for a
// purpose needs that purpose allowed; what serving the person needs, only that
// they did not say no.
func (m *moment) usable(t *customer.Trait) bool {
	switch p := consent.Purpose(t.Purpose); p {
	case "":
		return true
	case consent.Service:
		return !m.permit(p, "").Denies()
	default:
		return m.permit(p, "").State == consent.Granted
	}
}

// encode adds the values of one feature.
func (f *featureSpec) encode(m *moment, out []Feature) []Feature {
	one := func(value string) []Feature { return append(out, Feature{Name: f.Name, Value: value}) }
	switch f.Kind {
	case "signal":
		return one(tenth(m.reading(f.Of).Value))
	case "labels":
		labels := make([]string, len(m.labels))
		for i := range m.labels {
			labels[i] = m.labels[i].label
		}
		return f.many(labels, out)
	case "traits":
		return f.many(m.family(f), out)
	case "size":
		return one(doubling(len(m.family(f))))
	case "count":
		return one(doubling(m.Profile.Count(f.Of, time.Duration(f.Days)*day, m.At)))
	case "age":
		return one(m.lately(f.Of))
	default:
		t, ok := m.Profile.Trait(f.Of, m.At)
		if !ok {
			return one(missing)
		}
		return one(f.value(t.Value, m.At))
	}
}

// value names what a trait holds.
func (f *featureSpec) value(v any, at time.Time) string {
	if f.Kind != "category" {
		if x, ok := f.number(v, at); ok {
			return f.bin(x)
		}
		return missing
	}
	switch x := v.(type) {
	case string:
		if x != "" {
			return strings.ToLower(x[:min(len(x), mostValue)])
		}
	case bool:
		return strconv.FormatBool(x)
	}
	return missing
}

// number gives the number that a trait holds, or the whole months since the
// date that it holds.
func (f *featureSpec) number(v any, at time.Time) (float64, bool) {
	switch x := v.(type) {
	case float64:
		return x, f.Kind == "number" && !math.IsNaN(x) && !math.IsInf(x, 0)
	case string:
		since, err := time.Parse(time.DateOnly, x[:min(len(x), len(time.DateOnly))])
		if f.Kind != "months" || err != nil || since.After(at) {
			return 0, false
		}
		n := 12*(at.Year()-since.Year()) + int(at.Month()) - int(since.Month())
		if at.Day() < since.Day() {
			n--
		}
		return float64(max(0, n)), true
	}
	return 0, false
}

// many adds several values of one feature, which together weigh as one does.
func (f *featureSpec) many(values []string, out []Feature) []Feature {
	values = values[:min(len(values), mostMany)]
	if len(values) == 0 {
		return append(out, Feature{Name: f.Name, Value: "none"})
	}
	much := 1 / math.Sqrt(float64(len(values)))
	for _, v := range values {
		out = append(out, Feature{Name: f.Name, Value: v, Much: much})
	}
	return out
}

// family gives what traits of a family ("product.*") are true, without the
// family's name, each once in the order of the profile. One that is named for
// something forbidden is passed over.
func (m *moment) family(s *featureSpec) []string {
	prefix := strings.TrimSuffix(s.Of, "*")
	var out []string
	for i := range m.Profile.Traits {
		t := &m.Profile.Traits[i]
		name, ok := strings.CutPrefix(t.Name, prefix)
		if !ok || t.Expired(m.At) || !m.usable(t) || slices.Contains(out, name) || finds(name, s.forbidden) != "" || m.now.catalogue.traits.sensitive(t.Name) {
			continue
		}
		if believed, _ := m.Profile.Trait(t.Name, m.At); believed.Value == true {
			out = append(out, name)
		}
	}
	return out
}

// lately names how long ago the last fact of a name or family was.
func (m *moment) lately(name string) string {
	family, wild := strings.CutSuffix(name, "*")
	for i := len(m.Profile.Facts) - 1; i >= 0; i-- {
		f := &m.Profile.Facts[i]
		if !f.At.After(m.At) && (f.Name == name || (wild && strings.HasPrefix(f.Name, family))) {
			return ageBin(m.At.Sub(f.At))
		}
	}
	return "never"
}

// tenth names the bin of a computed signal: the tenth that it begins with.
func tenth(x float64) string {
	if math.IsNaN(x) {
		return missing
	}
	x = math.Floor(10*min(1, max(-1, x))+1e-9) / 10
	return strconv.FormatFloat(min(0.9, x), 'f', 1, 64)
}
