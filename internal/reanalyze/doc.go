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
// What is said of a whole call follows in the commit that ends it: its talk
// figures are measured again from the times that were heard, and its summary
// is made anew when it is one of quotes. A summary that a language model wrote
// stays.
//
// It knows neither HTTP nor the command line.
package reanalyze
