package event

import (
	"time"

	"heed/insights"
)

// Correction is what a person says was really said in an utterance. The
// utterance itself stays as it was heard; an utterance has one correction at
// most, the latest.
type Correction struct {
	UtteranceID string           `json:"utterance_id"`
	CallID      string           `json:"call_id"`
	Speaker     insights.Speaker `json:"speaker"`
	Start       insights.Seconds `json:"start"`
	End         insights.Seconds `json:"end"`
	// Heard is the utterance's text as the engine gave it, redacted.
	Heard string `json:"heard"`
	// Text is what was said, as the person wrote it, redacted.
	Text string `json:"text"`
	// Plain is Text as an engine would write it: lower-case words without
	// punctuation. What was removed stays in it as "[card number]".
	Plain    string    `json:"plain"`
	Engine   string    `json:"engine,omitempty"` // that heard it
	Language string    `json:"language,omitempty"`
	Actor    string    `json:"actor"` // the id of who corrected, and
	By       string    `json:"by"`    // their name then
	At       time.Time `json:"at"`
}

// Applied gives the utterance as it reads once corrected: times of single words
// are not known any more, nor which of them a written token stands for.
func (c Correction) Applied(u insights.Utterance) insights.Utterance {
	u.Text, u.Written, u.WrittenWords, u.Words = c.Plain, c.Text, nil, nil
	return u
}

// Reworded is the payload of [UtteranceCorrected] and of
// [CorrectionWithdrawn]: the utterance as it now reads, with what was
// understood of it as it was heard.
type Reworded struct {
	Utterance insights.Utterance `json:"utterance"`
	Insights  []insights.Insight `json:"insights"`
	// Correction is nil when one was taken back.
	Correction *Correction `json:"correction,omitempty"`
	// By is who took it back; of a correction that says it.
	By string `json:"by,omitempty"`
	// Spoken is when the utterance was first committed.
	Spoken time.Time `json:"spoken"`
}

// Rewording is one step in how an utterance came to read as it does.
type Rewording struct {
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"` // empty for one taken back before names were noted
	// Text is what was said, in somebody's words; empty where a correction was
	// taken back and the utterance read as it was heard again.
	Text string `json:"text,omitempty"`
}
