package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/store"
)

// TestKeysRotate replaces the master key of a folder that a server used. What
// is kept of a person can be read before; while a rotation that kill -9 cut off
// is half done; and after, when the old key opens nothing.
func TestKeysRotate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(dir, "keys", "master.key")
	s := serveFor(t, dir)
	s.identify(t, "anna")
	s.knows(t, "anna")
	heed(t, "keys", "rotate", "--data", dir).want(t, 1, "in use")
	s.stop(t)
	old := read(t, file)

	moreKeys(t, dir, 30_000) // so that there is a middle to be killed in
	cutOff(t, dir, file)
	s = serveFor(t, dir) // with both keys
	s.knows(t, "anna")
	s.identify(t, "bert")
	s.stop(t)

	r := heed(t, "keys", "rotate", "--data", dir)
	r.want(t, 0)
	if !strings.Contains(r.out, "keys are wrapped with the new master key") || strings.HasPrefix(r.out, "0 ") {
		t.Errorf("it did not go on: %s", r.out)
	}
	now := read(t, file)
	if bytes.Count(now, []byte("\n")) != 1 || bytes.Equal(now, old) {
		t.Error("the file does not hold the new key alone")
	}
	s = serveFor(t, dir)
	s.knows(t, "anna")
	s.knows(t, "bert")
	s.stop(t)

	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "serve", "--data", dir, "--listen", "127.0.0.1:0").want(t, 1, "master key does not fit")
}

// cutOff kills rotations until one was hit while the file held both keys.
func cutOff(t *testing.T, dir, file string) {
	t.Helper()
	p := background(t, "keys", "rotate", "--data", dir)
	eventually(t, "two keys in the file", func() bool {
		return bytes.Count(read(t, file), []byte("\n")) == 2
	})
	_ = p.cmd.Process.Kill()
	<-p.ended
	if n := bytes.Count(read(t, file), []byte("\n")); n != 2 {
		t.Fatalf("the rotation was over before it was killed: %d keys in the file", n)
	}
}

// moreKeys makes the keys of people of whom nothing else is kept.
func moreKeys(t *testing.T, dir string, n int) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range n {
		if _, err := s.Vault().Encrypt(fmt.Sprint("person-", i), "test", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Vault().Flush(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// identify tells the server of somebody, as another system would.
func (s *server) identify(t *testing.T, user string) {
	t.Helper()
	body := fmt.Sprintf(`{"userId": %q, "traits": {"name": "Name of %s"}}`, user, user)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/v1/identify", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(s.key, "")
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("identify: %s, %v", resp.Status, err)
	}
}

// knows checks that somebody's profile can be read.
func (s *server) knows(t *testing.T, user string) {
	t.Helper()
	var found struct {
		Customers []struct{ ID, Name string }
	}
	s.get(t, "/v1/customers?q="+user, &found)
	if len(found.Customers) != 1 || found.Customers[0].Name != "Name of "+user {
		t.Errorf("of %s it knows %+v", user, found)
	}
}
