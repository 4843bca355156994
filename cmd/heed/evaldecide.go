package main

import (
	"github.com/spf13/cobra"

	"heed/internal/eval/decide"
	"heed/internal/offpolicy/logged"
)

func newEvalDecide() *cobra.Command {
	c := &cobra.Command{
		Use: "decide --log FILE", Short: "Score ways of choosing an offer on a log of decisions",
		Long: `Estimate what other ways of choosing would have earned on decisions that were made
by a policy that explores, without trying them on anybody.

A log has one JSON object a line and may be compressed with gzip; a server gives
its own as GET /v1/decisions/export, with names in the place of people:
  survivors  all that might have been chosen, each with "action", "pi" (the
             probability with which it was to be chosen; they add up to 1), and
             "p", "c", "v", "l" and "priority" where they are known
  chosen     the action that was shown, one of the survivors
  reward     what it brought, in the unit of "v"; or in its place
  outcome    "accepted", "clicked" and "converted" bring the v of what was
             chosen, "rejected" nothing; other outcomes are no answer
  subject    any name that is the same for the same person, so that intervals
             know who answers more than once; may be left out
  at, slot, channel, arm
             may be left out

The policies: "logged" is what the log did, "priority" takes the highest
priority, "propensity" the highest p, "value" the highest v, "no_levers" the
highest p x c x v, "uniform" any, "counting" the highest priority with p by
counts of each action, learnt as the log goes on, and "action:ID" always that
action where it survived.

The line has for each policy "dr" (doubly robust, to go by) and "snips" (the
check), each a mean reward a decision with an interval of 95 % by bootstrap
over subjects, "effective_sample_size", and "warning" where the two differ by
more than 5 % or the log never makes what the policy chooses. Below an effective
sample size of 300 a policy is "refused".`,
		Example: "  heed eval decide --log decisions.jsonl\n  heed eval decide --log decisions.jsonl.gz --policy priority,action:ret.loyalty",
		Args:    noArgs,
	}
	path := c.Flags().String("log", "", "decisions to judge by, one a line")
	policies := c.Flags().StringSlice("policy", []string{"logged", "priority", "propensity", "uniform", "counting"}, "policies to judge: "+logged.Policies)
	seed := c.Flags().Uint64("seed", 1, "of the intervals: the same seed gives the same")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *path == "" {
			return misuse("which log? give --log FILE")
		}
		for _, name := range *policies {
			if _, err := logged.PolicyOf(name); err != nil {
				return misuse("--policy: %w", err)
			}
		}
		lines, err := logged.ReadFile(*path)
		if err != nil {
			return misuse("--log: %w", err)
		}
		m, err := decide.Run(lines, *policies, *seed)
		return printMetrics(c, m, err)
	}
	return c
}
