// Package scripted is an engine that does not listen: it replays a written
// transcript by the stream time of the frames it gets, word by word. With it
// a test knows exactly what a call will say and when.
//
// It is for tests and measurements only. Nothing chooses it by default, and
// its Info says what it is.
package scripted

import (
	"context"
	"sort"
	"strings"
	"time"

	"heed/transcribe"
)

const (
	// endpoint is the silence after a line that makes it final.
	endpoint = 600 * time.Millisecond
	// step is the longest stream time between two partials of a line.
	step = 240 * time.Millisecond
	// jitter is how far apart frames may lie and still be one stream; rates
	// such as 44.1 kHz do not divide into whole nanoseconds.
	jitter = 5 * time.Millisecond
)

// Line is one stretch of speech of a transcript.
type Line struct {
	Speaker    string // "agent" or "customer"
	Start, End time.Duration
	Text       string
}

// Engine replays the lines of one party. It keeps no state between calls and
// may serve any number at once.
type Engine struct {
	words []word
}

// word is a word of the transcript with the line that it belongs to.
type word struct {
	transcribe.Word
	line int
	end  time.Duration // of the line
}

var (
	_ transcribe.Engine    = (*Engine)(nil)
	_ transcribe.Describer = (*Engine)(nil)
)

// New makes an engine that says these lines, whoever speaks them; see
// [ForParty]. Lines of one party that overlap are moved apart.
func New(lines []Line) *Engine {
	sorted := append([]Line(nil), lines...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Start < sorted[j].Start })
	e := &Engine{}
	var before time.Duration
	for i, l := range sorted {
		l.Start = max(l.Start, before)
		if l.End <= l.Start {
			continue
		}
		before = l.End
		e.words = append(e.words, split(l, i)...)
	}
	return e
}

// split gives the words of a line, each with time in proportion to its length.
func split(l Line, line int) []word {
	fields := strings.Fields(strings.ToLower(l.Text))
	letters := 0
	for _, f := range fields {
		letters += len(f) + 1
	}
	out := make([]word, 0, len(fields))
	start, sofar := l.Start, 0
	for _, f := range fields {
		sofar += len(f) + 1
		end := l.Start + (l.End-l.Start)*time.Duration(sofar)/time.Duration(letters)
		out = append(out, word{
			Word: transcribe.Word{Text: f, Start: start, End: end, Confidence: 1},
			line: line, end: l.End,
		})
		start = end
	}
	return out
}

// Info says that this engine is for tests.
func (e *Engine) Info() transcribe.Info {
	return transcribe.Info{Name: "scripted", Note: "for tests only: it replays a written transcript and does not listen"}
}

// Transcribe replays what lies within the frames' stream time. A word whose
// beginning no frame covers is not heard.
func (e *Engine) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	p := player{words: e.words, emit: emit}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case f, more := <-frames:
			if !more {
				return p.finish()
			}
			if err := p.hear(f); err != nil {
				return err
			}
		}
	}
}

// player is one Transcribe call.
type player struct {
	words   []word // not yet passed
	emit    func(transcribe.Segment) error
	now     time.Duration // end of the audio so far
	started bool
	finals  int

	heard    []word // of the open line
	reported time.Duration
}

// hear moves through one frame in steps, so that long frames give partials too.
func (p *player) hear(f transcribe.Frame) error {
	if len(f.PCM) == 0 || f.Rate <= 0 {
		return nil
	}
	from, to := f.At, f.End()
	if p.started && from-p.now < jitter {
		from = p.now
	}
	if p.started && from-p.now >= endpoint {
		if err := p.finish(); err != nil {
			return err
		}
	}
	p.started = true
	for from < to {
		next := min(from+step, to)
		if err := p.advance(from, next); err != nil {
			return err
		}
		from = next
	}
	return nil
}

// advance hears the stretch from..to.
func (p *player) advance(from, to time.Duration) error {
	fresh := false
	p.now = to
	for len(p.words) > 0 && p.words[0].Start < to {
		w := p.words[0]
		p.words = p.words[1:]
		if w.Start < from {
			continue
		}
		if len(p.heard) > 0 && p.heard[0].line != w.line {
			if err := p.finish(); err != nil {
				return err
			}
		}
		p.heard = append(p.heard, w)
		fresh = true
	}
	if len(p.heard) == 0 {
		return nil
	}
	end := p.heard[0].end
	if to >= end+endpoint {
		return p.finish()
	}
	if fresh || to < end && to-p.reported >= step {
		p.reported = to
		return p.emit(p.segment(false))
	}
	return nil
}

// finish makes the open line final.
func (p *player) finish() error {
	if len(p.heard) == 0 {
		return nil
	}
	s := p.segment(true)
	p.heard = p.heard[:0]
	p.finals++
	return p.emit(s)
}

// segment describes the open line as heard so far.
func (p *player) segment(final bool) transcribe.Segment {
	s := transcribe.Segment{ID: p.finals + 1, Final: final, Confidence: 1, Start: p.heard[0].Start}
	texts := make([]string, len(p.heard))
	for i, w := range p.heard {
		w.End = min(w.End, p.now)
		s.Words = append(s.Words, w.Word)
		s.End = w.End
		texts[i] = w.Text
	}
	s.Text = strings.Join(texts, " ")
	return s
}
