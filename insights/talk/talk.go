// Package talk measures how a conversation went by its times alone: who spoke
// how much, over whom, how fast, how long nobody did, and how long the line was
// on hold. It reads no words but counts them, judges nobody, and needs every
// utterance of the call so far; the order in which they came does not matter.
//
// The terms are those of conversation analysis and of contact-centre quality
// reports. A turn begins and ends with a speaker's stretch of speech; a word of
// listening inside the other's turn is a back-channel and no turn (Yngve, "On
// getting a word in edgewise", 1970). An interruption is a start inside the
// other's turn, away from its end, where turns are usually exchanged (Sacks,
// Schegloff and Jefferson, "A simplest systematics for the organization of
// turn-taking", 1974, which puts the exchange at the turn's completion).
package talk

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"heed/insights"
)

// Version names what measures; it is the model of each figure, and changes
// when a figure can.
const Version = "talk/2"

const (
	// shortest overlap that is more than two people breathing, in seconds.
	shortest = 0.3
	// An interruption cuts into at least this much of what the other says; what
	// is shorter, or over in a word or two ("mhm"), is listening.
	interruptsAfter  = 0.5
	interruptsBefore = 0.5
	backChannel      = 1.0
	// silences shorter than this are pauses, not dead air.
	pause = 3.0
	// music shorter than this, or with somebody speaking over it, is a sound in
	// a room and no hold; gaps up to holdGap belong to one hold.
	shortestHold = 5.0
	holdGap      = 3.0
)

// span is a stretch of time, in seconds.
type span struct{ from, to float64 }

func (s span) length() float64 { return s.to - s.from }

// Measure gives the talk insights of a call of a length in seconds, or with
// zero those of a call that goes on, up to its last word. Value holds the figure: shares are 0..1, times are
// seconds, pace is words a minute. Speaker is set where the figure is of one
// side. Figures that cannot be known are left out: an empty call has none.
//
//	talk_ratio         share of the speaking time, a side
//	speaking_time      seconds, a side
//	words_per_minute   while speaking, a side
//	longest_monologue  seconds without the other side, a side; Start and End say when
//	interruptions      count of starts inside the other's speech, a side
//	overlap            share of the call in which both spoke
//	dead_air           share of the call in which nobody spoke for 3 s or more,
//	                   holds left out
//	longest_silence    seconds without a word or a hold; Start and End say when
//	first_answer       seconds from the start to the first word of the agent
//	floor              seconds that the last speaker has gone on without a turn of
//	                   the other side, a side, of a call that goes on; Start says
//	                   since when
//	hold, holds        share of the call on hold, and how often
//	longest_hold       seconds; Start and End say when
//
// Music says where music was on the line, in any order, overlapping or not: a
// hold is 5 s of it or more in which nobody speaks. Music of less, and music
// behind a voice, is left alone. A call without a hold has no figures of hold.
func Measure(us []insights.Utterance, length insights.Seconds, music []insights.Stretch) []insights.Insight {
	sides := map[insights.Speaker][]said{}
	end := float64(length)
	for i := range us {
		u := &us[i]
		if (u.Speaker != insights.Agent && u.Speaker != insights.Customer) || u.End <= u.Start || bad(u) {
			continue
		}
		sides[u.Speaker] = append(sides[u.Speaker], said{span{float64(u.Start), float64(u.End)}, wordsIn(u.Text)})
		end = max(end, float64(u.End))
	}
	if len(sides) == 0 || end <= 0 {
		return nil
	}
	m := measure{end: end, open: length == 0, sides: sides, turns: map[insights.Speaker][]span{}}
	for who, us := range sides {
		m.turns[who] = merge(us)
		m.speech = append(m.speech, m.turns[who]...)
	}
	m.speech = join(m.speech)
	m.holds = holds(music, m.speech, end)
	for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
		m.side(who)
	}
	m.whole()
	return m.out
}

func wordsIn(text string) (n int) {
	for range strings.FieldsSeq(text) {
		n++
	}
	return n
}

// bad says that times are no numbers.
func bad(u *insights.Utterance) bool {
	x := float64(u.Start) + float64(u.End)
	return math.IsNaN(x) || math.IsInf(x, 0) || u.Start < 0
}

// said is an utterance as far as it is measured.
type said struct {
	span

	words int
}

type measure struct {
	end    float64
	open   bool // it goes on
	sides  map[insights.Speaker][]said
	turns  map[insights.Speaker][]span // where each side speaks, joined
	speech []span                      // where anybody speaks, joined
	holds  []span
	out    []insights.Insight
}

