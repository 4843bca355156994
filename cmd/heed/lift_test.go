package main

import (
	"bytes"
	"testing"

	"heed/internal/experiment"
)

func TestLiftIsReadable(t *testing.T) {
	t.Parallel()
	r := experiment.Report{
		Arms: []experiment.Tally{{Arm: "nba", Decisions: 900, People: 800, Accepted: experiment.Rate{Mean: 0.125}, Reward: experiment.Rate{Mean: 1.5}}},
		Lifts: []experiment.Lift{{
			Question: "Does engaging add anything at all?", Arm: "nba", Against: "holdout",
			Reward: experiment.Rate{Mean: 0.5, Low: 0.1, High: 0.9}, P: 0.012, Verdict: "nba brings 0.50 more a decision.",
		}},
		Stop: []experiment.Stop{{Arm: "pushy", Why: "opt-outs rose from 0.00 % to 2.50 %"}},
	}
	const want = `ARM  DECISIONS  PEOPLE  ACCEPTED  VALUE EACH  SILENCE  OPT-OUTS
nba  900        800     12.5 %    1.50        0 %      0.00 %

Does engaging add anything at all?
  nba against holdout: +0.50 (0.10 to 0.90), p = 0.012. nba brings 0.50 more a decision.

pushy has to end: opt-outs rose from 0.00 % to 2.50 %
`
	var b bytes.Buffer
	if err := printLift(&b, r); err != nil || b.String() != want {
		t.Errorf("%v\n%s", err, b.String())
	}
	b.Reset()
	if err := printLift(&b, experiment.Report{}); err != nil || b.String() != "No decisions in this time.\n" {
		t.Errorf("%v %q", err, b.String())
	}
	heed(t, "lift", "--data", t.TempDir()).want(t, 1)
	heed(t, "lift", "--days", "many").want(t, 2)
}
