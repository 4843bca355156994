package ledger_test

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/fixtures"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/ledger"
	"heed/internal/notice"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office is a ledger service over a real store, with rows committed as they
// come.
type office struct {
	*ledger.Service
	store *store.Store
	dir   string
	clock time.Time
	n     int
}

// SetConsent commits a row without deciding anything upon it.
func (o *office) SetConsent(ctx context.Context, r consent.Row) (consent.Row, error) {
	rows, err := o.store.Consent(ctx, r.CustomerID)
	if err != nil {
		return r, err
	}
	o.n++
	if r.ID == "" {
		r.ID = fmt.Sprintf("row-%03d", o.n)
	}
	r.RecordedAt = o.clock
	if r.At.IsZero() {
		r.At = o.clock
	}
	if err := consent.Check(rows, r, o.clock); err != nil {
		return r, err
	}
	r = consent.Seal(rows, r)
	return r, o.store.Write(ctx, func(tx *store.Tx) error { return tx.AddConsent(r) })
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{dir: filepath.Join(t.TempDir(), "data"), clock: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(t.Context(), store.Options{Path: o.dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o.store = s
	texts, err := notice.Load(fixtures.Consent())
	if err != nil {
		t.Fatal(err)
	}
	o.Service = ledger.New(ledger.Options{
		Store: s, Writer: o, Notice: texts, Key: ed25519.NewKeyFromSeed(make([]byte, 32)),
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.clock },
	})
	for _, id := range []string{"anna", "bert"} {
		p := customer.New(id, o.clock)
		p.Version = 1
		p.Identifiers = []customer.Identifier{{Type: "email", Value: id + "@example.com"}, {Type: "phone", Value: "+1202555014" + fmt.Sprint(len(id)+strings.Count(id, "n"))}, {Type: "user_id", Value: id}}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProfile(p) }); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *office) say(t *testing.T, who, channel string, state consent.State) consent.Row {
	t.Helper()
	r, err := o.Add(t.Context(), consent.Row{
		CustomerID: who, Cell: consent.Cell{Purpose: consent.Marketing, Channel: channel}, State: state,
		Source: "test", Actor: "dana", WordingID: "marketing." + channel,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWithdrawalsOvertake(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if _, err := o.Register(ctx, event.By{ID: "u1", Name: "Ann"}, ledger.Recipient{Name: "crm", Purposes: []consent.Purpose{consent.Marketing}, Channels: []string{"email"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Register(ctx, event.By{ID: "u1", Name: "Ann"}, ledger.Recipient{Name: "crm"}); !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("the same name twice: %v", err)
	}
	for range 3 {
		o.say(t, "anna", "email", consent.Granted)
	}
	o.say(t, "anna", "sms", consent.Granted) // none of its business
	no := o.say(t, "bert", "email", consent.Withdrawn)
	f, err := o.Changes(ctx, "crm", "", 2)
	if err != nil || len(f.Changes) != 2 || f.Changes[0].ID != no.ID || !f.More {
		t.Fatalf("%+v, %v", f, err)
	}
	if got := f.Changes[0].Identifiers; len(got) != 2 || got[0].Value != "bert@example.com" || got[1].Type != "user_id" {
		t.Errorf("of a person no more than is needed: %+v", got)
	}
	f, err = o.Changes(ctx, "crm", f.Next, 10)
	if err != nil || len(f.Changes) != 2 || f.More {
		t.Errorf("the rest: %+v, %v", f, err)
	}
	f, err = o.Changes(ctx, "crm", f.Next, 10)
	if err != nil || len(f.Changes) != 0 {
		t.Errorf("nothing new: %+v, %v", f, err)
	}
	if f, err = o.Changes(ctx, "crm", "", 10); err != nil || len(f.Changes) != 4 {
		t.Errorf("what it has not confirmed, again: %+v, %v", f, err)
	}
	if _, err := o.Changes(ctx, "crm", "what", 10); !errors.Is(err, store.ErrBadPage) {
		t.Errorf("a mark that was not given: %v", err)
	}
	if err := o.Unregister(ctx, event.By{}, "crm"); err != nil {
		t.Fatal(err)
	}
	if err := o.Unregister(ctx, event.By{}, "crm"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if keys, err := o.store.Keys(ctx); err != nil || len(keys) != 0 {
		t.Errorf("its key is still there: %v %v", keys, err)
	}
}

func TestANewRecipientIsToldOfAllThatHolds(t *testing.T) {
	o := newOffice(t)
	o.say(t, "anna", "email", consent.Granted)
	o.clock = o.clock.Add(48 * time.Hour)
	if _, err := o.Register(t.Context(), event.By{}, ledger.Recipient{Name: "late"}); err != nil {
		t.Fatal(err)
	}
	o.say(t, "bert", "email", consent.Withdrawn)
	all, err := o.Recipients(t.Context())
	if err != nil || len(all) != 1 || all[0].Waiting != 2 || all[0].Late != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestTheDaysAreSigned(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.say(t, "anna", "email", consent.Granted)
	o.clock = o.clock.AddDate(0, 0, 2)
	o.say(t, "bert", "email", consent.Withdrawn)
	o.clock = o.clock.AddDate(0, 0, 1)
	for range 2 { // the second time there is nothing to do
		if err := o.SignDays(ctx); err != nil {
			t.Fatal(err)
		}
	}
	a, err := o.Verify(ctx)
	if err != nil || a.Days != 3 || a.Rows != 2 || a.Ledgers != 2 || len(a.Problems) != 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	o.tamper(t, `UPDATE consent SET doc = (SELECT doc FROM consent WHERE customer = 'bert') WHERE customer = 'anna'`)
	if a, err = o.Verify(ctx); err != nil || len(a.Problems) == 0 {
		t.Errorf("a changed row: %+v, %v", a, err)
	}
	o.tamper(t, `DELETE FROM consent WHERE customer = 'anna'`)
	if a, err = o.Verify(ctx); err != nil || len(a.Problems) != 1 || a.Erased != 1 {
		t.Errorf("a ledger that is gone: %+v, %v", a, err)
	}
}

// tamper changes the tables behind everybody's back.
func (o *office) tamper(t *testing.T, query string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(o.dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestReceipt(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if _, err := o.Register(ctx, event.By{ID: "u1", Name: "Ann"}, ledger.Recipient{Name: "newsletter", Purposes: []consent.Purpose{consent.Marketing}}); err != nil {
		t.Fatal(err)
	}
	o.say(t, "anna", "email", consent.Granted)
	o.clock = o.clock.Add(time.Hour)
	o.say(t, "anna", "email", consent.Granted)
	o.clock = o.clock.Add(time.Hour)
	o.say(t, "anna", "email", consent.Withdrawn)
	r, err := o.Receipt(ctx, "anna", "en")
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, e := range r.Events {
		types = append(types, e.Type)
		if e.Notice == nil || e.Notice.Text == "" || e.Notice.Hash != notice.HashOf(e.Notice.Text) {
			t.Errorf("what was shown is missing: %+v", e)
		}
	}
	if fmt.Sprint(types) != "[given renewed withdrawn]" {
		t.Errorf("events %v", types)
	}
	if r.Controller.Contact == "" || r.Rights == "" || !r.Verified || r.Subject != "anna" || len(r.Purposes) != len(consent.Purposes()) {
		t.Errorf("fields are missing: %+v", r)
	}
	text := r.Text()
	for _, want := range []string{"anna@example.com", "newsletter", "withdrawn", "May we send you offers by e-mail?", "Your rights"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if _, err := o.Receipt(ctx, "nobody", "en"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// BenchmarkNow asks a stored ledger of 10,000 changes (budgets: now 1 ms,
// as-of 20 ms), with and without what was read before.
func BenchmarkNow(b *testing.B) {
	o := &office{dir: filepath.Join(b.TempDir(), "data"), clock: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(b.Context(), store.Options{Path: o.dir})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p := customer.New("anna", o.clock)
	p.Version = 1
	err = s.Write(b.Context(), func(tx *store.Tx) error {
		if err := tx.SaveProfile(p); err != nil {
			return err
		}
		var last []consent.Row
		for i := range 10_000 {
			at := o.clock.Add(time.Duration(i) * time.Minute)
			r := consent.Seal(last, consent.Row{
				ID: fmt.Sprint("r", i), CustomerID: "anna", Cell: consent.Cell{Purpose: consent.Marketing, Channel: consent.Channels()[i%7]},
				State: []consent.State{consent.Granted, consent.Withdrawn}[i%2], At: at, RecordedAt: at, Source: "test", Actor: "dana", Evidence: "form",
			})
			last = []consent.Row{r}
			if err := tx.AddConsent(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	fresh := func() *ledger.Service {
		return ledger.New(ledger.Options{Store: s, Notice: &notice.Notice{}, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.clock.AddDate(0, 1, 0) }})
	}
	cell := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	past := ledger.Moment{Valid: o.clock.AddDate(0, 0, 3), Known: o.clock.AddDate(0, 0, 4)}
	warm := fresh()
	ask := func(b *testing.B, of func() *ledger.Service, m ledger.Moment) {
		b.Helper()
		for b.Loop() {
			if _, err := of().At(b.Context(), "anna", cell, m); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("now", func(b *testing.B) { ask(b, func() *ledger.Service { return warm }, ledger.Moment{}) })
	b.Run("as-of", func(b *testing.B) { ask(b, func() *ledger.Service { return warm }, past) })
	b.Run("first", func(b *testing.B) { ask(b, fresh, past) })
	bert := customer.New("bert", o.clock)
	bert.Version = 1
	err = s.Write(b.Context(), func(tx *store.Tx) error {
		if err := tx.SaveProfile(bert); err != nil {
			return err
		}
		return tx.SaveMerge(customer.Merge{ID: "link", People: [2]string{"anna", "bert"}, At: o.clock})
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("joined", func(b *testing.B) { ask(b, func() *ledger.Service { return warm }, past) })
}
