package sherpa

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
)

// bench is a worker with a parrot for a model, and both ends of its pipes.
type bench struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *bufio.Scanner
	done chan error
}

func startWorker(t *testing.T, models recognizer) *bench {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	b := &bench{t: t, in: inW, out: bufio.NewScanner(outR), done: make(chan error, 1)}
	go func() {
		err := newWorker(outW, DefaultTuning()).run(t.Context(), inR, models)
		outW.Close()
		inR.Close()
		b.done <- err
	}()
	t.Cleanup(func() {
		inW.Close()
		outR.Close()
	})
	b.expect(reportReady, 0)
	return b
}

func (b *bench) send(messages ...message) {
	b.t.Helper()
	for _, m := range messages {
		if _, err := b.in.Write(m.encode()); err != nil {
			b.t.Error(err)
			return
		}
	}
}

// next gives the next report that is no heartbeat.
func (b *bench) next() (report, bool) {
	b.t.Helper()
	for b.out.Scan() {
		r, err := parseReport(b.out.Bytes())
		if err != nil {
			b.t.Fatal(err)
		}
		if r.Report != reportBeat {
			return r, true
		}
	}
	return report{}, false
}

func (b *bench) expect(what string, stream uint32) report {
	b.t.Helper()
	r, ok := b.next()
	if !ok || r.Report != what || r.Stream != stream {
		b.t.Fatalf("report %+v (%t), want %q of stream %d", r, ok, what, stream)
	}
	return r
}

// ended waits for the worker's end.
func (b *bench) ended() error {
	b.t.Helper()
	for {
		if _, ok := b.next(); !ok {
			return <-b.done
		}
	}
}

func audioOf(stream uint32, at time.Duration, pcm []int16) message {
	return audioMessage(stream, transcribe.Frame{PCM: pcm, At: at})
}

func TestWorkerHearsTwoStreams(t *testing.T) {
	p := new(parrot)
	b := startWorker(t, p)
	go b.send(
		openMessage(1, 8000, hints{}), audioOf(1, 0, tone(500*ms, 8000)),
		openMessage(2, 16000, hints{}), audioOf(2, time.Minute, tone(500*ms, 16000)),
		message{kind: kindFinish, stream: 1}, message{kind: kindFinish, stream: 2},
	)
	finals, heard, done := map[uint32]transcribe.Segment{}, map[uint32]int{}, map[uint32]bool{}
	for len(done) < 2 {
		r, ok := b.next()
		if !ok {
			t.Fatal("the worker ended")
		}
		switch {
		case r.Report == reportSegment && r.Segment.Final:
			finals[r.Stream] = *r.Segment
		case r.Report == reportHeard:
			heard[r.Stream] += r.Samples
		case r.Report == reportDone:
			done[r.Stream] = true
		}
	}
	if heard[1] > 4000 || heard[2] > 8000 || finals[1].Start != 0 || finals[2].Start != time.Minute || finals[2].Text != "word" {
		t.Errorf("finals %+v, heard %v", finals, heard)
	}
	b.in.Close()
	if err := b.ended(); err != nil {
		t.Errorf("end of input: %v, want no error", err)
	}
	// The second pass has more of them, when there was time for it.
	if p.opened < 2 || p.closed != p.opened {
		t.Errorf("%d model streams opened, %d closed", p.opened, p.closed)
	}
}

func TestWorkerRefusesOneStreamOnly(t *testing.T) {
	b := startWorker(t, new(parrot))
	go b.send(openMessage(1, 44, hints{}), audioOf(1, 0, tone(ms, 8000)), audioOf(1, ms, tone(ms, 8000)),
		openMessage(2, 8000, hints{}), audioOf(2, 0, tone(20*ms, 8000)))
	// Two streams may be heard at once, so that either answer may be the first.
	answers := map[uint32]report{}
	for range 2 {
		r, ok := b.next()
		if !ok {
			t.Fatal("the worker ended")
		}
		answers[r.Stream] = r
	}
	if r := answers[1]; r.Report != reportFailed || !strings.Contains(r.Message, "44 Hz") {
		t.Errorf("the first stream: %+v, want it refused for its 44 Hz", r)
	}
	if r := answers[2]; r.Report != reportHeard {
		t.Errorf("the second stream: %+v, want it heard", r)
	}
}

