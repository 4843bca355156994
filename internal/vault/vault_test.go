package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heed/internal/vault"
)

// ring is a file of keys in memory. It holds what a disk would.
type ring struct {
	kept    map[string]vault.Kept
	secrets map[string][]byte
	full    error // what writing gives
}

func newRing() *ring {
	return &ring{kept: make(map[string]vault.Kept), secrets: make(map[string][]byte)}
}

func (r *ring) Key(person string) (vault.Kept, error) { return r.kept[person], nil }

func (r *ring) AddKeys(made []vault.NewKey) error {
	if r.full != nil {
		return r.full
	}
	for _, n := range made {
		r.kept[n.Person] = vault.Kept{Wrapped: n.Wrapped}
	}
	return nil
}

func (r *ring) DestroyKeys(people []string) error {
	if r.full != nil {
		return r.full
	}
	for _, p := range people {
		r.kept[p] = vault.Kept{Erased: true}
	}
	return nil
}

func (r *ring) Secret(name string, offered func() ([]byte, error)) ([]byte, error) {
	if r.secrets[name] == nil {
		made, err := offered()
		if err != nil {
			return nil, err
		}
		r.secrets[name] = made
	}
	return r.secrets[name], nil
}

func master(t *testing.T, text string) *vault.Master {
	t.Helper()
	m, err := vault.ReadMaster(vault.Source{Text: text, File: filepath.Join(t.TempDir(), "keys", "master.key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func open(t *testing.T, m *vault.Master, r *ring) *vault.Vault {
	t.Helper()
	v, err := vault.New(m, r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What was sealed opens for its person and place alone, also after a restart.
func TestSealedOpensWhereItWasSealed(t *testing.T) {
	m, r := master(t, ""), newRing()
	v := open(t, m, r)
	rapid.Check(t, func(t *rapid.T) {
		person := rapid.StringMatching(`[a-z0-9.-]{1,12}`).Draw(t, "person")
		place, other := rapid.String().Draw(t, "place"), rapid.String().Draw(t, "other place")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "document")
		sealed, err := v.Seal(person, place, plain)
		if err != nil {
			t.Fatal(err)
		}
		if !vault.Sealed(sealed) || vault.Person(sealed) != person {
			t.Fatalf("%q does not say whose it is", sealed)
		}
		if len(plain) > 3 && strings.Contains(sealed, string(plain)) {
			t.Fatal("the document can be read in what was sealed")
		}
		if err := v.Flush(); err != nil {
			t.Fatal(err)
		}
		again, err := vault.New(m, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []*vault.Vault{v, again} {
			if got, err := w.Open(sealed, place); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("opened %q, %v", got, err)
			}
			if other != place {
				if _, err := w.Open(sealed, other); !errors.Is(err, vault.ErrSealed) {
					t.Fatalf("in another place: %v", err)
				}
			}
		}
		moved := strings.Replace(sealed, person, person+"x", 1)
		if _, err := v.Open(moved, place); err == nil {
			t.Fatal("it opens as another person's")
		}
	})
}

func TestDamagedDoesNotOpen(t *testing.T) {
	v := open(t, master(t, ""), newRing())
	sealed, err := v.Seal("anna", "place", []byte("a document"))
	if err != nil {
		t.Fatal(err)
	}
	for at := range sealed {
		damaged := []byte(sealed)
		damaged[at] ^= 1
		if got, err := v.Open(string(damaged), "place"); err == nil {
			t.Errorf("byte %d damaged: it opens as %q", at, got)
		}
	}
	for _, text := range []string{"", "s1.", "s1.anna", "s1.anna.", "s1..AAAA", `{"id":"x"}`, sealed[:len(sealed)-5]} {
		if _, err := v.Open(text, "place"); err == nil {
			t.Errorf("%q opens", text)
		}
	}
}

// Until a flush nothing is durable; a flush that fails keeps nothing.
func TestAKeyIsDurableAfterFlush(t *testing.T) {
	m, r := master(t, ""), newRing()
	v := open(t, m, r)
	sealed, err := v.Seal("anna", "place", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.kept) != 0 {
		t.Error("the key was written before the flush")
	}
	full := errors.New("no space")
	r.full = full
	if err := v.Flush(); !errors.Is(err, full) {
		t.Errorf("flush to a full disk: %v", err)
	}
	r.full = nil
	if err := v.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, m, r).Open(sealed, "place"); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

func TestDestroyedIsForEver(t *testing.T) {
	m, r := master(t, ""), newRing()
	v := open(t, m, r)
	sealed := make(map[string]string)
	for _, person := range []string{"anna", "ben"} {
		var err error
		if sealed[person], err = v.Seal(person, "place", []byte(person)); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Flush(); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space")
	r.full = full
	if err := v.Destroy([]string{"anna"}); !errors.Is(err, full) {
		t.Errorf("destroy on a full disk: %v", err)
	}
	if _, err := v.Open(sealed["anna"], "place"); err != nil {
		t.Errorf("a destruction that failed half destroyed: %v", err)
	}
	r.full = nil
	for range 2 { // twice is fine
		if err := v.Destroy([]string{"anna"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range []*vault.Vault{v, open(t, m, r)} {
		if _, err := w.Open(sealed["anna"], "place"); !errors.Is(err, vault.ErrErased) {
			t.Errorf("opened: %v", err)
		}
		if _, err := w.Seal("anna", "place", []byte("more")); !errors.Is(err, vault.ErrErased) {
			t.Errorf("sealed more: %v", err)
		}
		if got, err := w.Open(sealed["ben"], "place"); err != nil || string(got) != "ben" {
			t.Errorf("somebody else's: %q, %v", got, err)
		}
	}
}

// Another master key is refused at once, and one that was replaced still opens.
func TestMasterKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "master.key")
	first, err := vault.ReadMaster(vault.Source{File: file, Make: true})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the key: %v, %v", info.Mode(), err)
	}
	r := newRing()
	v := open(t, first, r)
	sealed, err := v.Seal("anna", "place", []byte("x"))
	if err = errors.Join(err, v.Flush()); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.New(master(t, ""), r); !errors.Is(err, vault.ErrMaster) {
		t.Errorf("another master key: %v", err)
	}
	next, err := first.Replaced()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, next, r).Open(sealed, "place"); err != nil {
		t.Errorf("with the new key in front: %v", err)
	}
	if _, err := vault.New(next.Alone(), r); !errors.Is(err, vault.ErrMaster) {
		t.Errorf("with the new key alone, before the rest was wrapped anew: %v", err)
	}
	for person, k := range r.kept {
		again, err := next.Rewrap(vault.KeyName(person), k.Wrapped)
		if err != nil || !next.Present(again) {
			t.Fatalf("wrapped anew: %v", err)
		}
		r.kept[person] = vault.Kept{Wrapped: again}
	}
	for name, wrapped := range r.secrets {
		if r.secrets[name], err = next.Rewrap(vault.SecretName(name), wrapped); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := open(t, next.Alone(), r).Open(sealed, "place"); err != nil {
		t.Errorf("with the new key alone: %v", err)
	}
}

func TestBadMasterKeysAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"short": "c2hvcnQ=", "no base64": "!!!", "only separators": " , ",
		"second one bad": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,x",
	} {
		if _, err := vault.ReadMaster(vault.Source{Text: text}); !errors.Is(err, vault.ErrMaster) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := vault.ReadMaster(vault.Source{File: filepath.Join(t.TempDir(), "none")}); !errors.Is(err, vault.ErrMaster) {
		t.Errorf("no file: %v", err)
	}
}

// A mark is the same for the same identifier, and of this installation alone.
func TestMarks(t *testing.T) {
	m, r := master(t, ""), newRing()
	a, again, other := open(t, m, r), open(t, m, r), open(t, m, newRing())
	mark := a.Mark("email", "anna@example.com")
	switch {
	case !bytes.Equal(mark, again.Mark("email", "anna@example.com")):
		t.Error("another mark after a restart")
	case bytes.Equal(mark, other.Mark("email", "anna@example.com")):
		t.Error("the same mark in another installation")
	case bytes.Equal(mark, a.Mark("phone", "anna@example.com")):
		t.Error("the kind does not count")
	}
}

// Whose a sealed text is stands before its last dot.
func TestWhoseASealedTextIs(t *testing.T) {
	for sealed, want := range map[string]string{
		"s1.anna.Ym94": "anna", "s1.a.n.na.Ym94": "a.n.na", "s1.anna.": "anna", "s1..anna.x": ".anna",
		"s1..Ym94": "", "s1.Ym94": "", "s1.": "", "s1": "", "": "", "{}": "", "x1.anna.Ym94": "",
	} {
		if got := vault.Person(sealed); got != want {
			t.Errorf("%q: %q, want %q", sealed, got, want)
		}
	}
}
