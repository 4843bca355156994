package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"heed/internal/consent"
	"heed/internal/store"
)

// Add writes a row. A row that names a registered wording gets its version,
// language and hash; one that names none, or one that is not registered, is a
// [consent.Invalid] where the rules ask for it.
func (s *Service) Add(ctx context.Context, r consent.Row) (consent.Row, error) {
	if r.WordingID != "" {
		t, ok := s.o.Notice.Wording(r.WordingID, r.WordingVersion, r.Language)
		if !ok {
			return r, &consent.Invalid{Field: "wording_id", Want: "names no registered text; GET /v1/consent/wordings lists them"}
		}
		r.WordingVersion, r.Language, r.WordingHash = t.Version, t.Language, t.Hash
	}
	r.Basis = cmp.Or(r.Basis, consent.ByConsent)
	return s.o.Writer.SetConsent(ctx, r)
}

// Prompt is a wish that was heard on a call and waits for the agent.
type Prompt struct {
	Row      consent.Row `json:"row"`
	Question string      `json:"question" doc:"What the agent is asked to make sure of"`
	Ask      string      `json:"ask,omitempty" doc:"For a yes: the words to ask the customer"`
	Closed   bool        `json:"closed" doc:"It holds already; for a yes nothing is open before the answer"`
}

// Prompts gives what was heard on a call and nobody has answered, oldest first.
func (s *Service) Prompts(ctx context.Context, callID string) ([]Prompt, error) {
	c, err := s.o.Store.Call(ctx, callID)
	if err != nil {
		return nil, fmt.Errorf("wishes of call %s: %w", callID, err)
	}
	out := []Prompt{}
	b, err := s.book(ctx, c.CustomerID)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, r := range consent.Open(b.rows) {
		if r.CallID != callID {
			continue
		}
		p := Prompt{Row: r, Question: question(r), Closed: r.State != consent.Granted}
		if t, ok := s.o.Notice.For(r.Purpose, r.Channel, r.Language); ok && !p.Closed {
			p.Ask = t.Text
		}
		out = append(out, p)
	}
	return out, nil
}

var channelWords = map[string]string{
	"agent": "offers by the agent", "call": "calls", "email": "e-mail", "post": "letters", "push": "notices in the app",
	"sms": "text messages", "web": "offers on the web pages",
}

// question is what the agent makes sure of.
func question(r consent.Row) string {
	what := cmp.Or(channelWords[r.Channel], "contact")
	switch {
	case r.Purpose == consent.Recording && r.State == consent.Granted:
		return "Allow the recording?"
	case r.Purpose == consent.Recording:
		return "Stop the recording?"
	case r.State == consent.Granted:
		return fmt.Sprintf("Allow %s %s?", r.Purpose, what)
	}
	return fmt.Sprintf("Stop all %s %s?", r.Purpose, what)
}

// Answer settles what was heard: confirmed makes it firm, else it was misheard
// and is taken back. A yes is confirmed with the words that the person was
// asked and counts from the answer on. An answer that was given already is a
// [consent.Invalid].
func (s *Service) Answer(ctx context.Context, customerID, row string, confirmed bool, who string) (consent.Row, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return consent.Row{}, err
	}
	heard, ok := b.row(row)
	if !ok {
		return consent.Row{}, fmt.Errorf("row %s: %w", row, store.ErrNotFound)
	}
	if !heard.Provisional {
		return consent.Row{}, &consent.Invalid{Field: "row", Want: "is not waiting for an answer"}
	}
	if !confirmed {
		return s.o.Writer.SetConsent(ctx, lifting(*heard, who, "the agent heard otherwise"))
	}
	r := *heard
	r.ID, r.Provisional, r.Confirms, r.Verifier = "", false, heard.ID, who
	r.Source, r.Method = "agent desk", "spoken, confirmed by the agent"
	if r.State == consent.Granted {
		r.At = s.now()
		t, ok := s.o.Notice.For(r.Purpose, r.Channel, r.Language)
		if !ok {
			return consent.Row{}, &consent.Invalid{Field: "wording_id", Want: "there are no registered words that ask for this; add them first"}
		}
		r.WordingID, r.WordingVersion, r.WordingHash, r.Language = t.ID, t.Version, t.Hash, t.Language
	}
	return s.o.Writer.SetConsent(ctx, r)
}

// Undo takes back a row that the same person wrote by mistake in the last
// minutes; see [consent.Check].
func (s *Service) Undo(ctx context.Context, customerID, row, who string) (consent.Row, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return consent.Row{}, err
	}
	r, ok := b.row(row)
	if !ok {
		return consent.Row{}, fmt.Errorf("row %s: %w", row, store.ErrNotFound)
	}
	return s.o.Writer.SetConsent(ctx, lifting(*r, who, "entered by mistake"))
}

func lifting(old consent.Row, who, because string) consent.Row {
	return consent.Row{
		CustomerID: old.CustomerID, Cell: old.Cell, State: consent.Unknown, Lifts: old.ID,
		Source: "agent desk", Actor: who, Evidence: because, CallID: old.CallID, CallSecond: old.CallSecond,
	}
}
