// Package decide chooses the next best action for one person in one moment:
// policies first, then propensity x context x value x lever, and silence when
// nothing is worth saying. Every answer carries its reason.
//
// It is pure: the caller brings the profile, the consent ledger, the clock
// and the seed, and the same request gives the same answer. It refuses to
// score a person before consent allows it.
package decide

import (
	"slices"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/law"
)

// Request is one question to the brain.
type Request struct {
	Slot     string // "agent.call", "web.banner", "outbound.email"
	Channel  string // "agent", "web", "email", "sms", "call", "push"
	Language string
	CallID   string // when the slot is a live call
	At       time.Time
	N        int // at most so many actions; 0 means as many as the slot shows
	Profile  customer.Profile
	Ledger   []consent.Row
	// Labels are what the present call has raised so far, newest last, such as
	// "intent.cancel" or "theme.price"; they are the context C.
	Labels []string
	// Heard are the customer's signals of the call with their confidence, time
	// and words. Where they are given, a label counts by how sure it is and how
	// often it was said, and the reasons tell when; below 0.6 it does not count
	// at all. A label that is only in Labels counts as certain, said once.
	Heard []insights.Signal
	Outside
	// Outcomes are what became of earlier suggestions to this person: those of
	// the present call keep an action from being suggested twice in it, older
	// ones pause what was refused.
	Outcomes []Outcome
	// Previous is the decision that this one replaces, if any.
	Previous *Decision
	// Taken is how many took up the actions that [Catalogue.Counted] names. With
	// nil nothing is used up, and a new action reaches all.
	Taken map[string]Taken
	// Trace asks for the fate of every candidate at every step.
	Trace bool
}

// Outside is what matters beside the person: on an agent's screen, and for a
// channel that reaches out.
type Outside struct {
	// Attention is what the agent of a live call has been shown; nil elsewhere.
	Attention *Attention
	// Address is where a message would go; empty means the person's first one
	// that the channel reaches.
	Address string
	// Listed are the do-not-call lists that hold the number of the channel.
	Listed []law.Listing
	// OnPhone says that the person is on the phone with us, though the decision
	// is for another channel.
	OnPhone bool
	// Unsettled are the ids of the ledger rows that not every connected system
	// has confirmed.
	Unsettled []string
}

// Decision is one evaluated request. It is stored whole.
type Decision struct {
	ID      string    `json:"decision_id"`
	At      time.Time `json:"at"`
	Slot    string    `json:"slot"`
	Channel string    `json:"channel"`
	Subject string    `json:"subject"` // customer id
	CallID  string    `json:"call_id,omitempty"`
	// Asked is what else the question said; nil for decisions of older versions.
	Asked *Asked `json:"asked,omitempty"`
	// Policy is the arm of the experiments that decided, "nba" for the policy
	// that is meant; Arm is how it came to its first action.
	Policy     string `json:"policy,omitempty"`
	Arm        string `json:"arm"`
	Supersedes string `json:"supersedes,omitempty"`
	// Draw is the first of the decisions that superseded each other outside a
	// call, where it is not this one: it names the draws, so that what stays open
	// is not drawn anew each time.
	Draw string `json:"draw,omitempty"`
	// Actions is the ranking, best first. Empty means silence.
	Actions []Choice `json:"actions"`
	// Because is one plain sentence for the whole answer, silence included.
	Because   string             `json:"because"`
	NotChosen []Exclusion        `json:"not_chosen,omitempty"`
	Readings  []customer.Reading `json:"readings"` // what the signals were
	Versions  map[string]string  `json:"versions"`
	// Reads names the signals, facts and traits that the trace read: a change
	// of anything else does not re-decide the slot.
	// Names are prefixed by their kind: "signal:churn_risk", "fact:purchase",
	// "trait:arrears", "label:intent.cancel", "consent:marketing", "outcome".
	Reads []string `json:"reads,omitempty"`
	// Features are what the model was told of the person and the moment: what
	// an outcome teaches is learnt for these.
	Features []Feature `json:"features,omitempty"`
	// Survivors are all that passed every rule, with their figures, the first
	// as [Decision].Actions has it. Their chances of being chosen add up to 1:
	// another policy can be judged by what this one tried.
	Survivors []Survivor `json:"survivors,omitempty"`
	// Flip is there when levers changed what comes first.
	Flip *Flip `json:"flip,omitempty"`
	// Shadows are what challengers would have answered.
	Shadows []Shadow `json:"shadows,omitempty"`
	// Trace is only there when the request asked for it.
	Trace []TraceLine `json:"trace,omitempty"`
	// Snapshot names what it was decided on; see [Snapshot].
	Snapshot string `json:"snapshot,omitempty"`
}

// Asked is what a question said beside who, when and where: with it the
// decision can be asked for again.
type Asked struct {
	N        int      `json:"n" doc:"At most so many actions"`
	Language string   `json:"language,omitempty" doc:"Of the words to be shown"`
	Labels   []string `json:"labels,omitempty" doc:"What the moment itself showed, outside of calls"`
	// Attention is there where the catalogue keeps count of it.
	Attention *Attention `json:"attention,omitempty" doc:"What the agent had been shown on the call"`
}

