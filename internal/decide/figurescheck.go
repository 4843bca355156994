package decide

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/strict"
)

// policyFile is the form of [PolicyFile].
type policyFile struct {
	Version int `yaml:"version"` // of the format: 1
	figures `yaml:",inline"`
}

// readPolicy reads a whole policy; what it leaves out is as the defaults.
func readPolicy(name string, raw []byte) (*guide, error) {
	f := policyFile{figures: defaultFigures()}
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return nil, err
	}
	if f.Version != 1 {
		return nil, doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	return f.guide(complaints{doc: doc})
}

// guide checks the figures and makes them ready.
func (f *figures) guide(at complaints) (*guide, error) {
	for _, check := range []func(complaints, *figures) error{checkFigures, checkLengths, checkCounts, checkChoices, checkExplore, checkSlots, checkAttention} {
		if err := check(at, f); err != nil {
			return nil, err
		}
	}
	if len(f.Attention.Agents) == 0 {
		f.Attention.Agents = nil // none is none, also for the fingerprint
	}
	return newGuide(*f), nil
}

// ranged is a number with its bounds, both of which it may reach.
type ranged struct {
	field       string
	x           float64
	least, most float64
	hint        string
}

func (r *ranged) check(at complaints) error {
	if r.x >= r.least && r.x <= r.most { // no number is between anything
		return nil
	}
	return at.of(r.field, fmt.Sprintf("is %v, and must be between %v and %v", r.x, r.least, r.most), r.hint)
}

func checkAll(at complaints, list []ranged) error {
	for i := range list {
		if err := list[i].check(at); err != nil {
			return err
		}
	}
	return nil
}

// checkFigures bounds what weighs.
func checkFigures(at complaints, f *figures) error {
	const patience = "how much dearer a contact gets; 0 is not at all"
	list := []ranged{
		{"value.gamma", f.Value.Gamma, 0.3, 1, "1 takes a value as it is, less flattens great ones"},
		{"value.alpha", f.Value.Alpha, 0.01, 10, "1 counts the customer's benefit as much as ours"},
		{"patience.exponent", f.Patience.Exponent, 0, 5, patience},
		{"patience.unhappy", f.Patience.Unhappy, 0, 20, patience},
		{"patience.vulnerable", f.Patience.Vulnerable, 0, 20, patience},
		{"patience.open_issue", f.Patience.OpenIssue, 0, 20, patience},
		{"contexts.angry", f.Contexts.Angry, -1, 1, "the mood is from -1 to 1"},
		{"contexts.sore", f.Contexts.Sore, -1, 1, "the mood is from -1 to 1"},
		{"contexts.bad", f.Contexts.Bad, -0.8, 0.8, "what is said weighs from -0.8 to 0.8"},
		{"memory.later.percent", f.Memory.Later.Percent, 0, 100, "per cent; it lifts"},
		{"memory.rejected.percent", f.Memory.Rejected.Percent, -100, 0, "per cent; it lowers"},
		{"memory.dismissed.percent", f.Memory.Dismissed.Percent, -100, 0, "per cent; it lowers"},
		{"reach.least", f.Reach.Least, 0.001, 1, "1 asks everybody at once"},
		{"steady", f.Steady, 1, 10, "1.15 is better by 15 %"},
		{"levers.alarm", f.Levers.Alarm, 0.01, 1, "a share of the decisions"},
	}
	for _, name := range channelNames {
		g := guide{figures: *f}
		c := g.channel(name)
		list = append(list,
			ranged{"channels." + name + ".cost", c.Cost, 0, 1000, "in the unit of value"},
			ranged{"channels." + name + ".floor", c.Floor, 0, 0.99, "a chance"})
	}
	return checkAll(at, list)
}

// checkLengths bounds how long things last.
func checkLengths(at complaints, f *figures) error {
	for _, l := range []struct {
		field       string
		is          lasting
		least, most time.Duration
	}{
		{"rests.rejected", f.Rests.Rejected, 0, 400 * day},
		{"rests.rejected_group", f.Rests.RejectedGroup, 0, 400 * day},
		{"rests.rejected_twice", f.Rests.RejectedTwice, 0, 400 * day},
		{"rests.accepted", f.Rests.Accepted, 0, 400 * day},
		{"rests.unanswered", f.Rests.Unanswered, 0, 400 * day},
		{"rests.unanswered_within", f.Rests.UnansweredWithin, time.Hour, 400 * day},
		{"contexts.after_issue", f.Contexts.AfterIssue, 0, 90 * day},
		{"contexts.after_cart", f.Contexts.AfterCart, 0, 30 * day},
		{"contexts.after_bad_call", f.Contexts.AfterBadCall, 0, 90 * day},
		{"memory.later.for", f.Memory.Later.For, time.Minute, 400 * day},
		{"memory.rejected.for", f.Memory.Rejected.For, time.Minute, 400 * day},
		{"memory.dismissed.for", f.Memory.Dismissed.For, time.Minute, 400 * day},
		{"levers.longest", f.Levers.Longest, day, 366 * day},
	} {
		if d := time.Duration(l.is); d < l.least || d > l.most {
			return at.of(l.field, fmt.Sprintf("is %v, and must be between %v and %v", l.is, lasting(l.least), lasting(l.most)), "such as 48h or 7d")
		}
	}
	return nil
}

