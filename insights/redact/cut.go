package redact

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"heed/insights"
)

const (
	padWords = 0.05 // seconds round words whose times are known
	padGuess = 0.4  // seconds round a place guessed from the text

	misheard    = 2 // words that a digit may be taken for
	numberPause = 3 // seconds that one number may pause for between utterances
)

// removal is a stretch of the old text, in bytes, that a name replaces.
type removal struct {
	from, to int
	name     string
	shown    string // its last letters or digits, when the policy masks only
}

// token is what stands in the text instead.
func (c removal) token() string {
	name := strings.ReplaceAll(c.name, "_", " ")
	if c.shown != "" {
		return "[" + name + " ending " + c.shown + "]"
	}
	return "[" + name + "]"
}

// cuts gives the stretches to remove, in order and apart. Runs of one name
// with only fillers between are one, and so are those of a reading with a word
// or two between: such as the recogniser makes of a digit.
func (p *pass) cuts() []removal {
	var cuts []removal
	for i, r := range p.runs {
		if r.name == "" {
			continue
		}
		c := removal{from: p.tokens[r.first].from, to: p.tokens[r.last].to, name: r.name}
		if n := len(cuts); n > 0 && i > 0 && cuts[n-1].name == c.name && p.touch(&p.runs[i-1], &r) {
			cuts[n-1].to = c.to
			continue
		}
		cuts = append(cuts, c)
	}
	cuts = joinCuts(cuts, p.others)
	for i := range cuts {
		p.mask(&cuts[i])
	}
	return cuts
}

// joinCuts adds what was found beside the runs: a cut that overlaps one of
// those grows, and keeps its name.
func joinCuts(cuts, others []removal) []removal {
	for _, o := range others {
		i, _ := slices.BinarySearchFunc(cuts, o, func(c, o removal) int { return cmp.Compare(c.to, o.from+1) })
		if i == len(cuts) || cuts[i].from >= o.to {
			cuts = slices.Insert(cuts, i, o)
			continue
		}
		j := i + 1
		for j < len(cuts) && cuts[j].from < o.to {
			j++
		}
		cuts[i].from = min(cuts[i].from, o.from)
		cuts[i].to = max(cuts[j-1].to, o.to)
		if cuts[i].name == nameCard && o.name == nameBank {
			cuts[i].name = nameBank
		}
		cuts = slices.Delete(cuts, i+1, j)
	}
	return cuts
}

// leastMasked is how long a value must be for its end to tell little.
const leastMasked = 7

// mask notes what of a stretch may be shown.
func (p *pass) mask(c *removal) {
	rule := p.policy.rule(p.who, c.name)
	if rule.action != mask {
		return
	}
	var value []byte
	done := c.from
	for i := range p.runs {
		from, to := p.tokens[p.runs[i].first].from, p.tokens[p.runs[i].last].to
		if from < done || to > c.to {
			continue
		}
		value = append(value, letters(p.text[done:from])...)
		value, done = append(value, p.runs[i].digits...), to
	}
	value = append(value, letters(p.text[done:c.to])...)
	if len(value) >= leastMasked {
		c.shown = string(value[len(value)-rule.shown:])
	}
}

// letters gives the plain letters and digits of a text.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// touch says that two runs are one removal.
func (p *pass) touch(a, b *judged) bool {
	between := p.tokens[a.last+1 : b.first]
	return onlyFillers(between) || a.reads && b.reads && len(between) <= misheard
}

// replace puts tokens in place of stretches, widened to whole words, and says
// where the tokens stand in the new text. The cuts come back widened; one that
// shares a word with the cut before it is joined to that and comes back empty.
func replace(text string, cuts []removal) (string, []insights.Span) {
	if len(cuts) == 0 {
		return text, nil
	}
	var b strings.Builder
	var spans []insights.Span
	done, before := 0, 0
	for i := range cuts {
		c := &cuts[i]
		c.from, c.to = widen(text, c.from, c.to)
		if c.from < done {
			done = max(done, c.to)
			cuts[before].to = done
			c.from, c.to = done, done
			continue
		}
		before = i
		b.WriteString(text[done:c.from])
		at := b.Len()
		b.WriteString(c.token())
		spans = append(spans, insights.Span{From: at, To: b.Len()})
		done = c.to
	}
	b.WriteString(text[done:])
	return b.String(), spans
}

