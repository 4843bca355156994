package intent

import "heed/insights"

func (m *Model) inCall(u *insights.Utterance, call *insights.Call) Prediction {
	return m.Classify(u.Text)
}
