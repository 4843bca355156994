package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// sums gives what is in a folder, to see that nothing changed.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if e.Name() == lockName || strings.HasSuffix(e.Name(), "-shm") { // who was here last; rebuilt by each process
			raw = nil
		}
		name, _ := filepath.Rel(dir, path)
		all[name] = fmt.Sprintf("%x", sha256.Sum256(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func refused(t *testing.T, dir string, want error, says ...string) {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: dir})
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	for _, word := range append(says, dir) {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

// fromTheFuture makes the tables claim a version that we do not know.
func fromTheFuture(t *testing.T, s *Store) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.exec("bump", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesANewerFolder(t *testing.T) {
	ours, err := newestMigration()
	if err != nil || ours < 5 {
		t.Fatalf("newest migration %d, %v", ours, err)
	}
	dir := t.TempDir()
	s := openAt(t, dir)
	fromTheFuture(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := sums(t, dir)
	refused(t, dir, ErrNewer, "4711", fmt.Sprint(ours), "--data")
	if diff := cmp.Diff(before, sums(t, dir)); diff != "" {
		t.Fatalf("the refusal changed the folder:\n%s", diff)
	}
}

// The version may be known only to the write-ahead log that a crash left.
func TestOpenRefusesANewerFolderAfterACrash(t *testing.T) {
	live, dir := t.TempDir(), t.TempDir()
	s := openAt(t, live)
	fromTheFuture(t, s)
	for _, name := range []string{fileName, fileName + "-wal"} { // as the crash would leave them
		raw, err := os.ReadFile(filepath.Join(live, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := sums(t, dir)
	refused(t, dir, ErrNewer, "4711")
	after := sums(t, dir)
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("the refusal changed %s", name)
		}
	}
}

func TestOpenRefusesAFolderInUse(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	refused(t, dir, ErrLocked, fmt.Sprint("process ", os.Getpid()))
	if err := s.Write(t.Context(), appendNote("still mine")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, dir)
}

func TestOpenRefusesWhatItCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, filepath.Join(file, "data"), ErrNotWritable, "--data")

	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // meant to be read-only
		t.Fatal(err)
	}
	asNobody(t, func() { refused(t, dir, ErrNotWritable, "--data", "right to write") })
	if left := sums(t, dir); len(left) != 0 {
		t.Fatalf("the refusal left %v", left)
	}

	used := t.TempDir()
	if err := openAt(t, used).Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(filepath.Join(used, fileName), 0o400), os.Chmod(used, 0o777), os.Chmod(filepath.Join(used, lockName), 0o666)); err != nil { //nolint:gosec // so that only the tables are read-only
		t.Fatal(err)
	}
	asNobody(t, func() { refused(t, used, ErrNotWritable) })
}

// asNobody runs fn without root's right to write everywhere.
func asNobody(t *testing.T, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with its rights
		if err := syscall.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		fn()
	}()
	<-done
}

func TestOpenRefusesWhatIsNotATable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	if err := os.WriteFile(path, []byte(strings.Repeat("not tables ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := sums(t, dir)
	refused(t, dir, ErrDamaged)
	after := sums(t, dir)
	delete(after, lockName)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Fatalf("the refusal changed the folder:\n%s", diff)
	}
}

func TestOpenStaysUsableAfterARefusal(t *testing.T) {
	dir := t.TempDir()
	reg := prometheus.NewPedanticRegistry()
	openAt(t, t.TempDir(), func(o *Options) { o.Registerer = reg })
	if _, err := Open(t.Context(), Options{Path: dir, Registerer: reg}); err == nil {
		t.Fatal("metrics registered twice without an error")
	}
	openAt(t, dir) // the lock was given back
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c#d%41", "data")
	s := openAt(t, dir)
	if err := s.Write(t.Context(), appendNote("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v %v, want 0700", info.Mode(), err)
	}
	for name := range sums(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v, want 0600", name, info.Mode(), err)
		}
	}
	for _, name := range []string{fileName, fileName + "-wal"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// Each connection, the writer's and the readers', has what durability and
// safety rest on.
func TestSettingsAreInForce(t *testing.T) {
	s := openAt(t, t.TempDir())
	err := s.Write(t.Context(), func(tx *Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0",
		} {
			var got string
			if err := tx.w.conn.GetContext(t.Context(), &got, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("writer: %s = %s %v, want %s", pragma, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.reads.Exec(`DELETE FROM event`); err == nil {
		t.Error("a reader could write")
	}
}
