package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// decided fills a data folder with people who looked at the cancel page, and
// with what was decided for them. Every second may be marketed to.
func decided(t *testing.T, dir string, people int) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	b := brain.New(brain.Options{Store: s, Decider: d, Logger: slog.New(slog.DiscardHandler)})
	for n := range people {
		p := customer.New(fmt.Sprintf("person-%d", n), time.Now())
		for range 4 {
			p.Facts = append(p.Facts, customer.Fact{EventID: event.NewID(), Name: "page.cancel", At: time.Now()})
		}
		var rows []consent.Row
		if n%2 == 0 {
			rows = []consent.Row{{Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: time.Now(), Source: "form", Actor: "customer", Evidence: "form"}}
		}
		if err := b.Plant(t.Context(), p, rows); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: p.ID}, Slot: "web.banner", Channel: "web", N: 3}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func changeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "change.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// prints checks the status and what is on standard output.
func (r result) prints(t *testing.T, code int, says ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit status %d, want %d; it printed\n%s%s", r.code, code, r.out, r.err)
	}
	for _, s := range says {
		if !strings.Contains(r.out, s) {
			t.Errorf("%q is not in\n%s", s, r.out)
		}
	}
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	decided(t, dir, 6)
	run := func(change string, more ...string) result {
		t.Helper()
		args := []string{"simulate", "--data", dir, "--change", changeFile(t, change)}
		return heed(t, append(args, more...)...)
	}
	run("version: 1\n").prints(t, 0, "6 decisions about 6 people were made again; without the change 6 come out as they were logged.",
		"0 would have another first action", "Value of a decision: not told")
	run("version: 1\nactions:\n  - {id: ret.loyalty_discount, retired: true}\n", "--cohort", "plan").
		prints(t, 0, "6 would have another first action", "ret.loyalty_discount", "COHORT", "unknown")
	run("version: 1\nactions:\n  - {id: up.roaming, purpose: service}\n").
		prints(t, 1, "ERROR: up.roaming would be offered to 3 people in 3 decisions though consent.marketing keeps it from them.")
	if r := run("version: 1\n", "--json"); !strings.Contains(r.out, `"state":"done"`) || !strings.Contains(r.out, `"movement":[`) {
		t.Errorf("as JSON: %s", r.out)
	}
	run("version: 1\npolicy: {stedy: 1}\n").want(t, 2, "change:2: policy.stedy: is not a known key (did you mean steady?)")
	run("version: 1\n", "--since", "soon").want(t, 2, `"soon" is none of a day`)
	heed(t, "simulate").want(t, 2, "which change? give --change FILE")
	heed(t, "simulate", "--change", "none.yaml").want(t, 2, "no such file")
	heed(t, "simulate", "--data", t.TempDir(), "--change", changeFile(t, "version: 1")).want(t, 2, "holds no decisions")
	heed(t, "whatif").want(t, 2, "which customer? give one id")
	heed(t, "whatif", "x", "--at", "noon").want(t, 2, `"noon" is no moment`)
}
