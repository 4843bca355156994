package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"heed/internal/wer"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// Options say what is measured.
type Options struct {
	// SpeechDir holds manifest.jsonl with the utterances that it names, a
	// folder "synthetic" of two-party calls, and a folder "overlap" of
	// recordings in which two people speak at once.
	SpeechDir string
	// CallDirs are further folders of two-party calls: X.wav with X.json.
	CallDirs []string
	Engine   transcribe.Engine
	// Name is the engine's name in the report.
	Name string
	// CPU is what the engine has used so far; nil where that is not known.
	CPU func() time.Duration
	// Native leaves out the telephone line: the utterances are heard as they
	// were recorded.
	Native bool
	// Brief leaves out the calls and the overlapping speech.
	Brief bool
	// Each, if not nil, hears of every utterance, in order.
	Each func(Utterance)
}

// Utterance is one measured recording.
type Utterance struct {
	Group string
	File  string
	Said  string
	Heard string
	wer.Errors
}

// Score sums up the recordings of a group.
type Score struct {
	Group      string `json:"group"`
	Utterances int    `json:"utterances"`
	Exact      int    `json:"exact"`
	wer.Errors
	WER float64 `json:"wer"`
}

// Report is the result of a run.
type Report struct {
	Engine string  `json:"engine"`
	Path   string  `json:"path"` // "telephone" or "native"
	Groups []Score `json:"groups"`
	// Overall is all groups of the manifest; Calls all two-party calls; Overlap
	// those in which two speak at once, in the best order of their words.
	Overall Score `json:"overall"`
	Calls   Score `json:"calls"`
	Overlap Score `json:"overlap"`
	// Certainty is over the manifest and the calls.
	Certainty Certainty `json:"certainty"`
	Audio     float64   `json:"audio_seconds"`
	// CPUPerSecond is CPU seconds of the engine for each second of audio; 0
	// when unknown.
	CPUPerSecond float64 `json:"cpu_per_audio_second"`
}

// Speech transcribes everything and writes a table and one line of JSON to w.
func Speech(ctx context.Context, w io.Writer, o Options) error {
	r, err := Measure(ctx, o)
	if err != nil {
		return err
	}
	return r.Write(w)
}

// Measure transcribes everything, one recording at a time.
func Measure(ctx context.Context, o Options) (Report, error) {
	if o.Engine == nil {
		return Report{}, errors.New("eval: no engine")
	}
	m := &meter{o: o, groups: map[string]*Score{}}
	m.report.Engine, m.report.Path = o.Name, "telephone"
	if o.Native {
		m.report.Path = "native"
	}
	var before time.Duration
	if o.CPU != nil {
		before = o.CPU()
	}
	if o.SpeechDir != "" {
		if err := m.manifest(ctx); err != nil {
			return Report{}, fmt.Errorf("eval: %w", err)
		}
	}
	if !o.Brief {
		if err := m.conversations(ctx); err != nil {
			return Report{}, fmt.Errorf("eval: %w", err)
		}
	}
	if o.CPU != nil && m.audio > 0 {
		m.report.CPUPerSecond = (o.CPU() - before).Seconds() / m.audio.Seconds()
	}
	return m.finish(), nil
}

// meter collects.
type meter struct {
	o      Options
	groups map[string]*Score
	order  []string
	audio  time.Duration
	report Report
}

