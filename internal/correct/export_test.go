package correct

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/transcribe/audio"
)

func contains(text, phrase string) bool { return strings.Contains(" "+text+" ", " "+phrase+" ") }

// shelf is a server with calls on it.
type shelf struct {
	pages      [][]event.Correction
	calls      map[string]*desk.Record
	recordings map[string][]byte
	fetched    []string
}

func (s *shelf) Corrections(_ context.Context, after string) ([]event.Correction, string, error) {
	if s.pages == nil {
		return nil, "", errors.New("the server is gone")
	}
	n := len(after) // the mark is as long as the page's number
	next := ""
	if n+1 < len(s.pages) {
		next = strings.Repeat("x", n+1)
	}
	return s.pages[n], next, nil
}

func (s *shelf) Call(_ context.Context, id string) (*desk.Record, error) {
	if r := s.calls[id]; r != nil {
		return r, nil
	}
	return nil, errors.New("no call " + id)
}

func (s *shelf) Recording(_ context.Context, id string) (io.ReadCloser, error) {
	s.fetched = append(s.fetched, id)
	return io.NopCloser(bytes.NewReader(s.recordings[id])), nil
}

// recording is so many seconds of two parties; each sample tells its time and,
// by its sign, its party. The customer is silent from second 12 to 14.
func recording(t *testing.T, seconds int) []byte {
	t.Helper()
	const rate = 8000
	var b bytes.Buffer
	b.Write(audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: rate, Channels: 2, Encoding: audio.PCM16}, int64(seconds*rate*4)))
	for i := range seconds * rate {
		s := int16(i/8 + 1) // the millisecond
		customer := -s
		if at := i / rate; at == 12 || at == 13 {
			customer = 0
		}
		for _, v := range []int16{s, customer} {
			b.Write([]byte{byte(v), byte(uint16(v) >> 8)})
		}
	}
	return b.Bytes()
}

func spoken(id string, who insights.Speaker, start, end insights.Seconds, text string) insights.Utterance {
	u := insights.Utterance{ID: id, CallID: "c1", Speaker: who, Start: start, End: end, Text: text}
	for i, w := range strings.Fields(text) {
		each := (end - start) / insights.Seconds(len(strings.Fields(text)))
		u.Words = append(u.Words, insights.Word{Text: w, Start: start + each*insights.Seconds(i), End: start + each*insights.Seconds(i+1)})
	}
	return u
}

func fixOf(u insights.Utterance, plain string) event.Correction {
	return event.Correction{UtteranceID: u.ID, CallID: u.CallID, Speaker: u.Speaker, Start: u.Start, End: u.End, Heard: u.Text, Plain: plain}
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	over := time.Now()
	said := []insights.Utterance{
		spoken("u1", insights.Agent, 1, 2, "hello their"),
		spoken("u2", insights.Agent, 2.1, 4, "how can i help"),
		spoken("u3", insights.Customer, 3.9, 6, "i want to council"),
		spoken("u4", insights.Customer, 8, 9, "for one one"),
		spoken("u5", insights.Customer, 11, 14, "it ends in silence"),
		spoken("u6", insights.Customer, 15, 16, "forty nine"),
		spoken("u7", insights.Agent, 40, 41, "after the end"),
		spoken("u8", insights.Agent, 17, 18, "[card number]"),
	}
	kept := &desk.Record{
		Call:       event.Call{ID: "c1", Recording: event.Recording{State: "kept"}, EndedAt: &over},
		Utterances: said,
		Insights:   []insights.Insight{{Kind: insights.Redacted, Speaker: insights.Customer, Start: 8.5, End: 9}},
	}
	partial := &desk.Record{Call: event.Call{ID: "c2", Recording: event.Recording{State: "partial"}, EndedAt: &over}}
	live := &desk.Record{Call: event.Call{ID: "c3", Recording: event.Recording{State: "kept"}}}
	of := func(call string) event.Correction {
		return event.Correction{UtteranceID: "x" + call, CallID: call, Plain: "words", Speaker: insights.Agent, End: 1}
	}
	return &shelf{
		pages: [][]event.Correction{
			{fixOf(said[7], "my number"), fixOf(said[2], "i want to cancel"), of("c2"), fixOf(said[6], "after the end")},
			{fixOf(said[5], "49"), fixOf(said[4], "it ends in violence"), fixOf(said[3], "for someone"), fixOf(said[0], "hello there"), of("c3")},
		},
		calls:      map[string]*desk.Record{"c1": kept, "c2": partial, "c3": live},
		recordings: map[string][]byte{"c1": recording(t, 20)},
	}
}

