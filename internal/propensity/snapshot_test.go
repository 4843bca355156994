package propensity_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"heed/internal/decide"
	"heed/internal/propensity"
)

func written(t testing.TB, m *propensity.Model) string {
	t.Helper()
	var out strings.Builder
	if err := m.Snapshot(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var small = propensity.Options{Bits: 10}

// A restored model is the same to the bit, and learns on as the first would.
func TestSnapshotAndRestore(t *testing.T) {
	t.Parallel()
	m := newModel(t, small)
	lessons := stream(5, 3000)
	learnAll(m, lessons[:2000])
	again := newModel(t, small)
	learnAll(again, stream(6, 10)) // what was there is gone
	if err := again.Restore(strings.NewReader(written(t, m))); err != nil {
		t.Fatal(err)
	}
	if written(t, again) != written(t, m) {
		t.Fatal("the restored model is another")
	}
	late := lessons[1990]
	late.Positive = !late.Positive
	for _, x := range []*propensity.Model{m, again} {
		learnAll(x, lessons[2000:])
		x.Learn(&late)
	}
	if written(t, again) != written(t, m) || again.Health().Corrected != 1 {
		t.Error("the restored model learns otherwise")
	}
}

// sealed gives a body the head that it needs to be believed.
func sealed(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "heed-propensity/1 " + hex.EncodeToString(sum[:]) + "\n" + body
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	m := newModel(t, small)
	learnAll(m, stream(5, 1500))
	good := written(t, m)
	_, body, _ := strings.Cut(good, "\n")
	change := func(from, to string) string {
		t.Helper()
		if !strings.Contains(body, from) {
			t.Fatalf("the model holds no %s", from)
		}
		return sealed(strings.Replace(body, from, to, 1))
	}
	for name, bad := range map[string]string{
		"nothing":         "",
		"cut short":       good[:len(good)-1],
		"a later version": strings.Replace(good, "/1 ", "/2 ", 1),
		"a bit":           good[:len(good)-9] + "x" + good[len(good)-8:],
		"no JSON":         sealed("{"),
		"other options":   change(`"Bits":10`, `"Bits":11`),
		"unknown field":   change(`{"options"`, `{"more":1,"options"`),
		"a slot outside":  change(`"slots":[{"i":`, `"slots":[{"i":99`),
		"its time":        change(`"halves":`, `"halves":1e9`),
		"a lesson's":      change(`"trust":1`, `"trust":2`),
		"a cell's name":   change(`\u001f`, `/`),
		"an endless one":  change(`"mean":`, `"mean":1e999`),
	} {
		if err := m.Restore(strings.NewReader(bad)); !errors.Is(err, propensity.ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if written(t, m) != good {
		t.Error("a refused model changed the one that is there")
	}
}

// Whatever is restored either is refused or answers and learns.
func FuzzRestore(f *testing.F) {
	m := newModel(f, propensity.Options{Bits: 8})
	learnAll(m, stream(5, 2))
	_, body, _ := strings.Cut(written(f, m), "\n")
	f.Add(body)
	f.Add(`{"options":{"Bits":8,"Start":-3.5,"Crossed":0.06,"Outcomes":20000,"Days":90,"Corrections":32768}}`)
	f.Fuzz(func(t *testing.T, body string) {
		m := newModel(t, propensity.Options{Bits: 8})
		if m.Restore(strings.NewReader(body)) == nil {
			t.Error("believed without a checksum")
		}
		if m.Restore(strings.NewReader(sealed(body))) != nil {
			return
		}
		for i, l := range stream(5, 30) {
			l.Positive = i%2 == 0
			m.Learn(&l)
		}
		c := offer("a1", "g1", is("plan", "1"))
		if e := m.Estimate(&c); !(e.P >= 0 && e.P <= 1) {
			t.Errorf("%+v", e)
		}
		m.Explain(&c)
		m.Health()
	})
}

var _ decide.Propensity = (*propensity.Model)(nil)
