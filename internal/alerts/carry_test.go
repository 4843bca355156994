package alerts

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"heed/internal/mail"
	"heed/internal/store"
)

// refusal is an error of a way out.
type refusal struct {
	after       time.Duration
	again, gone bool
}

func (refusal) Error() string                  { return "refused" }
func (e refusal) Later() (time.Duration, bool) { return e.after, e.again }
func (e refusal) Gone() bool                   { return e.gone }

// waiting is a rig with one alert on its way by webhook, which fails.
func waiting(t *testing.T, err error) (*rig, string) {
	t.Helper()
	r := newRig(t, t.TempDir(), nil)
	w := threshold(1)
	w.Mail, w.Webhook = "", "https://example.com/hook"
	sub := r.subscribe(Wish{Search: r.saved("Refunds", "refund"), Wanted: w})
	r.hooks.failing(err)
	r.call(monday, "a refund")
	r.follow()
	r.watchAt(monday.Add(time.Minute))
	return r, sub
}

func postOf(t *testing.T, r *rig) store.Post {
	t.Helper()
	page, posts, _, err := r.Alerts(t.Context(), r.ann, AlertQuery{})
	if err != nil || len(page) != 1 || len(posts[page[0].AlertID]) != 1 {
		t.Fatalf("%+v, %+v, %v", page, posts, err)
	}
	return posts[page[0].AlertID][0]
}

// A message is tried again and again with the same id, at the pauses of the
// standard, and is given up after the last.
func TestAMessageIsTriedAgain(t *testing.T) {
	r, _ := waiting(t, errors.New("the host was not reached"))
	first := r.hooks.took()
	if len(first) != 1 {
		t.Fatalf("%d attempts", len(first))
	}
	at := r.now()
	for i, pause := range pauses {
		p := postOf(t, r)
		if wait := p.Due.Sub(at); p.Tries != i+1 || p.State != store.PostWaiting || wait < pause-time.Millisecond || wait > pause+pause/10+time.Millisecond {
			t.Fatalf("attempt %d: %+v, waits %s of %s", i+1, p, wait, pause)
		}
		r.set(p.Due.Add(-time.Millisecond))
		r.must(r.Send(t.Context()))
		if got := r.hooks.took(); len(got) != 0 {
			t.Fatal("tried before its time")
		}
		at = p.Due
		r.set(at)
		r.must(r.Send(t.Context()))
		if got := r.hooks.took(); len(got) != 1 || got[0].Message != first[0].Message || got[0].Body != first[0].Body {
			t.Fatalf("attempt %d: %+v", i+2, got)
		}
	}
	if p := postOf(t, r); p.State != store.PostFailed || p.Why != "the host was not reached" || p.Tries != len(pauses)+1 {
		t.Errorf("in the end: %+v", p)
	}
}

func TestWhatAReceiverSays(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		state  store.PostState
		after  time.Duration
		paused bool
	}{
		"slow down": {refusal{time.Hour, true, false}, store.PostWaiting, time.Hour, false},
		"in vain":   {refusal{0, false, false}, store.PostFailed, 0, false},
		"gone":      {refusal{0, false, true}, store.PostFailed, 0, true},
		"mail":      {&mail.Error{Why: "refused with code 550", Vain: true}, store.PostFailed, 0, false},
		"greylist":  {&mail.Error{Why: "refused with code 451"}, store.PostWaiting, 5 * time.Second, false},
	} {
		r, sub := waiting(t, c.err)
		p := postOf(t, r)
		one, err := r.Subscription(t.Context(), r.ann, sub)
		if err != nil || p.State != c.state || c.after > 0 && p.Due.Sub(r.now()) < c.after-time.Millisecond || (one.State == store.SubscriptionPaused) != c.paused {
			t.Errorf("%s: %+v of a subscription that is %s, %v", name, p, one.State, err)
		}
	}
}

