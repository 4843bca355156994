// Command train makes the committed model of package tagger from labelled
// sets:
//
//	go run ./insights/redact/train -data DIR
//
// It takes a minute and gives the same bytes for the same data. What it reads
// and who is to be credited is in insights/redact/tagger/MODEL.md.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"heed/insights/redact/corpus"
)

func main() {
	data := flag.String("data", "", "folder of labelled sets")
	out := flag.String("o", "insights/redact/tagger/tagger.bin", "file to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	d, err := corpus.Load(os.DirFS(data))
	if err != nil {
		return err
	}
	m, err := d.Learn(corpus.Domains(), d.Sentences)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return err
	}
	if err := os.WriteFile(out, b.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the project
		return fmt.Errorf("write model: %w", err)
	}
	fmt.Printf("%s: %d bytes, sum %08x\n", out, b.Len(), m.Sum())
	return nil
}
