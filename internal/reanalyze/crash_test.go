package reanalyze

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/event"
)

const (
	childFolder = "HEED_REANALYZE_TEST_FOLDER"
	childCalls  = "HEED_REANALYZE_TEST_CALLS" // after so many it waits to be killed
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		most, _ := strconv.Atoi(os.Getenv(childCalls))
		if err := child(context.Background(), dir, most); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// child reads history again and prints a line a call. After most calls, if
// that is not 0, it stands still.
func child(ctx context.Context, dir string, most int) error {
	p, err := open(ctx, dir)
	if err != nil {
		return err
	}
	calls := 0
	_, err = p.service(second()).Run(ctx, event.ReanalysisRequest{Since: since}, func(r event.Reanalysis) {
		fmt.Println(r.Counts.Calls)
		if calls++; calls == most {
			select {}
		}
	})
	return errors.Join(err, p.store.Close())
}

// TestKilledAtAnyMomentItEndsTheSame kills a process that reads history again
// and again, and compares with one that was left in peace.
func TestKilledAtAnyMomentItEndsTheSame(t *testing.T) {
	const calls = 24
	dir := t.TempDir()
	p, err := open(t.Context(), dir+"/killed")
	if err == nil {
		err = p.calls(t.Context(), calls, first())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.store.Close(), os.CopyFS(dir+"/peace", os.DirFS(dir+"/killed"))); err != nil {
		t.Fatal(err)
	}
	for _, lines := range []int{0, 3, 1, 9} {
		if !killAfter(t, dir+"/killed", lines) {
			t.Errorf("the run of %d lines was over before it was killed", lines)
		}
	}
	killAfter(t, dir+"/killed", 1<<30)
	if err := child(t.Context(), dir+"/peace", 0); err != nil {
		t.Fatal(err)
	}
	var states [2][]string
	for i, name := range []string{"killed", "peace"} {
		p, err := open(t.Context(), dir+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		states[i] = p.state(t, calls)
		slices.Sort(states[i])
		run, err := p.store.LastReanalysis(t.Context())
		if err != nil || run.State != event.ReanalysisDone || run.Counts.Calls != calls || run.Counts.Changed != 4*calls {
			t.Errorf("%s: %+v, %v", name, run.Counts, err)
		}
		told, whole := p.readings(t)
		for id, n := range whole {
			if n != 1 {
				t.Errorf("%s: call %s was told of %d times", name, id, n)
			}
		}
		if run.Counts.Figures != calls || run.Counts.Summaries != calls || len(whole) != calls {
			t.Errorf("%s: of %d whole calls something else is said, %+v", name, len(whole), run.Counts)
		}
		for id, n := range told {
			if n != 1 {
				t.Errorf("%s: utterance %s was told of %d times", name, id, n)
			}
		}
		if len(told) != 4*calls {
			t.Errorf("%s: %d utterances were told of, want %d", name, len(told), 4*calls)
		}
		if err := p.store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(states[1], states[0]); diff != "" {
		t.Errorf("-in peace +killed\n%s", diff)
	}
}

// killAfter runs a child, kills it after so many calls, and says whether that
// was before its end.
func killAfter(t *testing.T, dir string, lines int) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), exe)
	c.Env = append(os.Environ(), childFolder+"="+dir)
	if lines < 1<<30 {
		// A few calls for the kill to fall into, and never the last.
		c.Env = append(c.Env, fmt.Sprintf("%s=%d", childCalls, lines+2))
	}
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	for n := 0; n < lines && scan.Scan(); n++ {
		_ = scan.Text()
	}
	if lines < 1<<30 {
		_ = c.Process.Kill() // it may be over by now
	}
	err = c.Wait()
	if lines == 1<<30 && err != nil {
		t.Fatal(err)
	}
	return err != nil
}
