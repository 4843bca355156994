// Package tagger finds the words of an utterance that no rule can tell:
// names, addresses, user names, passwords, policy and booking numbers. A
// linear model (multinomial logistic regression over hashed features) gives
// each word a probability for each kind. It looks at the word's shape, its
// first and last letters, two words on both sides, the length of the number
// it is part of, the words that name such data near it, and what the other
// side asked for.
//
// Numbers said as words look to it as digits do, and capitals count only where
// a text has small letters too, so that a transcript reads like a letter.
//
// The committed model is tagger.bin; MODEL.md says what it learned from.
// The package decides nothing: redact compares the probabilities with a
// policy. It keeps no state and no text.
package tagger
