package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"heed/internal/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a log in memory.
type memory struct {
	mu     sync.Mutex
	events []event.Event
	bell   event.Bell
	deaf   bool  // does not ring
	broken error // what reads give
	reads  int
}

func (m *memory) add(types ...event.Type) {
	m.mu.Lock()
	for _, t := range types {
		m.events = append(m.events, event.Event{Seq: int64(len(m.events) + 1), Type: t})
	}
	m.mu.Unlock()
	if !m.deaf {
		m.bell.Ring()
	}
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

func (m *memory) Events(_ context.Context, q event.Query) ([]event.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	var out []event.Event
	for _, e := range m.events {
		if e.Seq > q.After && len(out) < q.Limit && (len(q.Types) == 0 || slices.Contains(q.Types, e.Type)) {
			out = append(out, e)
		}
	}
	return out, m.broken
}

func (m *memory) LastSeq(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return int64(len(m.events)), nil
}

func (m *memory) Changed() <-chan struct{} { return m.bell.Changed() }

// tail is a consumer that keeps what it was given.
type tail struct {
	mu      sync.Mutex
	cursor  int64
	seen    []int64
	batches []int
	at      []time.Time
	fail    func(attempt int) error
	tries   int
}

func (c *tail) Name() string { return "tail" }

func (c *tail) Cursor(context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cursor, nil
}

func (c *tail) Handle(_ context.Context, events []event.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries++
	c.at = append(c.at, time.Now())
	if c.fail != nil {
		if err := c.fail(c.tries); err != nil {
			return err
		}
	}
	for _, e := range events {
		c.seen = append(c.seen, e.Seq)
	}
	c.batches = append(c.batches, len(events))
	c.cursor = events[len(events)-1].Seq
	return nil
}

// look gives a copy of what was seen so far.
func (c *tail) look() seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	return seen{slices.Clone(c.seen), slices.Clone(c.batches), slices.Clone(c.at)}
}

type seen struct {
	seen    []int64
	batches []int
	at      []time.Time
}

// follow runs Follow in the bubble until the test ends.
func follow(t *testing.T, log event.Log, c event.Consumer, o event.Options) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- event.Follow(ctx, log, c, o) }()
	return func() error {
		cancel()
		return <-done
	}
}

// pass lets fake time go by, and then all that it set off.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func upTo(n int64) []int64 {
	var all []int64
	for i := int64(1); i <= n; i++ {
		all = append(all, i)
	}
	return all
}

func repeat(t event.Type, n int) []event.Type { return slices.Repeat([]event.Type{t}, n) }

func TestFollowCatchesUpInFullBatchesThenGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{}
		log.add(repeat(event.UtteranceSpoken, 1203)...)
		began := time.Now()
		stop := follow(t, log, c, event.Options{})
		synctest.Wait()
		if got := c.look().batches; !slices.Equal(got, []int{500, 500}) || time.Since(began) != 0 {
			t.Fatalf("batches %v after %v, want two full ones at once", got, time.Since(began))
		}
		pass(200 * time.Millisecond)
		synctest.Wait()
		if got := c.look().batches; !slices.Equal(got, []int{500, 500, 203}) {
			t.Fatalf("batches %v, want the rest after the gathering time", got)
		}
		if err := stop(); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped with %v, want the context's error", err)
		}
		if !slices.Equal(c.look().seen, upTo(1203)) {
			t.Fatal("not every event once and in order")
		}
	})
}

func TestFollowGathersWhatComesWithinTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{}
		stop := follow(t, log, c, event.Options{})
		pass(time.Hour)
		began := time.Now()
		for range 10 {
			log.add(event.SignalRaised)
			pass(10 * time.Millisecond)
		}
		pass(time.Second)
		if !slices.Equal(c.look().batches, []int{10}) || c.look().at[0].Sub(began) != 200*time.Millisecond {
			t.Fatalf("batches %v at %v, want ten in one after 200 ms", c.look().batches, c.look().at[0].Sub(began))
		}
		began = time.Now()
		log.add(repeat(event.SignalRaised, 500)...)
		synctest.Wait()
		if !slices.Equal(c.look().batches, []int{10, 500}) || !c.look().at[1].Equal(began) {
			t.Fatalf("batches %v, want a full one without waiting", c.look().batches)
		}
		_ = stop()
	})
}

func TestFollowDoesNotReadWhileNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{}
		stop := follow(t, log, c, event.Options{})
		pass(24 * time.Hour)
		_ = stop()
		if log.reads != 0 {
			t.Fatalf("%d reads of an idle log, want none", log.reads)
		}
	})
}

func TestFollowNoticesWithoutABell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{deaf: true}, &tail{}
		stop := follow(t, log, c, event.Options{Poll: 5 * time.Second, Gather: -1})
		pass(time.Second)
		log.add(event.CallStarted)
		pass(5 * time.Second)
		if !slices.Equal(c.look().seen, []int64{1}) {
			t.Fatalf("saw %v, want the event at the safety poll", c.look().seen)
		}
		_ = stop()
	})
}

