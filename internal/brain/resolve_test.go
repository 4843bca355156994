package brain_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

func user(v string) customer.Identifier {
	return customer.Identifier{Type: customer.UserID, Value: v}
}

func device(v string) customer.Identifier {
	return customer.Identifier{Type: customer.Device, Value: v}
}

func email(v string) customer.Identifier {
	return customer.Identifier{Type: customer.Email, Value: v}
}

func phone(v string) customer.Identifier {
	return customer.Identifier{Type: customer.Phone, Value: v}
}

func verified(id customer.Identifier) customer.Identifier {
	id.Verified = true
	return id
}

// meet brings a fact and gives whose it is.
func (w *world) meet(t *testing.T, kind string, ids ...customer.Identifier) string {
	t.Helper()
	id, err := w.Meet(t.Context(), customer.Proof{Kind: kind}, "page.product", event.NewID(), w.clock, ids...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// person reads a person with all who are one with them.
func (w *world) person(t *testing.T, id string) brain.Person {
	t.Helper()
	p, err := brain.Read(t.Context(), w.store, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) queue(t *testing.T) []customer.Review {
	t.Helper()
	list, _, err := w.store.Reviews(t.Context(), customer.Open, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAnonymousBecomesKnown(t *testing.T) {
	w := newWorld(t)
	visitor := w.meet(t, customer.ByDevice, device("d1"))
	if again := w.meet(t, customer.ByDevice, device("d1")); again != visitor {
		t.Error("a device became two people")
	}
	known := w.meet(t, customer.ByLogin, user("maria"), device("d1"))
	if known == visitor {
		t.Error("what belongs to the user was given to the visitor, and could not be parted")
	}
	p := w.person(t, visitor)
	if p.ID != visitor || len(p.Members) != 2 || p.Count("page.product", 1, w.clock) != 3 {
		t.Errorf("one person of %v with %d views", p.Members, p.Count("page.product", 1, w.clock))
	}
	if len(p.Links) != 1 || p.Links[0].Proof.Kind != customer.ByLogin || len(p.Links[0].On) != 2 {
		t.Errorf("links %+v", p.Links)
	}
	// The same again joins nothing anew.
	w.meet(t, customer.ByLogin, user("maria"), device("d1"))
	if p := w.person(t, known); len(p.Links) != 1 {
		t.Errorf("%d links", len(p.Links))
	}
}

func TestWeakEvidenceJoinsNobody(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   string
		first  customer.Identifier
		then   []customer.Identifier
		queued int
	}{
		{"an address typed into a form", customer.ByForm, email("a@example.org"), []customer.Identifier{user("u"), email("a@example.org")}, 1},
		{"a line of a list", customer.ByImport, verified(email("a@example.org")), []customer.Identifier{user("u"), email("a@example.org")}, 1},
		{"a login with an address that nobody verified", customer.ByLogin, verified(email("a@example.org")), []customer.Identifier{user("u"), email("a@example.org")}, 1},
		{"a verified address that was only typed before", customer.ByLogin, email("a@example.org"), []customer.Identifier{user("u"), verified(email("a@example.org"))}, 1},
		{"a device", customer.ByDevice, device("d"), []customer.Identifier{email("a@example.org"), device("d")}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			one := w.meet(t, customer.ByImport, c.first)
			other := w.meet(t, c.kind, c.then...)
			if p := w.person(t, one); one == other || len(p.Members) != 1 {
				t.Errorf("joined: %v", p.Members)
			}
			if q := w.queue(t); len(q) != c.queued {
				t.Errorf("%d to review, want %d", len(q), c.queued)
			}
		})
	}
}

func TestStrongEvidenceOfTheSameAddressJoins(t *testing.T) {
	w := newWorld(t)
	one := w.meet(t, customer.ByImport, verified(email("A@Example.org ")))
	other := w.meet(t, customer.ByLogin, user("u"), verified(email("a@example.org")))
	if p := w.person(t, other); len(p.Members) != 2 || p.ID != one {
		t.Errorf("members %v", p.Members)
	}
}

// A tablet that a family uses: nobody is joined through it, and from the fifth
// user id on it says nothing at all.
func TestASharedDevice(t *testing.T) {
	w := newWorld(t)
	first := w.meet(t, customer.ByLogin, user("u1"), device("tablet"))
	for i := 2; i <= 6; i++ {
		who := w.meet(t, customer.ByLogin, user(fmt.Sprint("u", i)), device("tablet"))
		if p := w.person(t, who); who == first || len(p.Members) != 1 {
			t.Fatalf("user %d was joined to %v", i, p.Members)
		}
		_, shared, err := w.store.Owner(t.Context(), customer.Device, "tablet")
		if err != nil || shared != (i > customer.SharedAfter) {
			t.Errorf("with %d users: shared %v, %v", i, shared, err)
		}
	}
	if q := w.queue(t); len(q) != 0 {
		t.Errorf("%d to review", len(q))
	}
}

func TestValuesThatNameNobody(t *testing.T) {
	w := newWorld(t)
	for _, v := range []string{"null", "0", "-1", "Anonymous", "undefined", "none", "00000000-0000-0000-0000-000000000000", " ", "test"} {
		if _, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByLogin}, "x", event.NewID(), w.clock, user(v)); !errors.Is(err, brain.ErrInvalid) {
			t.Errorf("%q: %v", v, err)
		}
	}
	a := w.meet(t, customer.ByLogin, user("null"), device("d1"))
	b := w.meet(t, customer.ByLogin, user("null"), device("d2"))
	if a == b {
		t.Error("two devices are one person by a value that names nobody")
	}
}

// However many addresses come for one person: beyond the bound they are refused
// and counted in one place.
func TestIdentifiersBeyondTheBound(t *testing.T) {
	w := newWorld(t)
	who := w.meet(t, customer.ByLogin, user("u"))
	for i := range 500 {
		w.meet(t, customer.ByForm, user("u"), email(fmt.Sprintf("a%d@example.org", i)))
	}
	p := w.person(t, who)
	q := w.queue(t)
	if len(p.Identifiers) != 6 || len(q) != 1 || q[0].Kind != customer.OverLimit || q[0].Count != 495 || len(q[0].Values) != 10 {
		t.Errorf("%d identifiers, queue %+v", len(p.Identifiers), q)
	}
	var many []customer.Identifier
	for i := range 1000 {
		many = append(many, device(fmt.Sprint("d", i)))
	}
	if _, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByLogin}, "x", event.NewID(), w.clock, many...); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a thousand at once: %v", err)
	}
	if _, _, err := w.store.Owner(t.Context(), customer.Device, "d1"); !errors.Is(err, store.ErrNotFound) {
		t.Error("what was refused changed something")
	}
}

