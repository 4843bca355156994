package app_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/play"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// TestCallsOfBareSamples plays one call as each platform that sends no
// timestamps, at once, and then as a border controller: the call appears under its platform, every word is heard
// once and by whom it was said, and the recording is as long as the call was.
func TestCallsOfBareSamples(t *testing.T) {
	rec, l := excerpt(t, "cancel-competitor", 16)
	platforms := []string{"jambonz", "freeswitch", "vonage", "asterisk", "audiosocket", "telnyx", "plivo", "siprec"}
	lines := map[string][]scripted.Line{}
	for i := range platforms {
		lines[number(i)] = l
	}
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.AudioSocket.Listen = "127.0.0.1:0"
	cfg.SIPREC.Listen, cfg.SIPREC.Peers = "127.0.0.1:0", []string{"127.0.0.1/32"}
	a := slowly(t, cfg, scriptedBy(lines))
	c := run(t, a)
	records := make([]*desk.Record, len(platforms))
	var wg sync.WaitGroup
	playAs := func(i int, speed float64) {
		records[i] = callAs(t, c, play.Options{
			Recording: rec, URL: c.Base(), Key: c.Key(), Speed: speed, As: platforms[i],
			Caller: play.Caller{From: number(i), To: "+12025550199", Agent: "Dana"},
		})
	}
	last := len(platforms) - 1
	for i := range last {
		wg.Go(func() { playAs(i, 25) })
	}
	wg.Wait()
	playAs(last, 16) // over UDP nothing holds the sender back
	for i, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			r := records[i]
			if r.Platform != platform || r.Status != event.CallOver || r.Recording.State != "kept" || r.Agent != "Dana" {
				t.Errorf("platform %q, status %s, recording %+v, agent %q", r.Platform, r.Status, r.Recording, r.Agent)
			}
			slack := .1
			if platform == "plivo" { // its stamps tell no start: the first frame lies where it came
				slack = 4
			}
			if math.Abs(float64(r.Duration)-rec.Duration().Seconds()) > slack || r.Health.Gaps > 0 || r.Health.Garbage > 0 {
				t.Errorf("%v s of %v, health %+v", r.Duration, rec.Duration(), r.Health)
			}
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				if said, heard := words(scripted.ForParty(l, string(who))), wordsOf(r, who); said != heard {
					t.Errorf("%s said\n%s\nand was heard as\n%s", who, said, heard)
				}
			}
			if !slices.ContainsFunc(r.Insights, func(in insights.Insight) bool { return in.Name == "cancel" }) {
				t.Errorf("insights %+v", r.Insights)
			}
		})
	}
}

// slowly is a server whose clock hardly moves. Platforms that send no timestamps
// are heard by it, and a machine that is too busy to send would seem quiet.
func slowly(t *testing.T, cfg config.Config, e app.Engine) *app.App {
	t.Helper()
	understand, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	a, err := app.New(t.Context(), app.Options{
		Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: e, Analyzer: understand,
		Now: func() time.Time { return began.Add(time.Since(began) / 1000) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func number(i int) string { return fmt.Sprintf("+1202555010%d", i) }

// excerpt is the beginning of a recorded call, with what is said in it.
func excerpt(t *testing.T, name string, seconds int) (*play.Recording, []scripted.Line) {
	t.Helper()
	raw, err := fs.ReadFile(fixtures.Calls(), name+".wav")
	if err != nil {
		t.Fatal(err)
	}
	w, err := audio.ReadWAV(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var pcm []byte
	for i := range seconds * w.Rate {
		for _, c := range w.Channels {
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(c[i]))
		}
	}
	f := audio.WAVFormat{Rate: w.Rate, Channels: len(w.Channels), Encoding: audio.PCM16}
	rec, err := play.Read(bytes.NewReader(append(audio.AppendWAVHeader(nil, f, int64(len(pcm))), pcm...)), play.Right)
	if err != nil {
		t.Fatal(err)
	}
	_, lines := readScript(t, name)
	end := time.Duration(seconds-1) * time.Second
	return rec, slices.DeleteFunc(lines, func(l scripted.Line) bool { return l.End > end })
}
