package event

import "heed/insights"

// Reanalyzed is the payload of [UtteranceReanalyzed]: the utterance as it now
// reads with all that is now understood of it.
type Reanalyzed struct {
	Reworded

	// Was is what was understood before and is not any more.
	Was []insights.Insight `json:"was,omitempty"`
	// Run is the reanalysis that did it.
	Run string `json:"run"`
}

// CallRemeasured is the payload of [CallReanalyzed].
type CallRemeasured struct {
	// Figures are those of the call now, and Was those that they replace; both
	// are empty when only the summary changed.
	Figures []insights.Insight `json:"figures,omitempty"`
	Was     []insights.Insight `json:"was,omitempty"`
	// Summary is the model that made the summary anew; empty when it stays.
	Summary string `json:"summary,omitempty"`
	// Run is the reanalysis that did it.
	Run string `json:"run"`
}

// Readings are the types of event that tell how an utterance reads from then
// on and what is understood of it. The payload of each has the fields
// "utterance" and "insights", and all but [UtteranceSpoken] have "spoken".
func Readings() []Type {
	return []Type{UtteranceSpoken, UtteranceCorrected, CorrectionWithdrawn, UtteranceReanalyzed}
}