// Nobody is written to at night; what came to pass is told in the morning.
func TestQuietHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, t.TempDir(), func(o *Options) { o.Zone, o.Quiet = berlin, Quiet{22 * time.Hour, 7 * time.Hour} })
	r.subscribe(Wish{Search: r.saved("Refunds", "refund"), Wanted: threshold(1)})
	night := time.Date(2026, 3, 3, 23, 30, 0, 0, berlin)
	r.call(night, "a refund")
	r.follow()
	r.watchAt(night.Add(time.Minute))
	if got := r.mails.took(); len(got) != 0 || len(r.raised()) != 1 {
		t.Errorf("at night: %+v, %d raised", got, len(r.raised()))
	}
	r.set(time.Date(2026, 3, 4, 7, 0, 0, 0, berlin))
	r.must(r.Send(t.Context()))
	if got := r.mails.took(); len(got) != 1 {
		t.Errorf("in the morning: %+v", got)
	}
	for _, c := range []struct{ at, ends string }{
		{"2026-03-03T21:59:59+01:00", "2026-03-03T21:59:59+01:00"},
		{"2026-03-03T22:00:00+01:00", "2026-03-04T07:00:00+01:00"},
		{"2026-03-04T06:59:00+01:00", "2026-03-04T07:00:00+01:00"},
		{"2026-03-29T01:30:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Quiet{22 * time.Hour, 7 * time.Hour}).ends(at.In(berlin)).Format(time.RFC3339); got != c.ends {
			t.Errorf("%s: %s, want %s", c.at, got, c.ends)
		}
	}
}

// watchedLine is what the child says between raising and sending.
const watchedLine = "watched"

// raiseChild is a process that watches and sends without end, until it is killed.
func raiseChild() {
	ctx := context.Background()
	t := &childTB{ctx: ctx}
	r := newRig(t, os.Getenv("HEED_ALERTS_CHILD"), nil)
	r.mails.say = func(id string) { _, _ = io.WriteString(os.Stdout, id+"\n") }
	for at := monday; ; at = at.Add(time.Minute) {
		r.set(at)
		r.call(at, "a refund")
		r.follow()
		r.must(r.Watch(ctx))
		_, _ = io.WriteString(os.Stdout, watchedLine+"\n")
		r.must(r.Send(ctx))
		r.mails.took()
	}
}

// childTB is what the rig needs of a test in a process that is none.
type childTB struct {
	testing.TB
	ctx context.Context
}

func (c *childTB) Helper()                  {}
func (c *childTB) Cleanup(func())           {}
func (c *childTB) Context() context.Context { return c.ctx }
func (c *childTB) Fatal(args ...any) {
	_, _ = io.WriteString(os.Stderr, "child failed\n")
	os.Exit(3)
}

// Killed at any moment, no alert is lost and none is raised twice: each mail that
// went out is of an alert of the log, and each alert goes out.
func TestKilledBetweenRaisingAndSending(t *testing.T) {
	dir := t.TempDir()
	sent := map[string]int{}
	t.Run("before", func(t *testing.T) {
		r := newRig(t, dir, nil)
		id := r.saved("Refunds", "refund")
		for range 10 {
			w := threshold(3)
			w.Rest = time.Hour
			r.subscribe(Wish{Search: id, Wanted: w})
		}
	})
	for _, looks := range []int{2, 3, 3, 4} { // what is told of comes with the third
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "HEED_ALERTS_CHILD="+dir)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() != watchedLine {
				sent[lines.Text()]++
			} else if looks--; looks == 0 {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait()
		if cmd.ProcessState.ExitCode() == 3 {
			t.Fatal("the child failed")
		}
	}
	r := newRig(t, dir, nil)
	r.follow()
	r.watchAt(monday.Add(24 * time.Hour))
	for _, p := range r.mails.took() {
		sent[p.Message]++
	}
	page, _, _, err := r.Alerts(t.Context(), r.ann, AlertQuery{Limit: 500})
	r.must(err)
	perSub := map[string]int{}
	for _, a := range page {
		if sent[a.AlertID] == 0 {
			t.Errorf("alert %s never went out", a.AlertID)
		}
		perSub[a.Subscription]++
		delete(sent, a.AlertID)
	}
	if len(sent) != 0 || len(r.raised()) != len(page) {
		t.Errorf("%d messages of no alert, %d events for %d alerts", len(sent), len(r.raised()), len(page))
	}
	for sub, n := range perSub {
		if n != 1 {
			t.Errorf("%s was told %d times of one crossing", sub, n)
		}
	}
	if len(perSub) != 10 {
		t.Errorf("%d of 10 were told: the test tests nothing", len(perSub))
	}
}
