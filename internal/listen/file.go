// Package listen transcribes recordings without a server: a file goes in, its
// words come out.
//
// It stores nothing, analyses nothing and redacts nothing; what it prints is
// what was said.
package listen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
	// Words are those of the text, where the engine gives them.
	Words []Word `json:"-"`
	// Written is the text as people write it; see [Transcript.Write].
	Written string `json:"written,omitempty"`

	spans []int // how many of Words each token of Written stands for
}

// Timed gives the words of an utterance with their times; where the engine gave
// none, its text is spread over its time by the length of the words.
func (u Utterance) Timed() []Word {
	if len(u.Words) > 0 {
		return u.Words
	}
	fields := strings.Fields(u.Text)
	total, at := len([]rune(strings.Join(fields, " "))), 0
	words := make([]Word, len(fields))
	for i, f := range fields {
		share := func(n int) float64 { return u.Start + (u.End-u.Start)*float64(n)/float64(total) }
		words[i] = Word{Text: f, Speaker: u.Speaker, Start: share(at), End: share(at + len([]rune(f)))}
		at += len([]rune(f)) + 1
	}
	return words
}

// Transcript is what was heard in a file. Speakers are named in two-party
// files only: agent on the left, customer on the right channel.
type Transcript struct {
	File       string      `json:"file"`
	Text       string      `json:"text"`
	Written    string      `json:"written,omitempty"` // when every utterance has one
	Words      []Word      `json:"words"`
	Utterances []Utterance `json:"utterances"`
	Sounds     []Sound     `json:"sounds,omitempty"` // what was not speech, and was not heard as words
	Seconds    float64     `json:"seconds"`
	Truncated  bool        `json:"truncated,omitempty"`
}

var (
	// ErrUnreadable is what every error about the file itself is: it is not
	// there, no WAV, or empty. Other errors are the engine's.
	ErrUnreadable = errors.New("cannot be heard")
	// ErrNoAudio is a file without a single sample.
	ErrNoAudio = errors.New("the file holds no audio")
)

// File transcribes a WAV file, [Stdin] for standard input, both channels of a stereo file side by side. It
// blocks until all was heard or ctx ends. Progress, when not nil, is told about
// once a second of audio how much of it was heard, from one goroutine at a time.
func File(ctx context.Context, engine transcribe.Engine, path string, progress func(done, total time.Duration)) (Transcript, error) {
	t := Transcript{File: path, Words: []Word{}, Utterances: []Utterance{}}
	wav, err := read(path)
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err // it names the file once more
	}
	if err != nil {
		return t, fmt.Errorf("%s: %w: %w", path, ErrUnreadable, err)
	}
	if err := t.hear(ctx, engine, wav, progress); err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Audio is [File] of a recording that is in memory already. It has samples.
func Audio(ctx context.Context, engine transcribe.Engine, wav audio.WAV, progress func(done, total time.Duration)) (Transcript, error) {
	t := Transcript{Words: []Word{}, Utterances: []Utterance{}}
	if err := t.hear(ctx, engine, wav, progress); err != nil {
		return t, err
	}
	return t, nil
}

func (t *Transcript) hear(ctx context.Context, engine transcribe.Engine, wav audio.WAV, progress func(done, total time.Duration)) error {
	t.Truncated = wav.Truncated
	t.Seconds = float64(len(wav.Channels[0])) / float64(wav.Rate)
	if err := t.hearAll(ctx, engine, wav, newMeter(wav, progress)); err != nil {
		return err
	}
	t.finish()
	return nil
}

// Stdin is the path that stands for standard input.
const Stdin = "-"

// read gives a WAV that has audio.
func read(path string) (audio.WAV, error) {
	f := os.Stdin
	if path != Stdin {
		var err error
		if f, err = os.Open(path); err != nil {
			return audio.WAV{}, err
		}
		defer func() { _ = f.Close() }() // read only
	}
	wav, err := audio.ReadWAV(f)
	if err == nil && (len(wav.Channels) == 0 || len(wav.Channels[0]) == 0) {
		err = ErrNoAudio
	}
	return wav, err
}

// hearAll hears the channels at the same time: they share nothing.
func (t *Transcript) hearAll(ctx context.Context, engine transcribe.Engine, wav audio.WAV, m *meter) error {
	group, ctx := errgroup.WithContext(ctx)
	said := make([][]transcribe.Segment, len(wav.Channels))
	sounds := make([][]transcribe.Sound, len(wav.Channels))
	for i, pcm := range wav.Channels {
		group.Go(func() error {
			sounds[i] = sift(pcm, wav.Rate)
			return hear(ctx, engine, pcm, wav.Rate, m, &said[i])
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, segments := range said {
		speaker := ""
		if len(said) == 2 {
			speaker = [2]string{"agent", "customer"}[i]
		}
		for _, s := range segments {
			t.add(s, speaker)
		}
		t.note(sounds[i], speaker)
	}
	return nil
}

// hear gives the finals of one channel.
func hear(ctx context.Context, engine transcribe.Engine, pcm []int16, rate int, m *meter, said *[]transcribe.Segment) error {
	rate, pcm, err := engineRate(rate, pcm)
	if err != nil {
		return err
	}
	return transcribe.Whole(ctx, engine, pcm, rate, m.heard, func(s transcribe.Segment) error {
		if s.Final {
			*said = append(*said, s)
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

// meter adds up what was heard of all channels.
type meter struct {
	tell func(done, total time.Duration)

	mu                sync.Mutex
	done, told, total time.Duration
}

func newMeter(wav audio.WAV, tell func(done, total time.Duration)) *meter {
	m := &meter{tell: tell}
	for _, pcm := range wav.Channels {
		m.total += time.Duration(len(pcm)) * time.Second / time.Duration(wav.Rate)
	}
	return m
}

func (m *meter) heard(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = min(m.done+d, m.total)
	if m.tell != nil && (m.done-m.told >= time.Second || m.done == m.total) {
		m.told = m.done
		m.tell(m.done, m.total)
	}
}

func (t *Transcript) add(s transcribe.Segment, speaker string) {
	u := Utterance{Speaker: speaker, Start: s.Start.Seconds(), End: s.End.Seconds(), Text: s.Text}
	for _, w := range s.Words {
		u.Words = append(u.Words, Word{w.Text, speaker, w.Start.Seconds(), w.End.Seconds(), w.Confidence})
	}
	t.Utterances = append(t.Utterances, u)
	t.Words = append(t.Words, u.Words...)
}

// finish puts both parties in order of time.
func (t *Transcript) finish() {
	slices.SortStableFunc(t.Utterances, func(a, b Utterance) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(t.Words, func(a, b Word) int { return cmp.Compare(a.Start, b.Start) })
	texts := make([]string, 0, len(t.Utterances))
	for _, u := range t.Utterances {
		texts = append(texts, u.Text)
	}
	t.Text = strings.Join(texts, " ")
}
