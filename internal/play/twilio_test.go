package play

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The messages are written as the platform writes them: counters as strings,
// the sequence over the socket, chunks per track, one clock for both tracks.
func TestTwilioMessages(t *testing.T) {
	t.Parallel()
	rec := &Recording{customer: make([]byte, 400), agent: make([]byte, 160)}
	p, err := newTwilio(Options{Recording: rec, URL: "https://heed.example", PlatformCall: "CA1", Caller: Caller{From: `+1"4`, Agent: "alice"}})
	if err != nil {
		t.Fatal(err)
	}
	if target, _ := p.upgrade(); target != "wss://heed.example/ingest/twilio/media" {
		t.Errorf("address %s", target)
	}
	var got []map[string]any
	read := func(messages []message) {
		for _, m := range messages {
			var v map[string]any
			if err := json.Unmarshal(m.data, &v); err != nil {
				t.Fatalf("%v: %s", err, m.data)
			}
			got = append(got, v)
		}
	}
	read(p.hello())
	for i := range rec.frames() {
		read(p.media(rec, i))
	}
	read(p.goodbye())
	media := func(sequence, track, chunk, timestamp string, n int) map[string]any {
		return map[string]any{"event": "media", "sequenceNumber": sequence, "streamSid": p.stream, "media": map[string]any{
			"track": track, "chunk": chunk, "timestamp": timestamp, "payload": base64.StdEncoding.EncodeToString(make([]byte, n)),
		}}
	}
	want := []map[string]any{
		{"event": "connected", "protocol": "Call", "version": "1.0.0"},
		{"event": "start", "sequenceNumber": "1", "streamSid": p.stream, "start": map[string]any{
			"streamSid": p.stream, "accountSid": account, "callSid": "CA1", "tracks": []any{"inbound", "outbound"},
			"customParameters": map[string]any{"from": `+1"4`, "agent": "alice"},
			"mediaFormat":      map[string]any{"encoding": "audio/x-mulaw", "sampleRate": 8000., "channels": 1.},
		}},
		media("2", "inbound", "1", "0", 160), media("3", "outbound", "1", "0", 160),
		media("4", "inbound", "2", "20", 160), media("5", "inbound", "3", "40", 80),
		{"event": "stop", "sequenceNumber": "6", "streamSid": p.stream, "stop": map[string]any{"accountSid": account, "callSid": "CA1"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestDoorURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://localhost:8080":         "ws://localhost:8080/p",
		"https://heed.example/":         "wss://heed.example/p",
		"ws://heed.example/other":       "ws://heed.example/other",
		"wss://heed.example/other?a=b%": "wss://heed.example/other?a=b%",
	} {
		if got, err := doorURL(in, "/p"); err != nil || got != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

func TestIDsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		id := newSID("CA")
		if len(id) != 34 || seen[id] {
			t.Fatalf("id %s", id)
		}
		seen[id] = true
	}
}

func BenchmarkTwilioMedia(b *testing.B) {
	rec := &Recording{customer: make([]byte, 8000*60), agent: make([]byte, 8000*60)}
	p, err := newTwilio(Options{Recording: rec, URL: "http://x"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if n := len(p.media(rec, i%rec.frames())); n != 2 {
			b.Fatal(fmt.Sprint(n))
		}
		i++
	}
}
