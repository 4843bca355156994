// Package event is the envelope in which every fact is committed, and the
// way in which derived work follows the facts: each consumer tails the log
// from its own cursor.
//
// It holds no storage: internal/store writes events in the same transaction
// as the fact, and implements the needs that this package declares.
package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Type names what happened, in the past tense.
type Type string

// The types of event.
const (
	CallStarted Type = "call.started"
	CallChanged Type = "call.changed" // health, captions paused, loss: shown, never counted
	CallEnded   Type = "call.ended"
	// CallSummarised says what a call that is over was about, again after a
	// correction; its payload is an insights.Summary.
	CallSummarised Type = "call.summarised"
	// CallWrapped is what an agent says of a call that is over; see [WrapUp].
	CallWrapped Type = "call.wrapped"
	// SuggestionsMuted says whether an agent wants suggestions on a call; see
	// [Mute]. They are decided on and kept all the same.
	SuggestionsMuted Type = "suggestions.muted"
	// CallForgotten takes back everything that was said on a call and what was
	// made of it; see [Forgotten].
	CallForgotten Type = "call.forgotten"
	// CallMoved says that the caller is somebody else than was thought; see
	// [Moved].
	CallMoved       Type = "call.moved"
	UtteranceSpoken Type = "utterance.spoken"
	// UtteranceCorrected and CorrectionWithdrawn change how an utterance reads,
	// never what was understood of it; see [Reworded].
	UtteranceCorrected  Type = "utterance.corrected"
	CorrectionWithdrawn Type = "correction.withdrawn"

	// UtteranceReanalyzed changes what was understood of an utterance of a call
	// that is over; see [Reanalyzed].
	UtteranceReanalyzed Type = "utterance.reanalyzed"
	// CallReanalyzed changes what is said of a whole call that is over: its
	// figures, its summary; see [CallRemeasured].
	CallReanalyzed Type = "call.reanalyzed"

	SignalRaised Type = "signal.raised"
	FactObserved Type = "fact.observed"
	// ActivityNoted is something that a person did elsewhere, kept in the
	// timeline only: no signal and no policy reads it.
	ActivityNoted  Type = "activity.noted"
	ProfileChanged Type = "profile.changed"
	// TraitSet and IdentifierSeen tell of a person's properties and of how they
	// are recognised. SignalRevised puts another reading of words in the place
	// of what they raised.
	TraitSet       Type = "trait.set"
	IdentifierSeen Type = "identifier.seen"
	SignalRevised  Type = "signal.revised"
	// ProfileMerged and ProfileUnmerged are about a link between two people.
	ProfileMerged   Type = "profile.merged"
	ProfileUnmerged Type = "profile.unmerged"
	// ProfileCarried holds the profile of a person whose history an older
	// version did not keep.
	ProfileCarried Type = "profile.carried"

	ConsentChanged  Type = "consent.changed"
	DecisionMade    Type = "decision.made"
	OutcomeRecorded Type = "outcome.recorded"
	// OutcomeProposed says what the words on a call tell of a suggestion, and
	// again when that is confirmed or turned out to be misheard; nothing is learnt
	// from it.
	OutcomeProposed Type = "outcome.proposed"
	ThemeEmerged    Type = "theme.emerged"
	// LearningResumed says that an action is learnt from again, on somebody's
	// word; its payload is a learning.Resumed.
	LearningResumed Type = "learning.resumed"
	// CatalogueChanged says that a version of an action or a lever went into
	// another state; its payload says which, by whom and why.
	CatalogueChanged Type = "catalogue.changed"
	// ExperimentEnded says that an arm of the experiments decides no more; its
	// payload is a trial.Ended.
	ExperimentEnded Type = "experiment.ended"
	// FeaturesRefreshed says that the bounds of the model's bins were placed
	// anew; its payload is a bins.Refreshed.
	FeaturesRefreshed Type = "features.refreshed"
	// GateAsked says that a channel asked whether a message may go to a person,
	// and what it was told; nothing of the message is in it.
	GateAsked Type = "gate.asked"
	// ProfileErased says that a person was erased; its payload is the
	// certificate, which tells nothing of the person.
	ProfileErased Type = "profile.erased"
)

// Event is a CloudEvents 1.0 envelope with the log's sequence number added.
type Event struct {
	// Seq is the event's place in the log, given at commit. Zero before.
	Seq int64 `json:"seq"`
	// ID is a UUIDv7.
	ID     string    `json:"id"`
	Type   Type      `json:"type"`
	Source string    `json:"source"` // "/heed" or the door it came through
	Time   time.Time `json:"time"`   // UTC, milliseconds
	// Subject is the call or the customer that it is about. Call is set as
	// well on whatever happened in a call, so a screen can follow one call.
	Subject string          `json:"subject"`
	Call    string          `json:"call,omitempty"`
	Data    json.RawMessage `json:"data"`
}

// Erased says that what the event told was erased with the person whom it
// was about.
func (e Event) Erased() bool { return string(e.Data) == "null" }

// About says whom or what an event concerns: its subject, and the call in
// which it happened, if any.
type About struct{ Subject, Call string }

// New makes an event. It fails only when data does not encode to JSON.
func New(t Type, at time.Time, about About, data any) (Event, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("event %s: %w", t, err)
	}
	return Event{
		ID: NewID(), Type: t, Source: "/heed",
		Time: at.UTC().Truncate(time.Millisecond), Subject: about.Subject, Call: about.Call, Data: raw,
	}, nil
}

// NewID gives a UUIDv7, which sorts by time of making.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// IDAt gives a UUIDv7 that sorts as if it had been made at a moment, for what
// is told of afterwards. Of the same millisecond they sort anyhow.
func IDAt(at time.Time) string {
	id := uuid.Must(uuid.NewV7())
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return id.String()
}
