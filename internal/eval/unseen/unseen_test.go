package unseen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/insights/embed"
	"heed/internal/train"
)

// folder holds two small sets.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"banking77/train.csv":                   "text,category\n" + strings.Repeat("where is my card,card\nreset my pin,pin\nan armadillo again,pin\n", 10),
		"clinc150/data_full_train_val.json":     `{"train": [["sing a song", "music"], ["sing me a song", "music"], ["sing a long song", "music"], ["a song", "music"], ["tell time", "time"]]}`,
		"nlupp/unrelated-and-without-folds.txt": "",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func encoders(t *testing.T, data, kept string, held map[string][]string) *Encoders {
	t.Helper()
	e, err := New(data, kept, held)
	if err != nil {
		t.Fatal(err)
	}
	e.options = train.Options{Dim: 4, Passes: 1, Seed: 1}
	return e
}

// knows says whether any piece of a text has a vector.
func knows(e *embed.Encoder, text string) bool {
	v := make([]float32, e.Dim())
	e.Encode(v, text)
	return embed.Dot(v, v) > 0
}

func TestWhatIsHeldIsNotRead(t *testing.T) {
	data, kept := folder(t), t.TempDir()
	for name, c := range map[string]struct {
		held              map[string][]string
		set               string
		armadillo, singer bool
	}{
		"all":            {nil, "", true, true},
		"a held text":    {map[string][]string{"banking77": {"an armadillo again"}}, "", false, true},
		"of another set": {map[string][]string{"clinc150": {"an armadillo again"}}, "", true, true},
		"a whole set":    {nil, "clinc150", true, false},
	} {
		e, err := encoders(t, data, kept, c.held).Without(c.set)
		if err != nil {
			t.Fatal(err)
		}
		if knows(e, "armadillo") != c.armadillo || knows(e, "sing") != c.singer {
			t.Errorf("%s: knows the armadillo: %v, to sing: %v", name, knows(e, "armadillo"), knows(e, "sing"))
		}
	}
}

func TestEncodersAreKept(t *testing.T) {
	data, kept := folder(t), filepath.Join(t.TempDir(), "new")
	e := encoders(t, data, kept, nil)
	first, err := e.Without("")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(kept)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	path := filepath.Join(kept, files[0].Name())
	other, err := encoders(t, data, kept, nil).Without("banking77")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.Without("")
	if err != nil || again.Version() != first.Version() || other.Version() == first.Version() {
		t.Errorf("%v, then %v, without a set %v, %v", first.Version(), again.Version(), other.Version(), err)
	}
	if err := os.WriteFile(path, raw[:len(raw)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Without(""); err == nil || !strings.Contains(err.Error(), "remove it to train it again") {
		t.Errorf("a file cut short: %v", err)
	}
}

func TestNothingToRead(t *testing.T) {
	e := encoders(t, t.TempDir(), t.TempDir(), nil)
	if _, err := e.Without("banking77"); err == nil || !strings.Contains(err.Error(), `without "banking77"`) {
		t.Errorf("got %v", err)
	}
}
