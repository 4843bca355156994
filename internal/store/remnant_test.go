package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/customer"
)

// What is deleted is on no page of the file, wherever SQLite moved it before.
func TestDeletedNamesLeaveNoCopy(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	dice := rand.New(rand.NewPCG(7, 7))
	save := func(p customer.Profile) {
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SaveProfile(p) }); err != nil {
			t.Fatal(err)
		}
	}
	token := func(i int) string { return fmt.Sprintf("tok%05d%s", i, strings.Repeat("x", i%40)) }
	const people = 1500
	var gone []int
	all := map[int]customer.Profile{}
	for _, i := range dice.Perm(people) {
		p := customer.New(fmt.Sprintf("p%05d", i), time.Now())
		p.Version = 1
		p.Identifiers = []customer.Identifier{{Type: "email", Value: token(i)}}
		p.Traits = []customer.Trait{{Name: "name", Value: token(i)}}
		save(p)
		all[i] = p
		if dice.IntN(3) == 0 {
			for j, q := range all { // grows in place, so that rows move
				q.Version++
				q.Traits = []customer.Trait{{Name: "name", Value: token(j) + strings.Repeat("y", dice.IntN(200))}}
				save(q)
				all[j] = q
				break
			}
		}
	}
	for i := range people {
		if dice.IntN(2) == 0 {
			gone = append(gone, i)
		}
	}
	for _, i := range gone {
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.ErasePerson(fmt.Sprintf("p%05d", i)) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "heed.db*"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range gone {
			if bytes.Contains(raw, []byte(fmt.Sprintf("tok%05d", i))) {
				found++
			}
		}
	}
	if found > 0 {
		t.Errorf("%d of %d deleted names are still in the file", found, len(gone))
	}
}
