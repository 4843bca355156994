package decide

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// Case is what a propensity is asked about: an action in one form on one
// channel, for one person.
type Case struct {
	Action, Group, Issue string
	Treatment, Channel   string
	// Prior is the catalogue's expectation, worth Weight outcomes.
	Prior, Weight float64
	// Like names another action that a new one starts as; empty for none.
	Like string
	// Features are the person and the moment, the same for each candidate of a
	// decision. Nil for a person who does not want to be profiled.
	Features []Feature
}

// Feature is one thing known of the person or the moment as a model takes it:
// a name, one of few values, and how much of it.
type Feature struct {
	Name  string  `json:"name"`
	Value string  `json:"value"`
	Much  float64 `json:"much,omitempty"` // above 0; 0 means 1
}

// Lesson is one outcome to learn from.
type Lesson struct {
	// ID names what was answered. Another lesson of the same id is a later
	// truth: it takes the place of what was learnt before, as if the first had
	// never been.
	ID      string
	Subject string // whose outcome it was, so that it can be forgotten
	Case
	Positive bool
	At       time.Time
	// Trust weighs the lesson by how far its source is believed, above 0 and at
	// most 1; 0 means 1.
	Trust float64
}

// Contribution is what one feature adds to a chance, in log-odds.
type Contribution struct {
	Name    string  `json:"name"` // "tenure=36-60m", "action", "group"
	LogOdds float64 `json:"logodds"`
	// Feature says that it is of a feature of the case, not of the action.
	Feature bool `json:"feature,omitempty"`
}

// Explainer is a [Propensity] that can take its estimate apart: the
// contributions, greatest first, add up to the log-odds of the estimate.
type Explainer interface {
	Explain(c *Case) []Contribution
}

// Together is a [Propensity] that estimates the candidates of one decision at
// once, which have their features in common, and is faster at that. out has as
// many places as there are cases.
type Together interface {
	EstimateAll(cases []Case, out []Estimate)
}

// Estimate is a chance of acceptance and how sure it is.
type Estimate struct {
	P         float64 // 0..1
	Low, High float64 // an interval of 80 %
	// M and S are the mean and the variance in log-odds, for drawing from.
	M, S float64
}

// Propensity estimates the chance that an action is accepted and learns from
// what came of it. It is safe for concurrent use, takes microseconds, and is
// asked only about candidates that consent and every policy let through.
type Propensity interface {
	// Name is the model and its state, for the versions of a decision.
	Name() string
	Estimate(c *Case) Estimate
	Learn(l *Lesson)
}

// Middle gives the middle 80 % of the chances whose log-odds have a mean and a
// variance.
func Middle(mean, variance float64) (low, high float64) {
	const z80 = 1.28 // half of it, in standard deviations
	half := z80 * math.Sqrt(variance)
	return Expit(mean - half), Expit(mean + half)
}

// Fixed is the catalogue's prior and never learns.
type Fixed struct{}

var _ Propensity = Fixed{}

// Name gives "fixed".
func (Fixed) Name() string { return "fixed" }

// Estimate gives the prior as a certainty.
func (Fixed) Estimate(c *Case) Estimate {
	return Estimate{P: c.Prior, Low: c.Prior, High: c.Prior, M: logit(c.Prior)}
}

// Learn does nothing.
func (Fixed) Learn(*Lesson) {}

// Counting learns each action by itself: a beta distribution that starts at
// the catalogue's prior and counts what was accepted and refused. It is what a
// decider has that was given no model, and knows nothing of features.
type Counting struct {
	mu      sync.RWMutex
	actions map[string]tally
	learnt  int64
}

type tally struct{ yes, no float64 }

var _ Propensity = (*Counting)(nil)

// NewCounting gives a model that has seen nothing.
func NewCounting() *Counting { return &Counting{actions: make(map[string]tally)} }

// Name tells how many outcomes it has learnt from.
func (m *Counting) Name() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return fmt.Sprintf("counting@%d", m.learnt)
}

// Estimate gives the mean of the beta distribution and its interval, worked
// out in log-odds so that it stays inside 0 and 1.
func (m *Counting) Estimate(c *Case) Estimate {
	m.mu.RLock()
	t := m.actions[c.Action]
	m.mu.RUnlock()
	a, b := c.Prior*c.Weight+t.yes, (1-c.Prior)*c.Weight+t.no
	e := Estimate{P: a / (a + b), M: math.Log(a / b), S: 1/a + 1/b}
	e.Low, e.High = Middle(e.M, e.S)
	return e
}

// Learn counts one outcome. It keeps no lessons, and so cannot tell a later
// truth from a new one: the caller hands each over once.
func (m *Counting) Learn(l *Lesson) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.actions[l.Action]
	if l.Positive {
		t.yes++
	} else {
		t.no++
	}
	m.actions[l.Action] = t
	m.learnt++
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// Expit gives the chance of log-odds.
func Expit(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
