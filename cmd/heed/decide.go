package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/client"
	"heed/internal/decide"
	"heed/internal/decisions"
	csvsheet "heed/internal/sheet"
)

func newDecide() *cobra.Command {
	c := &cobra.Command{
		Use: "decide", Short: "Ask what the next best action for a customer is", Args: subcommandOf,
		Long: `Ask a running server what it would suggest to a customer in a slot, and print
the ranking, why, and what was not chosen and why. Nothing is kept of it unless
--keep is given.`,
		Example: "  heed decide --customer 0193b1c2-7d1e-7c44-9a52-0a1b2c3d4e5f --slot web.banner\n" +
			"  heed decide batch --all --slot outbound.email > decisions.jsonl",
	}
	var ask client.Ask
	keep := c.Flags().Bool("keep", false, "keep the decision, as when a channel asks")
	asJSON := c.Flags().Bool("json", false, "print the whole decision as JSON")
	c.Flags().StringVar(&ask.CustomerID, "customer", "", "id of the customer")
	c.Flags().StringVar(&ask.Slot, "slot", "agent.desk", "the place that asks, such as web.banner")
	c.Flags().StringVar(&ask.Channel, "channel", "", "channel, where the slot has more than one: email, sms, call or push")
	c.Flags().StringVar(&ask.Language, "language", "", "language of the words to be shown, such as en")
	c.Flags().IntVar(&ask.N, "n", 0, "at most so many actions, 1 to 20; 0 is as many as the slot shows")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if ask.CustomerID == "" {
			return misuse("name the customer: --customer ID")
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		ask.DryRun = !*keep
		d, err := cl.Decide(c.Context(), ask)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(d)
		}
		return printDecision(c.OutOrStdout(), d)
	}
	c.AddCommand(newDecideBatch())
	return c
}

// printDecision writes a decision for people.
func printDecision(out io.Writer, d decide.Decision) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "%s\n", d.Because)
	if len(d.Actions) > 0 {
		_, _ = fmt.Fprintf(w, "\nRANK\tACTION\tP\tC\tV\tL\tPRIORITY\tWHY\n")
	}
	for i := range d.Actions {
		a := &d.Actions[i]
		_, _ = fmt.Fprintf(w, "%d\t%s\t%.3f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\n", a.Rank, a.Action, a.P, a.C, a.V, a.L, a.Priority, a.Because)
	}
	if len(d.NotChosen) > 0 {
		_, _ = fmt.Fprintf(w, "\nNOT CHOSEN\tSTEP\tRULE\tWHY\n")
	}
	for _, e := range d.NotChosen {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", e.Action, e.Step, e.Rule, e.Why)
	}
	return w.Flush() // it tells of every failed write before it
}

// batchFlags are those of "heed decide batch".
type batchFlags struct {
	client.Selection

	customers  []string
	all, csv   bool
	trait      string
	theme      string
	since      string
	hold       time.Duration
	keep       bool
	after      string
	decided    int
	failed     int
	lastResume string
}

func newDecideBatch() *cobra.Command {
	var f batchFlags
	c := &cobra.Command{
		Use: "batch", Short: "Decide for many customers", Args: noArgs,
		Long: `Have a running server decide for many customers, and write a line for each: JSON,
or with --csv a table. A customer who fails is a line with the reason. When it is
cut off, it says which --after goes on from there; the server decides for at most
20 customers again then. Nothing is kept unless --keep is given; with --hold each
message waits in a slot, where it is decided again as things change.`,
		Example: "  heed decide batch --all --slot outbound.email --csv > decisions.csv\n" +
			"  heed decide batch --trait region=north --slot outbound.sms --keep > decisions.jsonl\n" +
			"  heed decide batch --theme rule_late --since 2026-11-01T00:00:00Z --hold 48h --keep",
	}
	c.Flags().StringSliceVar(&f.customers, "customer", nil, "ids of customers, separated by commas")
	c.Flags().BoolVar(&f.all, "all", false, "all customers")
	c.Flags().StringVar(&f.trait, "trait", "", "customers with a trait, as NAME=VALUE")
	c.Flags().StringVar(&f.theme, "theme", "", "customers who called about a theme, by its id")
	c.Flags().StringVar(&f.since, "since", "", "with --theme: who said something of it at or after this moment, RFC 3339")
	c.Flags().DurationVar(&f.hold, "hold", 0, "with --keep: open a slot for each customer for so long, up to 720h")
	c.Flags().StringVar(&f.Slot, "slot", "outbound.email", "the place that asks")
	c.Flags().StringVar(&f.Channel, "channel", "", "channel, where the slot has more than one")
	c.Flags().IntVar(&f.N, "n", 1, "at most so many actions for each, 1 to 20")
	c.Flags().BoolVar(&f.csv, "csv", false, "write a table of comma-separated values")
	c.Flags().BoolVar(&f.keep, "keep", false, "keep the decisions, as when a channel asks")
	c.Flags().StringVar(&f.after, "after", "", "go on from here, as an earlier run said")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := f.choose(); err != nil {
			return err
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		return f.run(c.Context(), cl, newTerminal(c.OutOrStdout(), c.ErrOrStderr()))
	}
	return c
}

