// Package talk measures how a conversation went by its times alone: who spoke
// how much, over whom, how fast, and how long nobody did. It reads no words
// but counts them, judges nobody, and needs every utterance of the call.
package talk

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"heed/insights"
)

const (
	model = "talk/1"
	// shortest overlap that is more than two people breathing, in seconds.
	shortest = 0.3
	// An interruption cuts into at least this much of what the other says; what
	// is shorter, or over in a word or two ("mhm"), is listening.
	interruptsAfter  = 0.5
	interruptsBefore = 0.5
	backChannel      = 1.0
	// silences shorter than this are pauses, not dead air.
	pause = 3.0
)

// span is a stretch of time, in seconds.
type span struct{ from, to float64 }

func (s span) length() float64 { return s.to - s.from }

// Measure gives the talk insights of a call of a length in seconds (zero: up
// to the last word). Value holds the figure: shares are 0..1, times are
// seconds, pace is words a minute. Speaker is set where the figure is of one
// side. Figures that cannot be known are left out: an empty call has none.
//
//	talk_ratio         share of the speaking time, a side
//	speaking_time      seconds, a side
//	words_per_minute   while speaking, a side
//	longest_monologue  seconds without the other side, a side; Start and End say when
//	interruptions      count of starts inside the other's speech, a side
//	overlap            share of the call in which both spoke
//	dead_air           share of the call in which nobody spoke for 3 s or more
//	longest_silence    seconds; Start and End say when
//	first_answer       seconds from the start to the first word of the agent
func Measure(us []insights.Utterance, length insights.Seconds) []insights.Insight {
	sides := map[insights.Speaker][]insights.Utterance{}
	end := float64(length)
	for _, u := range us {
		if (u.Speaker != insights.Agent && u.Speaker != insights.Customer) || u.End <= u.Start || bad(u) {
			continue
		}
		sides[u.Speaker] = append(sides[u.Speaker], u)
		end = max(end, float64(u.End))
	}
	if len(sides) == 0 || end <= 0 {
		return nil
	}
	m := measure{end: end, sides: sides}
	for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
		m.side(who)
	}
	m.whole()
	return m.out
}

// bad says that times are no numbers.
func bad(u insights.Utterance) bool {
	x := float64(u.Start) + float64(u.End)
	return math.IsNaN(x) || math.IsInf(x, 0) || u.Start < 0
}

type measure struct {
	end   float64
	sides map[insights.Speaker][]insights.Utterance
	out   []insights.Insight
}

func (m *measure) add(name string, who insights.Speaker, value float64, at span) {
	m.out = append(m.out, insights.Insight{
		Kind: insights.Talk, Name: name, Value: round(value), Confidence: 1, Speaker: who,
		Start: insights.Seconds(round(at.from)), End: insights.Seconds(round(at.to)), Model: model,
	})
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// side measures one speaker.
func (m *measure) side(who insights.Speaker) {
	mine, theirs := merge(m.sides[who]), merge(m.sides[other(who)])
	whole := span{0, m.end}
	spoken, all := total(mine), total(mine)+total(theirs)
	m.add("talk_ratio", who, spoken/all, whole)
	m.add("speaking_time", who, spoken, whole)
	if spoken == 0 {
		return
	}
	words := 0
	for _, u := range m.sides[who] {
		words += len(strings.Fields(u.Text))
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
	agent, customer := merge(m.sides[insights.Agent]), merge(m.sides[insights.Customer])
	both := 0.0
	for _, s := range intersect(agent, customer) {
		if s.length() >= shortest {
			both += s.length()
		}
	}
	m.add("overlap", "", both/m.end, whole)
	var longest span
	dead := 0.0
	for _, s := range silences(m.sides, m.end) {
		if s.length() >= pause {
			dead += s.length()
		}
		if s.length() > longest.length() {
			longest = s
		}
	}
	m.add("dead_air", "", dead/m.end, whole)
	m.add("longest_silence", "", longest.length(), longest)
	if len(agent) > 0 {
		m.add("first_answer", insights.Agent, agent[0].from, span{0, agent[0].from})
	}
}

func other(who insights.Speaker) insights.Speaker {
	if who == insights.Agent {
		return insights.Customer
	}
	return insights.Agent
}

// merge joins utterances into stretches of speech, in order.
func merge(us []insights.Utterance) []span {
	spans := make([]span, len(us))
	for i, u := range us {
		spans[i] = span{float64(u.Start), float64(u.End)}
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
func interruptions(mine []insights.Utterance, theirs []span) int {
	count := 0
	for _, u := range mine {
		from := float64(u.Start)
		if float64(u.End)-from <= backChannel {
			continue
		}
		i, _ := slices.BinarySearchFunc(theirs, from, func(s span, at float64) int { return cmp.Compare(s.to, at) })
		if i < len(theirs) && theirs[i].from+interruptsAfter <= from && theirs[i].to-interruptsBefore >= from {
			count++
		}
	}
	return count
}

// silences gives where nobody speaks, from the first word on.
func silences(sides map[insights.Speaker][]insights.Utterance, end float64) []span {
	var spans []span
	for _, us := range sides {
		spans = append(spans, merge(us)...)
	}
	spans = join(spans)
	var out []span
	for i, s := range spans {
		next := end
		if i+1 < len(spans) {
			next = spans[i+1].from
		}
		if next > s.to {
			out = append(out, span{s.to, next})
		}
	}
	return out
}
