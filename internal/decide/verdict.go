package decide

// Verdict says what an outcome tells of an offer: whether it was an answer at
// all, and whether the answer was yes. It is what [Decider.Learn] learns from.
func Verdict(outcome string) (positive, answered bool) { return answer(outcome) }
