package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// childFolder tells a process started by this test what to work on.
const childFolder = "HEED_INTAKE_TEST_FOLDER"

// child fetches a recording and hears it, and says when it comes to each step.
func child(ctx context.Context, dir string) error {
	say := func(what string) { fmt.Println(what) }
	p := &pages{serve: func(_ int, to io.Writer) error {
		b := recorded(2, 1)
		if _, err := to.Write(b[:len(b)/2]); err != nil {
			return err
		}
		say("fetching")
		_, err := to.Write(b[len(b)/2:])
		return err
	}}
	r, err := open(ctx, dir, func(o *Options) {
		o.Fetch, o.Fetches = p, func(string) bool { return true }
		inner := o.Past
		o.Past = func(ctx context.Context, c event.Call, fill func(Write) error) (event.Call, bool, error) {
			say("fetched")
			c, known, err := inner(ctx, c, func(w Write) error {
				say("spooling")
				err := fill(w)
				say("spooled")
				return err
			})
			say("heard")
			return c, known, err
		}
	})
	if err != nil {
		return err
	}
	if err := r.Want(ctx, Recording{Platform: "twilio", Call: "CA1", ID: "RE1", URL: "https://api.twilio.com/RE1", At: march, Channels: 2, Direction: "outbound", To: "+12025550142"}); err != nil {
		return err
	}
	say("wanted")
	if err := r.sessions.Recover(ctx); err != nil { // as every start does
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go r.Work(ctx)
	for {
		n, err := r.Counts(ctx)
		if err != nil {
			return err
		}
		if n.Done == 1 {
			say("done")
			return nil
		}
		sleep(ctx, time.Millisecond)
	}
}

// run starts a child and kills it when it has said a line, or lets it end.
func run(t *testing.T, dir, until string, delay time.Duration) (reached bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for !reached && lines.Scan() {
		reached = lines.Text() == until
		if strings.HasPrefix(lines.Text(), "child:") {
			t.Error(lines.Text(), complaint.String())
		}
	}
	sleep(t.Context(), delay)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	return reached
}

// Killed again and again, between any two steps, the recording becomes one call
// in which each word is said once.
func TestKilledBetweenAnyTwoSteps(t *testing.T) {
	dir := t.TempDir()
	for _, kill := range []struct {
		at    string
		delay time.Duration
	}{{"wanted", 0}, {"fetching", 0}, {"fetched", 0}, {"spooling", 0}, {"spooled", 0}, {"spooled", 3 * time.Millisecond}, {"heard", 0}} {
		run(t, dir, kill.at, kill.delay) // a later step may have been reached before
	}
	if !run(t, dir, "done", 0) {
		t.Fatal("it never came to its end")
	}
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	calls, _, err := s.Calls(t.Context(), store.CallQuery{})
	if err != nil || len(calls) != 1 {
		t.Fatalf("%d calls, %v", len(calls), err)
	}
	said, err := s.Utterances(t.Context(), calls[0].ID)
	if err != nil || len(said) != 2 || said[0].Text != dialogue[0].Text || said[1].Text != dialogue[1].Text {
		t.Errorf("said: %+v, %v", said, err)
	}
	if calls[0].Status != event.CallOver || calls[0].PlatformCall != "CA1" {
		t.Errorf("the call is %+v", calls[0])
	}
}
