package sherpa

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/audio"
)

// workerEnv makes this test binary a speech worker, as Options.Command does
// with the product's own binary.
const workerEnv = "HEED_TEST_SPEECH_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) == "real" {
		if err := RunWorker(context.Background(), os.Stdin, os.Stdout, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func TestQuick(t *testing.T) {
	self, _ := os.Executable()
	e, err := New(Options{
		Runtime: "/root/go/pkg/mod/github.com/k2-fsa/sherpa-onnx-go-linux@v1.10.46/lib/x86_64-unknown-linux-gnu",
		Model:   "/work/shared/models/asr-en-3m3",
		Command: []string{"/usr/bin/env", workerEnv + "=real", self},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	data, _ := os.ReadFile("/work/shared/speech/synthetic/cancel-competitor.wav")
	w, err := audio.ReadWAV(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for ch := range w.Channels {
		frames := make(chan transcribe.Frame)
		go func() {
			defer close(frames)
			for at := 0; at+160 <= len(w.Channels[ch]); at += 160 {
				frames <- transcribe.Frame{PCM: w.Channels[ch][at : at+160], Rate: w.Rate, At: time.Duration(at) * time.Second / 8000}
			}
		}()
		begin := time.Now()
		err = e.Transcribe(context.Background(), frames, func(s transcribe.Segment) error {
			if s.Final {
				fmt.Println(ch, s.ID, s.Start, s.End, s.Text, s.Confidence, s.Words[0])
			}
			return nil
		})
		fmt.Println(err, time.Since(begin), e.State(), e.Usage())
	}
}
