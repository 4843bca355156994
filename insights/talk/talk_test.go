package talk

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heed/insights"
)

func said(who insights.Speaker, from, to insights.Seconds, words int) insights.Utterance {
	return insights.Utterance{Speaker: who, Start: from, End: to, Text: strings.TrimSpace(strings.Repeat("w ", words))}
}

// figure gives one value, or NaN.
func figure(found []insights.Insight, name string, who insights.Speaker) float64 {
	i := slices.IndexFunc(found, func(in insights.Insight) bool { return in.Name == name && in.Speaker == who })
	if i < 0 {
		return math.NaN()
	}
	return found[i].Value
}

func TestMeasure(t *testing.T) {
	const a, c = insights.Agent, insights.Customer
	got := Measure([]insights.Utterance{
		said(a, 1, 5, 12),    // answers after a second
		said(c, 5.5, 10, 10), //
		said(a, 8, 9, 1),     // "mhm" while the customer speaks: listening
		said(c, 10, 15, 10),  // the customer goes on: a monologue of 9.5 s
		said(a, 13, 18, 15),  // cuts in, two seconds before the customer ends
		said(c, 25, 26, 2),   // after 7 s in which nobody spoke
	}, 30)
	for _, w := range []struct {
		name string
		who  insights.Speaker
		want float64
	}{
		{"talk_ratio", a, 0.488},
		{"talk_ratio", c, 0.512},
		{"speaking_time", a, 10},
		{"speaking_time", c, 10.5},
		{"words_per_minute", a, 168},
		{"words_per_minute", c, 125.714},
		{"longest_monologue", c, 9.5},
		{"longest_monologue", a, 5},
		{"interruptions", a, 1},
		{"interruptions", c, 0},
		{"overlap", "", 0.1},
		{"dead_air", "", 0.367},
		{"longest_silence", "", 7},
		{"first_answer", a, 1},
	} {
		if got := figure(got, w.name, w.who); math.Abs(got-w.want) > 0.001 {
			t.Errorf("%s of %q is %v, want %v", w.name, w.who, got, w.want)
		}
	}
	for _, in := range got {
		if in.Kind != insights.Talk || in.Model == "" || in.UtteranceID != "" {
			t.Errorf("%+v", in)
		}
		if in.Name == "longest_silence" && (in.Start != 18 || in.End != 25) {
			t.Errorf("the silence was %v..%v", in.Start, in.End)
		}
	}
}

func TestNothingToMeasure(t *testing.T) {
	nan := insights.Seconds(math.NaN())
	for name, us := range map[string][]insights.Utterance{
		"empty":        nil,
		"no length":    {said(insights.Agent, 3, 3, 2)},
		"backwards":    {said(insights.Agent, 3, 1, 2)},
		"no speaker":   {said("", 1, 2, 2)},
		"not a number": {said(insights.Agent, nan, 2, 2), said(insights.Agent, 1, insights.Seconds(math.Inf(1)), 2)},
		"before zero":  {said(insights.Agent, -4, 2, 2)},
	} {
		if got := Measure(us, 10); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestOneSideOnly(t *testing.T) {
	got := Measure([]insights.Utterance{said(insights.Customer, 0, 4, 8)}, 0)
	if v := figure(got, "talk_ratio", insights.Customer); v != 1 {
		t.Errorf("ratio %v", v)
	}
	if v := figure(got, "talk_ratio", insights.Agent); v != 0 {
		t.Errorf("agent's ratio %v", v)
	}
	if v := figure(got, "first_answer", insights.Agent); !math.IsNaN(v) {
		t.Errorf("an agent who said nothing answered after %v s", v)
	}
	if v := figure(got, "overlap", ""); v != 0 {
		t.Errorf("overlap %v", v)
	}
}

// Whatever the order and the times: shares stay within 0..1, both sides'
// shares make one, no time is longer than the call, and order is no matter.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		us := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) insights.Utterance {
			from := rapid.Float64Range(0, 100).Draw(t, "from")
			who := rapid.SampledFrom([]insights.Speaker{insights.Agent, insights.Customer}).Draw(t, "who")
			return said(who, insights.Seconds(from), insights.Seconds(from+rapid.Float64Range(0.01, 30).Draw(t, "for")), rapid.IntRange(0, 40).Draw(t, "words"))
		}), 1, 30).Draw(t, "utterances")
		got := Measure(us, 130)
		for _, in := range got {
			limit := 130.0
			switch in.Name {
			case "talk_ratio", "overlap", "dead_air":
				limit = 1
			case "words_per_minute", "interruptions":
				limit = math.Inf(1)
			}
			if math.IsNaN(in.Value) || in.Value < 0 || in.Value > limit+0.001 {
				t.Fatalf("%s %v", in.Name, in.Value)
			}
		}
		if sum := figure(got, "talk_ratio", insights.Agent) + figure(got, "talk_ratio", insights.Customer); math.Abs(sum-1) > 0.002 {
			t.Fatalf("ratios make %v", sum)
		}
		slices.Reverse(us)
		again := Measure(us, 130)
		for i := range got {
			if math.Abs(got[i].Value-again[i].Value) > 0.002 {
				t.Fatalf("%s: %v, reversed %v", got[i].Name, got[i].Value, again[i].Value)
			}
		}
	})
}

func BenchmarkMeasure(b *testing.B) {
	var us []insights.Utterance
	for i := range 400 {
		who := insights.Agent
		if i%2 == 0 {
			who = insights.Customer
		}
		us = append(us, said(who, insights.Seconds(i*4), insights.Seconds(i*4+5), 12))
	}
	b.ReportAllocs()
	for b.Loop() {
		Measure(us, 1700)
	}
}
