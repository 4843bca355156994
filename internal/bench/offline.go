package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"heed/internal/app"
	"heed/internal/event"
	"heed/internal/wer"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// imported is how long the recording is that is imported, by repetition.
const imported = 10 * time.Minute

// offline measures an engine on a recording that is there at once: how many
// times real time, what CPU, and how many words were wrong.
func offline(ctx context.Context, name string, engine app.Engine, wav audio.WAV, turns []scripted.Line) error {
	e, _ := engine.For(event.Call{Status: event.CallOver}, "customer", nil)
	times := 1
	if length(wav) < imported && name != "pocketsphinx" {
		times = int(imported / length(wav))
	}
	before, began := usage(), time.Now()
	texts, err := hearBoth(ctx, e, wav, times)
	if err != nil {
		return err
	}
	took, heard := time.Since(began), time.Duration(times)*length(wav)
	var wrong wer.Errors
	for i, who := range []string{"agent", "customer"} {
		var said []string
		for range times {
			for _, l := range scripted.ForParty(turns, who) {
				said = append(said, l.Text)
			}
		}
		wrong = wrong.Add(wer.Compare(strings.Join(said, " "), texts[i]))
	}
	cpu := (usage() - before).Seconds() / (2 * heard.Seconds())
	fmt.Printf("  %-12s a two-party recording of %s: %.0f times real time, %.4f CPU s per second of audio, %.1f %% of words wrong\n",
		name, heard.Round(time.Second), heard.Seconds()/took.Seconds(), cpu, 100*wrong.Rate())
	return nil
}

func length(wav audio.WAV) time.Duration {
	return time.Duration(len(wav.Channels[0])) * time.Second / time.Duration(wav.Rate)
}

// hearBoth gives what both parties said, at once.
func hearBoth(ctx context.Context, e transcribe.Engine, wav audio.WAV, times int) ([2]string, error) {
	var texts [2]string
	var errs [2]error
	var parties sync.WaitGroup
	for i := range texts {
		parties.Go(func() { texts[i], errs[i] = hearParty(ctx, e, slices.Repeat(wav.Channels[i], times), wav.Rate) })
	}
	parties.Wait()
	for _, err := range errs {
		if err != nil {
			return texts, err
		}
	}
	return texts, nil
}

func hearParty(ctx context.Context, e transcribe.Engine, pcm []int16, rate int) (string, error) {
	var texts []string
	err := transcribe.Whole(ctx, e, pcm, rate, nil, func(s transcribe.Segment) error {
		if s.Final {
			texts = append(texts, s.Text)
		}
		return nil
	})
	return strings.Join(texts, " "), err
}

// usage is the CPU time of the processes that this one started, living and
// ended: the engines'.
func usage() time.Duration {
	sum := time.Duration(0)
	for _, pid := range children() {
		sum += spent(pid)
	}
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u) == nil {
		sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return sum
}

// children are the processes that this one started and that live.
func children() []int {
	var found []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		fields := statOf(path)
		if len(fields) > 1 && fields[1] == strconv.Itoa(os.Getpid()) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				found = append(found, pid)
			}
		}
	}
	return found
}

// statOf gives the fields of a stat file from the state on, which is behind
// the program's name in brackets: state, parent, ...
func statOf(path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
}

// spent is the CPU time of a process: the 14th and 15th field of proc(5)'s
// stat, in ticks of 10 ms.
func spent(pid int) time.Duration {
	fields := statOf(fmt.Sprintf("/proc/%d/stat", pid))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// workerMemory is the most memory that a living child has used, in MB.
func workerMemory() int {
	most := 0
	for _, pid := range children() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				kb, _ := strconv.Atoi(strings.Fields(rest)[0])
				most = max(most, kb>>10)
			}
		}
	}
	return most
}
