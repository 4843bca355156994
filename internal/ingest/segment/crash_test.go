package segment_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/fixtures"
	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/ingest/segment"
	"heed/internal/store"
	"heed/internal/store/storetest"
)

var (
	crashRounds = flag.Int("crash.rounds", 5, "how often the crash test kills its server")
	crashSeed   = flag.Uint64("crash.seed", 1, "seed of the moments at which it does")
)

const (
	crashSenders = 16
	crashPeople  = 40
)

// crashChild serves a door for as long as it lives and prints its address.
func crashChild() {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	ctx, quiet := context.Background(), slog.New(slog.DiscardHandler)
	s, err := store.Open(ctx, store.Options{Path: os.Getenv("HEED_SEGMENT_CHILD")})
	fail(err)
	c, err := decide.LoadCatalogue(fixtures.Actions())
	fail(err)
	d, err := decide.New(decide.Options{Catalogue: c})
	fail(err)
	door := segment.New(segment.Options{
		Brain: brain.New(brain.Options{Store: s, Decider: d, Logger: quiet, Region: "US"}), Logger: quiet,
		Sender: func(*http.Request) (segment.Sender, string, bool) {
			return segment.Sender{ID: "k", Name: "shop"}, "", true
		},
	})
	mux := http.NewServeMux()
	for pattern, h := range door.Handlers() {
		mux.Handle(pattern, h)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	fail(err)
	fmt.Println(l.Addr())
	fail(http.Serve(l, mux))
}

// crashLog is what was sent and what of it was acknowledged, over all rounds.
type crashLog struct {
	sync.Mutex
	sent  int
	acked map[string]bool
	open  []string // sent, and no answer came
}

// next gives a message to send: one without an answer, as a sender would, or a
// new one.
func (l *crashLog) next() string {
	l.Lock()
	defer l.Unlock()
	if n := len(l.open); n > 0 {
		id := l.open[n-1]
		l.open = l.open[:n-1]
		return id
	}
	l.sent++
	return fmt.Sprintf("m%d", l.sent)
}

func (l *crashLog) done(id string, acked bool) {
	l.Lock()
	defer l.Unlock()
	if acked {
		l.acked[id] = true
	} else {
		l.open = append(l.open, id)
	}
}

// Killed at any moment, the server has every message that it acknowledged, and
// each counts once however often it was sent. Every second message is the first
// of its person, so that kills hit the making of keys: whatever was committed
// can be read, acknowledged or not.
func TestKillLosesNoAcknowledgedMessage(t *testing.T) {
	var dir string
	dice := rand.New(rand.NewPCG(*crashSeed, 0))
	l := &crashLog{acked: map[string]bool{}}
	for round := range *crashRounds {
		if round%10 == 0 { // so that comparing does not take ever longer
			dir, l = t.TempDir(), &crashLog{acked: map[string]bool{}}
		}
		before := len(l.acked)
		crashOnce(t, dir, l, 5+dice.IntN(100))
		t.Logf("round %d: killed after %d acknowledged", round, len(l.acked)-before)
		crashInspect(t, dir, l)
	}
}

// crashOnce runs a server, sends to it, and kills it after so many answers.
func crashOnce(t *testing.T, dir string, l *crashLog, answers int) {
	t.Helper()
	child := storetest.StartChild(t, "HEED_SEGMENT_CHILD="+dir)
	enough, count := make(chan struct{}), 0
	var mu sync.Mutex
	answered := func() {
		mu.Lock()
		defer mu.Unlock()
		if count++; count == answers {
			close(enough)
		}
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: crashSenders}}
	var wg sync.WaitGroup
	for range crashSenders {
		wg.Go(func() { crashSend(t, client, child.URL, l, answered) })
	}
	<-enough
	_ = child.Process.Kill()
	wg.Wait()
	client.CloseIdleConnections()
	_ = child.Wait()
}

// crashSend sends until the server is gone, singly and in batches.
func crashSend(t *testing.T, c *http.Client, url string, l *crashLog, answered func()) {
	for {
		ids := []string{l.next(), l.next(), l.next()}
		var parts []string
		for _, id := range ids {
			parts = append(parts, fmt.Sprintf(`{"type":"track","messageId":%q,"userId":%q,"event":"Product Added"}`, id, crashPerson(id)))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/batch", strings.NewReader(`{"batch":[`+strings.Join(parts, ",")+`]}`))
		if err != nil {
			t.Error(err)
			return
		}
		res, err := c.Do(r)
		acked := err == nil && res.StatusCode == http.StatusOK
		if err == nil {
			_ = res.Body.Close()
		}
		for _, id := range ids {
			l.done(id, acked)
		}
		if !acked {
			return
		}
		answered()
	}
}

// crashPerson gives who sends a message: somebody known or, of each second
// one, somebody new.
func crashPerson(id string) string {
	var n int
	_, _ = fmt.Sscanf(id, "m%d", &n)
	if n%2 == 1 {
		return "new-" + id
	}
	return fmt.Sprintf("u%d", n%crashPeople)
}

func crashInspect(t *testing.T, dir string, l *crashLog) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored, perPerson := map[string]int{}, map[string]int{}
	for after := int64(0); ; {
		events, err := s.Events(t.Context(), store.EventQuery{After: after, Types: []event.Type{event.FactObserved}, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			if string(e.Data) == "null" {
				t.Errorf("event %d is there and its person's key is lost", e.Seq)
			}
			var o struct{ Said brain.Said }
			if err := json.Unmarshal(e.Data, &o); err != nil {
				t.Fatal(err)
			}
			stored[o.Said.MessageID]++
			perPerson[e.Subject]++
			after = e.Seq
		}
	}
	for id := range l.acked {
		if stored[id] == 0 {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	for id, n := range stored {
		if n != 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	if len(perPerson) <= crashPeople {
		t.Errorf("%d people: nobody was new, the test tests nothing", len(perPerson))
	}
	for person, n := range perPerson {
		p, err := s.Profile(t.Context(), person)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Count("cart.add", 24*time.Hour, time.Now()); got != min(n, 192) {
			t.Errorf("a profile counts %d facts of %d", got, n)
		}
	}
}
