package pass_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/customer"
	"heed/internal/door/pass"
	"heed/internal/event"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a keeper over a real store, with a clock that stands still.
type rig struct {
	*pass.Keeper

	store *store.Store
	now   time.Time
	ann   string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{now: time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.now }
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data"), Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r.store, r.Keeper = s, pass.New(s, []byte(strings.Repeat("k", 32)), clock)
	r.ann = r.person(t)
	return r
}

func (r *rig) person(t *testing.T) string {
	t.Helper()
	p := customer.New(event.NewID(), r.now)
	p.Version = 1
	if err := r.store.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProfile(p) }); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func (r *rig) link(t *testing.T) string {
	t.Helper()
	token, _, err := r.Link(t.Context(), r.ann, pass.Address{Type: "email", Value: "ann@example.com"}, "Dana")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (r *rig) refuses(t *testing.T, token string) {
	t.Helper()
	if o, err := r.OpenLink(t.Context(), token); !errors.Is(err, pass.ErrSpent) || o.Secret != "" {
		t.Errorf("%v, want that the link is spent", err)
	}
}

func TestALinkOpensOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.link(t)
	o, err := r.OpenLink(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if o.Address != (pass.Address{Type: "email", Value: "ann@example.com"}) || o.CustomerID != r.ann {
		t.Errorf("%+v", o)
	}
	v, err := r.Visit(t.Context(), o.Secret)
	if err != nil || v.CustomerID != r.ann || v.How != "link" || !v.Right(v.Token) || v.Right("") {
		t.Errorf("%+v, %v", v, err)
	}
	r.refuses(t, token)
}

func TestALinkThatWasTouchedOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.link(t)
	nonce, mac, _ := strings.Cut(token, ".")
	other, _, _ := strings.Cut(r.link(t), ".")
	for _, wrong := range []string{"", ".", nonce, nonce + ".", nonce + "." + mac + "A", other + "." + mac, "x." + mac, strings.Repeat("a", 9000)} {
		r.refuses(t, wrong)
	}
	if _, err := r.OpenLink(t.Context(), token); err != nil {
		t.Errorf("the link itself: %v", err)
	}
}

// TestAnotherSecretEndsLinks: whoever can write the database but has not the
// installation's secret makes no link.
func TestAnotherSecretEndsLinks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.link(t)
	r.Keeper = pass.New(r.store, []byte(strings.Repeat("x", 32)), func() time.Time { return r.now })
	r.refuses(t, token)
}

func TestPassesEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.link(t)
	o, err := r.OpenLink(t.Context(), r.link(t))
	if err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(pass.VisitLife)
	if _, err := r.Visit(t.Context(), o.Secret); !errors.Is(err, pass.ErrNobody) {
		t.Errorf("a visit of an hour: %v", err)
	}
	r.now = r.now.Add(pass.LinkLife)
	r.refuses(t, token)
}

func TestRevokingEndsAllOfOnePerson(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.link(t)
	o, err := r.OpenLink(t.Context(), r.link(t))
	if err != nil {
		t.Fatal(err)
	}
	ann := r.ann
	r.ann = r.person(t)
	theirs := r.link(t)
	if n, err := r.Revoke(t.Context(), ann, "Dana"); err != nil || n != 2 {
		t.Errorf("%d ended, %v", n, err)
	}
	r.refuses(t, token)
	if _, err := r.Visit(t.Context(), o.Secret); !errors.Is(err, pass.ErrNobody) {
		t.Errorf("the visit: %v", err)
	}
	if _, err := r.OpenLink(t.Context(), theirs); err != nil {
		t.Errorf("somebody else's link: %v", err)
	}
}

func (r *rig) code(t *testing.T, who string) (try, digits string) {
	t.Helper()
	try = pass.Try()
	digits, err := r.Code(t.Context(), try, who, pass.Address{Type: "phone", Value: "+12025550143"})
	if err != nil {
		t.Fatal(err)
	}
	return try, digits
}

