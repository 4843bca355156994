package customer

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	// maxFacts and maxIssueFacts bound the two halves of the memory: what
	// opens and closes an issue is not pushed out by page views.
	maxFacts      = 192
	maxIssueFacts = 64
	maxProps      = 32
)

// issueKinds are the troubles that a pair of facts opens and closes.
var issueKinds = []struct{ kind, open, closed string }{
	{"complaint", "complaint.opened", "complaint.resolved"},
	{"ticket", "ticket.opened", "ticket.resolved"},
	{"payment", "payment.failed", "payment.succeeded"},
}

// Issue is a trouble of the person: open while Resolved is zero.
type Issue struct {
	Kind     string    `json:"kind"`          // "complaint", "ticket", "payment"
	Ref      string    `json:"ref,omitempty"` // the fact's "id" property
	Opened   time.Time `json:"opened"`
	Resolved time.Time `json:"resolved,omitzero"`
}

// Observe folds a dated fact into the profile and says whether it changed
// anything. A fact seen before under its event id and name, one without
// event id, name or time, and one older than everything a full memory holds
// change nothing. A contact.* fact is a contact that we made.
func (p *Profile) Observe(f Fact) bool {
	if f.EventID == "" || f.Name == "" || f.At.IsZero() || len(f.Props) > maxProps {
		return false
	}
	f.At = stamp(f.At)
	if p.knows(f) {
		return false
	}
	p.touch(f.At)
	met := false
	if f.Via != nil {
		met = p.Seen(Identifier{Type: f.Via.Type, Value: f.Via.Value, FirstSeen: f.At, LastSeen: f.At})
		f.Via = nil
	}
	acted := f.theirs() && p.act(f.At)
	kept := p.keep(f)
	moved := f.weighs() && p.move(Evidence{EventID: f.EventID, Label: f.Name, Confidence: 1, At: f.At, Product: f.Text("product")}, f.number("value"))
	return kept || moved || met || acted
}

// theirs says whether the fact is something that the person did: our contacts
// and what we conclude are not.
func (f Fact) theirs() bool {
	return !strings.HasPrefix(f.Name, "contact.") && !strings.HasPrefix(f.Name, "inactive.") && f.Name != "call.outbound"
}

func (p *Profile) knows(f Fact) bool {
	for i := range p.Facts {
		if p.Facts[i].EventID == f.EventID && p.Facts[i].Name == f.Name {
			return true
		}
	}
	return false
}

// weighs says whether the fact may move signals: a complaint that was closed
// but not to the customer's liking does not lower the risk.
func (f Fact) weighs() bool {
	if f.Name != "complaint.resolved" {
		return true
	}
	happy, said := f.Props["happy"].(bool)
	return !said || happy
}

func (f Fact) number(key string) float64 {
	x, ok := f.Props[key].(float64)
	if !ok {
		return 0
	}
	return x
}

// Text gives a property as text, or "" when it is absent or of another kind.
func (f Fact) Text(key string) string {
	s, ok := f.Props[key].(string)
	if !ok {
		return ""
	}
	return s
}

// About says whether the fact names a product, alone or among others.
func (f Fact) About(product string) bool {
	if f.Text("product") == product {
		return true
	}
	list, _ := f.Props["products"].([]any)
	return slices.Contains(list, any(product))
}

// keep inserts a fact in order and drops the oldest of its half when full.
// It says whether the fact is in the memory afterwards.
func (p *Profile) keep(f Fact) bool {
	at, _ := slices.BinarySearchFunc(p.Facts, f, compareFacts)
	list := slices.Insert(slices.Clip(p.Facts), at, f)
	issue, bound := isIssueFact(f.Name), maxFacts
	if issue {
		bound = maxIssueFacts
	}
	count, oldest := 0, -1
	for i := range list {
		if isIssueFact(list[i].Name) == issue {
			count++
			if oldest < 0 {
				oldest = i
			}
		}
	}
	if count > bound {
		if oldest == at {
			return false
		}
		list = slices.Delete(list, oldest, oldest+1)
	}
	p.Facts = list
	return true
}

func compareFacts(a, b Fact) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.EventID, b.EventID), strings.Compare(a.Name, b.Name))
}

func isIssueFact(name string) bool {
	for i := range issueKinds {
		if name == issueKinds[i].open || name == issueKinds[i].closed {
			return true
		}
	}
	return false
}

// Count gives how many facts of a name happened in the time before at, at
// itself included. A name that ends in ".*" counts the whole family.
func (p Profile) Count(name string, within time.Duration, at time.Time) int {
	family, wild := strings.CutSuffix(name, "*")
	n := 0
	for i := len(p.Facts) - 1; i >= 0; i-- {
		f := &p.Facts[i]
		if f.At.After(at) {
			continue
		}
		if at.Sub(f.At) > within {
			break
		}
		if f.Name == name || (wild && strings.HasPrefix(f.Name, family)) {
			n++
		}
	}
	return n
}

// Issues gives the troubles known at a moment, oldest first: those still open
// and those resolved in the 30 days before. A resolution with an "id" closes
// that one, without an id all open ones of its kind.
func (p Profile) Issues(at time.Time) []Issue {
	var out []Issue
	for i := range p.Facts {
		f := &p.Facts[i]
		if f.At.After(at) {
			break
		}
		for _, k := range issueKinds {
			switch f.Name {
			case k.open:
				out = append(out, Issue{Kind: k.kind, Ref: f.Text("id"), Opened: f.At})
			case k.closed:
				resolve(out, k.kind, f)
			}
		}
	}
	return slices.DeleteFunc(out, func(is Issue) bool {
		return !is.Resolved.IsZero() && at.Sub(is.Resolved) > 30*day
	})
}

func resolve(issues []Issue, kind string, f *Fact) {
	ref := f.Text("id")
	for i := range issues {
		is := &issues[i]
		if is.Kind == kind && is.Resolved.IsZero() && (ref == "" || ref == is.Ref) {
			is.Resolved = f.At
		}
	}
}
