package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/internal/event"
)

var readAt = time.Date(2026, 3, 1, 10, 1, 0, 0, time.UTC)

func reading(who, kind, call, about string, after time.Duration) Read {
	at := readAt.Add(after)
	return Read{First: at, Last: at, Times: 1, Reader: Reader{Who: who, Name: "Dana", Role: "agent", Origin: "local"}, Kind: kind, Call: call, About: about}
}

// audited is a store with a call of anna and three rows of audit.
func audited(t *testing.T) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := Open(t.Context(), Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	call := event.Call{ID: "c1", CustomerID: "anna", Status: event.CallOver, StartedAt: readAt}
	err = s.Write(t.Context(), func(tx *Tx) error { return tx.SaveCall(call) })
	if err != nil {
		t.Fatal(err)
	}
	why := reading("u1", "recording", "c1", "", time.Minute)
	why.Why = "Anna complained"
	noted, err := s.NoteReads(t.Context(), reading("u1", "call", "c1", "", 0), why, reading("u1", "call", "nothing", "", 0), reading("u1", "customer", "", "nobody", 0))
	if err != nil || len(noted) != 2 {
		t.Fatalf("%d are noted, want those of what there is: %v", len(noted), err)
	}
	again := reading("u1", "call", "c1", "", 2*time.Minute)
	again.Times = 4
	if _, err := s.NoteReads(t.Context(), again, reading("u2", "call", "c1", "", 12*time.Minute)); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func reads(t *testing.T, s *Store, q ReadQuery) []Read {
	t.Helper()
	page, _, err := s.Reads(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestReadsAreOneRowForTenMinutes(t *testing.T) {
	s, _ := audited(t)
	all := reads(t, s, ReadQuery{})
	if len(all) != 3 {
		t.Fatalf("%d rows, want 3: what is not stored was not read: %+v", len(all), all)
	}
	first := all[2]
	if first.Times != 5 || !first.Last.Equal(readAt.Add(2*time.Minute)) || first.About != "anna" || first.Kind != "call" {
		t.Errorf("the first row is %+v", first)
	}
	if all[1].Why != "Anna complained" {
		t.Errorf("the reason is %q", all[1].Why)
	}
	for name, c := range map[string]struct {
		q    ReadQuery
		want int
	}{
		"who":    {ReadQuery{Who: "u2"}, 1},
		"call":   {ReadQuery{Call: "c1"}, 3},
		"about":  {ReadQuery{About: "anna", Kind: "recording"}, 1},
		"period": {ReadQuery{From: readAt.Add(time.Minute), To: readAt.Add(12 * time.Minute)}, 1},
		"nobody": {ReadQuery{About: "bob"}, 0},
	} {
		if got := reads(t, s, c.q); len(got) != c.want {
			t.Errorf("by %s: %d rows, want %d", name, len(got), c.want)
		}
	}
	page, next, err := s.Reads(t.Context(), ReadQuery{Limit: 2})
	if err != nil || len(page) != 2 || next == "" {
		t.Fatalf("a page of 2: %d, %q, %v", len(page), next, err)
	}
	if rest := reads(t, s, ReadQuery{Limit: 2, After: next}); len(rest) != 1 || rest[0].N != first.N {
		t.Errorf("the next page: %+v", rest)
	}
	if _, _, err := s.Reads(t.Context(), ReadQuery{After: "nonsense"}); !errors.Is(err, ErrBadPage) {
		t.Errorf("nonsense for a page: %v", err)
	}
}

func verify(t *testing.T, s *Store) ReadChain {
	t.Helper()
	c, err := s.VerifyReads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is over is sealed; an erasure takes who it was about and the chain holds.
func TestTheAuditIsChained(t *testing.T) {
	s, _ := audited(t)
	seal := func(after time.Duration, want int) {
		t.Helper()
		if n, err := s.SealReads(t.Context(), readAt.Add(after)); err != nil || n != want {
			t.Fatalf("sealed %d, %v; want %d", n, err, want)
		}
	}
	seal(0, 0)
	seal(10*time.Minute, 2)
	if c := verify(t, s); c.Rows != 2 || c.Open != 1 || c.Bad != 0 || c.Head == "" {
		t.Errorf("the chain: %+v", c)
	}
	if err := s.ForgetReads(t.Context(), []string{"anna"}, nil); err != nil {
		t.Fatal(err)
	}
	seal(time.Hour, 1)
	if c := verify(t, s); c.Rows != 3 || c.Bad != 0 {
		t.Errorf("after an erasure: %+v", c)
	}
	for _, r := range reads(t, s, ReadQuery{}) {
		if r.About != "" || r.Why != "" || r.Who == "" || !r.Sealed {
			t.Errorf("what an erasure left: %+v", r)
		}
	}
	// A reading in a time that is sealed is a row of its own.
	if _, err := s.NoteReads(t.Context(), reading("u1", "call", "c1", "", 0)); err != nil || len(reads(t, s, ReadQuery{})) != 4 {
		t.Errorf("a late reading: %v", err)
	}
}

// Who changes the tables without the key of the installation is found out.
func TestChangesOfTheAuditAreSeen(t *testing.T) {
	for name, harm := range map[string]string{
		"another reader":  `UPDATE read_audit SET name = 'Eve' WHERE n = 2`,
		"another person":  `UPDATE read_audit SET about = 'bob' WHERE n = 2`,
		"a row less":      `DELETE FROM read_audit WHERE n = 2`,
		"the first taken": `DELETE FROM read_audit WHERE n = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := audited(t)
			if _, err := s.SealReads(t.Context(), readAt.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			db, err := sqlx.Open("sqlite3", dsn(filepath.Join(dir, fileName), "rw"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if _, err := db.ExecContext(t.Context(), harm); err == nil {
				t.Error("the table took it")
			}
			for _, trigger := range []string{"read_audit_stays", "read_audit_sealed"} {
				if _, err := db.ExecContext(t.Context(), `DROP TRIGGER `+trigger); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.ExecContext(t.Context(), harm); err != nil {
				t.Fatal(err)
			}
			if c := verify(t, s); c.Bad == 0 {
				t.Errorf("nobody saw it: %+v", c)
			}
		})
	}
}
