package remote

import (
	"context"
	"io"
	"testing"

	"heed/transcribe"
)

// sink takes audio and says nothing.
type sink struct{ done chan struct{} }

func (s *sink) Send(context.Context, []int16) error { return nil }
func (s *sink) KeepAlive(context.Context) error     { return nil }
func (s *sink) Finish(context.Context) error        { close(s.done); return nil }
func (s *sink) Close() error                        { return nil }

func (s *sink) Receive(ctx context.Context) ([]Result, error) {
	select {
	case <-s.done:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// BenchmarkRunner tells what a minute of one party's audio costs, apart from
// encoding and network.
func BenchmarkRunner(b *testing.B) {
	for name, rate := range map[string]int{"as it is": 8000, "resampled": 16000} {
		b.Run(name, func(b *testing.B) {
			r, err := New(Options{Name: "fake", Rates: []int{rate}, Dial: func(context.Context, Format) (Session, error) {
				return &sink{make(chan struct{})}, nil
			}})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				feed := make(chan transcribe.Frame, 3000)
				for i := range 3000 {
					feed <- frame(span(int64(i*160), 8000), 20*ms)
				}
				close(feed)
				if err := r.Transcribe(b.Context(), feed, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
