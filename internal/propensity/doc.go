// Package propensity estimates the chance that an action is accepted, learns
// from each outcome at once and says how sure it is. [Model] is hierarchical
// Bayesian logistic regression with independent weights: what all actions
// share, what a group shares and what is one action's own are learnt together,
// so that a new action behaves as its group does. [Rival] is the plain counting
// model that has to be beaten.
//
// It refuses to know a clock, a store or a person: time is what the lessons
// say, the same lessons in the same order give the same bits, and of whom a
// lesson came is kept only as long as it may have to be corrected.
package propensity
