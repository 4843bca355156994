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

	"heed/internal/eval/board"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

// task is one part of the table.
type task struct {
	name    string
	measure func(folder string) ([]board.Line, error)
}

// tasks gives all parts in the order of the table.
func tasks() []task {
	return []task{
		{"intent", intents},
		{"themes", discovery},
		{"search", themeSearch},
	}
}

// settings are the flags.
type settings struct {
	data   string
	only   []string
	strict bool
}

func parse(args []string, errs io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("table", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&s.data, "data", "", "folder with one folder a data set")
	only := f.String("only", "", "parts of the table, comma-separated: "+names())
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
		if !slices.ContainsFunc(tasks(), func(t task) bool { return t.name == name }) {
			return s, fmt.Errorf("--only %s: there are %s", name, names())
		}
	}
	if info, err := os.Stat(s.data); err != nil {
		return s, fmt.Errorf("--data: %w", err)
	} else if !info.IsDir() {
		return s, fmt.Errorf("--data: %s is no folder", s.data)
	}
	return s, nil
}

func names() string {
	var all []string
	for _, t := range tasks() {
		all = append(all, t.name)
	}
	return strings.Join(all, ", ")
}

// run prints each part as soon as it is measured, and on errs how long it took.
func run(args []string, out, errs io.Writer) error {
	s, err := parse(args, errs)
	if err != nil {
		return err
	}
	var all []board.Line
	for _, t := range tasks() {
		if len(s.only) > 0 && !slices.Contains(s.only, t.name) {
			continue
		}
		began := time.Now()
		lines, err := t.measure(s.data)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(errs, "%s: left out: %v\n", t.name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		fmt.Fprintf(errs, "%s: %.0f s\n", t.name, time.Since(began).Seconds())
		all = append(all, lines...)
	}
	if len(all) == 0 {
		return fmt.Errorf("nothing was measured: %s has none of the data sets", s.data)
	}
	if err := board.Write(out, all); err != nil {
		return err
	}
	if s.strict {
		return board.Check(all)
	}
	return nil
}