func other(digits string) string { return fmt.Sprintf("%06d", (int(digits[5]-'0')+1)%10) }

func TestACodeOpensOnceInItsBrowser(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	try, digits := r.code(t, r.ann)
	if _, err := r.OpenCode(t.Context(), pass.Try(), digits); !errors.Is(err, pass.ErrLocked) {
		t.Errorf("in another browser: %v", err)
	}
	o, err := r.OpenCode(t.Context(), try, digits)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := r.Visit(t.Context(), o.Secret); err != nil || v.CustomerID != r.ann {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := r.OpenCode(t.Context(), try, digits); !errors.Is(err, pass.ErrLocked) {
		t.Errorf("once more: %v", err)
	}
}

// TestCodesAreLocked holds for a customer and for an address nobody has, so
// that one cannot be told from the other.
func TestCodesAreLocked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, who := range []string{r.ann, ""} {
		try, digits := r.code(t, who)
		for n := 1; n <= pass.MaxTries; n++ {
			want := pass.ErrWrong
			if n == pass.MaxTries {
				want = pass.ErrLocked
			}
			if _, err := r.OpenCode(t.Context(), try, other(digits)); !errors.Is(err, want) {
				t.Errorf("try %d of %q: %v, want %v", n, who, err, want)
			}
		}
		if _, err := r.OpenCode(t.Context(), try, digits); !errors.Is(err, pass.ErrLocked) {
			t.Errorf("the right code after that: %v", err)
		}
	}
}

func TestACodeOfNobodyOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	try, digits := r.code(t, "")
	if o, err := r.OpenCode(t.Context(), try, digits); !errors.Is(err, pass.ErrWrong) || o.Secret != "" {
		t.Errorf("%v", err)
	}
	late, digits := r.code(t, r.ann)
	r.now = r.now.Add(pass.CodeLife)
	if _, err := r.OpenCode(t.Context(), late, digits); !errors.Is(err, pass.ErrLocked) {
		t.Errorf("after ten minutes: %v", err)
	}
}

// TestEveryUseIsInTheLog also looks that no address is.
func TestEveryUseIsInTheLog(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o, err := r.OpenLink(t.Context(), r.link(t))
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.Visit(t.Context(), o.Secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return r.Note(ctx, v, "read", "known") },
		func(ctx context.Context) error { return r.Leave(ctx, v) },
	} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	events, err := r.store.EventsOf(t.Context(), r.ann, event.Event{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range events {
		acts = append(acts, string(e.Data))
		if strings.Contains(string(e.Data), "ann@example.com") {
			t.Errorf("the log holds the address: %s", e.Data)
		}
	}
	got := strings.Join(acts, " ")
	for _, act := range []string{`"invited"`, `"opened"`, `"read"`, `"left"`} {
		if !strings.Contains(got, act) {
			t.Errorf("no %s in %s", act, got)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	l := pass.NewLimit(2, time.Minute, func() time.Time { return now })
	for i, want := range []bool{true, true, false} {
		if got := l.Allow("a"); got != want {
			t.Errorf("time %d: %v", i+1, got)
		}
	}
	if !l.Allow("b") {
		t.Error("one key stopped another")
	}
	now = now.Add(time.Minute)
	if !l.Allow("a") || l.Allow("a") {
		t.Error("after a minute there is one more")
	}
}

func TestWhoIsOneClient(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1234", "", "203.0.113.9"},
		{"203.0.113.9:1234", "198.51.100.7", "203.0.113.9"}, // a stranger claims
		{"127.0.0.1:1234", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.2:1234", "9.9.9.9, 198.51.100.7", "198.51.100.7"},
		{"127.0.0.1:1234", "nonsense", "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::/64"},
		{"[::ffff:203.0.113.9]:99", "", "203.0.113.9"},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/my", nil)
		req.RemoteAddr = tt.remote
		req.Header.Set("X-Forwarded-For", tt.forwarded)
		if got := pass.Client(req); got != tt.want {
			t.Errorf("%s for %q: %s, want %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}
