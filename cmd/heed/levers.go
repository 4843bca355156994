package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"heed/internal/levers"
)

func newLevers() *cobra.Command {
	c := &cobra.Command{
		Use: "levers", Short: "Say what the levers of the business changed and gave up", Args: noArgs,
		Long: `Ask a running server in how many decisions levers changed what comes first, and
what that gave up by the model: the net of what would have come first less the
net of what did, both without levers. By lever, owner and day; levers that have
ended are shown as such. A lever counts where it helped, so shares overlap.

When levers changed too much in the last 7 days (levers.alarm of the policy, 20 %
unless set) the first line says so; the status page does, too.`,
		Example: "  heed levers --since 30d\n  heed levers --since 90d --json",
	}
	at := targetFlags(c)
	since := c.Flags().String("since", "30d", "so many days back, 1d to 400d")
	asJSON := c.Flags().Bool("json", false, "print the report as one line of JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		days, err := strconv.Atoi(strings.TrimSuffix(*since, "d"))
		if err != nil || days < 1 || days > levers.LongestDays {
			return misuse("--since %q: want days such as 30d, 1d to %dd", *since, levers.LongestDays)
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		var r levers.Report
		if err := cl.Read(c.Context(), "/v1/levers?days="+strconv.Itoa(days), &r); err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(r)
		}
		_, err = fmt.Fprint(c.OutOrStdout(), leverPage(&r))
		return err
	}
	return c
}

// leverPage tells a report.
func leverPage(r *levers.Report) string {
	var p page
	if r.Alarm != nil {
		p.line("ALARM: %s\n", r.Alarm.Why)
	}
	p.line("From %s to %s levers changed what comes first in %d of %d decisions (%.1f %%), and gave up %.2f by the model.",
		r.Since, r.Until, r.Flipped, r.Decisions, 100*r.Share, r.GivenUp)
	p.table("LEVER\tPERCENT\tOWNER\tSTATE\tUNTIL\tCHANGED\tSHARE\tGIVEN UP\tREASON", len(r.Levers), func(i int) string {
		l := &r.Levers[i]
		until := "-"
		if !l.Until.IsZero() {
			until = l.Until.Format("2006-01-02")
		}
		return fmt.Sprintf("%s %s\t%+.0f\t%s\t%s\t%s\t%d\t%.1f %%\t%.2f\t%s", l.Scope, l.Name, l.Percent, l.Owner, l.State, until, l.Flipped, 100*l.Share, l.GivenUp, l.Reason)
	})
	p.table("OWNER\tLEVERS\tCHANGED\tGIVEN UP", len(r.Owners), func(i int) string {
		o := &r.Owners[i]
		return fmt.Sprintf("%s\t%d\t%d\t%.2f", o.Owner, o.Levers, o.Flipped, o.GivenUp)
	})
	p.table("DAY\tDECISIONS\tCHANGED\tGIVEN UP", len(r.Days), func(i int) string {
		d := &r.Days[i]
		return fmt.Sprintf("%s\t%d\t%d\t%.2f", d.Day, d.Decisions, d.Flipped, d.GivenUp)
	})
	return p.String()
}
