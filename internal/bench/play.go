package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/play"
)

// results is what the screens saw.
type results struct {
	mu         sync.Mutex
	shown      []time.Duration // final -> utterance on the event stream
	suggested  []time.Duration // final -> decision on the event stream
	utterances int
	finals     []time.Duration // end of the turn -> final
	words      []time.Duration // end of the turn -> its last word
	given      int             // finals of all kinds
	stored     int
	dropped    int64
	lag        time.Duration
	audio      time.Duration // of both parties of all calls
}

// starts is how long the calls take to begin, evenly.
const starts = 2 * time.Second

// playAll plays n calls and follows each as an agent's screen does.
func playAll(ctx context.Context, a *app.App, w *stopwatch, n int, name string) (*results, error) {
	raw, err := fs.ReadFile(fixtures.Calls(), name+".wav")
	if err != nil {
		return nil, err
	}
	rec, err := play.Read(bytes.NewReader(raw), play.Right)
	if err != nil {
		return nil, err
	}
	c, err := client.New("http://"+a.Addr().String(), a.Key())
	if err != nil {
		return nil, err
	}
	r := &results{}
	var screens sync.WaitGroup
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("CA%032d", i)
		screens.Go(func() { r.watch(ctx, c, w, ids[i]) })
	}
	played := play.Many(ctx, play.Load{Calls: n, Over: starts, Vary: func(i int, o *play.Options) {
		o.PlatformCall = ids[i]
		o.Caller.From = fmt.Sprintf("+1202555%04d", i)
	}}, play.Options{Recording: rec, URL: c.Base(), Key: c.Key(), Speed: 1})
	for _, p := range played {
		if p.Err != nil {
			return nil, p.Err
		}
		r.lag = max(r.lag, p.Lag)
	}
	screens.Wait()
	r.finals, r.words = w.ends()
	r.given, r.audio = len(w.given), 2*time.Duration(n)*rec.Duration()
	return r, r.count(ctx, c, ids)
}

// count reads what was stored.
func (r *results) count(ctx context.Context, c *client.Client, ids []string) error {
	for _, id := range ids {
		record, err := c.Wait(ctx, id, nil)
		if err != nil {
			return err
		}
		r.stored += len(record.Utterances)
		r.dropped += record.Health.Dropped
	}
	return nil
}

// watch follows one call's stream to its end.
func (r *results) watch(ctx context.Context, c *client.Client, w *stopwatch, platformCall string) {
	id := ""
	for id == "" && ctx.Err() == nil {
		id, _ = c.CallID(ctx, platformCall)
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base()+"/v1/calls/"+id+"/events?after=0", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+c.Key())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	r.read(resp.Body, w, id)
}

// read takes the events of one call. A decision follows the utterance that
// caused it in the same commit.
func (r *results) read(body io.Reader, w *stopwatch, call string) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 4<<20)
	kind := ""
	var last struct {
		who   string
		start insights.Seconds
	}
	for lines.Scan() {
		line := lines.Text()
		if k, ok := strings.CutPrefix(line, "event: "); ok {
			kind = k
		}
		data, ok := strings.CutPrefix(line, "data: ")
		switch {
		case !ok:
		case kind == "call.ended":
			return
		case kind == "utterance.spoken":
			last.who, last.start = utterance(data)
			r.note(w, call, last.who, last.start, false)
		case kind == "decision.made" && last.who != "":
			r.note(w, call, last.who, last.start, true)
		}
	}
}

func utterance(data string) (string, insights.Seconds) {
	var e struct {
		Data struct {
			Utterance struct {
				Speaker string
				Start   insights.Seconds
			}
		}
	}
	if json.Unmarshal([]byte(data), &e) != nil {
		return "", 0
	}
	return e.Data.Utterance.Speaker, e.Data.Utterance.Start
}

func (r *results) note(w *stopwatch, call, who string, start insights.Seconds, decision bool) {
	d, ok := w.since(call, who, start)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if decision {
		r.suggested = append(r.suggested, d)
		return
	}
	r.utterances++
	r.shown = append(r.shown, d)
}

func (r *results) print(w io.Writer, spoken bool) {
	fmt.Fprintf(w, "  finals %d, stored %d, shown %d, audio frames dropped %d, callers behind schedule at most %s\n",
		r.given, r.stored, r.utterances, r.dropped, r.lag.Round(time.Millisecond))
	row(w, "final -> utterance on the event stream", r.shown)
	row(w, "final -> suggestion on the event stream (budget p50 10 ms, p99 50 ms)", r.suggested)
	if spoken {
		row(w, "end of speech -> its last word in a caption (budget p95 600 ms)", r.words)
		row(w, "end of speech -> final, endpoint silence included (budget p95 1.2 s)", r.finals)
	}
}

func row(w io.Writer, what string, d []time.Duration) {
	if len(d) == 0 {
		fmt.Fprintf(w, "  %s: none\n", what)
		return
	}
	slices.Sort(d)
	at := func(q float64) time.Duration {
		return d[min(len(d)-1, int(q*float64(len(d))))].Round(10 * time.Microsecond)
	}
	fmt.Fprintf(w, "  %s: n %d, p50 %s, p95 %s, p99 %s, max %s\n", what, len(d), at(.5), at(.95), at(.99), d[len(d)-1].Round(10*time.Microsecond))
}
