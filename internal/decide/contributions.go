package decide

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"heed/internal/customer"
)

const (
	// mostContributions is how many features are named for an action, and as
	// many against it.
	mostContributions = 3
	// sameChance is how far contributions may be from the chance that was decided
	// on: more, and the model has learnt something in between.
	sameChance = 1e-4
	// worthTelling is the least that a feature adds, in log-odds, for the agent's
	// line to speak of it: it makes the odds a tenth better.
	worthTelling = 0.1
)

// contributions takes the chance of the first candidate apart: its three greatest
// features for it and three against it, the greatest first, and all else as
// one. Nil where the model cannot or the person is not described to it, and
// where it learnt since it was asked: a decision is not explained by what it
// did not rest on.
func (m *moment) contributions(c *candidate) []Contribution {
	model, can := m.model.(Explainer)
	if !can || m.blind || len(m.features) == 0 {
		return nil
	}
	one := m.caseOf(c)
	all := model.Explain(&one)
	sum := 0.0
	for i := range all {
		sum += all[i].LogOdds
	}
	if !(math.Abs(sum-logit(c.estimate.P)) <= sameChance) {
		return nil
	}
	out := make([]Contribution, 0, 2*mostContributions+1)
	rest, plus, minus := sum, 0, 0
	for _, x := range all {
		n := &plus
		if x.LogOdds < 0 {
			n = &minus
		}
		if x.Feature && *n < mostContributions {
			*n++
			rest -= x.LogOdds
			out = append(out, x)
		}
	}
	return append(out, Contribution{Name: "all else", LogOdds: rest})
}

// featureReasons adds what the chance is made of.
func (m *moment) featureReasons(parts []Contribution, out []Reason) []Reason {
	for _, x := range parts {
		r := Reason{Kind: "model", Name: x.Name, LogOdds: x.LogOdds, Value: math.Exp(x.LogOdds), Effect: effect(x.LogOdds)}
		if x.Feature {
			r.Kind, r.Tellable = "feature", m.tellable(x.Name)
		}
		out = append(out, r)
	}
	return out
}

// tellable says whether a feature is a fact of which the person may be told
// that it counted: what they told, did or have, and no signal, no label, nothing
// that was concluded.
func (m *moment) tellable(feature string) bool {
	name, value, _ := strings.Cut(feature, "=")
	i := slices.IndexFunc(m.list.list, func(f featureSpec) bool { return f.Name == name })
	if i < 0 || value == missing {
		return false
	}
	f, declared := &m.list.list[i], m.now.catalogue.traits
	switch f.Kind {
	case "count", "age":
		return true
	case "category", "number", "months":
		t, ok := m.Profile.Trait(f.Of, m.At)
		return ok && t.Kind != customer.Inferred && !declared.silent(f.Of)
	case "traits", "size":
		prefix := strings.TrimSuffix(f.Of, "*")
		return !slices.ContainsFunc(m.Profile.Traits, func(t customer.Trait) bool {
			return strings.HasPrefix(t.Name, prefix) && (t.Kind == customer.Inferred || declared.silent(t.Name))
		})
	}
	return false
}

// alike is the agent's line where nothing was said or done that calls for an
// action: what people have in common who take it up.
func (m *moment) alike(chance []Contribution) string {
	var parts []string
	for _, x := range chance {
		p := featurePhrase(x.Name)
		if x.Feature && x.LogOdds >= worthTelling && p != "" && m.tellable(x.Name) {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return "It fits what is known of this customer."
	}
	return "Customers like this one take it up more often: " + list(parts[:min(len(parts), maxPhrases)]) + "."
}

// bin is how the encoder names a stretch of numbers: "<3m", "36-60m", ">=180".
var bin = regexp.MustCompile(`^(<|>=)?([0-9.]+)(?:-([0-9.]+))?[a-z]*$`)

// featurePhrase says in plain English what a feature of the list that ships
// means, with the customer as its subject, and "" of any other.
func featurePhrase(feature string) string {
	name, value, _ := strings.Cut(feature, "=")
	switch name {
	case "plan":
		return "on the plan " + value
	case "tenure":
		return amount(value, "with us for ", " months")
	case "products":
		return amount(value, "has ", " products of ours")
	case "purchases":
		return amount(value, "bought ", " times in a year")
	}
	return ""
}

// amount puts a bin into words.
func amount(value, before, after string) string {
	b := bin.FindStringSubmatch(value)
	switch {
	case b == nil || b[2] == "0":
		return ""
	case b[1] == "<":
		return before + "less than " + b[2] + after
	case b[1] == ">=":
		return before + b[2] + " or more" + after
	case b[3] != "":
		return before + b[2] + " to " + b[3] + after
	}
	if b[2] == "1" {
		after = strings.Replace(strings.Replace(after, "times", "time", 1), "products", "product", 1)
	}
	return before + b[2] + after
}
