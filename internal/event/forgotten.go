package event

// Forgotten is the payload of [CallForgotten].
type Forgotten struct {
	// Utterances are the ids of what was said; the words are gone.
	Utterances []string `json:"utterances"`
}

// Moved is the payload of [CallMoved].
type Moved struct {
	From   string `json:"from"` // the customer who was thought to call
	To     string `json:"to"`
	By     string `json:"by"`
	Shared bool   `json:"shared,omitempty"` // several people use the number
}