func TestFollowTriesAgainWithBackoffAndSkipsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewPedanticRegistry()
		log := &memory{}
		c := &tail{fail: func(n int) error {
			if n <= 12 {
				return errors.New("sink is down")
			}
			return nil
		}}
		log.add(repeat(event.OutcomeRecorded, 3)...)
		stop := follow(t, log, c, event.Options{Gather: -1, Metrics: event.NewMetrics(reg)})
		pass(5 * time.Second)
		want := "# HELP heed_consumer_lag_events Events committed but not yet handled.\n" +
			"# TYPE heed_consumer_lag_events gauge\nheed_consumer_lag_events{consumer=\"tail\"} %d\n"
		if err := testutil.GatherAndCompare(reg, strings.NewReader(fmt.Sprintf(want, 3)), "heed_consumer_lag_events"); err != nil {
			t.Error(err)
		}
		pass(10 * time.Minute)
		if !slices.Equal(c.look().seen, upTo(3)) {
			t.Fatalf("saw %v, want all three once", c.look().seen)
		}
		for i := 1; i < len(c.look().at); i++ {
			full := min(100*time.Millisecond<<(i-1), 30*time.Second)
			if d := c.look().at[i].Sub(c.look().at[i-1]); d < full/2 || d > full {
				t.Errorf("pause %d was %v, want %v to %v", i, d, full/2, full)
			}
		}
		if err := testutil.GatherAndCompare(reg, strings.NewReader(fmt.Sprintf(want, 0)), "heed_consumer_lag_events"); err != nil {
			t.Error(err)
		}
		_ = stop()
	})
}

func TestFollowAsksForTheCursorAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{}
		c.fail = func(n int) error {
			if n == 1 {
				c.cursor = 2 // durable, but the answer was lost
				return errors.New("connection reset")
			}
			return nil
		}
		log.add(repeat(event.CallEnded, 3)...)
		stop := follow(t, log, c, event.Options{Gather: -1})
		pass(time.Minute)
		if !slices.Equal(c.look().seen, []int64{3}) {
			t.Fatalf("saw %v, want only what was not durable", c.look().seen)
		}
		_ = stop()
	})
}

func TestFollowSurvivesALogThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{}
		log.add(event.CallStarted)
		log.fail(errors.New("disk I/O error"))
		stop := follow(t, log, c, event.Options{})
		pass(time.Minute)
		log.fail(nil)
		pass(time.Minute)
		if !slices.Equal(c.look().seen, []int64{1}) {
			t.Fatalf("saw %v, want the event once the log reads again", c.look().seen)
		}
		_ = stop()
	})
}

func TestFollowWantsOnlyItsTypesAndShowsNoFalseLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewPedanticRegistry()
		log, c := &memory{}, &tail{}
		log.add(event.CallStarted, event.UtteranceSpoken, event.CallEnded)
		log.add(repeat(event.UtteranceSpoken, 2000)...)
		stop := follow(t, log, c, event.Options{
			Types: []event.Type{event.CallStarted, event.CallEnded}, Metrics: event.NewMetrics(reg),
		})
		pass(time.Second)
		if !slices.Equal(c.look().seen, []int64{1, 3}) {
			t.Fatalf("saw %v, want 1 and 3", c.look().seen)
		}
		n, err := testutil.GatherAndCount(reg)
		if err != nil || n != 2 {
			t.Fatalf("%d series (%v), want lag and events", n, err)
		}
		expected := "# HELP heed_consumer_lag_events Events committed but not yet handled.\n" +
			"# TYPE heed_consumer_lag_events gauge\nheed_consumer_lag_events{consumer=\"tail\"} 0\n"
		if err := testutil.GatherAndCompare(reg, strings.NewReader(expected), "heed_consumer_lag_events"); err != nil {
			t.Error(err)
		}
		_ = stop()
	})
}

func TestFollowRefusesAConsumerAheadOfTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, c := &memory{}, &tail{cursor: 7}
		log.add(event.CallStarted)
		if err := event.Follow(t.Context(), log, c, event.Options{}); !errors.Is(err, event.ErrAhead) {
			t.Fatalf("got %v, want ErrAhead", err)
		}
	})
}

// However commits and failures fall, every event arrives, in order.
func TestFollowNeverSkips(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 30).Draw(rt, "commits")
		failing := rapid.SliceOfN(rapid.Bool(), 1, 20).Draw(rt, "failing")
		batch := rapid.IntRange(1, 25).Draw(rt, "batch")
		pause := time.Duration(rapid.IntRange(0, 300).Draw(rt, "pause")) * time.Millisecond
		synctest.Test(t, func(t *testing.T) {
			log := &memory{}
			c := &tail{fail: func(n int) error {
				if n <= len(failing) && failing[n-1] {
					return errors.New("no")
				}
				return nil
			}}
			stop := follow(t, log, c, event.Options{Batch: batch, MaxBackoff: time.Second})
			var total int64
			for _, n := range steps {
				log.add(repeat(event.SignalRaised, n)...)
				total += int64(n)
				pass(pause)
			}
			pass(time.Hour)
			_ = stop()
			if !slices.Equal(c.look().seen, upTo(total)) {
				rt.Fatalf("saw %v of %d", c.look().seen, total)
			}
			if m := slices.Max(append(c.look().batches, 0)); m > batch {
				rt.Fatalf("a batch of %d, want at most %d", m, batch)
			}
		})
	})
}

func TestBellWakesAllWhoWait(t *testing.T) {
	var b event.Bell
	b.Ring() // nobody waits
	first, second := b.Changed(), b.Changed()
	b.Ring()
	<-first
	<-second
	select {
	case <-b.Changed():
		t.Fatal("a new wait was woken by an old ring")
	default:
	}
}
