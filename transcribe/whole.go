package transcribe

import (
	"context"
	"sync"
	"time"
)

// Whole lets an engine hear audio that is all there, mono at a rate in Hz, as
// fast as it takes it, and blocks until it has. The stream begins at 0. given,
// if not nil, is told of each stretch that the engine took, from another
// goroutine. The engine must not change the samples.
func Whole(ctx context.Context, e Engine, pcm []int16, rate int, given func(time.Duration), emit func(Segment) error) error {
	ctx, cancel := context.WithCancel(ctx)
	frames := make(chan Frame)
	var fed sync.WaitGroup
	fed.Go(func() {
		defer close(frames)
		size := max(rate/int(time.Second/FrameDuration), 1)
		for at := 0; at < len(pcm); at += size {
			f := Frame{
				PCM: pcm[at:min(at+size, len(pcm))], Rate: rate, Wall: time.Now(),
				At: time.Duration(at) * time.Second / time.Duration(rate),
			}
			select {
			case frames <- f:
			case <-ctx.Done():
				return
			}
			if given != nil {
				given(f.Duration())
			}
		}
	})
	defer fed.Wait()
	defer cancel()
	return e.Transcribe(ctx, frames, emit)
}
