// Package reanalyze runs the present analyzers over history: over what was
// said on calls that are over, as it was heard and redacted.
//
// It reads one call after the other in the order of their start, compares
// what is understood now with what was, and replaces only what differs. An
// insight made by an analyzer that does not run now stays, and so does every
// correction by a person. Each call is committed with how far the run came,
// in transactions of a few utterances: a run that was killed goes on where it
// was, ends in the same state, and raises nothing twice. Live calls are left
// out; they are read by the present analyzers anyway.
//
// It reads utterances only: figures of whole calls (talk) are left as they
// were measured. It knows neither HTTP nor the command line.
package reanalyze
