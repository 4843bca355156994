package transcribe

import "context"

// FirstFrame waits for the first frame with samples, for engines that cost
// nothing before; nil without an error means that frames closed before any
// came. The error is ctx's.
func FirstFrame(ctx context.Context, frames <-chan Frame) (*Frame, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case f, more := <-frames:
			if !more {
				return nil, nil
			}
			if len(f.PCM) > 0 {
				return &f, nil
			}
		}
	}
}
