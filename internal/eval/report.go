package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// Write prints the table for people and, as the last line, the report as
// JSON for machines.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s, %s path\tutterances\twords\tWER\tS\tD\tI\texact\t\n", r.Engine, r.Path)
	for _, s := range append(append([]Score(nil), r.Groups...), r.Overall, r.Calls, r.Overlap) {
		if s.Utterances == 0 {
			continue
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%.1f %%\t%d\t%d\t%d\t%d\t\n", s.Group, s.Utterances, s.Words, 100*s.WER,
			s.Substitutions, s.Deletions, s.Insertions, s.Exact)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%.0f s of audio", r.Audio); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if r.CPUPerSecond > 0 {
		fmt.Fprintf(w, ", %.4f CPU seconds each", r.CPUPerSecond)
	}
	if c := r.Certainty; c.Words > 0 {
		fmt.Fprintf(w, "; word confidence %.2f where %.2f are right, off by %.2f", c.Mean, c.Right, c.Gap)
	}
	fmt.Fprintln(w)
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
