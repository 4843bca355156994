// Package told says to a person, in their language, why they see a suggestion and
// on what permission: by what they did, said and have, with dates.
//
// It tells nothing for which the language has no words of its own: a label that is
// new, a trait, a signal and whatever was concluded of a person stay out. It reads
// only the decision, and decides nothing.
package told

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/door/known"
	"heed/internal/door/texts"
)

// most is how many facts a sentence names.
const most = 3

// Teller tells. It is safe for concurrent use.
type Teller struct {
	texts *texts.Set
	zone  *time.Location
}

// New makes a teller with the days of a time zone.
func New(set *texts.Set, zone *time.Location) *Teller { return &Teller{set, zone} }

// In gives what a person may read of a decision in the language that suits best
// of some wishes, each in the form of an Accept-Language header, and its tag.
func (t *Teller) In(d decide.Decision, wishes ...string) (string, []known.Told) {
	l := t.texts.Pick(wishes...)
	return l.Tag, t.Tell(l, known.Decision{Decision: d})
}

// Tell gives what a person may read of each suggestion of a decision, in order.
func (t *Teller) Tell(l *texts.Language, d known.Decision) []known.Told {
	out := make([]known.Told, len(d.Actions))
	for i := range d.Actions {
		c := &d.Actions[i]
		out[i] = known.Told{Action: c.Action, Title: c.Title, Because: t.because(l, decide.Tell(c)), Ground: t.ground(l, c.AllowedBy, d.Channel)}
	}
	return out
}

func (t *Teller) because(l *texts.Language, why decide.Telling) string {
	if why.Gone {
		return l.T("told.gone")
	}
	var facts, said []string
	for i := range why.Facts {
		f := &why.Facts[i]
		one := t.fact(l, f)
		// An intent and a theme of the same words say the same.
		if one == "" || len(facts) == most || slices.Contains(said, l.T("did."+f.Name)) {
			continue
		}
		facts, said = append(facts, one), append(said, l.T("did."+f.Name))
	}
	switch {
	case len(facts) > 0:
		return l.T("told.why", "facts", list(l, facts))
	case why.More || len(why.Facts) > 0:
		return l.T("told.known")
	}
	return l.T("told.anyone")
}

// list joins reasons, each with its own word for because.
func list(l *texts.Language, facts []string) string {
	out := facts[0]
	for i, f := range facts[1:] {
		key := "told.more"
		if i == len(facts)-2 {
			key = "told.and"
		}
		out = l.T(key, "a", out, "b", f)
	}
	return out
}

// fact says one thing, or "" for what there are no words.
func (t *Teller) fact(l *texts.Language, f *decide.ToldFact) string {
	if f.Feature {
		return feature(l, f)
	}
	key := "did." + f.Name
	if !l.Has(key) {
		return ""
	}
	what, day := l.T(key), l.Day(f.Last.In(t.zone))
	switch {
	case f.Last.IsZero():
		return what
	case f.InCall:
		return l.T("told.call", "what", what, "date", day)
	case f.Times == 2:
		return l.T("told.twice", "what", what, "date", day)
	case f.Times > 2:
		return l.T("told.often", "what", what, "times", l.N("times", f.Times), "date", day)
	}
	return l.T("told.once", "what", what, "date", day)
}

// units are the counted things of the features that are numbers.
var units = map[string]string{"tenure": "months", "products": "owned", "purchases": "times"}

// feature says what the model's list of facts that ships means.
func feature(l *texts.Language, f *decide.ToldFact) string {
	if f.Name == "plan" {
		return l.T("fact.plan", "value", isolate(l, f.Value))
	}
	unit, has := units[f.Name]
	from, to, ok := decide.Stretch(f.Value)
	if !has || !ok || strings.Contains(from+to, ".") {
		return "" // bounds that were placed anew need not be whole, and half a month has no plural
	}
	amount := ""
	switch {
	case from == "":
		amount = l.T("amount.less", "amount", counted(l, unit, to))
	case to == "":
		amount = l.T("amount.more", "amount", counted(l, unit, from))
	case from == to:
		amount = counted(l, unit, to)
	default:
		amount = l.T("amount.between", "from", number(l, from), "amount", counted(l, unit, to))
	}
	return l.T("fact."+f.Name, "amount", amount)
}

// counted writes how many of a unit. The bounds of these features are whole.
func counted(l *texts.Language, unit, n string) string {
	whole, _ := strconv.Atoi(n)
	return l.N(unit, whole)
}

func number(l *texts.Language, n string) string {
	x, _ := strconv.ParseFloat(n, 64)
	return l.Number(x, 1)
}

// ground says what allows a suggestion: the person's own yes, with its day and
// where they said it, or the contract.
func (t *Teller) ground(l *texts.Language, p decide.Permission, channel string) string {
	if p.Basis != "consent" || p.Since.IsZero() {
		return l.T("ground.contract")
	}
	key := "yes." + string(p.Purpose) + "." + channel
	if p.Purpose != consent.Marketing || !l.Has(key) {
		key = "yes." + string(p.Purpose)
	}
	return l.T("ground.yes", "what", l.T(key), "date", l.Day(p.Since.In(t.zone)), "source", isolate(l, l.Named("source", p.Source)))
}

// isolate keeps a name of another direction from turning the words around it, and
// takes out of it what would.
func isolate(l *texts.Language, s string) string {
	r := slices.DeleteFunc([]rune(s), func(c rune) bool { return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') })
	if l.Direction == "ltr" {
		return string(r)
	}
	return "\u2068" + string(r) + "\u2069"
}
