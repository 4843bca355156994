package talk

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heed/insights"
)

func spoke(who insights.Speaker, from, to insights.Seconds, words int) insights.Utterance {
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
		spoke(a, 1, 5, 12),    // answers after a second
		spoke(c, 5.5, 10, 10), //
		spoke(a, 8, 9, 1),     // "mhm" while the customer speaks: listening
		spoke(c, 10, 15, 10),  // the customer goes on: a monologue of 9.5 s
		spoke(a, 13, 18, 15),  // cuts in, two seconds before the customer ends
		spoke(c, 25, 26, 2),   // after 7 s in which nobody spoke
	}, 30, nil)
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

func TestHold(t *testing.T) {
	const a, c = insights.Agent, insights.Customer
	us := []insights.Utterance{spoke(a, 1, 5, 10), spoke(c, 6, 10, 10), spoke(a, 50, 52, 5), spoke(c, 60, 70, 20)}
	got := Measure(us, 80, []insights.Stretch{
		{Start: 12, End: 30}, {Start: 32, End: 48}, // one hold, with a gap in the tune
		{Start: 53, End: 55.5},                        // too short
		{Start: 59, End: 71},                          // a radio behind the customer's voice
		{Start: 90, End: 95},                          // after the end
		{Start: 13, End: 20},                          // heard on the other side, too
		{Start: insights.Seconds(math.NaN()), End: 3}, // no time
	})
	for name, want := range map[string]float64{
		"hold": 36.0 / 80, "holds": 1, "longest_hold": 36, "dead_air": 18.0 / 80, "longest_silence": 10,
	} {
		if got := figure(got, name, ""); math.Abs(got-want) > 0.001 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if v := figure(Measure(us, 80, nil), "hold", ""); !math.IsNaN(v) {
		t.Errorf("a call without music was on hold for %v", v)
	}
	if v := figure(Measure(us, 80, nil), "longest_silence", ""); v != 40 {
		t.Errorf("without the hold the longest silence is %v, want 40", v)
	}
}

func TestFloor(t *testing.T) {
	const a, c = insights.Agent, insights.Customer
	for name, x := range map[string]struct {
		us   []insights.Utterance
		who  insights.Speaker
		want float64
	}{
		"goes on over mhm":   {[]insights.Utterance{spoke(c, 0, 5, 9), spoke(a, 6, 20, 40), spoke(c, 12, 12.5, 1), spoke(a, 21, 40, 50)}, a, 34},
		"was answered":       {[]insights.Utterance{spoke(a, 6, 20, 40), spoke(c, 21, 24, 9)}, c, 3},
		"mhm is no answer":   {[]insights.Utterance{spoke(a, 6, 20, 40), spoke(c, 21, 21.4, 1)}, a, 14},
		"heard late":         {[]insights.Utterance{spoke(a, 21, 40, 50), spoke(a, 6, 20, 40)}, a, 34},
		"only ever listened": {[]insights.Utterance{spoke(c, 1, 1.5, 1)}, c, 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			got := Measure(x.us, 0, nil)
			if v := figure(got, "floor", x.who); math.Abs(v-x.want) > 0.001 {
				t.Errorf("the %s has had the floor for %v s, want %v", x.who, v, x.want)
			}
			if v := figure(got, "floor", other(x.who)); !math.IsNaN(v) {
				t.Errorf("both have the floor")
			}
		})
	}
}

func TestNothingToMeasure(t *testing.T) {
	nan := insights.Seconds(math.NaN())
	for name, us := range map[string][]insights.Utterance{
		"empty":        nil,
		"no length":    {spoke(insights.Agent, 3, 3, 2)},
		"backwards":    {spoke(insights.Agent, 3, 1, 2)},
		"no speaker":   {spoke("", 1, 2, 2)},
		"not a number": {spoke(insights.Agent, nan, 2, 2), spoke(insights.Agent, 1, insights.Seconds(math.Inf(1)), 2)},
		"before zero":  {spoke(insights.Agent, -4, 2, 2)},
	} {
		if got := Measure(us, 10, nil); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestOneSideOnly(t *testing.T) {
	got := Measure([]insights.Utterance{spoke(insights.Customer, 0, 4, 8)}, 0, nil)
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
			return spoke(who, insights.Seconds(from), insights.Seconds(from+rapid.Float64Range(0.01, 30).Draw(t, "for")), rapid.IntRange(0, 40).Draw(t, "words"))
		}), 1, 30).Draw(t, "utterances")
		music := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) insights.Stretch {
			from := rapid.Float64Range(-10, 140).Draw(t, "music")
			return insights.Stretch{Start: insights.Seconds(from), End: insights.Seconds(from + rapid.Float64Range(-1, 60).Draw(t, "plays"))}
		}), 0, 5).Draw(t, "musics")
		got := Measure(us, 130, music)
		for _, in := range got {
			limit := 130.0
			switch in.Name {
			case "talk_ratio", "overlap", "dead_air", "hold":
				limit = 1
			case "words_per_minute", "interruptions", "holds":
				limit = math.Inf(1)
			}
			if math.IsNaN(in.Value) || in.Value < 0 || in.Value > limit+0.001 {
				t.Fatalf("%s %v", in.Name, in.Value)
			}
		}
		speaking := 0.0
		for who := range map[insights.Speaker]bool{insights.Agent: true, insights.Customer: true} {
			if v := figure(got, "speaking_time", who); !math.IsNaN(v) {
				speaking += v
			}
		}
		if h, d := figure(got, "hold", ""), figure(got, "dead_air", ""); !math.IsNaN(h) && 130*(h+d) > 130-speaking/2+0.2 {
			t.Fatalf("hold %v and dead air %v of 130 s, beside %v s of speech", h, d, speaking)
		}
		if sum := figure(got, "talk_ratio", insights.Agent) + figure(got, "talk_ratio", insights.Customer); math.Abs(sum-1) > 0.002 {
			t.Fatalf("ratios make %v", sum)
		}
		slices.Reverse(us)
		slices.Reverse(music)
		again := Measure(us, 130, music)
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
		us = append(us, spoke(who, insights.Seconds(i*4), insights.Seconds(i*4+5), 12))
	}
	b.ReportAllocs()
	for b.Loop() {
		Measure(us, 1700, nil)
	}
}
