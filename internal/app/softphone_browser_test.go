package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/event"
	"heed/transcribe/audio"
)

// TestASoftphoneInABrowser publishes a microphone by the page itself, through
// a network that loses 5 % of what is sent and delays the rest by up to 80 ms:
// the recording is as long as the call was, each channel is one party, and a
// key is known to be one. It runs beside no other: a browser that does not get
// its turn loses audio of its own.
func TestASoftphoneInABrowser(t *testing.T) {
	needBrowser(t)
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	token := whipToken(t, c, map[string]any{"call": "soft-1", "party": "stereo", "from": "+12025550142", "language": "en-US"})
	network := newBadNetwork(t, 0.05, 80*time.Millisecond)
	front := network.front(t, c.Base())
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if !inBrowser(ctx, t, "e2e/softphone.spec.mjs", "HEED_SOFTPHONE="+front.URL+"/softphone#token="+token, "HEED_MICROPHONE="+microphone(t), "HEED_SECONDS=4") {
		t.FailNow()
	}
	r, err := c.Wait(ctx, "soft-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	wav, err := c.Recording(ctx, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer wav.Close()
	w, err := audio.ReadWAV(wav)
	if err != nil {
		t.Fatal(err)
	}
	for i, own := range []float64{agentTone, customerTone} { // the agent is on the left
		other := agentTone + customerTone - own
		if mine, theirs := power(w.Channels[i], w.Rate, own), power(w.Channels[i], w.Rate, other); mine < 100*theirs || mine == 0 {
			t.Errorf("channel %d has a power of %.2g at %v Hz and of %.2g at %v Hz", i, mine, own, theirs, other)
		}
	}
	recorded := time.Duration(len(w.Channels[0])) * time.Second / time.Duration(w.Rate)
	ended := network.ended.Load()
	t.Logf("%d packets were lost; %v were recorded; health %+v", network.lost.Load(), recorded, r.Health)
	if wall := ended.Sub(r.StartedAt); (recorded - wall).Abs() > 100*time.Millisecond {
		t.Errorf("%v were recorded of a call of %v", recorded, wall)
	}
	if network.lost.Load() < 5 || r.Health.Frames < 150 || r.Health.Garbage > 0 || r.Platform != "whip" || r.Status != event.CallOver {
		t.Errorf("%d packets were lost, %d frames came, status %s: %+v", network.lost.Load(), r.Health.Frames, r.Status, r.Health)
	}
	if keys := regexp.MustCompile(`heed_door_messages_total\{kind="control",platform="whip"\} [1-9]`); !keys.Match(metrics(t, c)) {
		t.Error("no key came")
	}
}

// metrics reads what the server counts.
func metrics(t *testing.T, c *client.Client) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Base()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	raw, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// whipToken has the server make a token.
func whipToken(t *testing.T, c *client.Client, ask map[string]any) string {
	t.Helper()
	body, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base()+"/v1/whip/tokens", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Key())
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var ticket struct{ Token, URL string }
	if err := json.NewDecoder(a.Body).Decode(&ticket); err != nil || a.StatusCode != http.StatusCreated || ticket.Token == "" || ticket.URL != "/ingest/whip" {
		t.Fatalf("a token was answered %d: %+v, %v", a.StatusCode, ticket, err)
	}
	return ticket.Token
}

// What the parties sound like, in Hz.
const (
	agentTone    = 300.0
	customerTone = 800.0
)

// power is that of a tone in a signal (Goertzel).
func power(pcm []int16, rate int, hz float64) float64 {
	c, before, last := 2*math.Cos(2*math.Pi*hz/float64(rate)), 0.0, 0.0
	for _, s := range pcm {
		before, last = last, float64(s)/32768+c*last-before
	}
	n := float64(len(pcm))
	return (last*last + before*before - c*last*before) / (n * n)
}

// microphone writes two channels as a browser's microphone wants them: 16 bits,
// 48 kHz.
func microphone(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "microphone.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const rate = 48000
	out, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: rate, Channels: 2, Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 0, 2*rate)
	for i := range rate {
		for _, hz := range []float64{agentTone, customerTone} {
			pcm = append(pcm, int16(8000*math.Sin(2*math.Pi*hz*float64(i)/rate)))
		}
	}
	if err := errors.Join(out.Write(pcm), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