// choose makes the selection of the flags.
func (f *batchFlags) choose() error {
	chosen := f.chosen()
	if len(chosen) != 1 {
		return misuse("choose by one of --customer, --theme ID, --trait NAME=VALUE and --all")
	}
	if _, err := time.Parse(time.RFC3339, f.since); f.since != "" && (err != nil || f.theme == "") {
		return misuse("--since %q: want a moment, RFC 3339 such as 2026-11-01T00:00:00Z, and --theme", f.since)
	}
	if f.hold != 0 && (!f.keep || f.hold < time.Second) {
		return misuse("--hold goes with --keep, and is a second at least")
	}
	f.Selection.Selection, f.DryRun, f.After, f.Hold = chosen, !f.keep, f.after, int(f.hold/time.Second)
	return nil
}

// chosen gives each way of choosing that the flags use.
func (f *batchFlags) chosen() map[string]any {
	chosen := map[string]any{}
	if len(f.customers) > 0 {
		chosen["customer_ids"] = f.customers
	}
	if f.all {
		chosen["all"] = true
	}
	if name, value, isTrait := strings.Cut(f.trait, "="); isTrait && name != "" {
		chosen["trait"] = map[string]any{"name": name, "value": scalar(value)}
	}
	if f.theme != "" {
		theme := map[string]any{"id": f.theme}
		if f.since != "" {
			theme["since"] = f.since
		}
		chosen["theme"] = theme
	}
	return chosen
}

// scalar reads a trait's value as it would be stored.
func scalar(s string) any {
	if b, err := strconv.ParseBool(s); err == nil && len(s) > 1 {
		return b
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	return s
}

// run writes the lines as they come.
func (f *batchFlags) run(ctx context.Context, cl *client.Client, t *terminal) error {
	write := f.lines(t.out)
	err := cl.DecideAll(ctx, f.Selection, func(l decisions.Line) error {
		if p := l.Progress; p != nil {
			f.decided, f.failed, f.lastResume = p.Done, p.Failed, p.After
			t.count("customers", p.Done, p.Total)
			return nil
		}
		return write(l)
	})
	t.done()
	if err != nil && f.lastResume != "" {
		return errors.Join(err, fmt.Errorf("go on with --after %s", f.lastResume))
	}
	_, _ = fmt.Fprintf(t.err, "%d customers, %d failed\n", f.decided, f.failed) // for people: nobody may look
	return err
}

// lines gives what writes a line of the answer, as JSON or as CSV.
func (f *batchFlags) lines(out io.Writer) func(decisions.Line) error {
	if !f.csv {
		enc := json.NewEncoder(out)
		return func(l decisions.Line) error { return enc.Encode(l) }
	}
	w := csv.NewWriter(out)
	header := []string{"customer_id", "decision_id", "rank", "action", "title", "p", "priority", "because", "error"}
	return func(l decisions.Line) error {
		if header != nil {
			_ = w.Write(header) // Error tells below
			header = nil
		}
		for _, row := range rowsOf(l) {
			for i := range row {
				row[i] = csvsheet.Plain(row[i])
			}
			_ = w.Write(row)
		}
		w.Flush()
		return w.Error()
	}
}

// rowsOf gives a row for each action, or one for silence and for a failure.
func rowsOf(l decisions.Line) [][]string {
	d := l.Decision
	if d == nil {
		return [][]string{{l.CustomerID, "", "", "", "", "", "", "", l.Error}}
	}
	if len(d.Actions) == 0 {
		return [][]string{{l.CustomerID, d.ID, "", "", "", "", "", d.Because, ""}}
	}
	rows := make([][]string, len(d.Actions))
	for i := range d.Actions {
		a := &d.Actions[i]
		rows[i] = []string{
			l.CustomerID, d.ID, strconv.Itoa(a.Rank), a.Action, a.Title,
			strconv.FormatFloat(a.P, 'f', 4, 64), strconv.FormatFloat(a.Priority, 'f', 4, 64), a.Because, "",
		}
	}
	return rows
}
