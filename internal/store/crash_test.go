package store

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
)

var (
	crashRounds = flag.Int("crash.rounds", 12, "how often the crash test kills its child")
	crashSeed   = flag.Uint64("crash.seed", 1, "seed of the moments at which it does")
)

const crashWriters = 16

// crashChild writes for as long as it lives and prints what was acknowledged.
func crashChild() {
	ctx := context.Background()
	s, err := Open(ctx, Options{Path: os.Getenv("HEED_STORE_PATH")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	round := os.Getenv("HEED_STORE_ROUND")
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range crashWriters {
		wg.Go(func() {
			call := event.Call{ID: fmt.Sprintf("call-%s-%d", round, w), PlatformCall: fmt.Sprintf("CA-%s-%d", round, w), StartedAt: time.Now()}
			if err := s.Write(ctx, func(tx *Tx) error { return tx.SaveCall(call) }); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			for n := 1; ; n++ {
				if err := s.Write(ctx, crashFact(call.ID, n)); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				out.Lock()
				fmt.Printf("%s/%d\n", call.ID, n)
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

// crashFact is an utterance with its event. Every seventh write fails after
// it changed something.
func crashFact(call string, n int) func(*Tx) error {
	u := insights.Utterance{
		ID: fmt.Sprintf("%s/%d", call, n), CallID: call, Seq: n, Speaker: insights.Customer,
		Start: insights.Seconds(n), Text: strings.Repeat("word ", n%50),
	}
	return func(tx *Tx) error {
		if n%7 == 0 { // the number is taken: refused, and the write goes on
			wrong := u
			wrong.ID, wrong.Seq, wrong.Start = "wrong", n-1, -1
			if err := tx.AddUtterance(wrong); !errors.Is(err, ErrConflict) {
				return fmt.Errorf("want a conflict, got %w", err)
			}
		}
		if err := tx.AddUtterance(u); err != nil {
			return err
		}
		e, err := event.New(event.UtteranceSpoken, time.Now(), event.About{Subject: call, Call: call}, u)
		if err != nil {
			return err
		}
		e.ID = u.ID
		return tx.Append(e)
	}
}

// Killed at any moment, everything acknowledged is there once, every fact has
// its event and every event its fact.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	dice := rand.New(rand.NewPCG(*crashSeed, 0))
	var dir string
	acknowledged, total := map[string]bool{}, 0
	for round := range *crashRounds {
		if round%12 == 0 { // so that comparing does not take ever longer
			dir = t.TempDir()
			clear(acknowledged)
		}
		// Some kills hit the opening and the recovery from the kill before.
		kill := moment{lines: 1 << 30, opening: time.Minute, writing: time.Minute}
		switch round % 3 {
		case 0:
			kill.lines = dice.IntN(400)
		case 1:
			kill.writing = time.Duration(dice.IntN(50_000)) * time.Microsecond
		case 2:
			kill.opening = time.Duration(dice.IntN(60_000)) * time.Microsecond
			kill.writing = 0
		}
		n := crashOnce(t, dir, round, kill, acknowledged)
		inspect(t, dir, acknowledged)
		t.Logf("round %d: killed after %d acknowledged", round, n)
		total += n
	}
	if total < *crashRounds*10 {
		t.Fatalf("only %d writes acknowledged in %d rounds: the test tests nothing", total, *crashRounds)
	}
}

// moment is when a child is killed: so long after its start, or after its
// first acknowledged write, or after so many of them; whichever is first.
type moment struct {
	opening, writing time.Duration
	lines            int
}

// crashOnce runs a child, kills it and gives the number of writes that it
// acknowledged.
func crashOnce(t *testing.T, dir string, round int, kill moment, acknowledged map[string]bool) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "HEED_STORE_CHILD=crash", "HEED_STORE_PATH="+dir, fmt.Sprint("HEED_STORE_ROUND=", round))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(kill.opening, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	count := 0
	for r := bufio.NewReader(out); ; {
		line, err := r.ReadString('\n')
		if err != nil { // a line without its end was not acknowledged
			break
		}
		acknowledged[strings.TrimSpace(line)] = true
		if count++; count == 1 {
			timer.Reset(kill.writing)
		}
		if count > kill.lines {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	if complaints.Len() > 0 {
		t.Fatalf("round %d: the child complains: %s", round, complaints.String())
	}
	return count
}

func inspect(t *testing.T, dir string, acknowledged map[string]bool) {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	integrity(t, s)
	stored := map[string]bool{}
	for _, id := range noted(t, s) { // the log has no id twice, and no hole
		if stored[id] {
			t.Errorf("%s is there twice", id)
		}
		stored[id] = true
	}
	for id := range acknowledged {
		if !stored[id] {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	var utterances, torn int
	if err := s.reads.Get(&utterances, `SELECT count(*) FROM utterance`); err != nil {
		t.Fatal(err)
	}
	if err := s.reads.Get(&torn, `SELECT count(*) FROM utterance u LEFT JOIN event e ON e.id = u.id WHERE e.id IS NULL`); err != nil {
		t.Fatal(err)
	}
	if utterances != len(stored) || torn != 0 {
		t.Errorf("%d facts, %d events, %d facts without event", utterances, len(stored), torn)
	}
}
