package event

import "heed/insights"

// Spoken is the payload of [UtteranceSpoken].
type Spoken struct {
	Utterance insights.Utterance `json:"utterance"`
	Insights  []insights.Insight `json:"insights"`
	// Talk is how the conversation goes so far.
	Talk Talk `json:"talk,omitempty"`
}

// Talk holds talk figures by name and, after a dot, the side that they are of,
// such as "talk_ratio.agent" and "dead_air". See package insights/talk.
type Talk map[string]float64

// TalkOf gives the talk figures among insights.
func TalkOf(found []insights.Insight) Talk {
	var t Talk
	for _, in := range found {
		if in.Kind != insights.Talk {
			continue
		}
		if t == nil {
			t = make(Talk)
		}
		name := in.Name
		if in.Speaker != "" {
			name += "." + string(in.Speaker)
		}
		t[name] = in.Value
	}
	return t
}
