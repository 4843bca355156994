// Package learn makes the models of the package sentiment from labelled text:
// the mood of a sentence, and whether a customer is annoyed. The same rows in
// the same order always give the same model.
package learn
