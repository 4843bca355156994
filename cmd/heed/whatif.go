package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/decisions"
	"heed/internal/whatif"
)

func newWhatIf() *cobra.Command {
	c := &cobra.Command{
		Use: "whatif [CUSTOMER]", Short: "Say what would have been said to a customer at a moment",
		Long: `Ask a running server what it would have said to a customer at a past moment, by
what was known then, and whether that was allowed: in truth, as is known today,
and in good faith, as was known then. Signals and traits can be supposed to see
what would have come of it, and a change can be tried as "heed simulate" tries
it on everybody.

With --decision and no customer it says of a decision of the past what alone
would have put something else first: a rule that took something out, or a
signal on the other side of what a rule asks of it. That is for those who audit
(roles admin and privacy). Nothing is stored.`,
		Example: `  heed whatif 0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90 --at 2026-05-03T10:12:00Z
  heed whatif 0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90 --channel web --set churn_risk:0.2
  heed whatif 0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90 --trait plan:basic --json
  heed whatif 0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90 --change dearer.yaml
  heed whatif --decision 0197a1b2-7d1e-7c44-9a52-0a1b2c3d4e5f`,
	}
	decision := c.Flags().String("decision", "", "id of a decision: what would have changed it?")
	c.Args = func(_ *cobra.Command, args []string) error {
		switch {
		case *decision != "" && len(args) > 0:
			return misuse("a customer or --decision, not both")
		case *decision == "" && len(args) != 1:
			return misuse("which customer? give one id")
		}
		return nil
	}
	moment := c.Flags().String("at", "", "the moment, RFC 3339 (default: now)")
	known := c.Flags().String("known-at", "", "from what was recorded by then (default: the moment itself)")
	channel := c.Flags().String("channel", "agent", "agent, web, app, email, sms, push or call")
	slot := c.Flags().String("slot", "", "slot (default: the channel's usual one)")
	n := c.Flags().Int("n", 0, "at most so many actions, 1 to 20; 0 is as many as the place last asked for by then, or else 3")
	set := c.Flags().StringArray("set", nil, "suppose a signal, such as churn_risk:0.2")
	trait := c.Flags().StringArray("trait", nil, "suppose a trait, such as plan:basic; plan: is unknown")
	change := c.Flags().String("change", "", "YAML file of a change to try, as that of heed simulate, at most 16 KB")
	asJSON := c.Flags().Bool("json", false, "print the answer with its trace as one line of JSON")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if *decision != "" {
			return whatChanges(c, at, *decision, *asJSON)
		}
		q := url.Values{"channel": {*channel}, "n": {strconv.Itoa(*n)}, "set": *set, "trait": *trait}
		if err := supposing(q, map[string]string{"at": *moment, "known_at": *known, "slot": *slot}, *change); err != nil {
			return err
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		a, err := cl.WhatIf(c.Context(), args[0], q)
		if err != nil {
			return asMisuse(err)
		}
		if *asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(a)
		}
		_, err = fmt.Fprint(c.OutOrStdout(), whatIfPage(&a))
		return err
	}
	return c
}

// supposing adds to a query what was given, and the file of a change.
func supposing(q url.Values, given map[string]string, change string) error {
	for name, text := range given {
		if text == "" {
			continue
		}
		if _, err := time.Parse(time.RFC3339, text); err != nil && name != "slot" {
			return misuse("%q is no moment, want RFC 3339 such as 2026-05-03T10:12:00Z", text)
		}
		q.Set(name, text)
	}
	if change != "" {
		raw, err := os.ReadFile(change)
		if err != nil {
			return misuse("--change: %w", err)
		}
		q.Set("change", string(raw))
	}
	return nil
}

// whatChanges prints what would have changed a decision.
func whatChanges(c *cobra.Command, at *target, id string, asJSON bool) error {
	cl, err := at.client()
	if err != nil {
		return err
	}
	e, err := cl.Counterfactuals(c.Context(), id)
	if err != nil {
		return asMisuse(err)
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(e.Auditor.Counterfactuals)
	}
	_, err = fmt.Fprint(c.OutOrStdout(), changesPage(&e))
	return err
}

func changesPage(e *decisions.Explanation) string {
	var p page
	found := e.Auditor.Counterfactuals
	p.line("On %s: %s", e.At.Format(time.RFC3339), e.Auditor.Decision.Because)
	switch {
	case found.Unknown != "":
		p.line("What would have changed it is not known: %s.", found.Unknown)
	case len(found.List) == 0:
		p.line("None of the %d changes that were tried would have put something else first.", found.Tried-1)
	}
	if found.OtherRules {
		p.line("Told by today's rules, which are others and answer the same.")
	}
	p.table("CHANGE\tTHEN\tWAS", len(found.List), func(i int) string {
		f := &found.List[i]
		return fmt.Sprintf("%s\t%s\t%s", f.Change, cmp.Or(f.Then, "silence"), f.Was)
	})
	if found.NotTried > 0 {
		p.line("%d more rules were not tried.", found.NotTried)
	}
	return p.String()
}

// whatIfPage tells an answer.
func whatIfPage(a *whatif.Answer) string {
	var p page
	d := &a.Decision
	p.line("On %s, by what was known on %s, in %s:", a.At.Format(time.RFC3339), a.KnownAt.Format(time.RFC3339), d.Slot)
	p.line("%s", d.Because)
	p.table("RANK\tACTION\tP\tVALUE\tPRIORITY", len(d.Actions), func(i int) string {
		c := &d.Actions[i]
		return fmt.Sprintf("%d\t%s\t%.3f\t%.2f\t%.2f", c.Rank, c.Action, c.P, c.V, c.Priority)
	})
	p.table("NOT CHOSEN\tSTEP\tRULE\tWHY", len(d.NotChosen), func(i int) string {
		e := &d.NotChosen[i]
		return fmt.Sprintf("%s\t%d\t%s\t%s", e.Action, e.Step, e.Rule, e.Why)
	})
	p.table("PURPOSE\tIN TRUTH\tAS KNOWN", len(a.Allowed), func(i int) string {
		w := &a.Allowed[i]
		return fmt.Sprintf("%s\t%s\t%s", w.Purpose, w.AsOf.State, w.KnownAt.State)
	})
	return p.String()
}
