package law

import "slices"

// Assent is how a call may be recorded, from the weakest.
type Assent string

// The ways. With each of them a no is honoured at any moment of the call.
const (
	None     Assent = "none"     // nobody need be told
	Announce Assent = "announce" // who goes on after being told agrees
	Ask      Assent = "ask"      // nothing is kept before a yes
)

// Recording says how a call with somebody may be recorded: the stricter of
// what the operator wants and of the law wherever the person may be.
func (r *Rules) Recording(wanted Assent, where []Evidence, number string) (Assent, Finding) {
	q := question{Case: &Case{Where: where, Number: number}, rules: r}
	list := make([]ranked, len(r.recording))
	for i, a := range r.recording {
		list[i] = ranked{a.scoped, slices.Index(assents, a.Assent), a.Source}
	}
	rule := q.strictest(list)
	if own := slices.Index(assents, string(wanted)); own >= rule.level {
		f := allowed(rule.source, "the operator's setting is enough there")
		f.Check = "recording_assent"
		return wanted, f
	}
	must := Assent(assents[rule.level])
	f := refused(rule.source, "%q is not enough where the customer is: %q it is", wanted, must)
	f.Check = "recording_assent"
	return must, f
}

// NoEmotion gives the countries (ISO 3166) in which the mood of customers is
// not inferred unless the operator decides to, and the rule's source.
func (r *Rules) NoEmotion() (countries []string, source string) {
	for _, s := range r.emotion {
		source = s.Source
		if members, ok := r.groups[s.Place]; ok {
			countries = append(countries, members...)
			continue
		}
		countries = append(countries, s.Place)
	}
	slices.Sort(countries)
	return slices.Compact(countries), source
}
