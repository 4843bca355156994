// Package listen transcribes recordings without a server: a file goes in, its
// words come out.
//
// It stores nothing, analyses nothing and redacts nothing; what it prints is
// what was said.
package listen

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
)

// Word is one word of a file, in seconds from its start.
type Word struct {
	Text       string  `json:"text"`
	Speaker    string  `json:"speaker,omitempty"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"`
}

// Utterance is one stretch of speech.
type Utterance struct {
	Speaker string  `json:"speaker,omitempty"`
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
	Text    string  `json:"text"`
}

// Transcript is what was heard in a file. Speakers are named in two-party
// files only: agent on the left, customer on the right channel.
type Transcript struct {
	File       string      `json:"file"`
	Text       string      `json:"text"`
	Words      []Word      `json:"words"`
	Utterances []Utterance `json:"utterances"`
	Seconds    float64     `json:"seconds"`
	Truncated  bool        `json:"truncated,omitempty"`
}

// ErrNoAudio is a file without a single sample.
var ErrNoAudio = errors.New("the file holds no audio")

// File transcribes a WAV file. It blocks until all was heard or ctx ends.
func File(ctx context.Context, engine transcribe.Engine, path string) (Transcript, error) {
	t := Transcript{File: path, Words: []Word{}, Utterances: []Utterance{}}
	f, err := os.Open(path)
	if err != nil {
		return t, err
	}
	defer func() { _ = f.Close() }() // read only
	wav, err := audio.ReadWAV(f)
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	if len(wav.Channels) == 0 || len(wav.Channels[0]) == 0 {
		return t, fmt.Errorf("%s: %w", path, ErrNoAudio)
	}
	t.Truncated = wav.Truncated
	t.Seconds = float64(len(wav.Channels[0])) / float64(wav.Rate)
	for i, pcm := range wav.Channels {
		speaker := ""
		if len(wav.Channels) == 2 {
			speaker = [2]string{"agent", "customer"}[i]
		}
		if err := t.hear(ctx, engine, pcm, wav.Rate, speaker); err != nil {
			return t, fmt.Errorf("%s: %w", path, err)
		}
	}
	t.finish()
	return t, nil
}

// hear adds one channel.
func (t *Transcript) hear(ctx context.Context, engine transcribe.Engine, pcm []int16, rate int, speaker string) error {
	rate, pcm, err := engineRate(rate, pcm)
	if err != nil {
		return err
	}
	frames := make(chan transcribe.Frame)
	feed, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(frames)
		send(feed, frames, pcm, rate)
	}()
	defer func() { stop(); <-done }()
	return engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		if s.Final {
			t.add(s, speaker)
		}
		return nil
	})
}

// engineRate brings audio to a rate that engines take.
func engineRate(rate int, pcm []int16) (int, []int16, error) {
	if rate == 8000 || rate == 16000 || rate == 48000 {
		return rate, pcm, nil
	}
	r, err := audio.NewResampler(rate, 16000)
	if err != nil {
		return 0, nil, err
	}
	out := r.Process(nil, pcm)
	return 16000, r.Flush(out), nil
}

func send(ctx context.Context, frames chan<- transcribe.Frame, pcm []int16, rate int) {
	size := rate / 50
	for from := 0; from < len(pcm); from += size {
		f := transcribe.Frame{
			PCM: pcm[from:min(from+size, len(pcm))], Rate: rate, Wall: time.Now(),
			At: time.Duration(from) * time.Second / time.Duration(rate),
		}
		select {
		case frames <- f:
		case <-ctx.Done():
			return
		}
	}
}

func (t *Transcript) add(s transcribe.Segment, speaker string) {
	t.Utterances = append(t.Utterances, Utterance{speaker, s.Start.Seconds(), s.End.Seconds(), s.Text})
	for _, w := range s.Words {
		t.Words = append(t.Words, Word{w.Text, speaker, w.Start.Seconds(), w.End.Seconds(), w.Confidence})
	}
}

// finish puts both parties in order of time.
func (t *Transcript) finish() {
	slices.SortStableFunc(t.Utterances, func(a, b Utterance) int { return order(a.Start, b.Start) })
	slices.SortStableFunc(t.Words, func(a, b Word) int { return order(a.Start, b.Start) })
	texts := make([]string, 0, len(t.Utterances))
	for _, u := range t.Utterances {
		texts = append(texts, u.Text)
	}
	t.Text = strings.Join(texts, " ")
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
