package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"heed/internal/bulk"
	csvsheet "heed/internal/sheet"
)

// importFlags say how recordings are imported.
type importFlags struct {
	jobs   int
	dry    bool
	report string
}

func newImport() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import DIR|CSV", Short: "Make calls of recordings of calls that are over",
		Long: `Make calls of recordings: redacted, transcribed, understood, in search, themes
and the customers' profiles, dated when they happened. Nothing is suggested to
anybody. Of a stereo recording the agent is on the left and the customer on the
right channel; with one channel both count as the customer.

From a folder all recordings below it are taken, each as begun when its file was
last written. A CSV (UTF-8 or UTF-16; comma, semicolon or tab) names them and says
what is known, in these columns, of which others are reported and not used:
` + columnsHelp() + `
What a file is is told by its bytes: WAV; with ffmpeg installed where it is heard
also MP3, M4A, Ogg and FLAC.

It brings them to the server that uses the data folder, or to --to, which hears
them behind its live calls. Where no server runs it hears them itself, into the
data folder. Broken off, it passes over what is there when it is begun again: a
recording is known by its bytes.

A file that cannot be imported does not stop the others: --report names each,
with the reason. The exit status is then 1, or 2 when there was none that could.`,
		Example: "  heed import recordings/\n  heed import calls.csv --dry-run\n  heed import calls.csv --to https://heed.example.com --jobs 8",
	}
	c.Flags().IntVar(&f.jobs, "jobs", 0, "recordings on their way at once (default: as many as there are cores)")
	c.Flags().BoolVar(&f.dry, "dry-run", false, "import nothing: look whether the CSV makes sense and the files are recordings")
	c.Flags().StringVar(&f.report, "report", "import-report.csv", "file that names what was not imported; none is made when there is nothing")
	at := targetFlags(c, append(append(hearing(), understanding()...), "calls-time-zone", "calls-language", "recordings-together")...)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 || f.jobs < 0 || f.jobs > 1000 {
			return misuse("want one folder or CSV, and --jobs from 0 to 1000; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error { return f.run(c, at, args[0]) }
	return c
}

func columnsHelp() string {
	var b strings.Builder
	for _, column := range bulk.Columns() {
		fmt.Fprintf(&b, "  %-10s %s\n", column[0], column[1])
	}
	return b.String()
}

func (f *importFlags) run(c *cobra.Command, at *target, path string) (err error) {
	cfg, _, err := at.load()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(cfg.Calls.TimeZone)
	if err != nil {
		return misuse("calls-time-zone: %w", err)
	}
	source, err := bulk.Open(path, zone)
	if err != nil {
		return &usageError{err}
	}
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	if len(source.Unknown) > 0 {
		t.printf("columns that are not used: %s\n", strings.Join(source.Unknown, ", "))
	}
	o := bulk.Options{Jobs: f.jobs, Dry: f.dry, Poll: pollEvery}
	tally := newTally(t, source.Total)
	if f.dry {
		err = bulk.Run(c.Context(), source, nil, o, tally.take)
	} else {
		err = f.bring(c, at, source, o, tally)
	}
	t.done()
	return errors.Join(err, f.sum(t, tally, err == nil, source.Passed))
}

// bring imports into what there is.
func (f *importFlags) bring(c *cobra.Command, at *target, source *bulk.Source, o bulk.Options, tally *tally) (err error) {
	q, err := openQueue(c, at, f.jobs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	if o.Jobs == 0 {
		o.Jobs = q.jobs
	}
	return bulk.Run(c.Context(), source, q, o, tally.take)
}

// sum says what became of all, and writes the report.
func (f *importFlags) sum(t *terminal, n *tally, whole bool, passed int) error {
	what := "imported"
	if f.dry {
		what = "can be imported"
	}
	t.printf("%d %s, %d were there before, %d not%s\n", n.made, what, n.before, len(n.failed), n.pace(f.dry))
	if passed > 0 {
		t.printf("%d other files were passed over\n", passed)
	}
	if len(n.failed) == 0 {
		return nil
	}
	if err := writeReport(f.report, n.failed); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	err := fmt.Errorf("%d of %d recordings were not imported: see %s", len(n.failed), n.total, f.report)
	if whole && n.made+n.before == 0 {
		return &usageError{err}
	}
	return err
}

// writeReport names what was not imported.
func writeReport(path string, failed []bulk.Outcome) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := csv.NewWriter(file)
	err = w.Write([]string{"file", "line", "reason"})
	for _, o := range failed {
		line := ""
		if o.Line > 0 {
			line = fmt.Sprint(o.Line)
		}
		reason := strings.TrimPrefix(o.Err.Error(), bulk.ErrFile.Error()+": ")
		err = errors.Join(err, w.Write([]string{csvsheet.Plain(o.Name), line, csvsheet.Plain(reason)}))
	}
	w.Flush()
	return errors.Join(err, w.Error(), file.Close())
}

// fewFiles are too few to say in lines how far it is.
const fewFiles = 20

// tally counts what becomes of recordings and shows it.
type tally struct {
	t            *terminal
	total        int
	made, before int
	failed       []bulk.Outcome
	heard        time.Duration // of the calls that were made
	began        time.Time
	tenth        int
}

func newTally(t *terminal, total int) *tally { return &tally{t: t, total: total, began: time.Now()} }

func (n *tally) take(o bulk.Outcome) {
	switch {
	case o.Err != nil:
		n.failed = append(n.failed, o)
	case o.Before:
		n.before++
	default:
		n.made++
		n.heard += o.Length
	}
	done := n.made + n.before + len(n.failed)
	n.t.items("importing", fmt.Sprintf("importing%s", n.failures()), done, n.total)
	if tenth := 10 * done / max(n.total, 1); !n.t.watched && n.total >= fewFiles && tenth != n.tenth && done < n.total {
		n.tenth = tenth
		n.t.notef("%d of %d recordings%s\n", done, n.total, n.failures())
	}
}

func (n *tally) failures() string {
	if len(n.failed) == 0 {
		return ""
	}
	return fmt.Sprintf(", %d failed", len(n.failed))
}

// pace says how fast it went.
func (n *tally) pace(dry bool) string {
	took := time.Since(n.began)
	if dry || n.heard == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of calls in %s, %.1f times real time", n.heard.Round(time.Second), took.Round(time.Second), n.heard.Seconds()/took.Seconds())
}
