package sidebyside

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/compare"
	"heed/internal/listen"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// run has both engines hear, and says what came of it.
func (s *Service) run(ctx context.Context, v *View, src Source) {
	var heard [2]hearing
	var err error
	for i, name := range v.Engines {
		if heard[i], err = s.hear(ctx, v, i, src.Wav); err != nil {
			err = fmt.Errorf("%s: %w", name, err)
			break
		}
	}
	var r *Result
	if err == nil {
		r = resultOf(heard, src)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Now = ""
	switch {
	case err == nil:
		v.State, v.Share, v.Result = Done, 1, r
	case errors.Is(err, context.Canceled):
		v.State = Stopped
	case errors.Is(err, context.DeadlineExceeded):
		v.State, v.Fault = Failed, fmt.Sprintf("it took longer than %d minutes", int(patience.Minutes()))
	default:
		v.State, v.Fault = Failed, err.Error()
		s.log.Warn("two engines were not compared", "error", err)
	}
}

// hearing is what one engine made of it.
type hearing struct {
	compare.Heard

	cpu    time.Duration
	unsaid string // why cpu is not known
}

func (s *Service) hear(ctx context.Context, v *View, i int, wav audio.WAV) (h hearing, err error) {
	name := v.Engines[i]
	e, err := s.o.Open(ctx, name)
	if err != nil {
		return h, err
	}
	if e.Close != nil {
		defer func() { err = errors.Join(err, e.Close()) }()
		if err := warm(ctx, e.Engine, wav); err != nil {
			return h, err
		}
	}
	used := meter(e.Load)
	began := time.Now()
	t, err := listen.Audio(ctx, e.Engine, wav, func(done, total time.Duration) {
		s.tell(v, i, float64(done)/float64(max(total, 1)))
	})
	if err != nil {
		return h, err
	}
	h.Heard = compare.Heard{Engine: name, Model: e.Model, Elapsed: time.Since(began)}
	h.cpu, h.unsaid = used(time.Duration(len(wav.Channels)) * lengthOf(wav))
	h.Transcript = redacted(t, s.o.Redactor())
	return h, nil
}

func (s *Service) tell(v *View, i int, share float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Now, v.Share = v.Engines[i], (float64(i)+share)/2
}

func lengthOf(wav audio.WAV) time.Duration {
	return time.Duration(len(wav.Channels[0])) * time.Second / time.Duration(wav.Rate)
}

// warm waits until a model is loaded, so that its time is not counted.
func warm(ctx context.Context, e transcribe.Engine, wav audio.WAV) error {
	first := audio.WAV{Rate: wav.Rate, Channels: [][]int16{wav.Channels[0][:min(len(wav.Channels[0]), wav.Rate)]}}
	_, err := listen.Audio(ctx, e, first, nil)
	return err //nolint:wrapcheck // the engine's own
}

// Why the CPU time of an engine is not known.
const (
	Elsewhere = "untold" // it runs elsewhere, or does not count
	Shared    = "shared" // it heard calls beside
)

// meter begins to measure what an engine uses. What it gives tells how much
// that was for so much audio, or why nobody knows.
func meter(load func() (cpu, heard time.Duration)) func(own time.Duration) (time.Duration, string) {
	if load == nil {
		return func(time.Duration) (time.Duration, string) { return 0, Elsewhere }
	}
	cpu, heard := load()
	return func(own time.Duration) (time.Duration, string) {
		now, all := load()
		switch {
		case all-heard > own+own/20+time.Second:
			return 0, Shared
		case now <= cpu:
			return 0, Elsewhere
		}
		return now - cpu, ""
	}
}

// redacted removes what must not be shown. Of one channel nobody knows who
// speaks: it may be the customer.
func redacted(t listen.Transcript, final func(insights.Utterance) insights.Utterance) listen.Transcript {
	out := listen.Transcript{Seconds: t.Seconds, Truncated: t.Truncated, Words: []listen.Word{}}
	for _, u := range t.Utterances {
		who := insights.Speaker(u.Speaker)
		if who == "" {
			who = insights.Customer
		}
		clean := insights.Utterance{Speaker: who, Start: insights.Seconds(u.Start), End: insights.Seconds(u.End), Text: u.Text}
		for _, w := range u.Words {
			clean.Words = append(clean.Words, insights.Word{Text: w.Text, Start: insights.Seconds(w.Start), End: insights.Seconds(w.End), Confidence: w.Confidence})
		}
		clean = final(clean)
		shown := listen.Utterance{Speaker: u.Speaker, Start: u.Start, End: u.End, Text: clean.Text}
		for _, w := range clean.Words {
			shown.Words = append(shown.Words, listen.Word{Text: w.Text, Speaker: u.Speaker, Start: float64(w.Start), End: float64(w.End), Confidence: w.Confidence})
		}
		out.Utterances = append(out.Utterances, shown)
		if out.Text != "" && shown.Text != "" {
			out.Text += " "
		}
		out.Text += shown.Text
	}
	return out
}