// widen grows a stretch to the spaces round it.
func widen(text string, from, to int) (int, int) {
	for from > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:from])
		if unicode.IsSpace(r) {
			break
		}
		from -= n
	}
	for to < len(text) {
		r, n := utf8.DecodeRuneInString(text[to:])
		if unicode.IsSpace(r) {
			break
		}
		to += n
	}
	return from, to
}

// cut applies a pass to an utterance.
func cut(u insights.Utterance, p *pass, before tail) (insights.Utterance, []insights.Insight, []Mute) {
	places := placeWords(u)
	cuts := p.cuts()
	if len(cuts) == 0 {
		if places == nil && numbersIn(u) {
			u.Words = nil // they are not the words that were judged
		}
		return u, nil, nil
	}
	old := u.Text
	text, spans := replace(old, cuts)
	var found []insights.Insight
	var mutes []Mute
	if before.most > 0 && len(p.runs) > 0 && p.runs[0].starts && p.runs[0].name != "" {
		m := Mute{Speaker: u.Speaker, From: before.from, To: before.to}
		if u.Start-m.To <= numberPause {
			m.To = max(m.To, u.Start) // digits may have been missed between
		}
		mutes = append(mutes, m)
	}
	i := 0
	for _, c := range cuts {
		if c.to <= c.from {
			continue
		}
		from, to, pad := span(u, places, c)
		found = append(found, insights.Insight{
			Kind: insights.Redacted, Name: c.name, Confidence: 1, Speaker: u.Speaker,
			Start: from, End: to, Evidence: spans[i : i+1 : i+1], Model: p.policy.model, UtteranceID: u.ID,
		})
		mutes = append(mutes, Mute{Speaker: u.Speaker, From: max(u.Start, from-pad), To: min(u.End, to+pad)})
		i++
	}
	u.Text = text
	u.Words = swapWords(u.Words, places, cuts)
	return u, found, mutes
}

// placeWords gives where each word stands in the text, or nil when the words
// are not the text's.
func placeWords(u insights.Utterance) []insights.Span {
	if len(u.Words) == 0 {
		return nil
	}
	places := make([]insights.Span, 0, len(u.Words))
	at := 0
	for _, w := range u.Words {
		for at < len(u.Text) {
			r, n := utf8.DecodeRuneInString(u.Text[at:])
			if !unicode.IsSpace(r) {
				break
			}
			at += n
		}
		word := w.Text
		if word == "" || !strings.HasPrefix(u.Text[at:], word) {
			return nil
		}
		places = append(places, insights.Span{From: at, To: at + len(word)})
		at += len(word)
	}
	if strings.TrimSpace(u.Text[at:]) != "" {
		return nil
	}
	return places
}

// span gives the time of a stretch and how sure it is (as padding).
func span(u insights.Utterance, places []insights.Span, c removal) (from, to, pad insights.Seconds) {
	for i, at := range places {
		if at.To <= c.from || at.From >= c.to {
			continue
		}
		if to == 0 {
			from = u.Words[i].Start
		}
		to = max(to, u.Words[i].End)
	}
	if to > from {
		return from, to, padWords
	}
	length := insights.Seconds(max(len(u.Text), 1))
	each := (u.End - u.Start) / length
	return u.Start + each*insights.Seconds(c.from), u.Start + each*insights.Seconds(c.to), padGuess
}

// swapWords puts one word in place of those that a cut covers. Words that are
// not the text's are dropped: what was judged is the text.
func swapWords(words []insights.Word, places []insights.Span, cuts []removal) []insights.Word {
	if places == nil {
		return nil
	}
	out := make([]insights.Word, 0, len(words))
	k, open := 0, false
	for i, w := range words {
		for k < len(cuts) && (cuts[k].to <= places[i].From || cuts[k].to <= cuts[k].from) {
			k, open = k+1, false
		}
		if k == len(cuts) || cuts[k].from >= places[i].To {
			out = append(out, w)
			continue
		}
		if !open {
			out = append(out, insights.Word{Text: cuts[k].token(), Start: w.Start, End: w.End, Confidence: 1})
			open = true
			continue
		}
		out[len(out)-1].End = w.End
	}
	return out
}

// numbersIn says whether any word holds a digit or names a number.
func numbersIn(u insights.Utterance) bool {
	for _, w := range u.Words {
		for _, t := range tokenize(w.Text, wordsOf(u.Language)) {
			if t.class == number || t.class == factor {
				return true
			}
		}
	}
	return false
}
