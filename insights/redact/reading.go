package redact

import (
	"cmp"
	"slices"

	"heed/insights"
)

const (
	readingTail  = 0.3 // seconds silenced behind each utterance of a reading
	readingGap   = 30  // the longest silence inside a reading
	readingStart = 5   // how far before its first word digits may have been missed
	overrun      = 3   // how long a reader goes on while the other speaks
	padFirst     = 0.3 // seconds before the first digit, its time known
	padUnplaced  = 1   // or guessed from the text
	clearWords   = 4   // words that make a clear sentence
	shortWords   = 3   // and that a scrap has at most
)

// reading is a card number that one speaker reads out. A weak recogniser
// drops most of its digits, so that what it hears says where the reading is,
// not what it holds: the audio goes as one stretch.
type reading struct {
	topic    topic            // it was asked for as
	flows    bool             // false: the other side has spoken since
	from, to insights.Seconds // silenced so far
}

// hearing says how the text is to be taken.
func (p *pass) hearing() hearing {
	card := func(t topic) bool { return t == asked || t == cardCode }
	strange := func(t token) bool { return t.class == plain || t.own }
	how := hearing{
		open: p.tail.most, reading: p.flows,
		scrap: p.flows && len(p.tokens) <= shortWords && !slices.ContainsFunc(p.tokens, strange),
	}
	if p.who != insights.Agent {
		how.reading = how.reading || card(p.subject.topic) ||
			slices.ContainsFunc(p.mentions, func(m mention) bool { return card(m.topic) })
	}
	return how
}

// scrap names a run that is too short to be a number by itself and is part of
// a card reading: one that flows, or one that begins with it.
func (p *pass) scrap(i int) string {
	r := &p.runs[i]
	if r.quantity && p.counts(i) || p.idiom(r) {
		return ""
	}
	switch r.topic {
	case nothing, mentioned, asked, cardCode, expiry:
	default:
		return ""
	}
	if !p.flows && !p.opens(i) {
		return ""
	}
	switch r.topic {
	case cardCode:
		return nameCode
	case expiry:
		return nameExpiry
	default:
		return nameCard
	}
}

// opens says that a customer's run begins a card reading. When the agent has
// asked for the number, any digit does, until it has been read once.
func (p *pass) opens(i int) bool {
	r := &p.runs[i]
	if p.who == insights.Agent || r.hard == 0 {
		return false
	}
	switch r.topic {
	case mentioned:
		return r.single && (p.hardNear(i) >= 3 || r.hard == 2 && p.only(r))
	case asked, cardCode:
		wanted := p.subject.by == insights.Agent && !p.subject.read
		return wanted || r.hard > 1 || p.only(r) || p.endsInDigit(r)
	default:
		return false
	}
}

// endsInDigit says that a run ends the text with another digit than "one",
// which is also a word.
func (p *pass) endsInDigit(r *judged) bool {
	return r.ends && p.tokens[r.last].digits != "1"
}

// hardNear counts the digits of a run and of those near it.
func (p *pass) hardNear(i int) int {
	n := p.runs[i].hard
	for j := i; j > 0 && p.near(j-1, j) && p.runs[j-1].single; j-- {
		n += p.runs[j-1].hard
	}
	for j := i; j+1 < len(p.runs) && p.near(j, j+1) && p.runs[j+1].single; j++ {
		n += p.runs[j+1].hard
	}
	return n
}

// counts says that a quantity is one also where a card is read out. It is none
// when it has three digits or more, one by one; when digits follow it that are
// no quantity ("one night two six"); or when it ends the text and is no
// English ("six year").
func (p *pass) counts(i int) bool {
	r, after := &p.runs[i], p.runs[i].last+1
	if r.hard >= 3 && r.single {
		return false
	}
	if i+1 < len(p.runs) && p.runs[i+1].first <= after+1 {
		return p.runs[i+1].quantity
	}
	if after != len(p.tokens)-1 || r.digits == "1" {
		return true
	}
	return !singular[p.tokens[after].word]
}

// idiom says that a run in a sentence is no scrap of digits read out: digits
// that the recogniser wrote as such, or a sum ("four hundred").
func (p *pass) idiom(r *judged) bool {
	if p.remark(r) {
		return true
	}
	if len(p.tokens) <= shortWords {
		return false
	}
	scale := p.tokens[r.last].scale
	return r.written || r.hard <= 1 && (scale == hundred || scale == thousand)
}

// remark says that a run is an exclamation or a "one" that is no number.
func (p *pass) remark(r *judged) bool {
	if r.first == r.last && p.tokens[r.first].word == "oh" {
		return len(p.tokens) > 1
	}
	return r.hard == 1 && p.pronoun(r)
}

// pronoun says that the only digit of a run is such a "one".
func (p *pass) pronoun(r *judged) bool {
	i := r.first
	for p.tokens[i].hard() == 0 {
		i++
	}
	if t := p.tokens[i]; t.digits != "1" || t.scale != units {
		return false
	}
	word := func(i int) string {
		if i < 0 || i >= len(p.tokens) {
			return ""
		}
		return p.tokens[i].word
	}
	return word(i+1) == "moment" || len(p.tokens) > shortWords && (pointing[word(i-1)] || counting[word(i+1)])
}

// pointing and counting are the words before and after such a "one"; never
// changed.
var (
	pointing = wordSet(`the this that which same only other another next new old each every any no first last
		right wrong correct some good great`)
	counting = wordSet("of more thing card account payment charge bill number by at")
	singular = wordSet("year second minute hour day night week month mile person device phone line box")
)

