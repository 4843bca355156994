package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

const (
	// settled is how long the streams run before they are measured: for the
	// first minute audio waits for its words, and nothing goes from the spool
	// into the recording.
	settled = 65 * time.Second
	// measured is how long they are looked at.
	measured = 20 * time.Second
	// begins is how many calls begin a second.
	begins = 40
)

// crowd is one way in which many calls come at once. A stream is one party's
// audio.
type crowd struct {
	as     string
	calls  int
	stereo bool // both parties of a call
	budget string
	peer   string // what is known of another server
}

// crowds are the budgets of the doors. A socket for each stream is the harder
// reading of so many streams; two of a call on one socket are the easier one.
func crowds(twilio, whip int) []crowd {
	return []crowd{
		{as: "twilio", calls: twilio, budget: "0.60 cores, no frame dropped", peer: "a socket for each stream"},
		{as: "twilio", calls: twilio / 2, stereo: true, budget: "0.60 cores, no frame dropped", peer: "both parties of a call on one socket, as Twilio sends them"},
		{
			as: "whip", calls: whip, budget: "1 core, under 0.1 % lost",
			peer: "MediaMTX, which decodes nothing, took 0.26 cores for 200 and lost 5 % of 400",
		},
	}
}

func (c crowd) streams() int {
	if c.stereo {
		return 2 * c.calls
	}
	return c.calls
}

// streams measures what many streams cost the server, which runs in a process
// of its own, as do the callers. Its engine takes audio and hears nothing; the
// rest is as by default: sealed, recorded, looked through for tones and music.
// profiles is a folder for the server's profiles, or empty.
func streams(ctx context.Context, profiles string, all ...crowd) error {
	for _, c := range all {
		if c.calls == 0 {
			continue
		}
		if err := c.measure(ctx, profiles); err != nil {
			return fmt.Errorf("%s: %w", c.as, err)
		}
	}
	return nil
}

func (c crowd) measure(ctx context.Context, profiles string) (err error) {
	fmt.Printf("%d streams of 20 ms at real speed through the door of %s, in %d calls, no engine (budget %s; %s)\n",
		c.streams(), c.as, c.calls, c.budget, c.peer)
	if profiles != "" {
		profiles = filepath.Join(profiles, fmt.Sprintf("%s-%d-", c.as, c.calls))
	}
	server, err := serveApart(ctx, profiles)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.end()) }()
	starting := time.Duration(c.calls) * time.Second / begins
	length := starting + settled + measured
	callers, err := begin(ctx, "play-worker", c.as, strconv.Itoa(c.calls), strconv.FormatBool(c.stereo), length.String(), server.at.URL, server.at.Key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, callers.end()) }()
	if err := pause(ctx, starting+settled); err != nil {
		return err
	}
	before, err := server.look(ctx, true)
	if err != nil {
		return err
	}
	crowding, err := shared(ctx, measured-5*time.Second)
	if err != nil {
		return err
	}
	after, err := server.look(ctx, false)
	if err != nil {
		return err
	}
	var told played
	if err := callers.read(&told); err != nil {
		return fmt.Errorf("callers: %w", err)
	}
	last, err := server.look(ctx, false)
	if err != nil {
		return err
	}
	c.print(os.Stdout, before, after)
	fmt.Printf("  this machine meanwhile: a fixed piece of work took %.2f times the CPU that it takes at best\n", crowding)
	told.print(os.Stdout, last)
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shared lets time pass, and tells by how much the CPU time of a fixed piece of
// work is longer than at its best: processors share caches and units with what
// else runs, and count that as time of ours.
func shared(ctx context.Context, d time.Duration) (float64, error) {
	var took []time.Duration
	table := make([]uint64, 1<<18) // 2 MB, as much as many streams touch
	for began := time.Now(); time.Since(began) < d; {
		before := cpu()
		for i := range uint64(1 << 20) {
			x := (i * 0x9E3779B97F4A7C15) >> 46
			table[x] = table[x]*31 + i
		}
		took = append(took, cpu()-before)
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return 0, err
		}
	}
	slices.Sort(took)
	return took[len(took)/2].Seconds() / took[0].Seconds(), nil
}

// print writes what the time between two looks cost.
func (c crowd) print(w io.Writer, before, after look) {
	seconds := after.at.Sub(before.at).Seconds()
	cores := (after.cpu - before.cpu).Seconds() / seconds
	frames := after.frames - before.frames
	fmt.Fprintf(w, "  server: %.2f cores; a stream %.2f ms of CPU a second, a frame %.1f us (%.0f frames a second)\n",
		cores, 1000*cores/float64(c.streams()), 1e6*(after.cpu-before.cpu).Seconds()/frames, frames/seconds)
	fmt.Fprintf(w, "  memory: heap %.0f MB, a stream %.0f kB; resident %.0f MB; garbage collections %.0f\n",
		after.heap/1e6, after.heap/1e3/float64(c.streams()), after.resident/1e6, after.collections-before.collections)
}

// child is another process of this program.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// begin starts this program as one of its workers.
func begin(ctx context.Context, args ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, args...)}
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	return c, c.cmd.Start()
}

// read takes one line that the worker writes.
func (c *child) read(v any) error {
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, v)
}

// end lets the worker come to its end and waits for it.
func (c *child) end() error {
	_ = c.in.Close()
	return c.cmd.Wait()
}
