package insights

// Summary is what a call was about, in a few lines, each of which points at
// the words behind it.
type Summary struct {
	CallID string `json:"call_id"`
	// Lines are in the order of their parts, and of time within a part. They
	// may be none: not every call says something.
	Lines []SummaryLine `json:"lines"`
	// Source is "words" when every line is a quote, else the name of the
	// language model that wrote it.
	Source string `json:"source"`
	// Model names what made it and its version, such as "summary/1".
	Model string `json:"model"`
}

// FromWords is the source of a summary that is made of quotes.
const FromWords = "words"

// SummaryPart says what a line of a summary tells.
type SummaryPart string

// The parts of a summary.
const (
	SummaryIssue   SummaryPart = "issue"     // why the customer called
	SummaryDone    SummaryPart = "done"      // what was done about it
	SummaryPromise SummaryPart = "promise"   // what the agent promised
	SummaryNext    SummaryPart = "next_step" // what happens next, or what the customer does
	SummaryOutcome SummaryPart = "outcome"   // where it was left
)

// SummaryParts gives the parts in the order in which they are read.
func SummaryParts() []SummaryPart {
	return []SummaryPart{SummaryIssue, SummaryDone, SummaryPromise, SummaryNext, SummaryOutcome}
}

// SummaryLine is one line of a summary.
type SummaryLine struct {
	Part SummaryPart `json:"part"`
	// Text is a quote, as people write it; from a language model its sentence.
	Text string `json:"text"`
	// UtteranceID and Start say where it was said.
	UtteranceID string  `json:"utterance_id"`
	Speaker     Speaker `json:"speaker"`
	Start       Seconds `json:"start"`
	// Due is the words that say by when, of a promise or a next step.
	Due string `json:"due,omitempty"`
	// DueOn is when that is, as in [Insight].
	DueOn string `json:"due_on,omitempty"`
}
