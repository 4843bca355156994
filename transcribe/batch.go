package transcribe

// Batcher is implemented by engines that can put work off. What the engine
// given by Batch hears waits whenever somebody else waits: imports, and calls
// that are over. It shares everything with the original and needs no Close.
type Batcher interface {
	Batch() Engine
}

// Batch gives e for work that can wait, or e itself when it knows no
// difference.
func Batch(e Engine) Engine {
	if batcher, ok := e.(Batcher); ok {
		return batcher.Batch()
	}
	return e
}
