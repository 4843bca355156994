package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/event"
	"heed/transcribe"
)

// address is where a server is, and how one comes in.
type address struct{ URL, Key string }

// server is one in a process of its own.
type server struct {
	*child

	at address
}

// serveApart starts a server in another process.
func serveApart(ctx context.Context, profiles string) (*server, error) {
	c, err := begin(ctx, "serve-worker", profiles)
	if err != nil {
		return nil, err
	}
	s := &server{child: c}
	if err := s.read(&s.at); err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), s.end())
	}
	return s, nil
}

// look is what a server has used and seen so far.
type look struct {
	at               time.Time
	cpu              time.Duration
	heap, resident   float64 // bytes; what lives of the heap
	collections      float64
	frames           float64 // taken at the doors
	late, dropped    float64
	overflow, kernel float64 // packets of WebRTC that found a queue full
	recordingLost    float64 // seconds
	refused          float64
}

// look reads the server's figures; profile has it write down where its time
// goes from now on.
func (s *server) look(ctx context.Context, profile bool) (look, error) {
	if profile {
		if _, err := io.WriteString(s.in, "profile\n"); err != nil {
			return look{}, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at.URL+"/metrics", nil)
	if err != nil {
		return look{}, err
	}
	req.Header.Set("Authorization", "Bearer "+s.at.Key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return look{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	l := look{at: time.Now(), cpu: spent(s.cmd.Process.Pid)}
	sums := map[string]*float64{
		`go_memstats_next_gc_bytes`: &l.heap, `process_resident_memory_bytes`: &l.resident, `go_gc_duration_seconds_count`: &l.collections,
		`heed_door_messages_total{kind="media"`: &l.frames, `heed_door_frames_dropped_total`: &l.late,
		`heed_session_stream_faults_total{kind="dropped"}`: &l.dropped,
		`heed_whip_packets_total{kind="overflow"}`:         &l.overflow, `heed_whip_kernel_drops_total`: &l.kernel, `heed_session_recording_lost_seconds_total`: &l.recordingLost,
		`heed_door_refused_total`: &l.refused,
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		for prefix, sum := range sums {
			if strings.HasPrefix(name, prefix) {
				v, _ := strconv.ParseFloat(value, 64)
				*sum += v
			}
		}
	}
	l.heap /= 2 // the collector next runs when what lives has doubled
	return l, lines.Err()
}

// deaf takes audio as an engine does, and hears nothing.
type deaf struct{}

var _ transcribe.Engine = deaf{}

// Transcribe implements [transcribe.Engine].
func (deaf) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
	for range frames { //nolint:revive // nothing is heard
	}
	return ctx.Err()
}

// serveWorker is the server's process: it says where it is, serves until its
// input ends, and writes profiles, whose names begin as given, from when it is
// told to.
func serveWorker(ctx context.Context, profiles string) error {
	return serving(ctx, func(o *app.Options) {
		o.Config.Calls.Max = 10_000
		o.Engine, o.Analyzer = app.NoEngine(), insights.Chain{}
		o.Engine.For = func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) { return deaf{}, "none" }
		o.Logger = slog.New(slog.DiscardHandler) // calls that the end cuts off say so
	}, func(a *app.App) error {
		if err := json.NewEncoder(os.Stdout).Encode(address{"http://" + a.Addr().String(), a.Key()}); err != nil {
			return err
		}
		return obey(os.Stdin, profiles)
	})
}

// obey waits for the end of the input, and writes a profile from the first line
// on.
func obey(in io.Reader, profiles string) error {
	lines := bufio.NewScanner(in)
	if !lines.Scan() || profiles == "" {
		_, err := io.Copy(io.Discard, in)
		return err
	}
	f, err := os.Create(profiles + "cpu.prof")
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	time.Sleep(measured - 6*time.Second)
	pprof.StopCPUProfile()
	heap, err := os.Create(profiles + "heap.prof")
	if err != nil {
		return err
	}
	runtime.GC()
	err = errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), f.Close())
	for lines.Scan() { //nolint:revive // until the end
	}
	return err
}
