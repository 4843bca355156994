package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// workers are this process's children while a bench runs: the speech worker.
type workers struct{ before time.Duration }

func newWorkers() workers {
	used, _ := children()
	return workers{used}
}

// print gives what the children used for so much audio. It prints nothing
// where there is no /proc.
func (w workers) print(out io.Writer, audio time.Duration) {
	used, peak := children()
	if peak == 0 || audio == 0 {
		return
	}
	fmt.Fprintf(out, "  speech worker: %.4f CPU seconds for each second of audio, %d MB at most (budget 300 MB)\n",
		(used-w.before).Seconds()/audio.Seconds(), peak>>20)
}

// ticks is how many times a second the kernel counts in /proc, on every
// architecture that Go runs on.
const ticks = 100

// children sums up the CPU time of this process's children and the most memory
// that each ever had, in bytes.
func children() (used time.Duration, peak int64) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		pids, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for pid := range strings.FieldsSeq(string(pids)) {
			stat, err := os.ReadFile("/proc/" + pid + "/stat")
			if err != nil {
				continue
			}
			status, _ := os.ReadFile("/proc/" + pid + "/status")
			used += cpuOf(stat)
			peak += peakOf(status)
		}
	}
	return used, peak
}

// cpuOf reads user and system time, the fields 14 and 15 of proc(5)'s stat.
func cpuOf(stat []byte) time.Duration {
	// The name in brackets may hold anything; fields are counted behind it.
	_, rest, _ := bytes.Cut(stat[max(bytes.LastIndexByte(stat, ')'), 0):], []byte(" "))
	fields := strings.Fields(string(rest))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticks
}

// peakOf reads VmHWM of proc(5)'s status.
func peakOf(status []byte) int64 {
	for line := range strings.SplitSeq(string(status), "\n") {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}
