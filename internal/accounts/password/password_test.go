package password

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
)

var light = Cost{Memory: 64, Time: 1, Threads: 1}

func TestAPasswordIsChecked(t *testing.T) {
	t.Parallel()
	h := NewHasher(light, 2)
	phc, err := h.Make(t.Context(), "four words in a row")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(phc, err)
	}
	other, err := h.Make(t.Context(), "four words in a row")
	if err != nil || other == phc {
		t.Errorf("two hashes have one salt: %v", err)
	}
	for typed, want := range map[string]bool{"four words in a row": true, "four words in a roW": false, "": false} {
		if right, anew, err := h.Check(t.Context(), phc, typed); right != want || anew || err != nil {
			t.Errorf("%q: right %v, anew %v, %v", typed, right, anew, err)
		}
	}
	// The cost went up: it is right still, and to be made anew.
	if right, anew, err := NewHasher(Usual(), 1).Check(t.Context(), phc, "four words in a row"); !right || !anew || err != nil {
		t.Errorf("after the cost went up: right %v, anew %v, %v", right, anew, err)
	}
	for _, typed := range []string{"nobody's", "x"} {
		if right, _, err := h.Check(t.Context(), "", typed); right || err != nil {
			t.Errorf("nobody signs in by %q: %v %v", typed, right, err)
		}
	}
	if _, _, err := h.Check(t.Context(), "$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "x"); !errors.Is(err, ErrFormat) {
		t.Errorf("a hash of 95 GiB: %v", err)
	}
}

// The reference of argon2 gives this for the password, salt and costs.
func TestTheHashIsArgon2id(t *testing.T) {
	t.Parallel()
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if right, anew, err := NewHasher(light, 1).Check(t.Context(), phc, "password"); !right || !anew || err != nil {
		t.Errorf("right %v, anew %v, %v", right, anew, err)
	}
}

func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	h := NewHasher(light, 1)
	ctx, cancel := context.WithCancel(t.Context())
	if err := h.atOnce.Acquire(ctx, 1); err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range 17 {
		if !h.waiting.TryAcquire(1) {
			t.Fatal("fewer may wait")
		}
	}
	if _, err := h.Make(ctx, "x"); !errors.Is(err, ErrBusy) {
		t.Errorf("the eighteenth: %v", err)
	}
	h.waiting.Release(1)
	failed := make(chan error, 1)
	waiting.Go(func() {
		_, err := h.Make(ctx, "x")
		failed <- err
	})
	cancel()
	waiting.Wait()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
}

func TestEasyPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	names := []string{"Dana Reyes", "dana.reyes@example.com"}
	for typed, want := range map[string]error{
		"elevenchars":                 ErrShort,
		"correct-battery-stapler":     nil,
		"kaffi og kleinur":            nil,
		"ሰላም ለዓለም ሁሉ ይሁን":             nil,
		"aaaabbbbcccc":                ErrSimple,
		"Password1234":                ErrCommon,
		"P@ssw0rd!2026":               ErrCommon,
		"123456789012":                ErrCommon,
		"qwertyuiop123":               ErrCommon,
		"Welcome2026!!":               ErrCommon,
		"danareyes2026":               ErrOwn,
		"dana.reyes@example.com":      ErrOwn,
		"reyes is fond of oranges":    nil,
		strings.Repeat("abcdefg", 19): ErrLong,
	} {
		same, err := Same(typed)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		if err := Allowed(same, names...); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", typed, err, want)
		}
	}
	for typed, want := range map[string]error{strings.Repeat("a", 513): ErrLong, "bell \a in the middle": ErrText, "bad \xff bytes here": ErrText, "": ErrText} {
		if _, err := Same(typed); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", typed, err, want)
		}
	}
	composed, err1 := Same("caf\u00e9 caf\u00e9 caf\u00e9")
	apart, err2 := Same("cafe\u0301 cafe\u0301 cafe\u0301")
	if composed != apart || errors.Join(err1, err2) != nil {
		t.Errorf("two keyboards give two passwords: %q %q", composed, apart)
	}
}

// FuzzPHC reads what may be in the tables: it never takes more than it is
// allowed, and what it takes it writes the same again.
func FuzzPHC(f *testing.F) {
	f.Add(light.make("x").String())
	f.Add(Usual().make("x").String())
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2i$v=19$m=64,t=1,p=1$$")
	f.Add("$argon2id$v=19$m=+64,t=01,p=0$c29tZXNhbHQ$AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parse(text)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if h.Memory > mostMemory || h.Time > mostTime || h.Threads > mostThreads || len(h.sum) > 64 {
			t.Errorf("%q costs %+v", text, h.Cost)
		}
		if again := h.String(); again != text {
			t.Errorf("%q is written %q", text, again)
		}
	})
}