func (m *measure) add(name string, who insights.Speaker, value float64, at span) {
	m.out = append(m.out, insights.Insight{
		Kind: insights.Talk, Name: name, Value: round(value), Confidence: 1, Speaker: who,
		Start: insights.Seconds(round(at.from)), End: insights.Seconds(round(at.to)), Model: Version,
	})
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// side measures one speaker.
func (m *measure) side(who insights.Speaker) {
	mine, theirs := m.turns[who], m.turns[other(who)]
	whole := span{0, m.end}
	spoken, all := total(mine), total(mine)+total(theirs)
	m.add("talk_ratio", who, spoken/all, whole)
	m.add("speaking_time", who, spoken, whole)
	if spoken == 0 {
		return
	}
	words := 0
	for _, u := range m.sides[who] {
		words += u.words
	}
	if words > 0 {
		m.add("words_per_minute", who, float64(words)/spoken*60, whole)
	}
	longest := monologue(mine, theirs)
	m.add("longest_monologue", who, longest.length(), longest)
	m.add("interruptions", who, float64(interruptions(m.sides[who], theirs)), whole)
}

// whole measures what belongs to both.
func (m *measure) whole() {
	whole := span{0, m.end}
	agent, customer := m.turns[insights.Agent], m.turns[insights.Customer]
	both := 0.0
	for _, s := range intersect(agent, customer) {
		if s.length() >= shortest {
			both += s.length()
		}
	}
	m.add("overlap", "", both/m.end, whole)
	m.silent(whole)
	if len(agent) > 0 {
		m.add("first_answer", insights.Agent, agent[0].from, span{0, agent[0].from})
	}
	if m.open {
		m.floor(agent, customer)
	}
	m.onHold(whole)
}

// silent measures where nobody speaks and nobody was told to wait.
func (m *measure) silent(whole span) {
	dead, longest := 0.0, span{}
	busy := join(slices.Concat(m.speech, m.holds))
	for _, s := range gaps(busy, m.speech[0].from, m.end) {
		if s.length() >= pause {
			dead += s.length()
		}
		longest = longer(longest, s)
	}
	m.add("dead_air", "", dead/m.end, whole)
	m.add("longest_silence", "", longest.length(), longest)
}

// floor says who goes on at the end, and since when.
func (m *measure) floor(agent, customer []span) {
	who, mine, theirs := insights.Agent, agent, customer
	if len(mine) == 0 || len(theirs) > 0 && lastTurn(theirs) > lastTurn(mine) {
		who, mine, theirs = insights.Customer, customer, agent
	}
	run := mine[len(mine)-1]
	for _, s := range slices.Backward(mine[:len(mine)-1]) {
		if breaks(theirs, s.from, run.to) {
			break
		}
		run.from = s.from
	}
	m.add("floor", who, run.length(), run)
}

// lastTurn is when a side's last turn ended; one that only ever listened has
// had none.
func lastTurn(spans []span) float64 {
	for _, s := range slices.Backward(spans) {
		if s.length() > backChannel {
			return s.to
		}
	}
	return -1
}

func (m *measure) onHold(whole span) {
	if len(m.holds) == 0 {
		return
	}
	var longest span
	for _, s := range m.holds {
		longest = longer(longest, s)
	}
	m.add("hold", "", total(m.holds)/m.end, whole)
	m.add("holds", "", float64(len(m.holds)), whole)
	m.add("longest_hold", "", longest.length(), longest)
}

func longer(a, b span) span {
	if b.length() > a.length() {
		return b
	}
	return a
}

// holds gives where music plays and nobody speaks for long enough.
func holds(music []insights.Stretch, speech []span, end float64) []span {
	var spans []span
	for _, s := range music {
		from, to := max(0, float64(s.Start)), min(end, float64(s.End))
		if to > from { // false for what is no number, too
			spans = append(spans, span{from, to + holdGap})
		}
	}
	spans = join(spans)
	for i := range spans {
		spans[i].to -= holdGap
	}
	return slices.DeleteFunc(intersect(spans, gaps(speech, 0, end)), func(s span) bool { return s.length() < shortestHold })
}

func other(who insights.Speaker) insights.Speaker {
	if who == insights.Agent {
		return insights.Customer
	}
	return insights.Agent
}

// merge joins utterances into stretches of speech, in order.
func merge(us []said) []span {
	spans := make([]span, len(us))
	for i, u := range us {
		spans[i] = u.span
	}
	return join(spans)
}

func join(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

func total(spans []span) float64 {
	sum := 0.0
	for _, s := range spans {
		sum += s.length()
	}
	return sum
}

// intersect gives where two rows of stretches cover each other.
func intersect(a, b []span) []span {
	var out []span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		from, to := max(a[i].from, b[j].from), min(a[i].to, b[j].to)
		if to > from {
			out = append(out, span{from, to})
		}
		if a[i].to < b[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

// monologue gives the longest row of a side's stretches that no turn of the
// other side breaks; a short "mhm" inside does not.
func monologue(mine, theirs []span) span {
	var longest span
	j := 0
	for i := 0; i < len(mine); {
		run := mine[i]
		for i++; i < len(mine); i++ {
			for j < len(theirs) && theirs[j].to <= run.from {
				j++
			}
			if breaks(theirs[j:], run.from, mine[i].to) {
				break
			}
			run.to = mine[i].to
		}
		if run.length() > longest.length() {
			longest = run
		}
	}
	return longest
}

func breaks(theirs []span, from, to float64) bool {
	for _, t := range theirs {
		if t.from >= to {
			return false
		}
		if t.length() > backChannel && t.to > from {
			return true
		}
	}
	return false
}

// interruptions counts utterances that begin while the other side speaks and
// has not nearly finished, and that are more than a word of listening.
func interruptions(mine []said, theirs []span) int {
	count := 0
	for _, u := range mine {
		if u.length() <= backChannel {
			continue
		}
		i, _ := slices.BinarySearchFunc(theirs, u.from, func(s span, at float64) int { return cmp.Compare(s.to, at) })
		if i < len(theirs) && theirs[i].from+interruptsAfter <= u.from && theirs[i].to-interruptsBefore >= u.from {
			count++
		}
	}
	return count
}

// gaps gives what lies between spans that are joined, from and to included.
func gaps(spans []span, from, to float64) []span {
	var out []span
	for _, s := range spans {
		if s.from > from {
			out = append(out, span{from, min(s.from, to)})
		}
		from = max(from, s.to)
	}
	if to > from {
		out = append(out, span{from, to})
	}
	return out
}
