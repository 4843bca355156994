package store

import (
	"slices"

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

// dropWords deletes what was said on a call, what was understood of it, and
// what people wrote of it. It is the one list of where that lies: whoever makes
// a call forgotten, for whatever reason, begins with it. That suggestions were
// muted stays, for it is counted.
func (tx *Tx) dropWords(op, callID string) error {
	for _, query := range []string{
		`DELETE FROM theme_turn WHERE turn IN (SELECT n FROM turn WHERE call = ?)`,
		`DELETE FROM turn WHERE call = ?`,
		`DELETE FROM correction WHERE call = ?`,
		`DELETE FROM comment WHERE call = ?`,
		`DELETE FROM summary WHERE call = ?`,
		`DELETE FROM proposal WHERE call = ?`,
		`DELETE FROM handling WHERE call = ? AND muted = 0`,
		`UPDATE handling SET doc = '{}' WHERE call = ?`,
		`DELETE FROM insight WHERE call = ?`,
		`DELETE FROM utterance WHERE call = ?`,
		`DELETE FROM watch_alert WHERE call = ?`,
	} {
		if _, err := tx.exec(op, query, callID); err != nil {
			return err
		}
	}
	return nil
}

// silence takes what was said on a call out of the log, and out of whatever
// else quotes it. Its events keep their place, with null for their data; those
// of the kept types lose their quotes only.
func (tx *Tx) silence(op, callID string, kept ...event.Type) error {
	for _, t := range contents {
		if slices.Contains(kept, t) {
			continue
		}
		if _, err := tx.exec(op, `UPDATE event SET data = 'null' WHERE call = ? AND +type = ?`, callID, string(t)); err != nil {
			return err
		}
	}
	return tx.unquote(op, callID)
}

// ForgetCall deletes what was said and understood on a call, from the counters
// too. The events of it keep their place in the log, with null for their data;
// the call itself stays, and its decisions without what they tell.
func (tx *Tx) ForgetCall(callID string) error {
	op := "forget call " + callID
	if err := tx.DropTurns(callID); err != nil {
		return err
	}
	if err := tx.dropWords(op, callID); err != nil {
		return err
	}
	if err := tx.silence(op, callID); err != nil {
		return err
	}
	return tx.forgetDecisions(op, callID, decide.Unwanted)
}

// forgetDecisions puts a reason in the place of what the decisions of a call
// tell, see [decide.Forgotten].
func (tx *Tx) forgetDecisions(op, callID, gone string) error {
	decisions, err := docs[decide.Decision](tx, op, `SELECT doc FROM decision WHERE call = ?`, callID)
	if err != nil {
		return err
	}
	for _, d := range decisions {
		if err := tx.replaceDecision(decide.Forgotten(d, gone)); err != nil {
			return err
		}
	}
	return nil
}

// replaceDecision stores a decision in the place of the one with its id, of
// which something has to be forgotten.
func (tx *Tx) replaceDecision(d decide.Decision) error {
	op := "replace decision " + d.ID
	raw, err := tx.sealAbout(op, d.Subject, d.CallID, d)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `UPDATE decision SET subject = ?, doc = ? WHERE id = ?`, d.Subject, raw, d.ID)
	return err
}
