package session

import "testing"

// next replaces the manager by that of a new process on the same folder.
func (r *rig) next(t testing.TB) {
	t.Helper()
	r.Close()
	var err error
	if r.Manager, err = New(r.o); err != nil {
		t.Fatal(err)
	}
}

func childMain() bool { return false }