func TestExport(t *testing.T) {
	s := newShelf(t)
	dir := filepath.Join(t.TempDir(), "new", "set")
	sum, err := Export(t.Context(), s, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := Summary{Clips: 2, Seconds: 1.35 + 2.6, LeftOut: map[string]int{
		"something was removed from the words":   1,
		"figures can be said in several ways":    1,
		"a stretch of the recording is silenced": 2,
		"the recording ends before it":           1,
		"the recording was not kept whole":       2,
	}}
	if d := cmp.Diff(want.LeftOut, sum.LeftOut); d != "" || sum.Clips != want.Clips || sum.Seconds < 3.949 || sum.Seconds > 3.951 {
		t.Errorf("%d clips, %v s, left out (-want +got):\n%s", sum.Clips, sum.Seconds, d)
	}
	if d := cmp.Diff([]string{"c1"}, s.fetched); d != "" {
		t.Errorf("recordings (-want +got):\n%s", d)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(manifest)) {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	wantRows := []row{
		{"agent/u1.wav", "hello there", "utt", "hello their", "c1"},
		{"customer/u3.wav", "i want to cancel", "utt", "i want to council", "c1"},
	}
	if d := cmp.Diff(wantRows, rows); d != "" {
		t.Errorf("manifest (-want +got):\n%s", d)
	}
	// The agent says the next thing 0.1 s after the first: no margin over it.
	clipFrom(t, filepath.Join(dir, "agent/u1.wav"), 1, 750, 2100)
	clipFrom(t, filepath.Join(dir, "customer/u3.wav"), -1, 3650, 6250)
}

// clipFrom checks that a clip is one party's audio of a time, in milliseconds.
func clipFrom(t *testing.T, path string, sign, from, to int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wav, err := audio.ReadWAV(f)
	if err != nil || len(wav.Channels) != 1 || wav.Rate != 8000 {
		t.Fatalf("%s: %d channels at %d Hz, %v", path, len(wav.Channels), wav.Rate, err)
	}
	pcm := wav.Channels[0]
	first, last := sign*int(pcm[0])-1, sign*int(pcm[len(pcm)-1])
	if first != from || last != to {
		t.Errorf("%s is from %d to %d ms, want %d to %d", path, first, last, from, to)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
	}
}

func TestExportFailures(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mono := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 8000, Channels: 1, Encoding: audio.PCM16}, 0)
	for name, c := range map[string]struct {
		spoil func(s *shelf)
		dir   string
		want  string
	}{
		"a full folder":    {func(*shelf) {}, full, "not empty"},
		"a file":           {func(*shelf) {}, filepath.Join(full, "x"), "x"},
		"no server":        {func(s *shelf) { s.pages = nil }, filepath.Join(full, "a"), "gone"},
		"no call":          {func(s *shelf) { delete(s.calls, "c1") }, filepath.Join(full, "b"), "no call c1"},
		"no WAV":           {func(s *shelf) { s.recordings["c1"] = []byte("RIFX") }, filepath.Join(full, "c"), "not a WAV"},
		"one party's only": {func(s *shelf) { s.recordings["c1"] = mono }, filepath.Join(full, "d"), "1 channels"},
	} {
		s := newShelf(t)
		c.spoil(s)
		if _, err := Export(t.Context(), s, c.dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
