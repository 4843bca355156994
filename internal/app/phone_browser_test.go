package app_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heed/fixtures"
	"heed/transcribe/audio"
)

// TestTheSoftphoneOfTheApp publishes a microphone that plays a recorded call by
// the app's own softphone, with no phone platform: its words come back on the
// desk.
func TestTheSoftphoneOfTheApp(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	a, _ := serve(t, filepath.Join(t.TempDir(), "data"), realEngine(t))
	visit(t, "e2e/phone.spec.mjs", a.URL(), a.SignInLink, "HEED_MICROPHONE="+spoken(t, "double-charge"))
}

// TestTheScreensAreQuick measures the desk on the server of the screens' own.
func TestTheScreensAreQuick(t *testing.T) {
	t.Parallel() // it waits more than it works
	byThemselves(t, "e2e/speed.spec.mjs")
}

// TestTheScreensTakeAnything shows the screens a wrong clock and hostile words, on
// the server of their own.
func TestTheScreensTakeAnything(t *testing.T) {
	t.Parallel() // it waits more than it works
	byThemselves(t, "e2e/hostile.spec.mjs")
}

// byThemselves runs a test of the screens on the server that they bring.
func byThemselves(t *testing.T, spec string) {
	t.Helper()
	needBrowser(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	inBrowser(ctx, t, spec)
}

// spoken writes a recorded call as a browser's microphone wants it: 16 bits.
func spoken(t *testing.T, name string) string {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".wav")
	if err != nil {
		t.Fatal(err)
	}
	w, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: w.Rate, Channels: 2, Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 0, 2*len(w.Channels[0]))
	for i := range w.Channels[0] {
		pcm = append(pcm, w.Channels[0][i], w.Channels[1][i])
	}
	if err := errors.Join(out.Write(pcm), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
