package sentiment

import (
	"slices"

	"heed/insights"
	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// AnnoyedName is the name of the insight that says that the customer is
// annoyed. Its Value is how likely that is; its signal is "mood.annoyed".
const AnnoyedName = insights.Annoyed

// leastTurns is how much a customer must have said before they are called
// annoyed.
const leastTurns = 2

// turned says whether a customer has become annoyed with this utterance. It
// says so once a call.
func (a *Analyzer) turned(u *insights.Utterance, score float64, call *insights.Call) (insights.Insight, bool) {
	if call == nil || score >= 0 || said(call) {
		return insights.Insight{}, false
	}
	turns := append(past(call), reading.Turn{Text: u.Text, Mood: score})
	if len(turns) < leastTurns {
		return insights.Insight{}, false
	}
	odds := oddsOf(a.annoyed, turns)
	if odds < float64(a.annoyed.Outputs[0].Least) {
		return insights.Insight{}, false
	}
	return insights.Insight{
		Kind: insights.Sentiment, Name: AnnoyedName, Value: round(chance(odds)), Confidence: doubted(chance(odds), u),
		Speaker: u.Speaker, Start: u.Start, End: u.End, Model: a.version, UtteranceID: u.ID,
	}, true
}

// said tells whether the customer was called annoyed before.
func said(call *insights.Call) bool {
	return slices.ContainsFunc(call.Insights, func(in insights.Insight) bool {
		return in.Kind == insights.Sentiment && in.Name == AnnoyedName
	})
}

// past gives what the customer said before, with its moods.
func past(call *insights.Call) []reading.Turn {
	moods := make(map[string]float64)
	for _, in := range call.Insights {
		if in.Kind == insights.Sentiment {
			moods[in.UtteranceID] = in.Value
		}
	}
	var turns []reading.Turn
	for i := range slices.Backward(call.Utterances) {
		u := &call.Utterances[i]
		if u.Speaker == insights.Customer {
			turns = append(turns, reading.Turn{Text: u.Text, Mood: moods[u.ID]})
		}
		if len(turns) == reading.MaxTurns {
			break
		}
	}
	slices.Reverse(turns)
	return turns
}

// Annoyed gives how likely it is that a customer who said these things on a
// call, in order, is annoyed.
func (a *Analyzer) Annoyed(said []string) float64 {
	turns := make([]reading.Turn, len(said))
	for i, text := range said {
		score, _ := a.scorer.Score(text)
		turns[i] = reading.Turn{Text: text, Mood: score}
	}
	return chance(oddsOf(a.annoyed, turns))
}

// oddsOf gives the log-odds that a customer who said this is annoyed.
func oddsOf(m *linear.Model, turns []reading.Turn) float64 {
	features, figures := reading.Call(turns)
	var out [1]float64
	m.Score(out[:], features, figures[:])
	return out[0]
}
