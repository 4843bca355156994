package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"heed/internal/archive"
	"heed/internal/customer"
	"heed/internal/store"
	"heed/internal/vault"
)

func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// word stands in the name and number of every person that the tests store.
const word = "quincunx"

func person(n int) customer.Profile {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	p := customer.New(fmt.Sprintf("person-%05d", n), at)
	p.Version = 1
	p.Seen(customer.Identifier{Type: "user_id", Value: fmt.Sprintf("%s-%d", word, n), Verified: true, FirstSeen: at, LastSeen: at})
	p.SetTrait(customer.Trait{Name: "name", Value: fmt.Sprintf("%s %d", word, n), Source: "crm", At: at, Confidence: 1})
	return p
}

// writer stores people one after the other and counts those acknowledged.
type writer struct {
	mu   sync.Mutex
	acks int
}

func (w *writer) acknowledged() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acks
}

func (w *writer) run(ctx context.Context, s *store.Store) error {
	for n := 0; ctx.Err() == nil; n++ {
		if err := s.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SaveProfile(person(n)) }); err != nil {
			return err
		}
		w.mu.Lock()
		w.acks = n + 1
		w.mu.Unlock()
	}
	return nil
}

// backup is one that was made, and how many people were acknowledged before.
type backup struct {
	dir    string
	before int
}

// saveInALoop makes backups while a writer works.
func saveInALoop(t *testing.T, s *store.Store, data string) []backup {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w, failed := &writer{}, make(chan error, 1)
	go func() { failed <- w.run(ctx, s) }()
	var made []backup
	for i := range 4 {
		b := backup{filepath.Join(t.TempDir(), "backup"), w.acknowledged()}
		for i > 0 && b.before <= made[i-1].before { // something is new in each
			b.before = w.acknowledged()
		}
		if _, err := archive.Save(t.Context(), data, b.dir, time.Now); err != nil {
			t.Fatal(err)
		}
		made = append(made, b)
	}
	stop()
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
	return made
}

// A backup that is made while people are written holds all who were
// acknowledged before, readable with the keys and by nobody without them.
func TestBackupsWhileWriting(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	made := saveInALoop(t, s, data)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, b := range made {
		if name := holds(t, b.dir, word); name != "" {
			t.Errorf("%s of a backup can be read without keys", name)
		}
		restored := restore(t, data, b.dir)
		for n := range b.before {
			p, err := restored.ProfileByIdentifier(t.Context(), "user_id", fmt.Sprintf("%s-%d", word, n))
			if err != nil || p.ID != person(n).ID {
				t.Fatalf("person %d of %d: %q, %v", n, b.before, p.ID, err)
			}
		}
		if found, _, err := restored.Profiles(t.Context(), word, "", 1); err != nil || b.before > 0 && len(found) == 0 {
			t.Errorf("nobody is found by name: %v", err)
		}
		if err := restored.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Who was erased after the backup was made stays erased, by the file of keys.
func TestWhoWasErasedStaysErasedInABackup(t *testing.T) {
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	s := open(t, data)
	for n := range 2 {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProfile(person(n)) }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := archive.Save(t.Context(), data, dir, time.Now); err != nil {
		t.Fatal(err)
	}
	e := store.Erasure{ID: "e1", State: "begun", People: []string{person(0).ID}, Doc: []byte("{}")}
	if err := errors.Join(s.BeginErasure(e, nil), s.DestroyKeys(e.People), s.Close()); err != nil {
		t.Fatal(err)
	}
	restored := restore(t, data, dir)
	defer restored.Close()
	if _, err := restored.Profile(t.Context(), person(0).ID); !errors.Is(err, store.ErrErased) {
		t.Errorf("who was erased: %v", err)
	}
	if _, err := restored.Profile(t.Context(), person(1).ID); err != nil {
		t.Errorf("who was not: %v", err)
	}
}

func TestWhatCannotBeSavedOrRestored(t *testing.T) {
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	s := open(t, data)
	if _, err := archive.Save(t.Context(), data, data, time.Now); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("into a folder that holds something: %v", err)
	}
	if _, err := archive.Save(t.Context(), data, dir, time.Now); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Load(t.Context(), dir, data, vault.Source{}); err == nil {
		t.Error("over tables that are there")
	}
	if err := os.Remove(filepath.Join(dir, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Load(t.Context(), dir, t.TempDir(), vault.Source{}); !errors.Is(err, archive.ErrPartial) {
		t.Errorf("a backup that was broken off: %v", err)
	}
}

// restore puts a backup beside a copy of the keys and opens it.
func restore(t *testing.T, data, from string) *store.Store {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(filepath.Join(to, store.KeysFolder), os.DirFS(filepath.Join(data, store.KeysFolder))); err != nil {
		t.Fatal(err)
	}
	master := vault.Source{File: filepath.Join(to, store.KeysFolder, "master.key")}
	if _, err := archive.Load(t.Context(), from, to, master); err != nil {
		t.Fatal(err)
	}
	return open(t, to)
}

// holds names a file below a folder that holds a word.
func holds(t *testing.T, dir, word string) (name string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(word)) {
			name = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}
