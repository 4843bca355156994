package event

// Forgotten is the payload of [CallForgotten].
type Forgotten struct {
	// Utterances are the ids of what was said; the words are gone.
	Utterances []string `json:"utterances"`
}