// Survivor is a candidate that might have been chosen.
type Survivor struct {
	Action    string  `json:"action"`
	Group     string  `json:"group"`
	Treatment string  `json:"treatment"`
	M         float64 `json:"m"` // mean and variance of the model, in log-odds
	S         float64 `json:"s"`
	P         float64 `json:"p"`
	C         float64 `json:"c"`
	V         float64 `json:"v"`
	L         float64 `json:"l"`
	Priority  float64 `json:"priority"`
	Annoyance float64 `json:"annoyance"`
	Pi        float64 `json:"pi"`
	// Full is the value before it was scaled to V, where gamma does not tell;
	// see [Survivor.Worth].
	Full float64 `json:"full,omitempty"`
	Expectation
}

// Expectation is what the catalogue said of an action when it was decided on:
// with it an outcome teaches the same whatever the catalogue says later.
type Expectation struct {
	// Expected is the chance of acceptance, worth ExpectedWeight outcomes, and
	// Like the action that a new one starts as.
	Expected       float64 `json:"expected"`
	ExpectedWeight float64 `json:"expected_weight"`
	Like           string  `json:"like,omitempty"`
	// Answers are what counts as an answer, where the action says so itself.
	Answers *answers `json:"answers,omitempty"`
}

// What takes the place of what a decision told and must not tell any more.
const (
	Aged      = "What was said is not kept for so long."
	Unwanted  = "The customer did not want this kept."
	Misplaced = "It rested on somebody else, whom the caller was taken for."
)

// Forgotten is a decision without what it quotes and what it tells of the
// person, with the reason in its place: what was suggested stays, for the
// outcomes that refer to it.
func Forgotten(d Decision, gone string) Decision {
	d.Because, d.Readings, d.Features, d.Trace = gone, []customer.Reading{}, nil, nil
	if d.Asked != nil {
		d.Asked = &Asked{N: d.Asked.N, Language: d.Asked.Language}
	}
	d.Actions = slices.Clone(d.Actions)
	for i := range d.Actions {
		d.Actions[i].Because, d.Actions[i].Reasons = gone, []Reason{}
	}
	d.NotChosen = slices.Clone(d.NotChosen)
	for i := range d.NotChosen {
		d.NotChosen[i].Why = gone
	}
	return d
}

// TraceLine is what one step made of one candidate.
type TraceLine struct {
	Action  string `json:"action"`
	Step    int    `json:"step"` // 0..12
	Rule    string `json:"rule"`
	Verdict string `json:"verdict"` // "pass", "remove", or for scoring "score"
	Why     string `json:"why"`
}

// Choice is one suggested action with its figures and its reason.
type Choice struct {
	Action    string `json:"action"`
	Issue     string `json:"issue"`
	Group     string `json:"group"`
	Treatment string `json:"treatment"`
	Rank      int    `json:"rank"`
	Title     string `json:"title"` // what to do, for the agent
	Say       string `json:"say"`   // the words to say
	Avoid     string `json:"avoid,omitempty"`
	// Because is one plain line: why this, for this person, now.
	Because string `json:"because"`

	P         float64    `json:"p"`
	PInterval [2]float64 `json:"p_interval"`
	C         float64    `json:"c"`
	V         float64    `json:"v"`
	L         float64    `json:"l"`
	Priority  float64    `json:"priority"`
	Annoyance float64    `json:"annoyance"`
	Net       float64    `json:"net"`
	Pi        float64    `json:"pi"` // probability with which the arm chose it

	Reasons   []Reason   `json:"reasons"`
	AllowedBy Permission `json:"allowed_by"`
}

// Reason is one thing that spoke for an action.
type Reason struct {
	Kind     string              `json:"kind"` // "signal", "context", "policy", "lever", "influence", "feature", "model"
	Name     string              `json:"name"`
	Value    float64             `json:"value"`  // of a feature: what it multiplies the odds by
	Effect   string              `json:"effect"` // "+" or "-"
	Evidence []customer.Evidence `json:"evidence,omitempty"`
	// LogOdds is what a feature added to the chance P, or, of kind "model", all
	// else did: those of a choice add up to the log-odds of its P.
	LogOdds float64 `json:"logodds,omitempty"`
	// Tellable says of a feature that it is a fact that the person may be shown,
	// and nothing that was concluded about them.
	Tellable bool `json:"tellable,omitempty"`
}

// Permission is the lawful ground on which an action passed the consent gate.
type Permission struct {
	Purpose consent.Purpose `json:"purpose"`
	Basis   string          `json:"basis"` // "consent", "contract"
	Row     string          `json:"row,omitempty"`
	State   consent.State   `json:"state"`
	Since   time.Time       `json:"since,omitzero"`
	Source  string          `json:"source,omitempty"`
}

// Exclusion is why a candidate was not chosen.
type Exclusion struct {
	Action string `json:"action"`
	Step   int    `json:"step"` // of the twelve, 0..11
	Rule   string `json:"rule"`
	Why    string `json:"why"`
	Source string `json:"source,omitempty"` // of a rule of law: the statute, or whose own limit it is
}

// Outcome is what happened after a decision was shown.
type Outcome struct {
	ID         string    `json:"id"`
	DecisionID string    `json:"decision_id"`
	Action     string    `json:"action"`
	Outcome    string    `json:"outcome"`          // one of the constants
	Source     string    `json:"source,omitempty"` // the system that says so; empty is Heed's own screens
	At         time.Time `json:"at"`
	Channel    string    `json:"channel"`
	Actor      string    `json:"actor,omitempty"`
	CallID     string    `json:"call_id,omitempty"`
	Subject    string    `json:"subject,omitempty"`
	Value      float64   `json:"value,omitempty"`
	Key        string    `json:"idempotency_key,omitempty"`
	// Heard is the [Proposal] that somebody confirmed by it.
	Heard string `json:"heard,omitempty"`
}
