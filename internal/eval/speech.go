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
)

// Options say what is measured.
type Options struct {
	// SpeechDir holds manifest.jsonl with the utterances that it names, and a
	// folder "synthetic" of two-party calls.
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
	// Overall is all groups of the manifest; Calls all two-party calls.
	Overall Score   `json:"overall"`
	Calls   Score   `json:"calls"`
	Audio   float64 `json:"audio_seconds"`
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
		o.CallDirs = append([]string{filepath.Join(o.SpeechDir, "synthetic")}, o.CallDirs...)
	}
	for _, dir := range o.CallDirs {
		if err := m.calls(ctx, dir); err != nil {
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
		pcm, rate := wav.Channels[0], wav.Rate
		if !m.o.Native {
			if pcm, err = telephone(pcm, rate); err != nil {
				return fmt.Errorf("%s: %w", row.File, err)
			}
			rate = lineRate
		}
		heard, err := m.transcribe(ctx, pcm, rate)
		if err != nil {
			return fmt.Errorf("%s: %w", row.File, err)
		}
		u := Utterance{Group: filepath.Base(filepath.Dir(row.File)), File: row.File, Said: row.Text, Heard: heard}
		m.add(u, &m.report.Overall)
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
			u := Utterance{Group: filepath.Base(dir) + " " + party, File: path, Said: script.said(party), Heard: heard}
			m.add(u, &m.report.Calls)
		}
	}
	return nil
}

// transcribe gives the text of one party's audio.
func (m *meter) transcribe(ctx context.Context, pcm []int16, rate int) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	frames, fed := make(chan transcribe.Frame), make(chan struct{})
	go func() {
		defer close(fed)
		defer close(frames)
		feed(ctx, frames, pcm, rate)
	}()
	var texts []string
	err := m.o.Engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		if s.Final {
			texts = append(texts, s.Text)
		}
		return nil
	})
	cancel()
	<-fed
	m.audio += samplesToTime(len(pcm), rate)
	return strings.Join(texts, " "), err
}

func feed(ctx context.Context, frames chan<- transcribe.Frame, pcm []int16, rate int) {
	size := rate / int(time.Second/transcribe.FrameDuration)
	for at := 0; at < len(pcm); at += size {
		f := transcribe.Frame{PCM: pcm[at:min(at+size, len(pcm))], Rate: rate, At: samplesToTime(at, rate)}
		select {
		case frames <- f:
		case <-ctx.Done():
			return
		}
	}
}

func samplesToTime(n, rate int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(rate)
}

// add counts an utterance in its group and in a total.
func (m *meter) add(u Utterance, total *Score) {
	u.Errors = wer.Compare(u.Said, u.Heard)
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
	r.Overall.Group, r.Calls.Group = "overall", "calls"
	r.Audio = m.audio.Seconds()
	return r
}
