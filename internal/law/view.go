package law

import (
	"cmp"
	"slices"
	"strings"
)

// View is the rules in force, for people.
type View struct {
	Notice string  `json:"notice"`
	Checks []Check `json:"checks"`
	Rules  []Rule  `json:"rules"`
}

// Rule is one entry of the table.
type Rule struct {
	Kind     string   `json:"kind" doc:"window, holidays, written, recording, revocation or emotion"`
	Place    string   `json:"place" doc:"ISO 3166, a group such as EU, or * for the others"`
	Channels []string `json:"channels,omitempty"`
	Says     string   `json:"says"`
	Source   string   `json:"source"`
}

// View gives the rules in force, by kind and place.
func (r *Rules) View() View {
	v := View{Notice: "Not legal advice: have a lawyer read this table before you rely on it.", Checks: Checks()}
	add := func(kind string, s scoped, says string) {
		v.Rules = append(v.Rules, Rule{kind, s.Place, s.Channels, says, s.Source})
	}
	for _, w := range r.windows {
		says := "weekdays " + w.Weekdays + ", Saturday " + cmp.Or(w.Saturday, w.Weekdays) + ", Sunday " + cmp.Or(w.Sunday, w.Weekdays)
		if len(w.Holidays) > 0 {
			says += ", closed on holidays: " + strings.Join(w.Holidays, ", ")
		}
		add("window", w.scoped, says)
	}
	for _, h := range r.holidays {
		add("holidays", h.scoped, strings.Join(h.Days, ", "))
	}
	for _, s := range r.written {
		add("written", s, "a consent in writing is needed")
	}
	for _, a := range r.recording {
		add("recording", a.scoped, a.Assent)
	}
	for _, x := range r.revocation {
		add("revocation", x.scoped, x.Scope)
	}
	for _, s := range r.emotion {
		add("emotion", s, "the mood of customers is not inferred by default")
	}
	slices.SortStableFunc(v.Rules, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Place, b.Place)) })
	return v
}
