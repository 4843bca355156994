package engines

import (
	"context"
	"fmt"
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
		group.Go(func() error { return transcribe.Whole(ctx, e, pcm, rate, nil, ignore) })
	}
	if err := group.Wait(); err != nil {
		return 0, 0, fmt.Errorf("measure the speech engine: %w", err)
	}
	length := time.Duration(len(pcm)) * time.Second / time.Duration(rate)
	return time.Duration(streams) * length, time.Since(began), nil
}

// warm waits until the engine's model is loaded.
func warm(ctx context.Context, e transcribe.Engine, pcm []int16, rate int) error {
	if err := transcribe.Whole(ctx, e, pcm[:min(len(pcm), rate)], rate, nil, ignore); err != nil {
		return fmt.Errorf("measure the speech engine: %w", err)
	}
	return nil
}

// ignore takes what is heard: only the time counts.
func ignore(transcribe.Segment) error { return nil }
