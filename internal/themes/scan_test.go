package themes

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"heed/insights/embed"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
	"heed/internal/themes/query"
)

// bulk stores turns without events, ten to a call; every third is of the theme.
func (r *rig) bulk(turns int) {
	r.Helper()
	for from := 0; from < turns; from += 1000 {
		r.must(r.db.Write(r.Context(), func(tx *store.Tx) error {
			for n := from; n < min(from+1000, turns); n++ {
				if err := someTurn(tx, n); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func someTurn(tx *store.Tx, n int) error {
	call := fmt.Sprintf("bulk-%d", n/10)
	if n%10 == 0 {
		c := event.Call{ID: call, StartedAt: morning.Add(time.Duration(n/10) * time.Minute)}
		if err := tx.SaveCall(c); err != nil {
			return err
		}
	}
	text := "i have been waiting at home for the whole afternoon and nobody came to the door"
	if n%3 == 0 {
		text = "well my router keeps losing the signal in the evening when everybody is at home"
	}
	_, _, err := tx.PutTurn(store.Turn{
		Utterance: fmt.Sprintf("bulk-%d", n), Call: call, Start: time.Duration(n%10) * time.Second, Rev: 1, Language: "en", Text: text,
	})
	return err
}

// scanChild reads history for as long as it lives.
func scanChild() {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Path: os.Getenv("HEED_THEMES_CHILD")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	t, err := New(ctx, Options{Store: db})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Println("ready")
	for more := true; more; {
		if more, err = t.scan(ctx, 1); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
	}
	fmt.Println("done")
}

// Killed at any moment, the reading of history goes on where it was, and the
// figures are those of one that was never killed.
func TestKilledScanGoesOn(t *testing.T) {
	const turns = 4200
	dir := t.TempDir()
	var id string
	t.Run("before", func(t *testing.T) {
		r := newRig(t, dir)
		r.bulk(turns)
		id = r.words("Router", "router").ID
	})
	dice := rand.New(rand.NewPCG(5, 6))
	half, rounds := 0, 0
	for done := false; !done; rounds++ {
		if rounds == 100 {
			t.Fatal("it does not come to an end")
		}
		// Longer each time, and to the end once some kills hit the middle.
		after := time.Duration(dice.IntN(5_000*(rounds+1))) * time.Microsecond
		if half >= 3 {
			after = time.Minute
		}
		done = scanOnce(t, dir, after)
		t.Run("after", func(t *testing.T) {
			db, err := store.Open(t.Context(), store.Options{Path: dir})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			rows, err := db.Themes(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				if p := progressOf(row); row.ID == id && p > 0 && p < 1 {
					half++
				}
			}
		})
	}
	if half == 0 {
		t.Errorf("no kill of %d hit the middle: the test tests nothing", rounds)
	}
	r := newRig(t, dir)
	if got := r.counted()["Router"]; got != (store.Count{Turns: turns / 3, Calls: turns / 10}) {
		t.Errorf("counted %+v", got)
	}
}

// scanOnce runs a child that is killed some time after it is ready, and says
// whether it came to the end.
func scanOnce(t *testing.T, dir string, after time.Duration) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "HEED_THEMES_CHILD="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	done := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch lines.Text() {
		case "ready":
			kill.Reset(after)
		case "done":
			done = true
		}
	}
	_ = cmd.Wait()
	return done
}

// Themes at different places in history are each read once, to the end, and a
// theme that changes meanwhile is read anew.
func TestScansDoNotDisturbEachOther(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.bulk(4100)
	r.words("Router", "router")
	if more, err := r.scan(t.Context(), 1); err != nil || !more {
		t.Fatalf("%v %v", more, err)
	}
	waiting := r.words("Waiting", "waiting")
	if more, err := r.scan(t.Context(), 1); err != nil || !more {
		t.Fatalf("%v %v", more, err)
	}
	r.change(waiting.ID, Edit{Title: new("Door"), Definition: &match.Definition{How: "words", Phrases: []string{"door"}}})
	r.history()
	differ(t, "counts", r.counted(), map[string]store.Count{
		"": {Turns: 4100, Calls: 410}, "Router": {Turns: 1367, Calls: 410}, "Door": {Turns: 2733, Calls: 410},
	})
}

// Run does all of it by itself, and ends when it is told to.
func TestRunReadsHistory(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.bulk(2100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		r.Run(ctx)
		close(ended)
	}()
	th := r.words("Router", "router")
	for done := 0.0; done < 1; {
		var err error
		if done, err = r.settled(t.Context(), th.ID, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-ended
	if got := r.counted()["Router"]; got != (store.Count{Turns: 700, Calls: 210}) {
		t.Errorf("counted %+v", got)
	}
}

// BenchmarkBackfill counts a new theme in a history of 100,000 turns.
func BenchmarkBackfill(b *testing.B) {
	r := newRig(b, b.TempDir())
	const turns = 100_000
	r.bulk(turns)
	encoder, err := embed.Default()
	if err != nil {
		b.Fatal(err)
	}
	saved, err := query.Compiler("en")
	if err != nil {
		b.Fatal(err)
	}
	r.compiler = match.NewCompiler(encoder, saved)
	for _, d := range []match.Definition{
		{How: match.ByWords, Phrases: []string{"router|modem ... signal", "no connection"}},
		{How: match.ByQuery, Query: `router signal -"no signal"`},
		{How: match.ByLike, Quotes: []string{"well my router loses the signal in the evening at home"}},
	} {
		b.Run(string(d.How), func(b *testing.B) {
			d.Title = string(d.How)
			for b.Loop() {
				th, err := r.Define(b.Context(), d, "Ada")
				r.must(err)
				r.history()
				b.StopTimer()
				if got := r.counted()[d.Title]; got.Turns != turns/3+1 {
					b.Fatalf("counted %+v", got)
				}
				r.change(th.ID, Edit{State: new(Deleted)})
				b.StartTimer()
			}
			b.ReportMetric(float64(turns)*float64(b.N)/b.Elapsed().Seconds(), "turns/s")
		})
	}
}

// BenchmarkList reads the list, and looks for what emerges, over ten themes
// with 33,000 turns each.
func BenchmarkList(b *testing.B) {
	r := newRig(b, b.TempDir())
	r.bulk(100_000)
	for i := range 10 {
		r.words(fmt.Sprint("Theme ", i), "router")
	}
	r.history()
	r.set(morning.AddDate(0, 0, 7))
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Lines(b.Context(), 28, false)
			r.must(err)
		}
	})
	b.Run("watch", func(b *testing.B) {
		for b.Loop() {
			_, err := r.growing(b.Context(), hourOf(r.now()))
			r.must(err)
		}
	})
}

// BenchmarkCount counts what is said, an event at a time in batches of 500.
func BenchmarkCount(b *testing.B) {
	r := newRig(b, b.TempDir())
	for range 50 {
		r.call(morning, slices.Repeat([]string{"my router lost the signal and i want a refund"}, 10)...)
	}
	events := r.log()
	for b.Loop() {
		r.must(r.Counter().Handle(b.Context(), events))
		b.StopTimer()
		r.must(r.Counter().Rebuild())
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(events)), "us/event")
}
