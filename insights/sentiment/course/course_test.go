package course

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
)

func at(second insights.Seconds, value float64) insights.Insight {
	return insights.Insight{Kind: insights.Sentiment, Name: "negative", Speaker: insights.Customer, Start: second, Value: value}
}

func TestOf(t *testing.T) {
	annoyed := at(20, 0.7)
	annoyed.Name = insights.Annoyed
	agent := at(5, -1)
	agent.Speaker = insights.Agent
	got := Of([]insights.Insight{at(30, 1), at(10, 0.5), at(20, -0.5), annoyed, agent, {Kind: insights.Intent, Speaker: insights.Customer}})
	second := insights.Seconds(20)
	want := &Course{
		Points:    []Moment{{10, 0.5}, {20, 0.1}, {30, 0.46}},
		Low:       Moment{20, 0.1},
		Last:      0.46,
		AnnoyedAt: &second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoMoodIsNoCourse(t *testing.T) {
	if got := Of([]insights.Insight{{Kind: insights.Theme}}); got != nil {
		t.Errorf("got %+v", got)
	}
}

// The smoothed mood stays between the moods that it is made of, and the low
// point is its lowest.
func TestSmoothingInventsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 30).Draw(t, "values")
		var found []insights.Insight
		least, most := math.Inf(1), math.Inf(-1)
		for i, v := range values {
			found = append(found, at(insights.Seconds(i), v))
			least, most = min(least, v), max(most, v)
		}
		c := Of(found)
		for _, p := range c.Points {
			if p.Value < least-0.001 || p.Value > most+0.001 || p.Value < c.Low.Value {
				t.Fatalf("%v of %v, low %v", p, values, c.Low)
			}
		}
	})
}