// manifest measures the single utterances.
func (m *meter) manifest(ctx context.Context) error {
	rows, err := readManifest(filepath.Join(m.o.SpeechDir, "manifest.jsonl"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		wav, err := readWAV(filepath.Join(m.o.SpeechDir, row.File))
		if err != nil {
			return err
		}
		heard, err := m.line(ctx, wav)
		if err != nil {
			return fmt.Errorf("%s: %w", row.File, err)
		}
		m.report.Certainty.count(row.Text, heard)
		u := Utterance{Group: filepath.Base(filepath.Dir(row.File)), File: row.File, Said: row.Text, Heard: text(heard)}
		u.Errors = wer.Compare(u.Said, u.Heard)
		m.add(u, &m.report.Overall)
	}
	return nil
}

// line sends a recording down the telephone line, unless it is to be heard as
// it is.
func (m *meter) line(ctx context.Context, wav audio.WAV) ([]transcribe.Word, error) {
	pcm, rate := wav.Channels[0], wav.Rate
	if !m.o.Native {
		var err error
		if pcm, err = telephone(pcm, rate); err != nil {
			return nil, err
		}
		rate = lineRate
	}
	return m.transcribe(ctx, pcm, rate)
}

// conversations measures the two-party calls and the overlapping speech.
func (m *meter) conversations(ctx context.Context) error {
	dirs := m.o.CallDirs
	if m.o.SpeechDir != "" {
		dirs = append([]string{filepath.Join(m.o.SpeechDir, "synthetic")}, dirs...)
	}
	for _, dir := range dirs {
		if err := m.calls(ctx, dir); err != nil {
			return err
		}
	}
	if m.o.SpeechDir == "" {
		return nil
	}
	return m.overlap(ctx, filepath.Join(m.o.SpeechDir, "overlap"))
}

// overlap measures recordings in which two people speak at once.
func (m *meter) overlap(ctx context.Context, dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		one, other, err := readMixture(path)
		if err != nil {
			return err
		}
		wav, err := readWAV(strings.TrimSuffix(path, ".json") + ".wav")
		if err != nil {
			return err
		}
		heard, err := m.line(ctx, wav)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		u := Utterance{Group: "two at once", File: path, Said: one + " / " + other, Heard: text(heard)}
		u.Errors = wer.Mixed(one, other, u.Heard)
		m.add(u, &m.report.Overlap)
	}
	return nil
}

// calls measures the two parties of each call in a folder.
func (m *meter) calls(ctx context.Context, dir string) error {
	scripts, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range scripts {
		script, err := readScript(path)
		if err != nil {
			return err
		}
		wav, err := readWAV(strings.TrimSuffix(path, ".json") + ".wav")
		if err != nil {
			return err
		}
		for i, party := range []string{"agent", "customer"} {
			if i >= len(wav.Channels) {
				return fmt.Errorf("%s: not a two-party recording", path)
			}
			heard, err := m.transcribe(ctx, wav.Channels[i], wav.Rate)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			u := Utterance{Group: filepath.Base(dir) + " " + party, File: path, Said: script.said(party), Heard: text(heard)}
			u.Errors = wer.Compare(u.Said, u.Heard)
			m.report.Certainty.count(u.Said, heard)
			m.add(u, &m.report.Calls)
		}
	}
	return nil
}

// transcribe gives the words of one party's audio. An engine without words
// has the confidence of its segments.
func (m *meter) transcribe(ctx context.Context, pcm []int16, rate int) ([]transcribe.Word, error) {
	var words []transcribe.Word
	err := transcribe.Whole(ctx, m.o.Engine, pcm, rate, nil, func(s transcribe.Segment) error {
		switch {
		case !s.Final:
		case len(s.Words) > 0:
			words = append(words, s.Words...)
		default:
			words = append(words, transcribe.Word{Text: s.Text, Confidence: s.Confidence})
		}
		return nil
	})
	m.audio += samplesToTime(len(pcm), rate)
	return words, err
}

func text(words []transcribe.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

func samplesToTime(n, rate int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(rate)
}

// add counts an utterance in its group and in a total.
func (m *meter) add(u Utterance, total *Score) {
	if m.groups[u.Group] == nil {
		m.groups[u.Group] = &Score{Group: u.Group}
		m.order = append(m.order, u.Group)
	}
	for _, s := range []*Score{m.groups[u.Group], total} {
		s.Utterances++
		s.Errors = s.Add(u.Errors)
		s.WER = s.Rate()
		if u.Sum() == 0 {
			s.Exact++
		}
	}
	if m.o.Each != nil {
		m.o.Each(u)
	}
}

func (m *meter) finish() Report {
	r := m.report
	for _, name := range m.order {
		r.Groups = append(r.Groups, *m.groups[name])
	}
	r.Overall.Group, r.Calls.Group, r.Overlap.Group = "overall", "calls", "overlap"
	r.Certainty.finish()
	r.Audio = m.audio.Seconds()
	return r
}
