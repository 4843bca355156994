package main

import (
	"bytes"
	"database/sql"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"heed/internal/store"
)

func TestServeRefusesATakenPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := heed(t, "serve", "--data", t.TempDir(), "--speech-engine", "none", "--listen", l.Addr().String())
	r.want(t, 1, "cannot listen on "+l.Addr().String(), "--listen")
}

func TestServeRefusesAFolderThatItCannotWrite(t *testing.T) {
	t.Parallel()
	t.Run("a file is in its place", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "data")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		heed(t, "serve", "--data", path, "--speech-engine", "none", "--listen", "127.0.0.1:0").want(t, 1, path, "--data")
		if raw, err := os.ReadFile(path); err != nil || string(raw) != "mine" {
			t.Errorf("the file was changed: %q, %v", raw, err)
		}
	})
	t.Run("it may only be read", func(t *testing.T) {
		t.Parallel()
		dir := readOnly(t)
		c := exec.CommandContext(t.Context(), common.binary, "serve", "--data", dir, "--speech-engine", "none", "--listen", "127.0.0.1:0")
		var errs bytes.Buffer
		c.Dir, c.Env, c.Stderr = "/", environment("HOME="+dir), &errs
		if os.Geteuid() == 0 { // root may write everywhere
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		err := c.Run()
		if c.ProcessState == nil {
			t.Fatal(err)
		}
		result{err: errs.String(), code: c.ProcessState.ExitCode()}.want(t, 1, dir, "cannot be written", "--data")
	})
}

// readOnly is a folder that everybody may look into and nobody write to.
func readOnly(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "heed-read-only-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestServeRefusesAFolderOfANewerVersion(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := openTables(t, dir, "rw")
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "heed.db"))
	if err != nil {
		t.Fatal(err)
	}
	r := heed(t, "serve", "--data", dir, "--speech-engine", "none", "--listen", "127.0.0.1:0")
	r.want(t, 1, "newer version", "4711", "--data")
	after, err := os.ReadFile(filepath.Join(dir, "heed.db"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the refusal changed the tables (%v)", err)
	}
}

