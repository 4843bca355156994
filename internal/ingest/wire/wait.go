package wire

import "context"

// Wait returns nil when all that is waited for has come, or else the cause of
// ctx's end; what was waited for is waited for on, by nobody.
func Wait(ctx context.Context, all ...func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, wait := range all {
			wait()
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