// BenchmarkIdentifiersOfOnePerson brings ten thousand addresses for one person,
// by their thousands: the last must cost what the first did.
func BenchmarkIdentifiersOfOnePerson(b *testing.B) {
	for b.Loop() {
		w := newWorld(b)
		var first, last time.Duration
		for thousand := range 10 {
			began := time.Now()
			for i := range 1000 {
				_, err := w.Meet(b.Context(), customer.Proof{Kind: customer.ByForm}, "page.product", event.NewID(), w.clock, user("u"), email(fmt.Sprintf("a%d@example.org", 1000*thousand+i)))
				if err != nil {
					b.Fatal(err)
				}
			}
			last = time.Since(began)
			if thousand == 0 {
				first = last
			}
		}
		list, _, err := w.store.Reviews(b.Context(), customer.Open, "", "", 0)
		if err != nil || len(list) != 1 || list[0].Count != 9995 || len(list[0].Values) != 10 {
			b.Fatalf("the queue holds %+v, %v", list, err)
		}
		b.ReportMetric(float64(first.Microseconds())/1000, "us/first")
		b.ReportMetric(float64(last.Microseconds())/1000, "us/last")
	}
}

// An address of somebody who was erased brings nobody back: it is passed over
// where a user id names the person, and refused where nothing else does.
func TestAnErasedAddressIsPassedOver(t *testing.T) {
	w := newWorld(t)
	gone := []customer.Identifier{email("gone@example.org")}
	if err := w.store.BeginErasure(store.Erasure{ID: "e", State: "waiting", Doc: []byte("{}")}, gone); err != nil {
		t.Fatal(err)
	}
	who := w.meet(t, customer.ByLogin, user("u"), gone[0])
	if p := w.person(t, who); len(p.Identifiers) != 1 || p.Identifiers[0].Type != customer.UserID {
		t.Errorf("recognised by %+v", p.Identifiers)
	}
	if _, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByForm}, "x", event.NewID(), w.clock, gone...); !errors.Is(err, store.ErrSuppressed) {
		t.Errorf("the address alone: %v", err)
	}
}
