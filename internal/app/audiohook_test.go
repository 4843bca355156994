package app_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/desk"
	"heed/internal/ingest/audiohook"
	"heed/internal/play"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

const (
	hookKey    = "integration-1"
	hookSecret = "TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU="
)

// plainWords are words that are written as they are spoken, each of which a
// script uses once: where one was said tells itself.
const plainWords = `harbour lantern window garden basket ladder pencil bottle hammer mirror candle ribbon saddle turnip walnut
	velvet anchor barrel button carpet cellar cherry copper cotton curtain desert dragon engine feather finger flower forest
	fountain gravel helmet island jacket kettle kitten lemon lobster magnet maple meadow mitten monkey needle oyster paddle
	parrot pebble pepper pigeon pillow planet pocket puddle rabbit raisin ribcage rocket sandal saucer shovel spider spoon
	sponge squirrel stable sugar sunset table tiger timber tomato trumpet tunnel turtle whistle willow`

// saidAt is where each word of lines is said, as the scripted engine has it.
func saidAt(lines []scripted.Line) map[string][2]float64 {
	out := map[string][2]float64{}
	for _, l := range lines {
		fields, sofar := strings.Fields(l.Text), 0
		at := func(letters int) float64 {
			return l.Start.Seconds() + (l.End-l.Start).Seconds()*float64(letters)/float64(len(strings.Join(fields, " "))+1)
		}
		for _, f := range fields {
			out[f] = [2]float64{at(sofar), at(sofar + len(f) + 1)}
			sofar += len(f) + 1
		}
	}
	return out
}

// hookScript has one party speak from 2 s on, six seconds of every eight, and
// the other in between.
func hookScript() []scripted.Line {
	words := strings.Fields(plainWords)
	var lines []scripted.Line
	for i := range 10 {
		l := scripted.Line{Speaker: "customer", Start: time.Duration(8*i+2) * time.Second, End: time.Duration(8*i+8) * time.Second}
		if i%3 == 2 {
			l.Speaker = "agent"
		}
		l.Text, words = strings.Join(words[:8], " "), words[8:]
		lines = append(lines, l)
	}
	return append(lines, scripted.Line{
		Speaker: "customer", Start: 90 * time.Second, End: 96 * time.Second, Text: "i want to cancel my contract because the other company is cheaper",
	})
}

// TestGenesysIsToldWhatWasHeard plays a signed session, with pauses and
// discards inside what is said, at the whole server: each word comes back once,
// at its place in the platform's positions, and so does what to suggest.
func TestGenesysIsToldWhatWasHeard(t *testing.T) {
	t.Parallel()
	const from = "+12025550187"
	lines := hookScript()
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.AudioHook.Keys, cfg.AudioHook.Assist = []string{hookKey + ":" + hookSecret}, true
	c := serveWith(t, cfg, scriptedBy(map[string][]scripted.Line{from: lines}))
	secret, _ := base64.StdEncoding.DecodeString(hookSecret)
	var mu sync.Mutex
	var back []play.Entity
	seconds := func(from, to float64, discarded bool) play.Hole {
		return play.Hole{From: time.Duration(from * float64(time.Second)), To: time.Duration(to * float64(time.Second)), Discarded: discarded}
	}
	holes := []play.Hole{seconds(5, 5.4, false), seconds(12, 15, false), seconds(29, 29.4, true), seconds(37, 40, true)}
	o := play.Options{
		Recording: recording(t, "happy-thanks"), URL: c.Base(), As: "audiohook", Speed: 10,
		Caller: play.Caller{From: from, To: "+12025550199", Agent: "Dana", Language: "en-US"},
		AudioHook: &play.AudioHook{Key: hookKey, Secret: secret, Sign: audiohook.Sign, Holes: holes, Heard: func(e play.Entity) {
			mu.Lock()
			defer mu.Unlock()
			back = append(back, e)
		}},
	}
	r := callAs(t, c, o)
	if r.Platform != "audiohook" || r.Agent != "Dana" || r.Language != "en-US" || r.EndReason != "stop" {
		t.Errorf("call %s of %s in %q ended as %q", r.Platform, r.Agent, r.Language, r.EndReason)
	}
	checkTold(t, back, lines, holes)
	if !slices.ContainsFunc(back, func(e play.Entity) bool { return e.Type == "agentassist" && e.Text != "" }) {
		t.Error("nothing was suggested")
	}
	// The desk has the same words: what is told back is what is kept.
	if told, kept := len(toldWords(back, "external")), len(strings.Fields(wordsOf(r, "customer"))); told != kept {
		t.Errorf("%d of the customer's words were told and %d kept", told, kept)
	}
}

// toldWords are the words that came back of a side.
func toldWords(back []play.Entity, channel string) []string {
	var out []string
	for _, e := range back {
		if e.Type == "transcript" && e.Channel == channel {
			out = append(out, strings.Fields(e.Text)...)
		}
	}
	return out
}

