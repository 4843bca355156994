// Command table measures what Heed understands on a folder of data sets and
// prints it beside the bars and what others published. `make eval` runs it.
//
// Every set is read as its README says, and what is measured was not learned
// from: see the packages that do it (internal/eval/intent and so on).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"heed/insights/embed"
	"heed/internal/eval/board"
	"heed/internal/eval/offline"
	"heed/internal/eval/parts/persons"
	"heed/internal/eval/parts/topics"
)

func main() {
	encoder, err := embed.Default()
	if err == nil {
		err = run(slices.Concat(topics.Parts(encoder), persons.Parts(), []board.Part{offline.Part()}), os.Args[1:], os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	data   string
	only   []string
	strict bool
}

func parse(all []board.Part, args []string, errs io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("table", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&s.data, "data", "", "folder with one folder a data set")
	only := f.String("only", "", "parts of the table, comma-separated: "+names(all))
	f.BoolVar(&s.strict, "strict", false, "fail when a bar is missed")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.data == "" || f.NArg() > 0 {
		return s, errors.New("want --data FOLDER, and nothing else without a flag")
	}
	if *only != "" {
		s.only = strings.Split(*only, ",")
	}
	for _, name := range s.only {
		if !slices.ContainsFunc(all, func(p board.Part) bool { return p.Name == name }) {
			return s, fmt.Errorf("--only %s: there are %s", name, names(all))
		}
	}
	if info, err := os.Stat(s.data); err != nil {
		return s, fmt.Errorf("--data: %w", err)
	} else if !info.IsDir() {
		return s, fmt.Errorf("--data: %s is no folder", s.data)
	}
	return s, nil
}

func names(all []board.Part) string {
	var out []string
	for _, p := range all {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

// run prints each part as soon as it is measured, and on errs how long it took.
func run(all []board.Part, args []string, out, errs io.Writer) error {
	s, err := parse(all, args, errs)
	if err != nil {
		return err
	}
	var table []board.Line
	for _, p := range all {
		if len(s.only) > 0 && !slices.Contains(s.only, p.Name) {
			continue
		}
		began := time.Now()
		lines, err := p.Measure(s.data)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(errs, "%s: left out: %v\n", p.Name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprintf(errs, "%s: %.0f s\n", p.Name, time.Since(began).Seconds())
		table = append(table, lines...)
	}
	if len(table) == 0 {
		return fmt.Errorf("nothing was measured: %s has none of the data sets", s.data)
	}
	if err := board.Write(out, table); err != nil {
		return err
	}
	if s.strict {
		return board.Check(table)
	}
	return nil
}
