// Package search finds utterances by their words, by what was understood of
// them and by the calls in which they were said. It is the only importer of bleve.
//
// There is an index a month, by when calls began, behind one alias: a month is
// merged and, one day, dropped without the others.
//
// An [Index] is a consumer of the event log: Handle takes events in order,
// indexes the spoken utterances among them and writes the number of the last
// event in the last batch, so a crash loses nothing and doubles nothing: what
// the index lacks, the log gives again. A folder that is missing, damaged or
// of another version is emptied and built from the beginning of the log, and
// answers are "partial" until that is done. An utterance is found as soon as
// Handle has returned. One that a person corrected is found by what was said,
// and no longer by what was heard.
//
// # Query language
//
// Words must all occur, in any order. A word is found in all its
// forms: cancel in "cancelled" and "cancelling" too, the form that was typed
// first. Case does not count.
//
//	"late refund"         the words as they stand, in this order
//	"late refund"~5       near each other in any order, at most 5 words between (3 without a number)
//	refund*               words that begin so
//	refund~ refund~2      words with a letter or two that differ, the first one right
//	a AND b, a OR b       AND may be left out; OR binds least
//	NOT a, -a, ( )        up to 12 brackets inside each other
//	a then b, a then<20s b   b after a in the same call, whoever speaks, within
//	                      30 s or what is said; the utterance found is b's
//
// A field narrows the search; every field can be negated too.
//
//	speaker:customer      or agent
//	intent:cancel theme:"late delivery" moment:promise language:ar call:ID
//	sentiment:<-0.3       the customer's mood in it, -1 to 1; >, <=, >=, and -1..-0.5
//	entity.money:>100     a sum that was named; entity.order_number:A20417 and
//	                      other types as they are written
//	date:2026-11-01..2026-11-15   days in UTC, both included, either left open;
//	                      today and yesterday too
//	at:<60s               where in the call it begins; 2m, 1h, 30s..90s
//	first:agent           what that party said first in its call
//
// Others are of the whole call, known to the last when it is over:
//
//	duration:>10m silence:>20s hold:>1m   its length, its longest silence and hold
//	agent:"dana fox" direction:inbound platform:twilio customer:ID
//	outcome:accepted action:offer.discount   what came of a suggestion, and of which
//	began:2026-11-01 began:2026-11-01T09:00Z..2026-11-01T10:00Z   when; a range of
//	                      moments does not include its end
//	source:google medium:cpc campaign:"fibre spring" queue:sales   where it came from
//	keyword:"fibre deal" landing:fibre   words of what was searched, of the page
//
// Names of fields of either kind may end in a star: campaign:fibre* begins so, and
// campaign:* says that there is one; NOT campaign:* finds the calls without.
//
// Without words the newest come first. Then, first and what is of the whole call
// look at more than one utterance, so a [Filter] refuses them. What does not parse is a [*SyntaxError]
// with the place and what was expected there; a field that does not exist is
// answered with the one that was perhaps meant.
//
// Words are cut by Unicode's rules and put into lower case; nothing is
// translated or left out, so every script works alike. An utterance is indexed
// by its words and by their stems in its language, of the twenty that bleve has
// stems for; any other, such as Armenian, by its words alone. One that names no
// language is in that of [Options].
//
// The package stores the text of an utterance, which highlighting needs, and
// no more than it takes to show a hit; its folder is its owner's alone (0700).
// It refuses to count: figures come from the store.
package search
