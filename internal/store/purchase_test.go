package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
)

func purchaseOf(id, person, order string, at time.Time) Purchase {
	return Purchase{Event: id, Customer: person, At: at, Kind: "placed", Order: order, Amount: 49.9, Stated: true, Currency: "EUR"}
}

// bought gives who bought what of a day.
func bought(t *testing.T, s *Store, from time.Time) map[string]string {
	t.Helper()
	all, err := s.Purchases(t.Context(), from, from.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range all {
		out[p.Event] = p.Customer + " " + p.Order
	}
	return out
}

// What was told of an order is found with all else that was told of it, is under
// its person's key, goes with a call that is another's, and leaves with them.
func TestPurchasesAreTheirPersons(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	c := event.Call{ID: "c1", Platform: "twilio", PlatformCall: "CA1", CustomerID: "ann", Status: event.CallOver, StartedAt: day}
	write := func(do func(tx *Tx) error) {
		t.Helper()
		if err := s.Write(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *Tx) error {
		var errs []error
		for _, id := range []string{"ann", "bob"} {
			p := customer.New(id, day)
			p.Version = 1
			errs = append(errs, tx.SaveProfile(p))
		}
		e, err := event.New(event.FactObserved, day, event.About{Subject: "ann", Call: "c1"}, customer.Fact{Name: "purchase"})
		e.ID = "on-the-call"
		return errors.Join(append(errs, err, tx.SaveCall(c), tx.Append(e),
			tx.SavePurchase(purchaseOf("on-the-call", "ann", "", day.Add(time.Hour))), tx.SavePurchase(purchaseOf("web", "ann", "SECRET-7", day.Add(time.Hour))),
			tx.SavePurchase(purchaseOf("later", "ann", "SECRET-7", day.AddDate(0, 1, 0))), tx.SavePurchase(purchaseOf("other", "bob", "B", day.AddDate(0, 1, 0))))...)
	})
	want := map[string]string{"on-the-call": "ann ", "web": "ann SECRET-7", "later": "ann SECRET-7"}
	if got := bought(t, s, day); len(got) != 3 || got["later"] != want["later"] || got["on-the-call"] != want["on-the-call"] {
		t.Errorf("%v, want %v", got, want)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "heed.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "SECRET-7") {
		t.Error("the number of an order is in clear")
	}
	c.CustomerID = "bob"
	write(func(tx *Tx) error { return tx.MoveCall(c, "ann", nil) })
	if got := bought(t, s, day); got["on-the-call"] != "bob " || got["web"] != "ann SECRET-7" {
		t.Errorf("after the call was given to Bob: %v", got)
	}
	if err := s.DestroyKeys([]string{"ann"}); err != nil {
		t.Fatal(err)
	}
	if got := bought(t, s, day); len(got) != 1 || got["on-the-call"] != "bob " {
		t.Errorf("with the key of Ann gone: %v", got)
	}
	write(func(tx *Tx) error { return tx.ErasePerson("ann") })
	var left int
	if err := s.reads.GetContext(t.Context(), &left, `SELECT count(*) FROM purchase WHERE customer = 'ann'`); err != nil || left != 0 {
		t.Errorf("%d rows are left of Ann, %v", left, err)
	}
}
