// Package search finds utterances by their words, speaker, intent, theme,
// call and date. It is the only importer of bleve.
//
// An [Index] is a consumer of the event log: Handle takes events in order,
// indexes the spoken utterances among them and writes the number of the last
// event in the same batch, so a crash loses nothing and doubles nothing: what
// the index lacks, the log gives again. A folder that is missing, damaged or
// of another version is emptied and built from the beginning of the log, and
// answers are "partial" until that is done. An utterance is found as soon as
// Handle has returned. One that a person corrected is found by what was said,
// and no longer by what was heard.
//
// # Query language
//
// Words must all occur, in any order, and -refund not at all. In English a
// word is found in all its forms: cancel in "cancelled" and "cancelling" too,
// the form that was typed first. In quotes, "late refund" or "refund", words
// are found as they stand and in this order, and refund* by its beginning.
// speaker:customer or speaker:agent, intent:cancel, theme:late_delivery (or
// theme:"late delivery"), call:ID and date:2026-11-01 or
// date:2026-11-01..2026-11-15 (days in UTC, both included, either left open)
// narrow the search and can be negated too. Without words the newest come
// first. Case does not count.
//
// Words are cut by Unicode's rules and put into lower case; nothing is
// translated or left out, so every script works alike. An utterance whose
// language is en, or en with a country, is indexed by its words and by their
// English stems (Snowball); any other by its words alone. One that names no
// language is in that of [Options]. What does not parse is a [*SyntaxError] with the place and what
// was expected there.
//
// The package stores the text of an utterance, which highlighting needs, and
// no more than it takes to show a hit; its folder is its owner's alone (0700).
// It refuses to count: figures come from the store.
package search
