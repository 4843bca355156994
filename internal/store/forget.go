package store

import (
	"heed/internal/decide"
	"heed/internal/event"
)

// contents are the events of a call that hold what was said on it or what was
// made of that.
var contents = []event.Type{
	event.UtteranceSpoken, event.UtteranceCorrected, event.CorrectionWithdrawn, event.UtteranceReanalyzed,
	event.SignalRaised, event.SignalRevised, event.ProfileChanged, event.DecisionMade, event.CallSummarised,
	event.OutcomeProposed, event.CallWrapped,
}

// ForgetCall deletes what was said and understood on a call. The events of it
// keep their place in the log, with null for their data; the call itself and
// its decisions stay (see ReplaceDecision).
func (tx *Tx) ForgetCall(callID string) error {
	op := "forget call " + callID
	if err := tx.DropTurns(callID); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM correction WHERE call = ?`, `DELETE FROM comment WHERE call = ?`, `DELETE FROM summary WHERE call = ?`, `DELETE FROM proposal WHERE call = ?`,
		`DELETE FROM handling WHERE call = ?`,
		`DELETE FROM insight WHERE call = ?`, `DELETE FROM utterance WHERE call = ?`, `DELETE FROM watch_alert WHERE call = ?`,
	} {
		if _, err := tx.exec(op, query, callID); err != nil {
			return err
		}
	}
	for _, t := range contents {
		if _, err := tx.exec(op, `UPDATE event SET data = 'null' WHERE call = ? AND +type = ?`, callID, string(t)); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceDecision stores a decision in the place of the one with its id, of
// which something has to be forgotten.
func (tx *Tx) ReplaceDecision(d decide.Decision) error {
	op := "replace decision " + d.ID
	raw, err := tx.sealAbout(op, d.Subject, d.CallID, d)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `UPDATE decision SET subject = ?, doc = ? WHERE id = ?`, d.Subject, raw, d.ID)
	return err
}
