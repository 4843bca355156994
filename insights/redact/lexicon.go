package redact

import "strings"

// class says what a token means to a run of digits.
type class uint8

const (
	plain  class = iota // ends a run
	filler              // said between digits without ending the run
	number              // carries digits
	soft                // a digit only among digits: "oh", "for", "to"
	factor              // "double", "triple": repeats the next digit
	unit                // makes the number before it a quantity
	month               // makes the number beside it a date
)

// number kinds that need joining to their neighbours.
type scale uint8

const (
	literal  scale = iota // digits as they stand
	units                 // "four"
	teens                 // "eleven"
	tens                  // "forty", waits for a unit
	hundred               // "hundred"
	thousand              // "thousand"
)

// lexeme is what the lexicon knows of a word.
type lexeme struct {
	class  class
	scale  scale
	digits string
	times  int  // of a factor
	plural bool // "ones": "three ones" is 111
}

// lexicon is built once from the tables below and never changed.
var lexicon = buildLexicon()

func buildLexicon() map[string]lexeme {
	m := make(map[string]lexeme, 300)
	put := func(l lexeme, words string) {
		for w := range strings.FieldsSeq(words) {
			m[w] = l
		}
	}
	put(lexeme{class: filler}, `uh um uhm umm erm er ah eh hm hmm mm mhm huh well so and then okay ok yeah yes
		yep right dash hyphen space dot point slash sorry no wait like let me see next it's its is that's
		i mean followed by again actually comma a moment hold on stop please sir ma'am madam correction`)
	put(lexeme{class: month}, `january february march april may june july august september october november
		december jan feb mar apr jun jul aug sept sep oct nov dec`)
	put(lexeme{class: unit}, `dollar dollars buck bucks cent cents euro euros pound pounds quid pence penny percent usd eur gbp
		percentage second seconds minute minutes hour hours day days night nights week weeks month months year
		years am pm clock gigabyte gigabytes gig gigs gb megabyte megabytes meg megs mb megabits mbps kilobyte
		times time people persons users lines devices phones items boxes pieces parcels packages miles mile
		kilometers kilometres meters metres feet inches inch degrees kilos kg grams digit digits units bedroom
		letters points stars channels rooms floors steps working business kroner crowns st nd rd th
		street road avenue lane drive episodes pages o'clock cards payments accounts charges transactions bills
		calls orders contracts`)
	words := strings.Fields("zero one two three four five six seven eight nine")
	for d, w := range words {
		put(lexeme{class: number, scale: units, digits: string(rune('0' + d))}, w)
		put(lexeme{class: number, scale: units, digits: string(rune('0' + d)), plural: true}, w+"s")
	}
	put(lexeme{class: number, scale: units, digits: "0"}, "nought naught nil")
	put(lexeme{class: number, scale: units, digits: "0", plural: true}, "zeroes")
	put(lexeme{class: number, scale: units, digits: "9"}, "niner")
	put(lexeme{class: number, scale: units, digits: "6", plural: true}, "sixes")
	put(lexeme{class: number, scale: units, digits: "5"}, "fife")
	for i, w := range strings.Fields(`ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen`) {
		put(lexeme{class: number, scale: teens, digits: "1" + string(rune('0'+i))}, w)
	}
	for i, w := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		put(lexeme{class: number, scale: tens, digits: string(rune('2'+i)) + "0"}, w)
	}
	put(lexeme{class: number, scale: hundred, digits: "00"}, "hundred hundreds")
	put(lexeme{class: number, scale: thousand, digits: "000"}, "thousand thousands")
	put(lexeme{class: factor, times: 2}, "double")
	put(lexeme{class: factor, times: 3}, "triple treble")
	put(lexeme{class: factor, times: 4}, "quadruple")
	for d, w := range map[string]string{
		"0": "oh o owe", "1": "won wan", "2": "to too", "3": "tree free", "4": "for fore far", "8": "ate",
	} {
		put(lexeme{class: soft, scale: units, digits: d}, w)
	}
	return m
}

// wordSet is a table of words, built once and never changed.
func wordSet(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
