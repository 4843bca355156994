package engines

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"heed/transcribe"
)

// Calibrate measures how fast an engine of this machine hears when as many
// streams as given are at work: audio heard and time taken. It blocks until
// each has heard the sample once; a sample of ten seconds of speech, twice as
// many streams as cores, is what [Capacity.Measured] wants.
func Calibrate(ctx context.Context, e transcribe.Engine, pcm []int16, rate, streams int) (audio, took time.Duration, err error) {
	if err := warm(ctx, e, pcm, rate); err != nil {
		return 0, 0, err
	}
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for range streams {
		group.Go(func() error { return hear(ctx, e, pcm, rate) })
	}
	if err := group.Wait(); err != nil {
		return 0, 0, fmt.Errorf("measure the speech engine: %w", err)
	}
	length := time.Duration(len(pcm)) * time.Second / time.Duration(rate)
	return time.Duration(streams) * length, time.Since(began), nil
}

// warm waits until the engine's model is loaded.
func warm(ctx context.Context, e transcribe.Engine, pcm []int16, rate int) error {
	if err := hear(ctx, e, pcm[:min(len(pcm), rate)], rate); err != nil {
		return fmt.Errorf("measure the speech engine: %w", err)
	}
	return nil
}

// hear gives the engine a whole sample as fast as it takes it.
func hear(ctx context.Context, e transcribe.Engine, pcm []int16, rate int) error {
	ctx, cancel := context.WithCancel(ctx)
	frames := make(chan transcribe.Frame)
	var fed sync.WaitGroup
	fed.Go(func() {
		defer close(frames)
		size := rate / 50
		for at := 0; at < len(pcm); at += size {
			f := transcribe.Frame{
				PCM: append([]int16(nil), pcm[at:min(at+size, len(pcm))]...), Rate: rate,
				At: time.Duration(at) * time.Second / time.Duration(rate), Wall: time.Now(),
			}
			select {
			case frames <- f:
			case <-ctx.Done():
				return
			}
		}
	})
	err := e.Transcribe(ctx, frames, func(transcribe.Segment) error { return nil })
	cancel()
	fed.Wait()
	return err
}
