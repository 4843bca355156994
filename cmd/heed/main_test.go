package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary is the real program, built once, and beside it a server with the
// real engine that the tests of "heed call" share.
type shared struct {
	binary string
	once   sync.Once
	server *server
	why    string // there is no engine
}

var common shared

func TestMain(m *testing.M) { os.Exit(testAll(m)) }

func testAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "heed-cmd-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // another user runs it too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	common.binary = filepath.Join(dir, "heed")
	// As "make build" builds it, so that little is compiled twice.
	build := exec.Command("go", "build", "-trimpath", "-o", common.binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build heed:", err)
		return 1
	}
	if err := os.Chmod(common.binary, 0o755); err != nil { // whatever the umask
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if s := common.server; s != nil {
		if err := errors.Join(s.signal(os.Interrupt), s.wait()); err != nil {
			fmt.Fprintf(os.Stderr, "the shared server: %v\n%s", err, s.log())
			code = cmp.Or(code, 1)
		}
		_ = os.RemoveAll(s.dir)
	}
	return code
}

// environment is this process's without settings of heed, but for where the
// models are.
func environment(more ...string) []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "HEED_") || strings.HasPrefix(e, "HEED_MODELS=") {
			env = append(env, e)
		}
	}
	// A command that is drawn into an arm, or tries another action, would have a
	// test fail now and then.
	env = append(env, "HEED_DECIDE_EXPLORE=0", "HEED_DECIDE_UNIFORM=0", "HEED_DECIDE_CAREFUL=0", "HEED_CONTENT_EXPERIMENTS=none")
	return append(env, more...)
}

// result is what a command did.
type result struct {
	out, err string
	code     int
}

// patience is how long a command or a wait may take on a busy machine.
const patience = 2 * time.Minute

// heed runs a command to its end.
func heed(t *testing.T, args ...string) result {
	t.Helper()
	return heedIn(t, t.TempDir(), nil, args...)
}

// heedIn runs a command in a folder with more environment.
func heedIn(t *testing.T, dir string, env []string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, common.binary, args...)
	var out, errs bytes.Buffer
	c.Dir, c.Env, c.Stdout, c.Stderr = dir, environment(env...), &out, &errs
	err := c.Run()
	if e := (*exec.ExitError)(nil); err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("heed %v did not end within %v:\n%s%s", args, patience, out.String(), errs.String())
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// want checks the exit status and that standard error is one line that holds
// the words; none when there are no words.
func (r result) want(t *testing.T, code int, says ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit status %d, want %d; it printed\n%s%s", r.code, code, r.out, r.err)
	}
	if lines := strings.Count(r.err, "\n"); code != 0 && lines != 1 {
		t.Errorf("%d lines on standard error, want one:\n%s", lines, r.err)
	}
	for _, s := range says {
		if !strings.Contains(r.err, s) {
			t.Errorf("standard error %q does not say %q", r.err, s)
		}
	}
	if code != 0 && !strings.HasPrefix(r.err, "heed: ") {
		t.Errorf("standard error %q does not say who speaks", r.err)
	}
}

// needEngine skips a test when the speech engine is not on this machine.
func needEngine(t *testing.T) {
	t.Helper()
	r := heed(t, "engines", "--speech-engine", "sherpa")
	if r.code == 0 {
		return
	}
	if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
		t.Fatalf("the speech engine is required and not available: %s", r.err)
	}
	t.Skipf("no speech engine: %s(make setup gets it)", r.err)
}
