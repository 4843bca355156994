package store

import (
	"context"

	"heed/internal/decide"
)

// SaveProposal stores what the words on a call tell of a suggestion, in place
// of what they told of it before.
func (tx *Tx) SaveProposal(p decide.Proposal) error {
	op := "proposal of call " + p.CallID
	raw, err := tx.sealFor(op, p.CallID, p)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO proposal (call, action, doc) VALUES (?, ?, ?)
		ON CONFLICT (call, action) DO UPDATE SET doc = excluded.doc`, p.CallID, p.Action, raw)
	return err
}

// ProposalsOf gives what the words on a call told of suggestions, within the
// transaction.
func (tx *Tx) ProposalsOf(callID string) ([]decide.Proposal, error) {
	return docs[decide.Proposal](tx, "proposals of call "+callID, proposalsOf, callID)
}

const proposalsOf = `SELECT doc FROM proposal WHERE call = ? ORDER BY action`

// ProposalsOf gives what the words on a call told of suggestions.
func (s *Store) ProposalsOf(ctx context.Context, callID string) ([]decide.Proposal, error) {
	return many[decide.Proposal](ctx, s.reads, "proposals of call "+callID, proposalsOf, callID)
}