// checkTold compares what came back with the script.
func checkTold(t *testing.T, back []play.Entity, lines []scripted.Line, holes []play.Hole) {
	t.Helper()
	places, told := saidAt(lines), map[string]int{}
	near := func(got time.Duration, want float64) bool { return math.Abs(got.Seconds()-want) <= 0.5 }
	over := make([]int, len(holes)) // utterances that go on over each
	for _, e := range back {
		fields := strings.Fields(strings.ToLower(strings.Trim(e.Text, ".?!")))
		if e.Type != "transcript" || len(fields) == 0 {
			continue
		}
		for i, f := range fields {
			fields[i] = strings.Trim(f, ",.?!")
			told[fields[i]]++
		}
		first, known := places[fields[0]]
		last := places[fields[len(fields)-1]]
		if !known || !near(e.Offset, first[0]) || !near(e.Offset+e.Duration, last[1]) {
			t.Errorf("%q came back from %v for %v; it was said from %.2f to %.2f", e.Text, e.Offset, e.Duration, first[0], last[1])
		}
		for i, h := range holes {
			if e.Offset+100*time.Millisecond < h.From && e.Offset+e.Duration > h.To+100*time.Millisecond {
				over[i]++
			}
		}
	}
	for word, at := range places {
		missing := slices.ContainsFunc(holes, func(h play.Hole) bool { return at[0] >= h.From.Seconds() && at[0] < h.To.Seconds() })
		if want := map[bool]int{true: 0, false: 1}[missing]; told[word] != want && len(word) > 3 {
			t.Errorf("%q at %.2f came back %d times, want %d", word, at[0], told[word], want)
		}
	}
	// A pause ends an utterance, a discard that is short does not.
	if !slices.Equal(over, []int{0, 0, 1, 0}) {
		t.Errorf("utterances that go on over the holes: %v", over)
	}
}

func TestGenesysIsRefusedWithoutTheSecret(t *testing.T) {
	t.Parallel()
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.AudioHook.Keys = []string{hookKey + ":" + hookSecret}
	c := serveWith(t, cfg, scriptedBy(nil))
	_, err := play.Call(t.Context(), play.Options{
		Recording: recording(t, "happy-thanks"), URL: c.Base(), As: "audiohook", AudioHook: &play.AudioHook{Key: hookKey, Secret: []byte("guess"), Sign: audiohook.Sign},
	})
	if r := (*play.Refused)(nil); !errors.As(err, &r) || !r.Unauthorized() {
		t.Errorf("error %v", err)
	}
	var page struct{ Calls []desk.Record }
	if err := c.Read(t.Context(), "/v1/calls", &page); err != nil || len(page.Calls) != 0 {
		t.Errorf("%d calls, %v", len(page.Calls), err)
	}
}

// TestGenesysPausesWithTheRecording has the platform stop sending while the
// recording is paused by the API.
func TestGenesysPausesWithTheRecording(t *testing.T) {
	t.Parallel()
	const from = "+12025550188"
	c := serveWith(t, settings(t, filepath.Join(t.TempDir(), "data")), scriptedBy(map[string][]scripted.Line{from: hookScript()}))
	o := play.Options{
		Recording: recording(t, "happy-thanks"), URL: c.Base(), Key: c.Key(), As: "audiohook", Speed: 20,
		Caller: play.Caller{From: from, To: "+12025550199"},
	}
	steps := []struct {
		at   time.Duration
		what string
	}{{20 * time.Second, "pause"}, {60 * time.Second, "resume"}}
	o.Progress = func(p play.Progress) { // the call waits for it
		if len(steps) == 0 || p.At < steps[0].at {
			return
		}
		if got := order(t, c, p.PlatformCall, steps[0].what); got != http.StatusOK {
			t.Errorf("%s: %d", steps[0].what, got)
		}
		steps = steps[1:]
	}
	played, err := play.Call(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Wait(t.Context(), played.PlatformCall, nil)
	if err != nil {
		t.Fatal(err)
	}
	if all := int(o.Recording.Duration()/(200*time.Millisecond)) + 1; played.Frames > all-100 {
		t.Errorf("%d frames of %d were sent", played.Frames, all)
	}
	if len(r.Recording.Paused) != 1 || r.Recording.State != "kept" {
		t.Errorf("%+v", r.Recording)
	}
	for _, u := range r.Utterances {
		if middle := (u.Start + u.End) / 2; middle > 30 && middle < 55 {
			t.Errorf("%q at %v was said in the pause", u.Text, u.Start)
		}
	}
}

// TestManyGenesysSessionsAtOnce records 50 calls that begin together, with no
// engine, and forgets none.
func TestManyGenesysSessionsAtOnce(t *testing.T) {
	const sessions = 50
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.AudioHook.Keys = []string{hookKey + ":" + hookSecret}
	c := serveWith(t, cfg, app.NoEngine())
	secret, _ := base64.StdEncoding.DecodeString(hookSecret)
	outcomes := play.Many(t.Context(), play.Load{Calls: sessions, Over: time.Second, Vary: func(i int, o *play.Options) {
		o.Caller.From = fmt.Sprintf("+12025550%03d", 100+i)
	}}, play.Options{
		Recording: hiss(t), URL: c.Base(), As: "audiohook", AudioHook: &play.AudioHook{Key: hookKey, Secret: secret, Sign: audiohook.Sign},
		Caller: play.Caller{To: "+12025550199"}, Speed: 1,
	})
	for _, o := range outcomes {
		if o.Err != nil {
			t.Error(o.Err)
			continue
		}
		r, err := c.Wait(t.Context(), o.PlatformCall, nil)
		if err != nil || r.Duration != 2 || r.Recording.State != "kept" || r.Health.Dropped+r.Health.Gaps+r.Health.Garbage > 0 {
			t.Errorf("call %s: %v, %+v", o.PlatformCall, err, r)
		}
	}
}

// hiss is two seconds of a call in which nobody speaks.
func hiss(t *testing.T) *play.Recording {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hiss.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.PCM16})
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 2*2*8000)
	for i := range pcm {
		pcm[i] = int16(i*7919%601 - 300)
	}
	if err := errors.Join(w.Write(pcm), w.Close()); err != nil {
		t.Fatal(err)
	}
	rec, err := play.Open(path, play.Right)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}