func TestWorkerDropsAStream(t *testing.T) {
	p := new(parrot)
	b := startWorker(t, p)
	go func() {
		b.send(openMessage(1, 8000, hints{}), audioOf(1, 0, tone(20*ms, 8000)))
		b.send(message{kind: kindDrop, stream: 1}, audioOf(1, 20*ms, tone(20*ms, 8000)), message{kind: kindFinish, stream: 9})
		b.send(openMessage(2, 8000, hints{}), audioOf(2, 0, tone(20*ms, 8000)), message{kind: kindFinish, stream: 2})
	}()
	for {
		r, ok := b.next()
		if !ok {
			t.Fatal("the worker ended")
		}
		if r.Report == reportDone && r.Stream == 1 {
			t.Error("the dropped stream was finished")
		}
		if r.Report == reportDone {
			break
		}
	}
	b.in.Close()
	if err := b.ended(); err != nil || p.opened != p.closed {
		t.Errorf("%v; %d model streams opened, %d closed", err, p.opened, p.closed)
	}
}

func TestWorkerEndsOnNonsense(t *testing.T) {
	for name, messages := range map[string][]message{
		"second setup":      {{kind: kindConfig, payload: []byte("{}")}},
		"stream twice":      {openMessage(1, 8000, hints{}), openMessage(1, 8000, hints{})},
		"unknown kind":      {{kind: 'Z'}},
		"cut off":           {},
		"too many streams ": manyStreams(),
	} {
		t.Run(name, func(t *testing.T) {
			b := startWorker(t, new(parrot))
			go func() {
				for _, m := range messages {
					if _, err := b.in.Write(m.encode()); err != nil {
						return
					}
				}
				if len(messages) == 0 {
					_, _ = b.in.Write([]byte("A\x01"))
					b.in.Close()
				}
			}()
			if err := b.ended(); err == nil {
				t.Error("the worker ended without an error")
			}
		})
	}
}

func manyStreams() []message {
	var all []message
	for i := range uint32(maxStreams + 1) {
		all = append(all, openMessage(i+1, 8000, hints{}))
	}
	return all
}

// stuck is a model that never finishes a chunk until it is let go.
type stuck struct {
	parrot
	begun, free chan struct{}
}

func (s *stuck) open(h hints) (hearing, error) {
	close(s.begun)
	<-s.free
	return s.parrot.open(h)
}

func TestWorkerRefusesAFlood(t *testing.T) {
	s := &stuck{begun: make(chan struct{}), free: make(chan struct{})}
	b := startWorker(t, s)
	go func() {
		b.send(openMessage(1, 8000, hints{}), audioOf(1, 0, tone(20*ms, 8000)))
		<-s.begun
		piece := audioOf(1, 20*ms, tone(5*time.Second, 8000)[:maxPayload/2-8]).encode()
		for range maxWaiting/len(piece) + 4 {
			if _, err := b.in.Write(piece); err != nil {
				break
			}
		}
		close(s.free)
	}()
	if err := b.ended(); !errors.Is(err, errProtocol) {
		t.Errorf("%v, want a protocol error", err)
	}
}

func TestWorkerBeats(t *testing.T) {
	b := startWorker(t, new(parrot))
	for range 2 {
		if !b.out.Scan() {
			t.Fatal("the worker ended")
		}
		if r, err := parseReport(b.out.Bytes()); err != nil || r.Report != reportBeat {
			t.Errorf("%+v, %v, want a heartbeat", r, err)
		}
	}
}

func TestWorkerSetup(t *testing.T) {
	good, err := json.Marshal(setup{Runtime: t.TempDir(), Model: t.TempDir(), Tuning: DefaultTuning()})
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{
		"nothing":       nil,
		"audio first":   openMessage(1, 8000, hints{}).encode(),
		"not JSON":      message{kind: kindConfig, payload: []byte("runtime: x")}.encode(),
		"no tuning":     message{kind: kindConfig, payload: []byte(`{"runtime":"x"}`)}.encode(),
		"empty folders": message{kind: kindConfig, payload: good}.encode(),
	} {
		var out strings.Builder
		if err := RunWorker(context.Background(), strings.NewReader(string(in)), &out, nil); err == nil {
			t.Errorf("%s: the worker started", name)
		}
		if name == "empty folders" && !strings.Contains(out.String(), `"refused"`) {
			t.Errorf("%s: reported %q, want a refusal", name, out.String())
		}
	}
	if err := RunWorker(context.Background(), strings.NewReader(""), io.Discard, []string{"--help"}); err == nil {
		t.Error("an argument was taken")
	}
}
