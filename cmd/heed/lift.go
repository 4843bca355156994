package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"heed/internal/experiment"
)

func newLift() *cobra.Command {
	c := &cobra.Command{
		Use: "lift", Short: "Say what the decisions were worth, against control groups", Args: noArgs,
		Long: `Compare what the policy decides with what control groups get: a random relevant
offer, the likeliest one, no levers, no ranking, a drawn chance, no marketing at
all, and each challenger. Every arm keeps every rule that protects a customer.

A call counts as one decision. Intervals are of 95 % over people. The p-value
may be looked at each day without harm. The arms are set by
content-experiments; "heed serve --content-experiments none" has none.`,
		Example: "  heed lift --days 90",
	}
	at := targetFlags(c)
	days := c.Flags().Int("days", 30, "so many days back, 1 to 400")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cl, err := at.client()
		if err != nil {
			return err
		}
		var r experiment.Report
		if err := cl.Read(c.Context(), "/v1/experiments/lift?days="+strconv.Itoa(*days), &r); err != nil {
			return err
		}
		return printLift(c.OutOrStdout(), r)
	}
	return c
}

func printLift(w io.Writer, r experiment.Report) error {
	if len(r.Arms) == 0 {
		_, err := fmt.Fprintln(w, "No decisions in this time.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ARM\tDECISIONS\tPEOPLE\tACCEPTED\tVALUE EACH\tSILENCE\tOPT-OUTS")
	for _, a := range r.Arms {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%.1f %%\t%.2f\t%.0f %%\t%.2f %%\n",
			a.Arm, a.Decisions, a.People, 100*a.Accepted.Mean, a.Reward.Mean, 100*a.Silence.Mean, 100*a.OptOuts.Mean)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range r.Lifts {
		if _, err := fmt.Fprintf(w, "\n%s\n  %s against %s: %+.2f (%.2f to %.2f), p = %.3f. %s\n",
			l.Question, l.Arm, l.Against, l.Reward.Mean, l.Reward.Low, l.Reward.High, l.P, l.Verdict); err != nil {
			return err
		}
	}
	for _, s := range r.Stop {
		if _, err := fmt.Fprintf(w, "\n%s has to end: %s\n", s.Arm, s.Why); err != nil {
			return err
		}
	}
	return nil
}