// openTables opens the database of a folder that no server uses.
func openTables(t *testing.T, dir, mode string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "heed.db")+"?mode="+mode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestServeWithoutAnEngine looks at one server from outside: what it prints,
// what it writes, who finds it, who is kept out, and how it ends.
func TestServeWithoutAnEngine(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir, "--speech-engine", "none", "--log-format", "json")
	t.Run("it says where to go", func(t *testing.T) {
		// The address is in its file before it is printed.
		for _, line := range []string{`Heed dev is serving on http://localhost:\d+`, `Sign in, once, within a day: http://localhost:\d+/login\?token=\S+`} {
			printed := regexp.MustCompile(`(?m)^` + line + `$`)
			eventually(t, "printed "+line, func() bool { return printed.MatchString(s.out.String()) })
		}
	})
	t.Run("its secrets are for the owner", func(t *testing.T) {
		for _, name := range []string{"cli.key", "address", "master.key", "heed.db"} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
	})
	t.Run("a second server is refused", func(t *testing.T) {
		r := heed(t, "serve", "--data", dir, "--speech-engine", "none", "--listen", "127.0.0.1:0")
		r.want(t, 1, "in use by another heed", "--data")
	})
	t.Run("commands find it", func(t *testing.T) {
		heed(t, "doctor", "--live", "--data", dir).want(t, 0)
		heedIn(t, filepath.Dir(dir), nil, "doctor", "--live").want(t, 0) // "data" is the default
		heedIn(t, "/", []string{"HEED_DATA=" + dir}, "doctor", "--live").want(t, 0)
		r := heed(t, "link", "--data", dir)
		r.want(t, 0)
		if !strings.HasPrefix(r.out, s.base+"/login?token=") {
			t.Errorf("the link is %q", r.out)
		}
		heed(t, "link", "--data", dir, "--role", "king").want(t, 2, "king", "privacy")
		for command, says := range map[string]string{
			"link --role privacy --name Dana": "/login?token=", "consent verify": "are as they were written\n",
		} {
			r := heed(t, append(strings.Fields(command), "--data", dir)...)
			r.want(t, 0)
			if !strings.Contains(r.out, says) {
				t.Errorf("heed %s: %q", command, r.out)
			}
		}
	})
	t.Run("users are looked after", func(t *testing.T) {
		user := func(args ...string) result {
			return heed(t, append(append([]string{"user"}, args...), "--data", dir)...)
		}
		r := user("add", "Ben Okri", "--login", "ben@example.com", "--role", "agent")
		r.want(t, 0)
		if !strings.HasPrefix(r.out, s.base+"/login?token=") {
			t.Errorf("the link is %q", r.out)
		}
		user("add", "Ben Two", "--login", "BEN@example.com").want(t, 1, "somebody else has it")
		user("add", "Ben", "--role", "king").want(t, 2, "king")
		user("add").want(t, 2, "NAME")
		if r := user("list"); !strings.Contains(r.out, "ben@example.com") || !strings.Contains(r.out, "never") {
			t.Errorf("the list: %q", r.out)
		}
		if r := user("suspend", "Ben Okri"); r.out != "Ben Okri is suspended\n" {
			t.Errorf("suspend: %q %q", r.out, r.err)
		}
		user("password", "ben@example.com").want(t, 1, "suspended")
		if r := user("list", "--json"); !strings.Contains(r.out, `"suspended_at"`) {
			t.Errorf("the list: %q", r.out)
		}
		user("restore", "ben@example.com").want(t, 0)
		if r := user("password", "ben@example.com", "--reset"); !strings.HasPrefix(r.out, s.base+"/login?token=") {
			t.Errorf("the link is %q", r.out)
		}
		user("suspend", "Administrator").want(t, 1, "last administrator")
		user("suspend", "nobody").want(t, 1, "is 0 users", "heed user list")
	})
	t.Run("a wrong key is refused", func(t *testing.T) {
		file := save(t, "call.wav", recorded(t, "happy-thanks", 1))
		heed(t, "link", "--data", dir, "--key", "wrong").want(t, 1, "does not know this API key")
		heed(t, "call", file, "--data", dir, "--key", "wrong").want(t, 1, "does not know this API key", "cli.key")
		heedIn(t, "/", []string{"HEED_KEY=wrong"}, "call", file, "--data", dir).want(t, 1, "does not know this API key")
		for _, role := range []string{"ingest", "viewer"} {
			heed(t, "call", file, "--data", dir, "--key", s.newKey(t, role)).want(t, 1, "role admin")
		}
		var page struct{ Calls []any }
		if s.get(t, "/v1/calls", &page); len(page.Calls) != 0 {
			t.Errorf("a refused command made %d calls", len(page.Calls))
		}
	})
	t.Run("calls are recorded and not heard", func(t *testing.T) {
		file := save(t, "call.wav", recorded(t, "happy-thanks", 3))
		r := heed(t, "call", file, "--data", dir, "--speed", "0")
		r.want(t, 0)
		for _, want := range []string{"ended, 3 s: nobody was heard", s.base + "/calls/"} {
			if !strings.Contains(r.out, want) {
				t.Errorf("it does not say %q:\n%s", want, r.out)
			}
		}
	})
	t.Run("it ends well", func(t *testing.T) {
		s.stop(t)
		for _, secret := range []string{s.key, "token=", "+1"} {
			if strings.Contains(s.log(), secret) {
				t.Errorf("the log holds %q:\n%s", secret, s.log())
			}
		}
		for line := range strings.Lines(s.log()) {
			if !strings.HasPrefix(line, "{") {
				t.Errorf("no JSON in the log: %s", line)
			}
		}
	})
	t.Run("then nobody is there", func(t *testing.T) {
		heed(t, "link", "--data", dir).want(t, 1, "cannot reach the server at "+s.base, "heed serve")
	})
}

// TestServeStoppedWhileStarting ends a server before it serves.
func TestServeStoppedWhileStarting(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := launch(dir, "--speech-engine", "none")
	if err != nil {
		t.Fatal(err)
	}
	// From its first line on it listens to signals, and understanding has
	// not been made ready yet.
	eventually(t, "a first line", func() bool { return strings.Contains(s.log(), "tables brought up to date") })
	s.stop(t)
	if strings.Contains(s.log(), "heed: ") {
		t.Errorf("it complains:\n%s", s.log())
	}
	if left, err := fs.Glob(os.DirFS(dir), ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
