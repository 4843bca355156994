package entity

import (
	"strconv"
	"strings"
	"unicode"

	"heed/insights"
)

// maxWords bounds the work on one utterance: the rest of a longer one is not
// read.
const maxWords = 2000

// token is what one or more words of an utterance stand for, written out.
type token struct {
	text string // "$54", "4th", "Maria"
	low  string // the same in lower case
	span insights.Span
	// ends tells that a comma or the like was behind it.
	ends bool
}

// heard is a word of the text without the marks around it.
type heard struct {
	text string
	span insights.Span
	ends bool // ends a sentence
	rest bool // has a comma behind it
}

// split gives the tokens of each sentence. What the redactor put there ends a
// sentence, too.
func (a *Analyzer) split(u *insights.Utterance, call *insights.Call) [][]token {
	english := speaksEnglish(u, call)
	var out [][]token
	var words []heard
	flush := func() {
		if len(words) > 0 {
			out = append(out, a.tokens(u, call, words, english))
		}
		words = words[:0]
	}
	inside, n := false, 0
	for from, part := range fields(u.Text) {
		if n++; n > maxWords {
			break
		}
		if strings.HasPrefix(part, "[") {
			inside = true
			flush()
		}
		if inside {
			inside = !strings.HasSuffix(strings.TrimRight(part, ".,?!;:"), "]")
			continue
		}
		w := bare(part, from)
		if w.text != "" {
			words = append(words, w)
		}
		if w.ends {
			flush()
		}
	}
	flush()
	return out
}

// fields gives the words of a text with the bytes where they begin.
func fields(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		start := -1
		for i, r := range text {
			if !unicode.IsSpace(r) {
				if start < 0 {
					start = i
				}
				continue
			}
			if start >= 0 && !yield(start, text[start:i]) {
				return
			}
			start = -1
		}
		if start >= 0 {
			yield(start, text[start:])
		}
	}
}

// bare takes the marks off a word.
func bare(part string, from int) heard {
	text := strings.TrimLeft(part, `"'(¿¡“‘«`)
	from += len(part) - len(text)
	trimmed := strings.TrimRight(text, `.,?!;:"')…”’»`)
	w := heard{text: trimmed, span: insights.Span{From: from, To: from + len(trimmed)}}
	tail := text[len(trimmed):]
	w.rest = strings.ContainsAny(tail, ",;:")
	w.ends = strings.ContainsAny(tail, "?!") || strings.Contains(tail, ".") && !abbreviation(trimmed)
	return w
}

// abbreviation tells a word whose stop ends no sentence.
func abbreviation(word string) bool {
	return within(strings.ToLower(word), "p.m a.m mr mrs ms dr st no rd ave nr tel")
}

// speaksEnglish tells whether spoken forms can be read.
func speaksEnglish(u *insights.Utterance, call *insights.Call) bool {
	language := u.Language
	if language == "" {
		language = call.Language
	}
	tag, _, _ := strings.Cut(language, "-")
	return tag == "" || strings.EqualFold(tag, "en")
}

// tokens writes a sentence out.
func (a *Analyzer) tokens(u *insights.Utterance, call *insights.Call, words []heard, english bool) []token {
	out := make([]token, 0, len(words))
	if !english {
		for _, w := range words {
			out = append(out, token{text: w.text, low: strings.ToLower(w.text), span: w.span, ends: w.rest})
		}
		return out
	}
	said, origin := spokenOut(words)
	text, counts := a.writer.Write(&insights.Utterance{Language: tagOf(u, a.regionOf(call)), Text: said})
	at, k := 0, 0
	for part := range strings.FieldsSeq(text) {
		t := token{text: strings.TrimRight(part, ".,?")}
		t.low = strings.ToLower(t.text)
		switch n := counts[k]; {
		case n > 0:
			first, last := words[origin[at]], words[origin[at+n-1]]
			t.span, t.ends = insights.Span{From: first.span.From, To: last.span.To}, last.rest
			at += n
		case len(out) > 0:
			t.span, t.ends = out[len(out)-1].span, out[len(out)-1].ends
			out[len(out)-1].ends = false
		}
		k++
		out = append(out, t)
	}
	return out
}

// spokenOut gives a sentence as it was spoken, without capitals, and for each
// word of it the one of words that it comes from.
func spokenOut(words []heard) (text string, origin []int) {
	var b strings.Builder
	origin = make([]int, 0, len(words)+4)
	for i, w := range words {
		for part := range strings.FieldsSeq(saidAs(strings.ToLower(w.text))) {
			if len(origin) > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(part)
			origin = append(origin, i)
		}
	}
	return b.String(), origin
}

// tagOf gives the language in which a sentence is written out.
func tagOf(u *insights.Utterance, region string) string {
	if strings.Contains(u.Language, "-") {
		return u.Language
	}
	return "en-" + region
}

// ones and tens are how digits are said that an engine wrote; never changed.
var (
	ones = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
		sixteen seventeen eighteen nineteen`)
	tens = strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
)

// months are the short forms that nothing else is; never changed.
var months = map[string]string{
	"jan": "january", "feb": "february", "apr": "april", "jun": "june", "jul": "july", "aug": "august", "sep": "september", "sept": "september",
	"oct": "october", "nov": "november", "dec": "december",
}

// saidAs gives numbers of one or two digits in words, so that they are read as
// those are; "05" is "oh five". "3:30pm" is taken apart.
func saidAs(w string) string {
	if long := months[w]; long != "" {
		return long
	}
	if len(w) > 2 && within(w[len(w)-2:], "am pm") && madeOf(w[:len(w)-2], "0123456789:.") {
		return saidAs(w[:len(w)-2]) + " " + w[len(w)-2:]
	}
	if len(w) > 2 || !madeOf(w, "0123456789") {
		if strings.ContainsAny(w, ",’") {
			w = strings.ReplaceAll(strings.ReplaceAll(w, ",", ""), "’", "'")
		}
		return w
	}
	v, _ := strconv.Atoi(w) // two digits at most
	switch {
	case len(w) == 2 && v < 10:
		return "oh " + ones[v]
	case v < len(ones):
		return ones[v]
	case v%10 == 0:
		return tens[v/10-2]
	}
	return tens[v/10-2] + " " + ones[v%10]
}
