package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"heed/internal/replay"
	"heed/internal/simulate"
)

// page is lines and tables for people.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// table prints rows of cells with tabs between them; without rows, nothing.
func (p *page) table(head string, rows int, row func(i int) string) {
	if rows == 0 {
		return
	}
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\n%s\n", head)
	for i := range rows {
		fmt.Fprintln(t, row(i))
	}
	_ = t.Flush() // a builder takes all
}

// printSimulation tells what the change would do, refusals that it lifts first.
func printSimulation(out io.Writer, run *simulate.Run) error {
	r := run.Report
	var p page
	for _, o := range r.Opened {
		p.line("ERROR: %s would be offered to %d people in %d decisions though %s keeps it from them.", o.Action, o.People, o.Decisions, o.Rule)
	}
	p.line("%d decisions about %d people were made again; without the change %d come out as they were logged.", r.Decisions, r.People, r.AsLogged.Same)
	for _, why := range slices.Sorted(maps.Keys(r.AsLogged.Differ)) {
		p.line("  %d do not: %s", r.AsLogged.Differ[why], why)
	}
	p.line("%d would have another first action.", r.Moved)
	p.line("Silence: %.1f %% of decisions, %.1f %% before. Messages and calls out for each person: %.2f, %.2f before.",
		100*r.Silence.After, 100*r.Silence.Before, r.Contacts.After, r.Contacts.Before)
	p.line("Consent keeps out %d candidates, %d before.", r.Excluded.After, r.Excluded.Before)
	p.value(&r.Value)
	for _, a := range r.Alerts {
		p.line("ALERT: %s", a)
	}
	p.tables(r)
	p.line("")
	for _, n := range r.Notes {
		p.line("%s", n)
	}
	_, err := io.WriteString(out, p.String())
	return err
}

// value tells what a decision is worth.
func (p *page) value(v *replay.Value) {
	if v.Refused != "" {
		p.line("Value of a decision: not told, %s.", v.Refused)
	} else {
		p.line("Value of a decision: %.3f (%.3f to %.3f) by DR, %.3f (%.3f to %.3f) by SNIPS; it was %.3f (%.3f to %.3f).",
			v.DR.Value, v.DR.Low, v.DR.High, v.SNIPS.Value, v.SNIPS.Low, v.SNIPS.High, v.Logged.Value, v.Logged.Low, v.Logged.High)
		if v.Warning != "" {
			p.line("  Mind that %s.", v.Warning)
		}
	}
}

// tables are the counts.
func (p *page) tables(r *replay.Report) {
	p.table("FROM\tTO\tDECISIONS", len(r.Movement), func(i int) string {
		m := &r.Movement[i]
		return fmt.Sprintf("%s\t%s\t%d", m.From, m.To, m.Decisions)
	})
	p.table("ACTION\tCHANNEL\tBEFORE\tAFTER", len(r.Volume), func(i int) string {
		v := &r.Volume[i]
		return fmt.Sprintf("%s\t%s\t%d\t%d", v.Action, v.Channel, v.Before, v.After)
	})
	p.table("NEWLY ELIGIBLE FOR\tPEOPLE", len(r.Newly.Actions), func(i int) string {
		return fmt.Sprintf("%s\t%d", r.Newly.Actions[i].Action, r.Newly.Actions[i].People)
	})
	p.table("COHORT\tPEOPLE\tP\tBEFORE\tREACH\tBEFORE\tWORTH\tBEFORE", len(r.Cohorts), func(i int) string {
		c := &r.Cohorts[i]
		return fmt.Sprintf("%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f", c.Value, c.People, c.P.After, c.P.Before, c.Reach.After, c.Reach.Before, c.Worth.After, c.Worth.Before)
	})
}
