package transcribe

// Hints tell an engine what a call may be about. They make some words likelier
// and never put words into anybody's mouth: an engine may ignore them.
type Hints struct {
	// Language is BCP 47; empty leaves it to the engine.
	Language string
	// Phrases are words that the caller may say and a general model would
	// miss: product names, competitors, agents, the customer's own name. Plain
	// lower-case words, the most important first; engines take as many as they
	// can.
	Phrases []string
	// Spot are phrases to be listened for beside the transcript, plain
	// lower-case words. What was heard of them is in [Segment.Spots].
	Spot []string
}

// Hinter is implemented by engines that can use hints. With gives an engine
// for one call; it shares everything with the original, which it does not
// change, and needs no Close.
type Hinter interface {
	With(h Hints) Engine
}

// Hint gives e with the hints, or e itself when it cannot use any.
func Hint(e Engine, h Hints) Engine {
	if hinter, ok := e.(Hinter); ok {
		return hinter.With(h)
	}
	return e
}
