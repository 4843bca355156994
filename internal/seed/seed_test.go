package seed_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/fixtures"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/seed"
	"heed/internal/strict"
)

var now = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

func TestDemonstrationCustomersLoad(t *testing.T) {
	t.Parallel()
	seeds, err := seed.Load(fixtures.Customers(), now)
	if err != nil {
		t.Fatal(err)
	}
	if len(seeds) < 6 {
		t.Fatalf("%d customers, want at least 6", len(seeds))
	}
	for _, s := range seeds {
		if s.Profile.Name() == "" || len(s.Profile.Identifiers) == 0 || s.Profile.ID == "" {
			t.Errorf("%s: name or identifier is missing", s.Profile.ID)
		}
		if err := consent.Verify(s.Consent); err != nil {
			t.Errorf("%s: %v", s.Profile.ID, err)
		}
		for _, r := range s.Consent {
			if r.Wording == "" || r.Source == "" || r.Actor == "" || r.CustomerID != s.Profile.ID {
				t.Errorf("%s: row %+v does not say who, where and what", s.Profile.ID, r)
			}
		}
		if len(s.Facts) != len(s.Profile.Facts) {
			t.Errorf("%s: %d facts, %d folded", s.Profile.ID, len(s.Facts), len(s.Profile.Facts))
		}
	}
}

// TestTheDemonstrationDeclaresItsTraits holds what its people have against what
// its catalogue declares.
func TestTheDemonstrationDeclaresItsTraits(t *testing.T) {
	t.Parallel()
	cat, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	seeds, err := seed.Load(fixtures.Customers(), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seeds {
		for _, trait := range s.Profile.Traits {
			if why := cat.Takes(trait); why != "" {
				t.Errorf("%s: %s %s", s.Profile.ID, trait.Name, why)
			}
			trait.Value = struct{}{}
			if cat.Takes(trait) == "" {
				t.Errorf("%s is not declared", trait.Name)
			}
		}
	}
}

func TestLoadingTwiceGivesTheSame(t *testing.T) {
	t.Parallel()
	first, err := seed.Load(fixtures.Customers(), now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := seed.Load(fixtures.Customers(), now)
	if err != nil {
		t.Fatal(err)
	}
	a, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(second)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Error(diff)
	}
}

const good = `version: 1
customers:
  - id: demo-x
    name: X Y
    phone: "+1 202 555 0101"
    email: x@example.com
    since: 2020-01-02
    products: [fibre]
    traits: {plan: A, bill: 12, arrears: true, end: 2027-01-01}
    facts:
      - {name: page.cancel, days_ago: 1}
      - {name: purchase, days_ago: 5, props: {product: phone, value: 3}}
    consent:
      - {purpose: marketing, state: granted, at: 2021-01-01, source: web, wording: "May we?"}
`

func load(text string) ([]seed.Seed, error) {
	return seed.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, now)
}

func TestOneCustomerWhole(t *testing.T) {
	t.Parallel()
	seeds, err := load(good)
	if err != nil {
		t.Fatal(err)
	}
	s := seeds[0]
	if got := s.Profile.Identifiers; len(got) != 2 || got[0].Value != "x@example.com" || got[1].Value != "+12025550101" {
		t.Errorf("identifiers %+v", got)
	}
	for name, want := range map[string]any{"plan": "A", "bill": 12.0, "arrears": true, "end": "2027-01-01", "product.fibre": true, "name": "X Y", "customer_since": "2020-01-02"} {
		if got, _ := s.Profile.Trait(name, time.Time{}); got.Value != want {
			t.Errorf("%s: %v, want %v", name, got.Value, want)
		}
	}
	if s.Facts[0].Name != "purchase" || !s.Facts[1].At.Equal(now.AddDate(0, 0, -1)) {
		t.Errorf("facts %+v", s.Facts)
	}
	if v := s.Profile.Value(customer.ChurnRisk, now); v < 0.01 || v > 0.1 {
		t.Errorf("churn %v: the facts were not folded", v)
	}
	if a := consent.Now(s.Consent, consent.Cell{Purpose: consent.Marketing, Channel: "email"}, now); a.State != consent.Granted {
		t.Errorf("consent %v", a.State)
	}
}

func TestBadCustomersAreRefusedByName(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, old, new, field string }{
		{"unknown key", "name: X Y", "title: X Y", "customers[0].title"},
		{"no version", "version: 1\n", "", "version"},
		{"bad id", "id: demo-x", "id: Demo X", "customers[0].id"},
		{"no name", "name: X Y", "name: ''", "customers[0].name"},
		{"real number", "+1 202 555 0101", "+1 202 456 1111", "customers[0].phone"},
		{"no number", "+1 202 555 0101", "call me", "customers[0].phone"},
		{"real address", "x@example.com", "x@gmail.com", "customers[0].email"},
		{"future", "since: 2020-01-02", "since: 2030-01-02", "customers[0].since"},
		{"bad product", "[fibre]", "[Fibre 1]", "customers[0].products[0]"},
		{"trait list", "bill: 12", "bill: [1]", "customers[0].traits.bill"},
		{"trait name", "bill: 12", "Bill: 12", "customers[0].traits.Bill"},
		{"fact name", "page.cancel", "Page Cancel", "customers[0].facts[0].name"},
		{"fact in the future", "days_ago: 1}", "days_ago: -1}", "customers[0].facts[0].days_ago"},
		{"fact days not a number", "days_ago: 1}", "days_ago: .nan}", "customers[0].facts[0].days_ago"},
		{"fact prop", "value: 3", "value: {a: 1}", "customers[0].facts[1].props.value"},
		{"purpose", "purpose: marketing", "purpose: anything", "customers[0].consent[0].state"},
		{"state", "state: granted", "state: yes", "customers[0].consent[0].state"},
		{"no wording", `, wording: "May we?"`, "", "customers[0].consent[0].state"},
		{"consent in the future", "at: 2021-01-01", "at: 2031-01-01", "customers[0].consent[0].state"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, c.old) {
				t.Fatalf("%q is not in the good file", c.old)
			}
			_, err := load(strings.Replace(good, c.old, c.new, 1))
			var p *strict.Problem
			if !errors.As(err, &p) || p.Field != c.field || p.Line == 0 || p.File != "a.yaml" {
				t.Errorf("got %v, want a refusal of %s with its line", err, c.field)
			}
		})
	}
}

func TestNobodyIsThereTwice(t *testing.T) {
	t.Parallel()
	second := strings.ReplaceAll(strings.TrimPrefix(good, "version: 1\ncustomers:\n"), "demo-x", "demo-z")
	_, err := load(good + second)
	var p *strict.Problem
	if !errors.As(err, &p) || p.Field != "customers[1].phone" || !strings.Contains(p.Reason, "demo-x") {
		t.Errorf("got %v", err)
	}
}
