package main

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

func TestLastWord(t *testing.T) {
	begin := time.Now()
	var l lastWord
	for i, c := range []struct {
		text  string
		since int
	}{{"i", 0}, {"i want", 1}, {"i want", 1}, {"i wont", 3}, {"i won't to cancel", 4}, {"i want to cancel", 4}} {
		l.hear(c.text, begin.Add(time.Duration(i)*time.Second))
		if got := int(l.since.Sub(begin).Seconds()); got != c.since {
			t.Errorf("%q is there since %d, want %d", c.text, got, c.since)
		}
	}
}

func TestStopwatchTakesTheTurnsEnd(t *testing.T) {
	w := newStopwatch([]scripted.Line{{Speaker: "customer", End: 5 * time.Second}, {Speaker: "agent", End: 9 * time.Second}})
	began := time.Now()
	who := timed{watch: w, call: event.Call{ID: "c", StartedAt: began}, who: insights.Customer}
	at := func(d time.Duration) time.Time { return began.Add(d) }
	w.note(who, transcribe.Segment{Start: time.Second, End: 4900 * time.Millisecond}, at(5300*time.Millisecond), at(6*time.Second))
	w.note(who, transcribe.Segment{Start: 6 * time.Second, End: 9 * time.Second}, at(9*time.Second), at(10*time.Second))
	finals, words := w.ends()
	if len(finals) != 1 || finals[0] != time.Second || words[0] != 300*time.Millisecond || len(w.given) != 2 {
		t.Errorf("finals %v, words %v, of %d", finals, words, len(w.given))
	}
}

func TestWorkers(t *testing.T) {
	stat := []byte("7 (a) b c) S 1 7 7 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 1 0 1 1 1")
	if got := cpuOf(stat); got != 3*time.Second {
		t.Errorf("CPU time %v, want 3 s", got)
	}
	if got := cpuOf([]byte("7 (a")); got != 0 {
		t.Errorf("CPU time %v of nonsense", got)
	}
	if got := peakOf([]byte("Name:\ta\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n")); got != 2<<20 {
		t.Errorf("peak %d, want 2 MB", got)
	}
	if _, err := os.Stat("/proc/self/task"); err != nil {
		return // no Linux: print is silent there
	}
	c := exec.Command("cat")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, peak := children(); peak == 0 {
		t.Error("a child has no memory")
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
}
