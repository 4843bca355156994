package main

import (
	"testing"
	"time"

	"heed/insights"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

func TestLateness(t *testing.T) {
	zero := time.Unix(1000, 0)
	at := func(s float64) time.Time { return zero.Add(time.Duration(s * float64(time.Second))) }
	show := func(when float64, who, text string, start, end insights.Seconds, final bool) caption {
		return caption{at: at(when), who: who, text: text, start: start, end: end, final: final}
	}
	captions := []caption{
		show(1.0, "agent", "good", 0.5, 0.9, false),
		show(1.4, "agent", "good morning", 0.5, 1.3, false),
		show(1.9, "agent", "good mourning", 0.5, 1.9, false), // it changed its mind
		show(2.1, "customer", "hi", 1.8, 2.0, false),
		show(2.4, "agent", "good morning", 0.5, 2.0, false),
		show(3.0, "agent", "good morning", 0.5, 2.0, true),
		show(9.0, "customer", "hi there", 1.8, 8.2, true),
	}
	turns := []scripted.Line{
		{Speaker: "agent", Start: 500 * time.Millisecond, End: 2 * time.Second},
		{Speaker: "customer", Start: 2 * time.Second, End: 3 * time.Second}, // goes on at once
		{Speaker: "customer", Start: 4 * time.Second, End: 8 * time.Second},
		{Speaker: "agent", Start: 20 * time.Second, End: 21 * time.Second}, // never heard
	}
	visible, final := lateness(captions, turns, zero)
	want := [][2]time.Duration{{400 * time.Millisecond, time.Second}, {time.Second, time.Second}}
	if len(visible) != len(want) {
		t.Fatalf("%v, %v", visible, final)
	}
	for i, w := range want {
		if visible[i] != w[0] || final[i] != w[1] {
			t.Errorf("turn %d: visible after %v, final after %v, want %v", i, visible[i], final[i], w)
		}
	}
}

func TestTruthCutsTheSilence(t *testing.T) {
	wav := audio.WAV{Rate: 8000, Channels: [][]int16{make([]int16, 16000), make([]int16, 16000)}}
	wav.Channels[0][4000] = 5000
	wav.Channels[1][8000] = -5000
	got := truth([]scripted.Line{
		{Speaker: "agent", End: time.Second}, {Speaker: "customer", Start: time.Second / 2, End: 3 * time.Second},
	}, wav)
	if got[0].End.Round(time.Millisecond) != 500*time.Millisecond || got[1].End.Round(time.Millisecond) != time.Second {
		t.Errorf("ends %v and %v", got[0].End, got[1].End)
	}
}
