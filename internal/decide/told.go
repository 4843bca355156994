package decide

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heed/internal/customer"
)

// Telling is what a person may be told of why they see a choice. It has no words:
// those are of the person's language.
type Telling struct {
	// Facts are what they did, said and have, what counts most first.
	Facts []ToldFact
	// More says that it rests on the person also, or only, by what is not told one
	// by one, such as what was worked out of many facts.
	More bool
	// Gone says that what it rested on was deleted.
	Gone bool
}

// ToldFact is one thing that spoke for a choice.
type ToldFact struct {
	// Name is a label or a fact's name; of a Feature it is the feature's, and Value
	// is its bin, such as "36-60m", or the text of a trait.
	Name    string
	Feature bool
	Value   string
	// Times is how often it happened, as far as the decision names it, and Last when
	// last, zero of what the moment itself showed; InCall says that it was said in a
	// call.
	Times  int
	Last   time.Time
	InCall bool
}

// tellable are the families of what a person did or said. All other labels were
// read out of how somebody sounded, or concluded.
var tellableFamilies = []string{
	"cart.", "complaint.", "inactive.", "intent.", "moment.", "order.", "page.", "payment.", "theme.", "ticket.",
}

// Tellable says whether a label or fact is one that a person may be told of.
func Tellable(label string) bool {
	switch label {
	case "purchase", "rating", "contact.repeat":
		return true
	}
	return slices.ContainsFunc(tellableFamilies, func(f string) bool { return strings.HasPrefix(label, f) })
}

// Tell gives what a person may be told of a choice: by what they did and said, as
// the decision had it, and by nothing that was inferred of them. What was held
// against the choice is left out, and so is every quote.
func Tell(c *Choice) Telling {
	out := Telling{Gone: c.Because == Unwanted || c.Because == Misplaced || c.Because == Aged}
	if out.Gone {
		return out
	}
	seen := map[string]bool{}
	for i := range c.Reasons {
		if r := &c.Reasons[i]; r.Effect != effect(-1) {
			out.reason(r, seen)
		}
	}
	out.features(c.Reasons)
	personal := func(r Reason) bool { return r.Kind != "lever" && r.Kind != "model" }
	out.More = len(out.Facts) == 0 && slices.ContainsFunc(c.Reasons, personal)
	return out
}

// reason takes in what a reason rests on. The same event may be in several.
func (t *Telling) reason(r *Reason, seen map[string]bool) {
	if r.Kind == "context" && len(r.Evidence) == 0 && Tellable(r.Name) {
		t.happened(&customer.Evidence{Label: r.Name}) // what the moment itself shows
	}
	for i := range r.Evidence {
		e := &r.Evidence[i]
		key := e.Label + "\x00" + e.EventID + "\x00" + e.At.String()
		if Tellable(e.Label) && e.Weight >= 0 && !seen[key] {
			seen[key] = true
			t.happened(e)
		}
	}
	if r.Kind == "policy" {
		t.counted(r)
	}
}

// happened takes in a piece of evidence. What a call said is one thing with what
// its moment says: it is told once.
func (t *Telling) happened(e *customer.Evidence) {
	at := slices.IndexFunc(t.Facts, func(f ToldFact) bool { return f.Name == e.Label })
	if at < 0 {
		at = len(t.Facts)
		t.Facts = append(t.Facts, ToldFact{Name: e.Label})
	}
	f := &t.Facts[at]
	f.Times++
	if e.At.After(f.Last) {
		f.Last, f.InCall = e.At, e.CallID != ""
	}
}

// counted takes in how often a fact was counted: a decision names only some.
func (t *Telling) counted(r *Reason) {
	at := slices.IndexFunc(t.Facts, func(f ToldFact) bool { return f.Name == r.Name })
	if at >= 0 {
		t.Facts[at].Times = max(t.Facts[at].Times, int(r.Value))
	}
}

// features adds those that made the chance better, the greatest first.
func (t *Telling) features(reasons []Reason) {
	var list []Reason
	for i := range reasons {
		if r := &reasons[i]; r.Kind == "feature" && r.Tellable && r.LogOdds >= worthTelling {
			list = append(list, *r)
		}
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.LogOdds, a.LogOdds) })
	for i := range list {
		name, value, _ := strings.Cut(list[i].Name, "=")
		t.Facts = append(t.Facts, ToldFact{Name: name, Value: value, Feature: true})
	}
}

// Stretch takes the bin of a number apart: "<3m" is below 3, ">=180" from 180 on,
// "36-60m" between both, and "2" is 2 alone. ok is false of what is no bin.
func Stretch(value string) (from, to string, ok bool) {
	b := bin.FindStringSubmatch(value)
	switch {
	case b == nil || b[2] == "0":
		return "", "", false
	case b[1] == "<":
		return "", b[2], true
	case b[1] == ">=":
		return b[2], "", true
	case b[3] != "":
		return b[2], b[3], true
	}
	return b[2], b[2], true
}
