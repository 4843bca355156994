package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/event"
	"heed/internal/listen"
	"heed/internal/subtitle"
)

// transcribeFlags say how transcripts are written.
type transcribeFlags struct {
	format, into string
	json         bool
}

func newTranscribe() *cobra.Command {
	var f transcribeFlags
	c := &cobra.Command{
		Use: "transcribe FILE...", Short: "Print what was said in recordings, without a server",
		Long: `Print what was said in WAV files (8 to 48 kHz, 8 to 32 bits, float, mu-law or
A-law, one or two channels; in a stereo file the agent is on the left and the
customer on the right channel). A file named - is read from standard input.
Nothing is stored and nothing is redacted.

--format is one of
  text  a line for each stretch of speech, with its second and who speaks
  json  a line for each file, in the order of the arguments: "file", "text",
        "written" (the text as people write it), "words" (each with "text",
        "start", "end" and "confidence"), "utterances" and "seconds"; times are
        seconds from the start of the file
  srt   SubRip subtitles: at most two lines of 42 characters and 7 s a cue
  vtt   WebVTT subtitles, the same with a voice tag for each party

Words are heard once, as fast as it goes; --speech-second-pass always hears
them a second time, which takes four times as long and corrects about one error
in twelve.

With --output DIR each transcript is a file there, named after its recording:
call.wav becomes call.srt. Without it subtitles are of one file only.

A file that cannot be heard does not stop the others; the exit status is then
1, or 2 when there was none that could.`,
		Example: "  heed transcribe call.wav\n  heed transcribe --json *.wav\n  heed transcribe --format vtt --output subtitles *.wav\n  sox call.mp3 -t wav - | heed transcribe -",
	}
	c.Flags().StringVar(&f.format, "format", "text", "how to print it: text, json, srt or vtt")
	c.Flags().BoolVar(&f.json, "json", false, "the same as --format json")
	c.Flags().StringVarP(&f.into, "output", "o", "", "folder for one file a recording, instead of standard output")
	load := settings(c, hearing()...)
	c.Args = func(c *cobra.Command, args []string) error { return f.check(c, args) }
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		cfg, set, err := load()
		if err != nil {
			return err
		}
		log := newLogger(c.ErrOrStderr(), quietly(cfg.Log, set))
		t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
		fetchModel(c.Context(), *cfg, log, t)
		engine, err := openEngine(c.Context(), *cfg, log, cfg.Speech.Engine...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, engine.Close()) }()
		return f.run(c, t, engine, args, app.NewWriter(*cfg))
	}
	return c
}

// check refuses what could not be done before anything is heard.
func (f *transcribeFlags) check(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return misuse("want one or more recordings; see \"%s --help\"", c.CommandPath())
	}
	if f.json && c.Flags().Changed("format") && f.format != "json" {
		return misuse("--json and --format %s contradict each other", f.format)
	}
	if f.json {
		f.format = "json"
	}
	if !slices.Contains([]string{"text", "json", "srt", "vtt"}, f.format) {
		return misuse("--format %q is none of text, json, srt and vtt", f.format)
	}
	if subtitles := f.format == "srt" || f.format == "vtt"; subtitles && f.into == "" && len(args) > 1 {
		return misuse("subtitles of %d recordings need a file each: name a folder with --output", len(args))
	}
	return f.checkNames(args)
}

// checkNames refuses two recordings whose transcripts would have one name.
func (f *transcribeFlags) checkNames(args []string) error {
	if f.into == "" {
		return nil
	}
	taken := map[string]string{}
	for _, a := range args {
		name := f.nameFor(a)
		if other, is := taken[name]; is {
			return misuse("%s and %s would both be written to %s", other, a, name)
		}
		taken[name] = a
	}
	return nil
}

// nameFor is the transcript's file name.
func (f *transcribeFlags) nameFor(recording string) string {
	name := filepath.Base(recording)
	if recording == listen.Stdin {
		name = "stdin"
	}
	ending := "." + f.format
	if f.format == "text" {
		ending = ".txt"
	}
	return strings.TrimSuffix(name, filepath.Ext(name)) + ending
}

// run prints each file as soon as it was heard, and tells at the end of those
// that could not be.
func (f *transcribeFlags) run(c *cobra.Command, t *terminal, e app.Engine, files []string, write func(*insights.Utterance) (string, []int)) error {
	engine, _ := e.For(event.Call{}, insights.Customer, nil)
	if f.into != "" {
		if err := os.MkdirAll(f.into, 0o750); err != nil {
			return misuse("--output: %w", err)
		}
	}
	var failed []error
	for _, file := range files {
		heard, err := listen.File(c.Context(), engine, file, func(done, total time.Duration) {
			t.progress("hearing "+filepath.Base(file), done, total)
		})
		t.done()
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if heard.Truncated {
			_, _ = fmt.Fprintln(c.ErrOrStderr(), "heed:", file, "is cut off; what is there was heard")
		}
		heard.Write(write)
		if err := f.put(t, heard, len(files) > 1); err != nil {
			return err
		}
	}
	err := errors.Join(failed...)
	if len(failed) == len(files) && allRefused(failed) {
		return &usageError{err}
	}
	return err
}

// allRefused says whether it was the files' fault alone.
func allRefused(errs []error) bool {
	for _, err := range errs {
		if !errors.Is(err, listen.ErrUnreadable) {
			return false
		}
	}
	return true
}

// put writes one transcript to where it belongs. A file is there whole or not
// at all.
func (f *transcribeFlags) put(t *terminal, heard listen.Transcript, named bool) error {
	if f.into == "" {
		return f.write(t.out, heard, named)
	}
	path := filepath.Join(f.into, f.nameFor(heard.File))
	err := writeWhole(path, func(w io.Writer) error { return f.write(w, heard, false) })
	if err == nil {
		t.printf("%s\n", path)
	}
	return err
}

// writeWhole writes a file under another name first.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.Rename(file.Name(), path)
}

func (f *transcribeFlags) write(w io.Writer, heard listen.Transcript, named bool) error {
	switch f.format {
	case "json":
		return json.NewEncoder(w).Encode(heard)
	case "srt":
		return subtitle.WriteSRT(w, heard)
	case "vtt":
		return subtitle.WriteVTT(w, heard)
	}
	return printTranscript(w, heard, named)
}

func printTranscript(w io.Writer, heard listen.Transcript, named bool) error {
	var b strings.Builder
	if named {
		fmt.Fprintf(&b, "%s\n", heard.File)
	}
	sounds := heard.Sounds
	for _, u := range heard.Utterances {
		for ; len(sounds) > 0 && sounds[0].Start <= u.Start; sounds = sounds[1:] {
			printSound(&b, sounds[0])
		}
		fmt.Fprintf(&b, "%7.1f  %-8s  %s\n", u.Start, u.Speaker, cmp.Or(u.Written, u.Text))
	}
	for _, sound := range sounds {
		printSound(&b, sound)
	}
	if len(heard.Utterances) == 0 {
		fmt.Fprintf(&b, "%7s  nobody was heard\n", "")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// printSound writes what was on the line beside speech.
func printSound(w io.Writer, s listen.Sound) {
	what := strings.ReplaceAll(s.Kind, "_", " ")
	if s.Keys > 0 {
		what = fmt.Sprintf("keys pressed, %d at most", s.Keys)
	}
	fmt.Fprintf(w, "%7.1f  %-8s  (%s, to %.1f)\n", s.Start, s.Speaker, what, s.End)
}
