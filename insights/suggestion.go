package insights

// Suggestion is something that the agent's screen advises to offer.
type Suggestion struct {
	ID    string
	Title string // what to do
	Say   string // the words to say
}

// Turn is an utterance with what stood on the agent's screen while it was
// said.
type Turn struct {
	Utterance

	Shown []Suggestion
}

// Answer is what the words on a call tell of a suggestion.
type Answer string

// The answers that there are.
const (
	Offered  Answer = "offered" // the agent put it to the customer
	SaidYes  Answer = "yes"
	SaidNo   Answer = "no"
	SaidWait Answer = "later"
)

// Heard is an answer with the words that it rests on.
type Heard struct {
	Suggestion string // its ID
	Answer     Answer
	Offer      string // the agent's utterance, by id
	Reply      string // the customer's; empty when the suggestion was only offered
}
