package sherpa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// workerEnv makes this test binary a speech worker, as Options.Command does
// with the product's own binary: "real", or the name of a bad one.
const workerEnv = "HEED_TEST_SPEECH_WORKER"

func TestMain(m *testing.M) {
	mode := os.Getenv(workerEnv)
	if mode == "" {
		goleak.VerifyTestMain(m)
		return
	}
	if err := work(mode); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// workerCommand starts this test binary as a worker.
func workerCommand(t testing.TB, mode string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"/usr/bin/env", workerEnv + "=" + mode, self}
}

// work is the real worker, and what can go wrong with one.
func work(mode string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	say := func(line string) { fmt.Println(line) }
	switch mode {
	case "real":
		return RunWorker(ctx, os.Stdin, os.Stdout, nil)
	case "refuses":
		say(`{"report":"refused","message":"the model is of clay"}`)
	case "aborts":
		return errors.New("Reshape: input shape {17,1,128}")
	case "never ready":
		return drain()
	case "garbage":
		say("\x00\x01 not a report")
		return drain()
	case "floods":
		say(`{"report":"ready"}`)
		_, err := io.Copy(os.Stdout, strings.NewReader(strings.Repeat("x", 3*maxLine)))
		return errors.Join(err, drain())
	case "hangs":
		// It beats, but hears nothing.
		say(`{"report":"ready"}`)
		go beatForever()
		return drain()
	case "stops":
		say(`{"report":"ready"}`)
		return syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case "aborts mid-stream":
		say(`{"report":"ready"}`)
		if _, err := io.CopyN(io.Discard, os.Stdin, 4000); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "Reshape: input shape {17,1,128},\nrequested shape {8,2,1,128}")
		return syscall.Kill(os.Getpid(), syscall.SIGABRT)
	case "leaves a child":
		say(`{"report":"ready"}`)
		return syscall.Exec("/bin/sh", []string{"sh", "-c", "sleep 20 & exec cat >/dev/null"}, nil)
	}
	return fmt.Errorf("unknown mode %q", mode)
}

func drain() error {
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

func beatForever() {
	for tick := time.NewTicker(50 * ms); ; <-tick.C {
		if _, err := fmt.Println(`{"report":"beat","steps":1,"cpu":1000}`); err != nil {
			return
		}
	}
}
