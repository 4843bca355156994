// Package intent says what the customer wants. It learns from example
// sentences that people write in YAML, gives a calibrated probability and the
// words that carried the answer, and says nothing when it does not know.
//
// A text becomes hashed counts of words, word pairs and 3 to 5 letter pieces
// of words, weighted by rarity; one linear support vector machine an intent
// scores them. Long utterances are also scored in windows of a few words, so
// that a request is found inside small talk. The probability comes from
// sentences held out in cross-validation, alone and buried in small talk.
// Intents marked as acts (greeting, yes, no) only carry the conversation: they
// yield to every other intent and are never raised as insights.
//
// The package refuses to raise anything for the agent, keeps nothing between
// utterances, and is deterministic: the same set gives the same model.
package intent
