package erase_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"heed/internal/customer"
	"heed/internal/erase"
	"heed/internal/event"
	"heed/internal/store"
)

var errFault = errors.New("the disk gave up")

// outside stands for what lies outside the store: the index, the themes, the
// recordings and the letters. Each forgets what it is told, but for the part
// that is broken.
type outside struct {
	broken string
	done   map[string]int
}

func (o *outside) step(name string) error {
	if o.broken == name {
		return errFault
	}
	o.done[name]++
	return nil
}

type index struct{ *outside }

func (i index) Forget(context.Context, int64, []string, []string) error { return i.step("index") }

type themes struct{ *outside }

func (l themes) Forget(context.Context, []string) error { return l.step("themes") }

type letters struct{ *outside }

func (l letters) Forget([]string) error { return l.step("letters") }

type audio struct{ *outside }

func (a audio) Destroy(string) (bool, error) {
	was := a.done["audio"] == 0
	return was, a.step("audio")
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func service(s *store.Store, o *outside) *erase.Service {
	return erase.New(erase.Options{
		Store: s, Index: index{o}, Themes: themes{o}, Audio: audio{o}, Letters: letters{o}, Subjects: s, Logger: slog.New(slog.DiscardHandler),
	})
}

const anna, number = "0198c0de-0000-7000-8000-00000000a11a", "+12025550147"

// plant stores a person with one call.
func plant(t *testing.T, s *store.Store, status event.CallStatus) event.Call {
	t.Helper()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	p := customer.New(anna, at)
	p.Version = 1
	p.Seen(customer.Identifier{Type: "phone", Value: number, Verified: true, FirstSeen: at, LastSeen: at})
	c := event.Call{ID: "0198c0de-0000-7000-8000-00000000ca11", Platform: "twilio", PlatformCall: "CA1", Direction: "inbound", From: number, Status: status, StartedAt: at, CustomerID: anna}
	save(t, s, func(tx *store.Tx) error { return errors.Join(tx.SaveProfile(p), tx.SaveCall(c)) })
	return c
}

func save(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// Wherever an erasure is cut off, nothing of the person can be read from then
// on, and the next start takes it to the end, once.
func TestAnErasureThatWasCutOffGoesOn(t *testing.T) {
	for _, broken := range []string{"index", "themes", "audio", "letters"} {
		t.Run(broken, func(t *testing.T) {
			s := openStore(t)
			plant(t, s, event.CallOver)
			first := &outside{broken: broken, done: map[string]int{}}
			c, err := service(s, first).Forget(t.Context(), anna, "a test")
			if !errors.Is(err, errFault) || c.State != erase.Begun {
				t.Fatalf("the certificate is %s, %v", c.State, err)
			}
			if _, err := s.Profile(t.Context(), anna); !errors.Is(err, store.ErrErased) {
				t.Errorf("the profile reads: %v", err)
			}
			next := &outside{done: map[string]int{}}
			again := service(s, next)
			if err := again.Resume(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"index", "themes", "audio", "letters"} {
				if next.done[part] == 0 {
					t.Errorf("%s was not asked again", part)
				}
			}
			done, err := again.Forget(t.Context(), anna, "somebody else")
			if err != nil || done.ID != c.ID || done.State != erase.Done || !done.Genuine() || done.By != "a test" {
				t.Errorf("the certificate: %+v, %v", done, err)
			}
			before := next.done["index"]
			if err := again.Resume(t.Context()); err != nil || next.done["index"] != before {
				t.Errorf("it was done again: %v", err)
			}
		})
	}
}

// An erasure goes on whatever is held, and leaves no reason of a hold or of a
// reading, not even of one from before it was known whose the call is.
func TestHoldsAndReasonsGoToo(t *testing.T) {
	s := openStore(t)
	c := plant(t, s, event.CallOver)
	nobodys := c
	nobodys.CustomerID = ""
	save(t, s, func(tx *store.Tx) error { return tx.SaveCall(nobodys) })
	who := store.Reader{Who: "u1", Name: "Pat", Role: "supervisor", Origin: "local"}
	read := func(kind string) error {
		_, err := s.NoteReads(t.Context(), store.Read{First: c.StartedAt, Last: c.StartedAt, Times: 1, Reader: who, Kind: kind, Call: c.ID, Why: "Anna complained"})
		return err
	}
	if err := read("recording"); err != nil {
		t.Fatal(err)
	}
	save(t, s, func(tx *store.Tx) error { return tx.SaveCall(c) })
	err := errors.Join(read("call"),
		s.AddHold(t.Context(), store.Hold{ID: "h1", Call: c.ID, Why: "Anna's case", By: "Pat", At: c.StartedAt}),
		s.AddHold(t.Context(), store.Hold{ID: "h2", Customer: anna, Why: "Anna's case", By: "Pat", At: c.StartedAt}),
		s.LiftHold(t.Context(), "h2", "Pat", c.StartedAt))
	if err != nil {
		t.Fatal(err)
	}
	if done, err := service(s, &outside{done: map[string]int{}}).Forget(t.Context(), anna, "a test"); err != nil || done.State != erase.Done {
		t.Fatalf("the certificate is %s, %v", done.State, err)
	}
	for _, lifted := range []bool{false, true} {
		if holds, err := s.Holds(t.Context(), lifted); err != nil || len(holds) > 0 {
			t.Errorf("holds are left: %+v, %v", holds, err)
		}
	}
	reads, _, err := s.Reads(t.Context(), store.ReadQuery{})
	if err != nil || len(reads) != 2 {
		t.Fatalf("the audit has %d rows, %v", len(reads), err)
	}
	for _, r := range reads {
		if r.Why != "" || r.About != "" || r.Name != "Pat" {
			t.Errorf("the audit says %+v", r)
		}
	}
}

func TestSomebodyOnACallIsForgottenWhenItIsOver(t *testing.T) {
	s := openStore(t)
	call := plant(t, s, event.CallLive)
	svc := service(s, &outside{done: map[string]int{}})
	c, err := svc.Forget(t.Context(), anna, "a test")
	if err != nil || c.State != erase.Waiting || c.ErasedAt != nil {
		t.Fatalf("while on a call: %+v, %v", c, err)
	}
	if err := svc.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Profile(t.Context(), anna); err != nil {
		t.Errorf("the agent cannot serve them to the end of the call: %v", err)
	}
	call.Status = event.CallOver
	save(t, s, func(tx *store.Tx) error { return tx.SaveCall(call) })
	if err := svc.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	done, err := svc.Forget(t.Context(), anna, "a test")
	if err != nil || done.ID != c.ID || done.State != erase.Done || done.ErasedAt == nil || done.Recordings != 1 {
		t.Errorf("after the call: %+v, %v", done, err)
	}
}

// An import cannot bring somebody back; their own word can.
func TestWhoWasForgottenStaysAway(t *testing.T) {
	s := openStore(t)
	plant(t, s, event.CallOver)
	svc := service(s, &outside{done: map[string]int{}})
	if _, err := svc.Forget(t.Context(), "nobody", "a test"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := svc.Forget(t.Context(), anna, "a test"); err != nil {
		t.Fatal(err)
	}
	imported := func() error {
		p := customer.New(event.NewID(), time.Now())
		p.Version = 1
		p.Seen(customer.Identifier{Type: "phone", Value: number, FirstSeen: time.Now(), LastSeen: time.Now()})
		return s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProfile(p) })
	}
	if err := imported(); !errors.Is(err, store.ErrSuppressed) {
		t.Errorf("the import of the number: %v", err)
	}
	if was, err := s.Lift("phone", number); err != nil || !was {
		t.Errorf("agreed anew: %v, %v", was, err)
	}
	if err := imported(); err != nil {
		t.Errorf("after they agreed anew: %v", err)
	}
}
