package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Message is one that is about to go to a person.
type Message struct {
	Whom

	Channel string // email, sms, call, push, web, agent
	Address string // empty means the person's first one of the channel
	Purpose consent.Purpose
	Topic   string
	Action  string // of the catalogue, whose purpose and topic count then
	// DecisionID is the decision that suggested it, if one did.
	DecisionID string
	// ID is the channel's own id of the message; By is who asks. With Commit
	// the message counts as a contact when it may go, once for an id.
	ID, By string
	Commit bool
	// Also is written together with the message that counts. May be nil.
	Also func(*store.Tx) error
}

// Passage is the gate's answer.
type Passage struct {
	decide.Verdict

	CustomerID string    `json:"customer_id,omitempty"`
	At         time.Time `json:"at"`
	// Counted says that the message counts as a contact, Repeated that it did
	// already before this question.
	Counted  bool `json:"counted"`
	Repeated bool `json:"repeated"`
}

// asked is what the log keeps of a question to the gate.
type asked struct {
	Channel    string          `json:"channel"`
	Purpose    consent.Purpose `json:"purpose,omitempty"`
	Topic      string          `json:"topic,omitempty"`
	Action     string          `json:"action,omitempty"`
	DecisionID string          `json:"decision_id,omitempty"`
	Allowed    bool            `json:"allowed"`
	Rule       string          `json:"rule,omitempty"`
	Counted    bool            `json:"counted,omitempty"`
	By         string          `json:"by,omitempty"`
}

// Gate says whether a message may go to a person now, and keeps in the log
// that it was asked. It asks the same rules as a decision does, on what is
// known at this moment. [ErrInvalid] when the message does not fit its
// decision; [store.ErrNotFound] for a decision that is not there.
func (b *Brain) Gate(ctx context.Context, m Message) (Passage, error) {
	p, err := b.gate(ctx, m)
	if err != nil {
		return p, fmt.Errorf("gate: %w", err)
	}
	return p, nil
}

func (b *Brain) gate(ctx context.Context, m Message) (Passage, error) {
	w, unlock, why, err := b.find(ctx, m.Whom)
	if err != nil {
		return Passage{}, err
	}
	if why != "" {
		return Passage{Verdict: decide.Verdict{Rule: "subject", Why: why}, At: b.now()}, nil
	}
	defer unlock()
	p := Passage{CustomerID: w.profile.ID, At: w.at}
	contact := MessageID("contact/" + m.By + "/" + m.ID)
	if m.Commit {
		known, err := b.store.HasEvents(ctx, []string{contact})
		if err != nil {
			return p, err
		}
		if known[contact] {
			p.Allowed, p.Counted, p.Repeated, p.Why = true, true, true, "this message was let go before"
			return p, nil
		}
	}
	if p.Verdict, err = b.mayGo(ctx, w, m); err != nil {
		return p, err
	}
	p.Counted = p.Allowed && m.Commit
	return p, b.passed(ctx, w, m, p, contact)
}

// mayGo asks what was decided and then the rules.
func (b *Brain) mayGo(ctx context.Context, w *change, m Message) (decide.Verdict, error) {
	if m.DecisionID != "" {
		if why, err := b.superseded(ctx, w, m); err != nil || why != "" {
			return decide.Verdict{Rule: "superseded", Why: why}, err
		}
	}
	r, err := b.request(ctx, w)
	if err != nil {
		return decide.Verdict{}, err
	}
	r.Slot, r.Channel = "gate", m.Channel
	var ok bool
	if r.Address, ok = b.addressOf(&r.Profile, m); !ok {
		return decide.Verdict{Rule: "address", Why: "the address is not one of this person's"}, nil
	}
	if err := b.outside(ctx, w, &r); err != nil {
		return decide.Verdict{}, err
	}
	v, err := b.decider.Gate(r, decide.Sending{Action: m.Action, Purpose: m.Purpose, Topic: m.Topic})
	if err != nil {
		err = fmt.Errorf("action %q: %w: %w", m.Action, err, ErrInvalid)
	}
	return v, err
}

// superseded says why what a decision suggested is not wanted any more: a later
// decision for the same slot does not suggest it.
func (b *Brain) superseded(ctx context.Context, w *change, m Message) (why string, err error) {
	d, err := b.store.Decision(ctx, m.DecisionID)
	if err != nil {
		return "", err
	}
	if !w.is(d.Subject) {
		return "", fmt.Errorf("the decision is about somebody else: %w", ErrInvalid)
	}
	if m.Action == "" || !suggests(d, m.Action) {
		return "", fmt.Errorf("name the action that the decision suggested: %w", ErrInvalid)
	}
	later, err := b.store.LaterDecision(ctx, d, w.ids())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case suggests(later, m.Action):
		return "", nil
	}
	return "a later decision does not suggest it any more", nil
}

func suggests(d decide.Decision, action string) bool {
	return slices.ContainsFunc(d.Actions, func(c decide.Choice) bool { return c.Action == action })
}

// addressOf brings the address to its normal form; false when the person does
// not have it. Empty stays empty.
func (b *Brain) addressOf(p *customer.Profile, m Message) (string, bool) {
	if m.Address == "" {
		return "", true
	}
	kind := map[string]string{"email": customer.Email, "sms": customer.Phone, "call": customer.Phone}[m.Channel]
	for _, id := range b.rules.Clean([]customer.Identifier{{Type: kind, Value: m.Address}}) {
		has := func(k customer.Identifier) bool { return k.Type == id.Type && k.Value == id.Value }
		return id.Value, slices.ContainsFunc(p.Identifiers, has)
	}
	return "", false
}

// passed keeps that the gate was asked, and counts the contact.
func (b *Brain) passed(ctx context.Context, w *change, m Message, p Passage, contact string) error {
	about := event.About{Subject: w.profile.ID}
	seen := customer.Fact{EventID: contact, Name: "contact." + m.Channel, At: w.at, Props: map[string]any{}}
	for name, value := range map[string]string{"action": m.Action, "decision": m.DecisionID} {
		if value != "" {
			seen.Props[name] = value
		}
	}
	if p.Counted && !w.contacted(seen) { // it may have been reported before it was asked for
		w.observe(seen)
		e, err := event.New(event.FactObserved, w.at, about, seen)
		if err != nil {
			return err
		}
		e.ID = contact
		w.append(e)
	}
	if p.Counted && m.Also != nil {
		w.also = append(w.also, m.Also)
	}
	return b.commit(ctx, w, func(tx *store.Tx) error {
		return appendEvent(tx, event.GateAsked, w.at, about, asked{
			Channel: m.Channel, Purpose: m.Purpose, Topic: m.Topic, Action: m.Action, DecisionID: m.DecisionID,
			Allowed: p.Allowed, Rule: p.Rule, Counted: p.Counted, By: m.By,
		})
	})
}