// clear says that a text is a sentence without digits that could be a card's.
func (p *pass) clear() bool {
	if words, said := p.sentenceWords(); words < clearWords || said < 2 {
		return false
	}
	for i := range p.runs {
		r := &p.runs[i]
		if r.reads || !r.quantity && !r.topic.harmless() && !p.idiom(r) {
			return false
		}
	}
	return true
}

// sentenceWords counts the words of the speaker's own sentence, and those that
// are no fillers. "for for for for" is four misheard digits and counts none.
func (p *pass) sentenceWords() (words, said int) {
	for _, t := range p.tokens {
		if t.own || t.guessed {
			continue
		}
		words++
		if t.class != filler {
			said++
		}
	}
	return words, said
}

// mark notes which runs are read off a card: in a text that reads one, every
// run that can be, also before the first that was told from a count.
func (p *pass) mark() {
	for i := range p.runs {
		r := &p.runs[i]
		if p.flows && r.name == "" {
			r.name = p.scrap(i)
		}
		r.reads = p.flows && (r.name == nameCard || r.name == nameCode || r.name == nameExpiry) && !r.topic.harmless()
	}
}

// firstRead gives the first token that is read off a card, or was before it
// was removed; -1 for none.
func (p *pass) firstRead() int {
	first := slices.IndexFunc(p.tokens, func(t token) bool { return t.own && t.word == "card" })
	i := slices.IndexFunc(p.runs, func(r judged) bool { return r.reads })
	if i >= 0 && (first < 0 || p.runs[i].first < first) {
		first = p.runs[i].first
	}
	return first
}

// follow brings the readings of both speakers up to an utterance and gives
// what of their audio must go.
func (r *Redactor) follow(u insights.Utterance, p *pass, before tail) []Mute {
	var mutes []Mute
	if p.clear() {
		mutes = r.interrupt(u)
	}
	own, begun := r.readings[u.Speaker]
	lapsed := u.Start > own.to+readingGap
	first := p.firstRead()
	switch {
	case first >= 0:
		from := r.begin(u, p, first, before)
		if begun && !lapsed && (own.flows || first < clearWords) {
			from = min(from, own.to)
		}
		own = reading{topic: p.subject.topic, flows: true, from: min(from, u.Start), to: u.End + readingTail}
		mutes = append(mutes, Mute{Speaker: u.Speaker, From: from, To: own.to})
		r.readings[u.Speaker] = own
	case begun && (lapsed || p.clear()):
		mutes = append(mutes, r.finish(u, own)...)
	case own.flows:
		mutes = append(mutes, Mute{Speaker: u.Speaker, From: own.to, To: u.End + readingTail})
		own.to = max(own.to, u.End+readingTail)
		r.readings[u.Speaker] = own
	}
	r.heard = max(r.heard, u.End)
	return mutes
}

// finish ends a speaker's own reading before an utterance that is none.
func (r *Redactor) finish(u insights.Utterance, own reading) []Mute {
	delete(r.readings, u.Speaker)
	r.subject.read = r.subject.read || r.subject.topic == own.topic
	if !own.flows {
		return nil
	}
	return []Mute{{Speaker: u.Speaker, From: own.to, To: min(u.Start, own.to+readingGap)}}
}

// interrupt lets a clear sentence end the readings of others: until it began,
// and a little into it, digits may have been said that nobody recognised.
func (r *Redactor) interrupt(u insights.Utterance) []Mute {
	var mutes []Mute
	for who, other := range r.readings {
		if who == u.Speaker || !other.flows || u.Start < other.from {
			continue
		}
		to := max(other.to, min(u.End, u.Start+overrun, other.to+readingGap))
		mutes = append(mutes, Mute{Speaker: who, From: other.to, To: to})
		other.flows, other.to = false, to
		r.readings[who] = other
	}
	return mutes
}

// begin gives where the audio of a reading must go from, when it begins in
// this utterance: from the digits that were kept before it; where it starts
// with digits, from whatever was heard last, for some may have been missed;
// else from its first digit.
func (r *Redactor) begin(u insights.Utterance, p *pass, first int, before tail) insights.Seconds {
	starts := onlyFillers(p.tokens[:first])
	from, _, pad := span(u, placeWords(u), removal{from: p.tokens[first].from, to: len(u.Text)})
	if pad == padGuess {
		from -= padUnplaced
	} else {
		from -= padFirst
	}
	from = max(from, u.Start-padFirst, 0)
	if starts && before.most > 0 {
		return min(from, before.from)
	}
	if before.soft > 0 && u.Start-before.softTo <= numberPause {
		from = min(from, before.soft)
	}
	if starts && (p.subject.topic == asked || p.subject.topic == cardCode) {
		return min(from, max(r.heard, u.Start-readingStart))
	}
	return from
}

// softEnd gives from where to where a word that may be a digit ends an
// utterance ("the number is for"); zeros when none does.
func (p *pass) softEnd(u insights.Utterance) (from, to insights.Seconds) {
	if len(p.tokens) == 0 {
		return 0, 0
	}
	last := p.tokens[len(p.tokens)-1]
	if !last.guessed {
		return 0, 0
	}
	from, _, pad := span(u, placeWords(u), removal{from: last.from, to: last.to})
	return max(u.Start, from-pad), u.End
}

// merge joins mutes that touch, and leaves out empty ones.
func merge(mutes []Mute) []Mute {
	mutes = slices.DeleteFunc(mutes, func(m Mute) bool { return m.To <= m.From })
	slices.SortFunc(mutes, func(a, b Mute) int {
		return cmp.Or(cmp.Compare(a.Speaker, b.Speaker), cmp.Compare(a.From, b.From))
	})
	out := mutes[:0]
	for _, m := range mutes {
		if n := len(out); n > 0 && out[n-1].Speaker == m.Speaker && m.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, m.To)
			continue
		}
		out = append(out, m)
	}
	return out
}
