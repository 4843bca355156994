package intent

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A curve finds the logistic curve that the answers were drawn from.
func TestFitCurve(t *testing.T) {
	truth := curve{Weights: evidence{0.8, 0.5, -0.3}, Bias: -1}
	random := rand.New(rand.NewPCG(1, 2))
	var seen []example
	for range 20000 {
		e := evidence{random.NormFloat64() * 3, random.Float64() * cleared, random.Float64() * 3}
		seen = append(seen, example{e, random.Float64() < truth.at(e), 1})
	}
	got := fitCurve(seen)
	for i := range truth.Weights {
		if math.Abs(got.Weights[i]-truth.Weights[i]) > 0.08 {
			t.Errorf("weight %d is %.3f, want %.3f", i, got.Weights[i], truth.Weights[i])
		}
	}
	if math.Abs(got.Bias-truth.Bias) > 0.12 {
		t.Errorf("bias %.3f, want %.3f", got.Bias, truth.Bias)
	}
}

// Whatever came out, the probability is a number from 0 to 1.
func TestJudgeGivesProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.Float64Range(-60, 60)
		seen := rapid.SliceOf(rapid.Custom(func(t *rapid.T) outcome {
			stranger := rapid.Bool().Draw(t, "stranger")
			return outcome{
				evidence: evidenceOf(score.Draw(t, "best"), math.Abs(score.Draw(t, "lead")), rapid.IntRange(1, 99).Draw(t, "words")),
				right:    !stranger && rapid.Bool().Draw(t, "right"), stranger: stranger,
			}
		})).Draw(t, "seen")
		j := judgeBy(seen)
		p := j.probability(evidenceOf(score.Draw(t, "asked"), 1, 5))
		if !(p >= 0 && p <= 1) {
			t.Fatalf("%v gives %v", j, p)
		}
		for _, c := range []caution{careful, forward} {
			if at := c.limit(j, seen); at < c.least || at > c.most+1e-6 {
				t.Fatalf("limit %v", at)
			}
		}
	})
}

// Strangers of the same score make an answer less likely to be right; few of
// them count as the share that is expected in use.
func TestStrangersCountAsExpected(t *testing.T) {
	var seen []outcome
	for i := range 1000 {
		seen = append(seen, outcome{evidence: evidenceOf(5, 3, 5), right: i%10 != 0})
	}
	at := evidenceOf(5, 3, 5)
	alone := judgeBy(seen).probability(at)
	seen = append(seen, outcome{evidence: at, stranger: true})
	with := judgeBy(seen).probability(at)
	if math.Abs(alone-0.9) > 0.02 || math.Abs(with-0.81) > 0.02 {
		t.Errorf("%.3f without strangers, %.3f with", alone, with)
	}
}

// A careful limit drops what is mostly wrong and keeps what is mostly right.
func TestLimits(t *testing.T) {
	var seen []outcome
	for i := range 400 {
		score := float64(i%20) - 10
		seen = append(seen, outcome{evidence: evidenceOf(score, 1, 5), right: score > 1, stranger: score < -5})
	}
	j := judgeBy(seen)
	for name, c := range map[string]caution{"careful": careful, "forward": forward} {
		got := tally(j, seen, c.limit(j, seen))
		if got.kept < 0.9*got.right || got.refused < 0.9*got.out {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSolve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a [4][4]float64
		var x, b [4]float64
		for i := range a { // diagonally dominant and symmetric: positive
			x[i] = rapid.Float64Range(-9, 9).Draw(t, "x")
			a[i][i] = 10
			for j := range i {
				a[i][j] = rapid.Float64Range(-2, 2).Draw(t, "a")
				a[j][i] = a[i][j]
			}
		}
		for i := range a {
			for j := range x {
				b[i] += a[i][j] * x[j]
			}
		}
		for i, got := range solve(a, b) {
			if math.Abs(got-x[i]) > 1e-6 {
				t.Fatalf("x[%d] is %v, want %v", i, got, x[i])
			}
		}
	})
}
