package sherpa

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/transcribe"
)

// TestMessagesSurvive sends what the engine may send.
func TestMessagesSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := rapid.Uint32().Draw(t, "stream")
		f := transcribe.Frame{
			PCM: rapid.SliceOfN(rapid.Int16(), 1, 500).Draw(t, "pcm"),
			At:  time.Duration(rapid.Int64Min(0).Draw(t, "at")),
		}
		rate := rapid.IntRange(0, 1<<31).Draw(t, "rate")
		var wire bytes.Buffer
		wire.Write(openMessage(stream, rate, hints{}).encode())
		wire.Write(audioMessage(stream, f).encode())
		wire.Write(message{kind: kindFinish, stream: stream}.encode())
		open, err := readMessage(&wire)
		if err != nil || open.kind != kindOpen || open.stream != stream || open.rate() != rate {
			t.Fatalf("open came as %+v, %v", open, err)
		}
		heard, err := readMessage(&wire)
		if err != nil {
			t.Fatal(err)
		}
		at, pcm := heard.audio()
		if at != f.At || cmp.Diff(f.PCM, pcm) != "" {
			t.Fatalf("audio came at %v with %d samples", at, len(pcm))
		}
		if end, err := readMessage(&wire); err != nil || end.kind != kindFinish {
			t.Fatalf("finish came as %+v, %v", end, err)
		}
		if _, err := readMessage(&wire); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last message: %v", err)
		}
	})
}

func TestBadMessagesAreRefused(t *testing.T) {
	for name, wire := range map[string]string{
		"unknown kind":       "X\x00\x00\x00\x00\x00\x00\x00\x00",
		"odd audio":          "A\x00\x00\x00\x00\x0b\x00\x00\x00",
		"audio without any":  "A\x00\x00\x00\x00\x08\x00\x00\x00",
		"gigabytes":          "A\x00\x00\x00\x00\x00\x00\x00\x7f",
		"open without rate":  "O\x00\x00\x00\x00\x00\x00\x00\x00",
		"finish with a tail": "F\x00\x00\x00\x00\x02\x00\x00\x00",
	} {
		if _, err := readMessage(strings.NewReader(wire)); !errors.Is(err, errProtocol) {
			t.Errorf("%s: %v, want a protocol error", name, err)
		}
	}
	for name, wire := range map[string]string{
		"cut in the header":  "A\x00\x00",
		"cut in the payload": "O\x01\x00\x00\x00\x04\x00\x00\x00\x40",
	} {
		if _, err := readMessage(strings.NewReader(wire)); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%s: %v, want an error that is not the end", name, err)
		}
	}
}

func TestBadReportsAreRefused(t *testing.T) {
	for _, line := range []string{
		``, `{`, `null`, `[]`, `{"report":"dance"}`, `{"report":"heard"}`, `{"report":"heard","samples":-1}`,
		`{"report":"segment"}`, `{"report":"segment","segment":{"ID":1}}`,
		`{"report":"segment","segment":{"ID":0,"Text":"x"}}`,
		`{"report":"segment","segment":{"ID":1,"Text":"x","Start":5,"End":4}}`,
		`{"report":"beat","cpu":"much"}`,
	} {
		if _, err := parseReport([]byte(line)); !errors.Is(err, errProtocol) {
			t.Errorf("%s: %v, want a protocol error", line, err)
		}
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add(openMessage(1, 8000, hints{}).encode())
	f.Add(audioMessage(2, transcribe.Frame{PCM: []int16{1, -2}, At: 5}).encode())
	f.Fuzz(func(t *testing.T, wire []byte) {
		m, err := readMessage(bytes.NewReader(wire))
		if err != nil {
			return
		}
		if m.kind == kindAudio {
			if _, pcm := m.audio(); len(pcm) == 0 {
				t.Error("audio without samples")
			}
		}
		if again := m.encode(); !bytes.Equal(again, wire[:len(again)]) {
			t.Errorf("%q was read and written as %q", wire, again)
		}
	})
}

func FuzzParseReport(f *testing.F) {
	f.Add([]byte(`{"report":"segment","stream":1,"segment":{"ID":1,"Final":true,"Text":"yes","Start":1,"End":2}}`))
	f.Add([]byte(`{"report":"heard","stream":1,"samples":160}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseReport(line)
		if err != nil {
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}
