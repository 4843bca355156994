package customer

import "time"

// WeightsVersion names the table below in stored decisions, so that an old
// reading can be told from a new one.
const WeightsVersion = "signals/1"

// The computed signals.
const (
	ChurnRisk    = "churn_risk"
	Mood         = "mood"
	BuyingIntent = "buying_intent"
	Fatigue      = "fatigue"
)

// form is how the weighted sum of a signal's evidence becomes its value.
type form int

const (
	sigmoidForm form = iota // 0..1, with a bias
	tanhForm                // -1..1
	countForm               // the plain fading sum
)

// spec is one computed signal: value(t) = form(bias + sum w*conf*2^(-(t-ti)/h)).
type spec struct {
	name         string
	form         form
	bias         float64
	enter, leave float64 // both zero: the signal has no high state
	moves        []move
}

// move is one label that moves a signal.
type move struct {
	label    string
	weight   float64
	halfLife time.Duration
	// least is the confidence below which the label is not believed.
	least float64
	// scaled multiplies the weight by the value that came with the label.
	scaled bool
	// kin joins labels that tell of the same thing, such as an intent and a
	// moment raised by the same words, so that a call counts them as one.
	kin string
	// latest makes the newest within a call count most instead of the strongest.
	latest bool
}

const day = 24 * time.Hour

// sigmoidLeast is the confidence that an intent or a moment needs: below it
// the classifier is wrong about one time in two on spoken text.
const sigmoidLeast = 0.5

// table holds the start values of decisioning: label, weight, half-life. It
// is never written to.
var table = []spec{
	{name: ChurnRisk, form: sigmoidForm, bias: -2.2, enter: 0.60, leave: 0.40, moves: []move{
		{label: "page.cancel", weight: 1.1, halfLife: 3 * day},
		{label: "intent.cancel", weight: 2.0, halfLife: 14 * day, least: sigmoidLeast},
		{label: "moment.competitor_named", weight: 1.2, halfLife: 14 * day, least: sigmoidLeast, kin: "competitor"},
		{label: "intent.competitor", weight: 1.2, halfLife: 14 * day, least: sigmoidLeast, kin: "competitor"},
		{label: "complaint.opened", weight: 0.9, halfLife: 10 * day, kin: "complaint"},
		{label: "intent.complaint", weight: 0.9, halfLife: 10 * day, least: sigmoidLeast, kin: "complaint"},
		{label: "inactive.60d", weight: 1.0, halfLife: 30 * day},
		{label: "purchase", weight: -2.5, halfLife: 30 * day},
		{label: "complaint.resolved", weight: -0.8, halfLife: 14 * day},
	}},
	{name: Mood, form: tanhForm, moves: []move{
		{label: "sentiment", weight: 0.8, halfLife: 2 * day, least: 0.3, scaled: true, latest: true},
		{label: "mood.annoyed", weight: -0.5, halfLife: 2 * day, least: 0.25},
		{label: "rating", weight: 0.8, halfLife: 2 * day, scaled: true},
		{label: "contact.repeat", weight: -0.4, halfLife: 5 * day},
	}},
	{name: BuyingIntent, form: sigmoidForm, bias: -3.0, enter: 0.50, leave: 0.30, moves: []move{
		{label: "intent.price_question", weight: 1.6, halfLife: 7 * day, least: sigmoidLeast},
		{label: "intent.upgrade_interest", weight: 3.2, halfLife: 7 * day, least: sigmoidLeast},
		{label: "page.product", weight: 0.5, halfLife: 2 * day},
		{label: "cart.add", weight: 1.8, halfLife: 2 * day},
		{label: "purchase", weight: -4, halfLife: 60 * day},
	}},
	{name: Fatigue, form: countForm, moves: []move{
		{label: "contact.email", weight: 1, halfLife: 7 * day},
		{label: "contact.sms", weight: 1, halfLife: 7 * day},
		{label: "contact.call", weight: 1, halfLife: 7 * day},
		{label: "contact.push", weight: 1, halfLife: 7 * day},
	}},
}

// SignalNames gives the computed signals in the order of [Profile.Readings].
func SignalNames() []string {
	names := make([]string, len(table))
	for i := range table {
		names[i] = table[i].name
	}
	return names
}

// MovedBy gives the computed signals that a label or a fact's name can move.
func MovedBy(label string) []string {
	var names []string
	for i := range table {
		if table[i].find(label) != nil {
			names = append(names, table[i].name)
		}
	}
	return names
}

// Thresholds gives where a signal's high state begins and ends. Both are zero
// for a signal without one; ok is false for a name that does not exist.
func Thresholds(name string) (enter, leave float64, ok bool) {
	s := lookup(name)
	if s == nil {
		return 0, 0, false
	}
	return s.enter, s.leave, true
}

func lookup(name string) *spec {
	for i := range table {
		if table[i].name == name {
			return &table[i]
		}
	}
	return nil
}

func (s *spec) find(label string) *move {
	for i := range s.moves {
		if s.moves[i].label == label {
			return &s.moves[i]
		}
	}
	return nil
}