// checkCounts bounds whole numbers.
func checkCounts(at complaints, f *figures) error {
	list := []ranged{
		{"patience.days", float64(f.Patience.Days), 1, 90, "days in which contacts are counted"},
		{"rests.unanswered_times", float64(f.Rests.UnansweredTimes), 1, 1000, "times that it is shown"},
		{"reach.full", float64(f.Reach.Full), 1, 1e6, "how many said yes"},
	}
	for _, l := range newGuide(*f).limits {
		field := l.channel
		if field == "" {
			field = "all"
		}
		list = append(list,
			ranged{"limits." + field + ".most", float64(l.Most), 0, 1000, "0 never writes to sell"},
			ranged{"limits." + field + ".days", float64(l.Days), 1, 365, "today and so many less one before"})
	}
	return checkAll(at, list)
}

// checkChoices refuses names that are none.
func checkChoices(at complaints, f *figures) error {
	if f.Value.Scale != scalePower && f.Value.Scale != scaleGroup {
		return at.of("value.scale", fmt.Sprintf("%q is not a scale", f.Value.Scale), "power: value^gamma; group: value over the median of its group")
	}
	for i, p := range f.Exempt {
		field := fmt.Sprintf("exempt[%d]", i)
		switch {
		case p == consent.Marketing:
			return at.of(field, "marketing is what the limits are for", "service and research can be exempt")
		case !slices.Contains(actionPurposes, p):
			return at.of(field, fmt.Sprintf("%q is not a purpose of actions", p), "service or research")
		case slices.Contains(f.Exempt[:i], p):
			return at.of(field, fmt.Sprintf("%q is there twice", p), "each once")
		}
	}
	return nil
}

// checkExplore bounds the shares of decisions that are drawn.
func checkExplore(at complaints, f *figures) error {
	x := &f.Explore
	if (x.Thompson == nil) != (x.Uniform == nil) {
		return at.of("explore", "gives one of thompson and uniform", "both, or neither: then the settings decide-explore and decide-uniform hold")
	}
	shares := func(field string, thompson, uniform float64) error {
		if thompson >= 0 && uniform >= 0 && thompson+uniform < 1 {
			return nil
		}
		return at.of(field, fmt.Sprintf("exploring %v + %v of the decisions", thompson, uniform), "each from 0, together below 1")
	}
	if x.Thompson != nil {
		if err := shares("explore.thompson", *x.Thompson, *x.Uniform); err != nil {
			return err
		}
	}
	if x.Careful != nil {
		if err := shares("explore.careful", *x.Careful, 0); err != nil {
			return err
		}
	}
	for i, s := range x.Slots {
		field := fmt.Sprintf("explore.slots[%d]", i)
		if !idShape.MatchString(s.Slot) || slices.ContainsFunc(x.Slots[:i], func(o slotFigure) bool { return o.Slot == s.Slot }) {
			return at.of(field+".slot", fmt.Sprintf("%q is not a new slot", s.Slot), "such as web.retention, each once")
		}
		if err := shares(field, s.Thompson, s.Uniform); err != nil {
			return err
		}
	}
	return nil
}

// CheckPolicy says what is wrong with a policy in JSON, as a [strict.Problem]
// with field, reason and hint. Its keys are those of [PolicyFile].
func CheckPolicy(doc json.RawMessage) error {
	_, err := policyDocument(doc)
	return err
}

func policyDocument(doc json.RawMessage) (*guide, error) {
	raw, err := versioned(doc)
	if err != nil {
		return nil, err
	}
	g, err := readPolicy(editFile, raw)
	return g, alone(err)
}

// versioned writes a document that is a file by itself, with the version of the
// format where it is left out.
func versioned(doc json.RawMessage) ([]byte, error) {
	item, err := object(doc)
	if err != nil {
		return nil, err
	}
	if _, given := item["version"]; !given {
		item["version"] = 1
	}
	return plainJSON(item)
}

// object reads one JSON object and nothing behind it.
func object(doc json.RawMessage) (map[string]any, error) {
	var item map[string]any
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&item); err != nil || item == nil || dec.More() {
		return nil, &strict.Problem{File: editFile, Reason: "is not one JSON object", Hint: "the keys are those of the files of actions"}
	}
	return item, nil
}

// plainJSON writes JSON anew, as YAML knows fewer of its escapes.
func plainJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, &strict.Problem{File: editFile, Reason: "cannot be written as JSON"}
	}
	return out.Bytes(), nil
}

// scaled gives V of an action's worth.
func (m *moment) scaled(worth float64, c *candidate) float64 {
	if m.scale == scaleGroup {
		return min(10, max(0.1, worth/c.median))
	}
	return math.Pow(worth, m.gamma)
}

// Worth is the unflattened value of a survivor: what accepting it brings, in
// the catalogue's currency. Gamma is that of its decision's versions.
func (s *Survivor) Worth(gamma float64) float64 {
	if s.Full > 0 {
		return s.Full
	}
	return math.Pow(s.V, 1/gamma)
}

// medians sets of each action what the middle one of its group is worth by the
// constants of its value, never 0.
func medians(actions []*action, alpha float64) {
	groups := make(map[string][]float64)
	worth := func(a *action) float64 {
		return max(0, a.Value.Margin*(1-a.Value.CostShare)) + alpha*a.Value.Customer
	}
	for _, a := range actions {
		groups[a.Group] = append(groups[a.Group], worth(a))
	}
	for _, list := range groups {
		slices.Sort(list)
	}
	for _, a := range actions {
		list := groups[a.Group]
		a.median = list[len(list)/2]
		if len(list)%2 == 0 {
			a.median = (list[len(list)/2-1] + a.median) / 2
		}
		if !(a.median > 0) {
			a.median = 1 // worth what the person makes it
		}
	}
}
