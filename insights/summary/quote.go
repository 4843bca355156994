package summary

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"heed/insights"
)

// longest is how many words a quote has at most, and aside how many of them
// may stand before and behind what carried it in a longer utterance.
const (
	longest = 32
	aside   = 10
)

// ellipsis marks that a quote leaves something out.
const ellipsis = "…"

// around gives what to quote of a text: all of it when it is short, else the
// words round the spans. Spans that are not of this text are passed over.
func around(text string, spans []insights.Span) insights.Span {
	fields := places(text)
	if len(fields) == 0 {
		return insights.Span{}
	}
	first, last := len(fields), -1
	for _, s := range spans {
		if s.From < 0 || s.To > len(text) || s.From >= s.To {
			continue
		}
		for i, f := range fields {
			if f.To > s.From && f.From < s.To {
				first, last = min(first, i), max(last, i)
			}
		}
	}
	switch {
	case len(fields) <= longest:
		first, last = 0, len(fields)-1
	case last < 0:
		first, last = 0, longest-1
	default:
		first = max(0, first-aside)
		last = min(len(fields)-1, last+aside, first+longest-1)
	}
	return insights.Span{From: fields[first].From, To: fields[last].To}
}

// places gives the words of a text as it separates them.
func places(text string) []insights.Span {
	var out []insights.Span
	from := -1
	for i, r := range text {
		switch space := r == ' ' || r == '\t' || r == '\n'; {
		case space && from >= 0:
			out = append(out, insights.Span{From: from, To: i})
			from = -1
		case !space && from < 0:
			from = i
		}
	}
	if from >= 0 {
		out = append(out, insights.Span{From: from, To: len(text)})
	}
	return out
}

// written gives a stretch of an utterance as people write it, with "…" where
// something of the utterance is left out.
func written(u *insights.Utterance, s insights.Span) string {
	quote, head, tail := u.Text[s.From:s.To], s.From > 0, s.To < len(u.Text)
	if w, cutHead, cutTail, ok := writtenPart(u, s); ok {
		quote, head, tail = w, cutHead, cutTail
	}
	if !utf8.ValidString(quote) {
		quote = strings.ToValidUTF8(quote, "�")
	}
	if head {
		quote = ellipsis + " " + quote
	}
	if tail {
		quote += " " + ellipsis
	}
	return quote
}

// writtenPart finds the tokens of Written that stand for a stretch of Text.
func writtenPart(u *insights.Utterance, s insights.Span) (quote string, head, tail, ok bool) {
	if u.Written == "" {
		return "", false, false, false
	}
	tokens, words := strings.Fields(u.Written), places(u.Text)
	if s.From == 0 && s.To == len(u.Text) || len(tokens) != len(u.WrittenWords) {
		return cut(tokens, len(words) > 0 && (s.From > words[0].From || s.To < words[len(words)-1].To))
	}
	first, last, word := len(tokens), -1, 0
	for i, n := range u.WrittenWords {
		for k := word; k < min(word+max(n, 1), len(words)); k++ {
			if words[k].To > s.From && words[k].From < s.To {
				first, last = min(first, i), max(last, i)
			}
		}
		word += n
	}
	if last < 0 {
		return "", false, false, false
	}
	return strings.Join(tokens[first:last+1], " "), first > 0, last < len(tokens)-1, true
}

// cut gives a text that no stretch of the words can be found in, whole or its
// beginning.
func cut(tokens []string, part bool) (quote string, head, tail, ok bool) {
	if part && len(tokens) > longest {
		return strings.Join(tokens[:longest], " "), false, true, true
	}
	return strings.Join(tokens, " "), false, false, true
}

// telling quotes the customer's turns that say most by the weight of their
// words, in order of time: words that come up again in the call and not in
// every turn of it. It needs no language.
func (r *reader) telling(most int) []insights.SummaryLine {
	in, times := make(map[string]int), make(map[string]int)
	for _, words := range r.words {
		seen := make(map[string]bool, len(words))
		for _, w := range words {
			times[w.Text]++
			if !seen[w.Text] {
				seen[w.Text] = true
				in[w.Text]++
			}
		}
	}
	type turn struct {
		at     int
		weight float64
	}
	var turns []turn
	for i := range r.said {
		if r.said[i].Speaker != insights.Customer || r.used[i] || len(r.words[i]) < shortest {
			continue
		}
		var sum float64
		seen := make(map[string]bool, len(r.words[i]))
		for _, w := range r.words[i] {
			if !seen[w.Text] {
				seen[w.Text] = true
				sum += math.Log(1+float64(times[w.Text])) * math.Log(float64(len(r.said)+1)/float64(in[w.Text]))
			}
		}
		turns = append(turns, turn{i, sum / math.Sqrt(float64(len(r.words[i])+shortest)) * early(i, len(r.said))})
	}
	slices.SortStableFunc(turns, func(a, b turn) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return a.at - b.at
	})
	turns = turns[:min(len(turns), most)]
	slices.SortFunc(turns, func(a, b turn) int { return a.at - b.at })
	var out []insights.SummaryLine
	for _, t := range turns {
		out = append(out, r.line(insights.SummaryIssue, t.at, nil))
	}
	return out
}
