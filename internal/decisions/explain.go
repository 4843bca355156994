package decisions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/internal/brain"
	"heed/internal/decide"
)

// The renderings of a decision.
const (
	AsAgent    = "agent"
	AsCustomer = "customer"
	AsAuditor  = "auditor"
)

// readers are the roles that may read a rendering other than the agent's, which
// is for all who read decisions. What the model was told of
// a person and how everybody else scored is for those who audit.
func readers(as string) []string {
	switch as {
	case AsCustomer:
		return []string{"admin", "agent", "privacy"}
	case AsAuditor:
		return []string{"admin", "privacy"}
	}
	return nil
}

// Explanation is a decision for one kind of reader: one of Agent, Customer and
// Auditor is there.
type Explanation struct {
	DecisionID string    `json:"decision_id"`
	As         string    `json:"as" enum:"agent,customer,auditor"`
	At         time.Time `json:"at"`
	Agent      *ForAgent `json:"agent,omitempty"`
	Customer   *ForWhom  `json:"customer,omitempty"`
	Auditor    *Audit    `json:"auditor,omitempty"`
}

// ForAgent is what helps in a conversation.
type ForAgent struct {
	Because string `json:"because" doc:"One line for the whole answer, silence included"`
	Actions []Hint `json:"actions"`
}

// Hint is one suggestion for an agent.
type Hint struct {
	Action  string `json:"action"`
	Title   string `json:"title"`
	Because string `json:"because" doc:"Why this, for this person, now"`
	Say     string `json:"say" doc:"How to say it"`
	Avoid   string `json:"avoid,omitempty" doc:"What not to say"`
}

// ForWhom is what the person whom it is about may read.
type ForWhom struct {
	Language string            `json:"language" doc:"Of the words" example:"en"`
	Actions  []Seen            `json:"actions" doc:"Empty: nothing was suggested"`
	Links    map[string]string `json:"links" doc:"Where to stop it, to say that it does not fit, and to see what else is known"`
}

// Seen is one suggestion for the person.
type Seen struct {
	Title   string `json:"title"`
	Because string `json:"because" doc:"What they did, said or have that spoke for it, with its day; nothing that was inferred" example:"You see this because you looked at the page about cancelling twice, most recently on 3 May 2026."`
	Ground  string `json:"ground" doc:"What allows it: the person's own yes with its date and source, or the contract" example:"You said yes to calls with offers on 3 May 2026 (our website)."`
}

// Audit is everything that was kept, and what would have changed it where that
// was asked for.
type Audit struct {
	Decision brain.Decision `json:"decision"`
	// Seed fixes the draws of exploration.
	Seed            string                  `json:"seed"`
	Counterfactuals *decide.Counterfactuals `json:"counterfactuals,omitempty" doc:"On request: what alone would have put something else first"`
}

// Reader is who reads a decision.
type Reader struct {
	As   string // one of the renderings
	Role string
	// Counterfactuals has the auditor's rendering say what would have changed the
	// decision. Nobody else is told: with a permission that is not there, more
	// would be said, and that must not become a reason to press for it.
	Counterfactuals bool
	// Wanted is the language of the customer's rendering, in the form of an
	// Accept-Language header; else it is the person's own, and else Accepted, what
	// the reader's program asks for.
	Wanted, Accepted string
}

// Explain renders a decision for a reader. [ErrNotYours] when their role may not
// read it so; [store.ErrErased] when its person was erased.
func (s *Service) Explain(ctx context.Context, id string, to Reader) (Explanation, error) {
	if to.As != AsAgent && !slices.Contains(readers(to.As), to.Role) {
		return Explanation{}, fmt.Errorf("the rendering for the %s: %w", to.As, ErrNotYours)
	}
	if to.Counterfactuals && to.As != AsAuditor {
		return Explanation{}, fmt.Errorf("what would have changed it, for the %s: %w", to.As, ErrNotYours)
	}
	d, err := s.store.Decision(ctx, id)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{DecisionID: d.ID, As: to.As, At: d.At}
	switch to.As {
	case AsAgent:
		e.Agent = forAgent(d)
	case AsCustomer:
		e.Customer, err = s.forWhom(ctx, d, to)
	case AsAuditor:
		if to.Role != "admin" { // they tell of policies that are being tried, not of the person
			d.Shadows = nil
		}
		e.Auditor = &Audit{Decision: d, Seed: d.ID}
	}
	if to.Counterfactuals {
		var c decide.Counterfactuals
		c, err = s.brain.Counterfactuals(ctx, &d)
		e.Auditor.Counterfactuals = &c
	}
	return e, err
}

func forAgent(d brain.Decision) *ForAgent {
	out := &ForAgent{Because: d.Because, Actions: make([]Hint, len(d.Actions))}
	for i := range d.Actions {
		c := &d.Actions[i]
		out.Actions[i] = Hint{Action: c.Action, Title: c.Title, Because: c.Because, Say: c.Say, Avoid: c.Avoid}
	}
	return out
}

func (s *Service) forWhom(ctx context.Context, d brain.Decision, to Reader) (*ForWhom, error) {
	p, err := brain.Read(ctx, s.store, d.Subject)
	if err != nil {
		return nil, fmt.Errorf("the customer of decision %s: %w", d.ID, err)
	}
	own := ""
	if t, has := p.Trait("language", s.brain.Now()); has {
		own, _ = t.Value.(string)
	}
	language, told := s.told.In(d, to.Wanted, own, to.Accepted)
	out := &ForWhom{Language: language, Actions: make([]Seen, len(told)), Links: map[string]string{
		"stop": "/my/choices", "not_relevant": "/my/offers#d-" + d.ID, "what_else_is_known": "/my/known",
	}}
	for i, one := range told {
		out.Actions[i] = Seen{Title: one.Title, Because: one.Because, Ground: one.Ground}
	}
	return out, nil
}
