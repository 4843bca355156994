package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"heed/internal/client"
	"heed/internal/export"
)

// exportFlags say what is taken out and how.
type exportFlags struct {
	query, sort   string
	theme, status string
	calls, bom    bool
	format, out   string
}

func newExport() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use: "export", Short: "Write what a search finds, or a list of calls, into a file", Args: noArgs,
		Long: `Write all that a search finds into a file, or with --calls the list of calls, or
with --theme the calls of a theme. The query is that of the search page.

--format is csv (UTF-8, for spreadsheets), jsonl (a JSON object a line) or parquet
(typed columns, for DuckDB, pandas and the like). Names and numbers of customers
are in none of them; what was said is, redacted.

A file that is there is never written over; while it is written it is called
FILE.part. With --out - it goes to standard output. The exit status is 1 when the
file does not hold all; its last line, and the last one here, say why.`,
		Example: "  heed export --query 'theme:late_delivery date:2026-11-01..' --out late.csv\n" +
			"  heed export --query 'intent:cancel' --format parquet --out cancel.parquet\n  heed export --calls --format jsonl --out -",
	}
	c.Flags().StringVar(&f.query, "query", "", "what to find, as on the search page")
	c.Flags().StringVar(&f.sort, "sort", "newest", "order of a search: newest, oldest, relevance or value")
	c.Flags().BoolVar(&f.calls, "calls", false, "the list of calls instead, the latest first")
	c.Flags().StringVar(&f.status, "status", "", "with --calls: only those that are live, hearing, ended or recovered")
	c.Flags().StringVar(&f.theme, "theme", "", "the calls of a theme instead, by its id")
	c.Flags().StringVar(&f.format, "format", "csv", "csv, jsonl or parquet")
	c.Flags().BoolVar(&f.bom, "bom", false, "begin a csv with a byte order mark, by which Excel knows UTF-8")
	c.Flags().StringVarP(&f.out, "out", "o", "", "the file, or - for standard output")
	at := targetFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		path, err := f.path()
		if err != nil {
			return err
		}
		cl, err := at.client()
		if err != nil {
			return err
		}
		return f.run(c.Context(), cl, newTerminal(c.OutOrStdout(), c.ErrOrStderr()), path)
	}
	return c
}

// path is what the server is asked.
func (f *exportFlags) path() (string, error) {
	ways := 0
	for _, used := range []bool{f.query != "", f.calls, f.theme != ""} {
		if used {
			ways++
		}
	}
	switch {
	case ways != 1:
		return "", misuse("say what to export by one of --query, --calls and --theme ID")
	case !slices.Contains(export.Formats(), export.Format(f.format)):
		return "", misuse("--format %q is none of csv, jsonl and parquet", f.format)
	case f.out == "":
		return "", misuse("name the file with --out, or - for standard output")
	case f.status != "" && !f.calls:
		return "", misuse("--status goes with --calls")
	}
	q := url.Values{"format": {f.format}}
	if f.bom {
		q.Set("bom", "true")
	}
	path := "/v1/search/export"
	switch {
	case f.calls:
		path = "/v1/calls/export"
		if f.status != "" {
			q.Set("status", f.status)
		}
	case f.theme != "":
		path = "/v1/themes/" + url.PathEscape(f.theme) + "/calls/export"
	default:
		q.Set("q", f.query)
		q.Set("sort", f.sort)
	}
	return path + "?" + q.Encode(), nil
}

func (f *exportFlags) run(ctx context.Context, cl *client.Client, t *terminal, path string) error {
	var got client.Exported
	fetch := func(w io.Writer) (err error) {
		got, err = cl.Export(ctx, path, &counted{Writer: w, t: t, rows: f.format != string(export.Parquet), total: f.total(ctx, cl, t)})
		t.done()
		return err
	}
	if f.out == "-" {
		if err := fetch(t.out); err != nil {
			return err
		}
	} else if err := writeNew(f.out, fetch); err != nil {
		return err
	}
	if f.out != "-" {
		t.printf("%d rows in %s\n", got.Rows, f.out)
	}
	if got.Partial != "" {
		return fmt.Errorf("the file does not hold all: %s", got.Partial)
	}
	return nil
}

// total is how many rows there will be, for somebody who watches; 0 when that
// is not known.
func (f *exportFlags) total(ctx context.Context, cl *client.Client, t *terminal) int {
	var found struct{ Total int }
	if f.query == "" || !t.watched {
		return 0
	}
	if cl.Read(ctx, "/v1/search?limit=1&q="+url.QueryEscape(f.query), &found) != nil {
		return 0 // the export itself says what is wrong
	}
	return found.Total
}

// counted shows how many lines were written.
type counted struct {
	io.Writer

	t           *terminal
	rows        bool // lines are rows
	done, total int
}

func (c *counted) Write(b []byte) (int, error) {
	if c.rows {
		c.done += bytes.Count(b, []byte("\n"))
		c.t.count("exporting", c.done, c.total)
	}
	return c.Writer.Write(b)
}

// writeNew writes a file that must not be there, under another name first. What
// was cut off is left out.
func writeNew(path string, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return misuse("%s is there already; name another file with --out", path)
	}
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return misuse("%s is there: another export is writing it, or was cut off; remove it", part)
	}
	if err != nil {
		return misuse("--out: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	// A link does not replace what somebody else put there meanwhile.
	if err := os.Link(part, path); err != nil {
		return fmt.Errorf("name the export: %w", err)
	}
	return os.Remove(part)
}
