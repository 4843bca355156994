// Package search finds utterances by their words, speaker, intent, theme,
// call and date. It is the only importer of bleve.
//
// An [Index] is a consumer of the event log: Handle takes events in order,
// indexes the spoken utterances among them and writes the number of the last
// event in the same batch, so a crash loses nothing and doubles nothing: what
// the index lacks, the log gives again. A folder that is missing, damaged or
// of another version is emptied and built from the beginning of the log, and
// answers are "partial" until that is done. An utterance is found as soon as
// Handle has returned.
//
// # Query language
//
// Words must all occur, in any order: "late refund" in quotes in this order,
// refund* by its beginning, -refund not at all. speaker:customer or
// speaker:agent, intent:cancel, theme:late_delivery (or theme:"late delivery"),
// call:ID and date:2026-11-01 or date:2026-11-01..2026-11-15 (days in UTC, both
// included, either left open) narrow the search and can be negated too.
// Without words the newest come first. Case does not count.
//
// Words are cut by Unicode's rules and put into lower case; nothing is
// stemmed, translated or left out, so every script works alike. What does not
// parse is a [*SyntaxError] with the place and what was expected there.
//
// The package stores the text of an utterance, which highlighting needs, and
// no more than it takes to show a hit. It refuses to count: figures come from
// the store.
package search
