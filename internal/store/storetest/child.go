package storetest

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Child is this test binary in a process of its own, as a server that can be
// killed. Its TestMain serves, by what is in the environment, and says its
// address as the first line.
type Child struct {
	*exec.Cmd

	URL string         // "http://" and the address
	In  io.WriteCloser // its standard input
	// Complaints are what it wrote to standard error; read them when it has ended.
	Complaints bytes.Buffer
}

// StartChild starts one with settings in its environment, and waits for its
// address. Who starts it kills it and waits for its end.
func StartChild(t testing.TB, env ...string) *Child {
	t.Helper()
	c := &Child{Cmd: exec.CommandContext(t.Context(), os.Args[0])} //nolint:gosec // ourselves
	c.Env = append(os.Environ(), env...)
	c.Stderr = io.MultiWriter(os.Stderr, &c.Complaints)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if c.In, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	c.URL = "http://" + strings.TrimSpace(addr)
	return c
}
