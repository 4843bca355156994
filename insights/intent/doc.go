// Package intent says what the customer wants. It learns from example
// sentences that people write in YAML, gives a calibrated probability and the
// words that carried the answer, and says nothing when it does not know.
//
// A text becomes hashed counts of words, word pairs and 2 to 5 letter pieces
// of words, weighted by rarity, and beside them the vector that an encoder
// makes of it, if there is one. The name of an intent counts as one more
// example of it. A linear support vector machine an intent and a softmax over
// all, added, score that. Texts longer than the examples are also scored in
// windows of a few words, so that a request is found inside small talk. The
// probability comes from sentences held out in cross-validation, alone and
// buried in small talk: that the text is in scope, times that the answer is
// right. Intents marked as acts (greeting, yes, no) only carry the
// conversation: they yield to every other intent and are never raised as
// insights.
//
// In a call, a yes to the agent's question counts as what was asked, with less
// confidence, and what the customer surely wanted before is heard sooner.
//
// Where examples have several intents ([Learn]), the model answers any number
// ([Model.Labels]).
//
// The package refuses to raise anything for the agent, keeps nothing between
// utterances, and is deterministic: the same set gives the same model.
package intent
