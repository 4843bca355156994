// Command cmd trains the text encoder on a folder of data sets and writes its
// artefact.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"heed/insights/embed"
	"heed/internal/train"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(out)
	data := flags.String("data", "", "folder with one folder a data set")
	file := flags.String("out", "", "where to write the artefact")
	without := flags.String("without", "", "data sets to leave out, by the start of their names, with commas between")
	o := train.Options{Log: out}
	flags.Uint64Var(&o.Seed, "seed", 1, "one seed gives one artefact")
	flags.IntVar(&o.Passes, "passes", 0, "times to go over the data (0: the usual)")
	flags.IntVar(&o.Dim, "dim", 0, "length of the vectors (0: the usual)")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read flags: %w", err)
	}
	if *data == "" || *file == "" || flags.NArg() > 0 {
		return errors.New("want --data FOLDER --out FILE")
	}
	var left []string
	if *without != "" {
		left = strings.Split(*without, ",")
	}
	corpus, err := train.Load(*data, left)
	if err != nil {
		return err
	}
	artefact, err := embed.Marshal(train.Train(corpus, o))
	if err != nil {
		return err
	}
	made, err := embed.Parse(string(artefact))
	if err != nil {
		return err
	}
	if err := os.WriteFile(*file, artefact, 0o644); err != nil {
		return fmt.Errorf("write the artefact: %w", err)
	}
	fmt.Fprintf(out, "%s, %d bytes, in %s\n", made.Version(), len(artefact), *file)
	return nil
}
