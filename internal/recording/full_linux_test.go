package recording

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"heed/insights"
)

// TestRealDiskFull runs against a file system of 1 MB, where the test may
// mount one; TestFullDiskLosesOnlyWhatItCould tells the same story everywhere.
func TestRealDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no tmpfs here: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	b := newBench(t, nil)
	b.o.Dir = dir
	r, err := Create(b.o, b.id)
	if err != nil {
		t.Fatal(err)
	}
	// Something else takes the room; 30 s of call need 480 kB in the spool.
	hog := filepath.Join(dir, "hog")
	if err := os.WriteFile(hog, make([]byte, 700<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if speak(r, insights.Customer, 0, 30*time.Second, 8000) == 0 {
		t.Fatal("30 s fitted into what was left")
	}
	lost := r.Status().Lost
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	if failed := speak(r, insights.Customer, 30*time.Second, 35*time.Second, 8000); failed > 0 {
		t.Errorf("%d frames failed with space again", failed)
	}
	st, w := sealed(t, b, r)
	kept := time.Duration(0)
	for _, silent := range silentParts(w.Channels[1]) {
		if !silent {
			kept += 20 * time.Millisecond
		}
	}
	if st.State != Partial || st.Lost != lost || kept+lost != 35*time.Second {
		t.Errorf("%+v: kept %s of 35 s, counted %s as lost", st, kept, lost)
	}
	if err := r.Destroy(); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	bench := newBench(b, nil)
	f := tone(0, 8000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.At = time.Duration(i) * 20 * time.Millisecond
		if err := bench.Write(insights.Customer, f); err != nil {
			b.Fatal(err)
		}
	}
}
