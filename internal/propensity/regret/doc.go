// Package regret is the test of what internal/propensity earns: tens of
// thousands of decisions in a synthetic world, against what the best choice
// would have earned and against the rival.
//
// It has no code, and a place of its own because it is numbers only: each seed
// has a model of its own, and the race detector would make it six times as long
// and find nothing. What of the model is used by several at once is tested, with
// the race detector, beside the model.
package regret
