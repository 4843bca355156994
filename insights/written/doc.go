// Package written writes what was heard as people write it: "i pay fifty four
// dollars" becomes "I pay $54." It is for reading. Whatever understands a call
// reads the words as they were heard, and those stay as they are.
//
// # What it does
//
// English only (en, en-US, en-GB and so on); of any other language, and of text
// that has capitals or sentence marks already, it writes nothing and the words
// as heard are shown. It adds capitals and the marks . , and ?, and it writes
//
//	numbers    from ten on, and all of them beside a unit, a sum or a percent
//	money      $54, $4.50, £20 (pounds are money in Britain and Ireland only)
//	dates      May 4th, 2026; the 4th of May; the order is as it was said
//	times      3:30 PM, 3:30 pm in Britain, 3 o'clock
//	digits     telephone numbers in the country's groups, others in one piece
//	letters    USB, KELLER; "b as in bravo" is B among other letters
//	addresses  jane.doe@example.com, www.example.com/help
//
// # What it does not
//
// It leaves no word out and adds none. Hesitations stay, between commas. A
// stretch that it does not understand is written in the words that were heard:
// "one of them" stays, and so does "b as in dog", because one of the two was
// misheard. What the redactor removed ("[card number]") passes untouched.
//
// Pauses of a third of a second and more are taken as a hint that something
// ends there, never as a proof: people stop in the middle of a phrase. Rules
// and no model: neither a maintained Go library for this nor enough punctuated
// text of our own to learn from was there.
package written
