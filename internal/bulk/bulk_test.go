package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"heed/insights"
	"heed/internal/intake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// csvFile writes a CSV.
func csvFile(t testing.TB, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "calls.csv")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// all gives the items of a source, and what is wrong with which.
func all(s *Source) (items []Item, wrong []string) {
	for i, err := range s.Items() {
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", i.Name, err))
			continue
		}
		items = append(items, i)
	}
	return items, wrong
}

const plainSheet = "File,Started,from,agent,direction,channels,first,campaign\n" +
	"a.wav,2026-03-02 09:15,+49 30 1234,Jörg,Outbound,1,Agent,spring\n" +
	"sub/b.mp3,2026-03-02T09:15:00Z,,,,,,\n"

func TestASheetIsReadInWhateverFormItCame(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(plainSheet))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"plain": []byte(plainSheet), "with a BOM": []byte("\ufeff" + plainSheet), "UTF-16": utf16,
		"CRLF": []byte(strings.ReplaceAll(plainSheet, "\n", "\r\n")), "semicolons": []byte(strings.ReplaceAll(plainSheet, ",", ";")),
		"tabs": []byte(strings.ReplaceAll(plainSheet, ",", "\t")), "blank lines": []byte("\n\n" + strings.ReplaceAll(plainSheet, "\n", "\n\n")),
	} {
		path := csvFile(t, text)
		s, err := Open(path, berlin(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		items, wrong := all(s)
		if len(items) != 2 || s.Total != 2 || len(wrong) > 0 || !slices.Equal(s.Unknown, []string{"campaign"}) {
			t.Errorf("%s: %d of %d items, wrong %v, unknown %v", name, len(items), s.Total, wrong, s.Unknown)
			continue
		}
		a, b := items[0], items[1]
		if a.File != filepath.Join(filepath.Dir(path), "a.wav") || a.About.Agent != "Jörg" || a.About.Direction != "outbound" || a.About.Channels != 1 ||
			a.About.First != insights.Agent || !a.About.Started.Equal(time.Date(2026, 3, 2, 8, 15, 0, 0, time.UTC)) || !a.Bulk {
			t.Errorf("%s: %+v", name, a)
		}
		if b.Name != "sub/b.mp3" || !b.About.Started.Equal(time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

func TestASheetThatMakesNoSenseIsRefused(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(plainSheet))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"another encoding": {latin, "not UTF-8"}, "nothing": {nil, "no column is named file"}, "no rows": {[]byte("file,from\n"), "no rows"},
		"a header twice": {[]byte("file,from,From\na,b,c\n"), `two columns are named "from"`}, "no file": {[]byte("path,from\na,b\n"), "no column is named file"},
		"a WAV": {[]byte("RIFF\x24\x80\x00\x00WAVEfmt \x10\xff"), "not UTF-8"}, "an open quote": {[]byte("\"file\n"), "no column"},
	} {
		if _, err := Open(csvFile(t, c.text), time.UTC); !errors.Is(err, ErrSource) || !strings.Contains(err.Error(), c.says) && name != "an open quote" {
			t.Errorf("%s: %v; want it to say %q", name, err, c.says)
		}
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "nowhere"), t.TempDir()} {
		if _, err := Open(path, time.UTC); !errors.Is(err, ErrSource) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A row that makes no sense is told with its line, and stops no other.
func TestARowThatMakesNoSense(t *testing.T) {
	s, err := Open(csvFile(t, []byte("file,started,channels\na.wav,yesterday,1\nb.wav,,two\nc.wav,\n\"d\".wav,,\n,,\ne.wav,,2\n")), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	items, wrong := all(s)
	text := strings.Join(wrong, "\n")
	for _, says := range []string{`a.wav: started is "yesterday"`, `b.wav: channels is "two"`, "line 4: the row has 2 fields, the header 3", "line 5: parse error", "line 6: no file is named"} {
		if !strings.Contains(text, says) {
			t.Errorf("nothing says %q:\n%s", says, text)
		}
	}
	if len(items) != 1 || items[0].Name != "e.wav" || items[0].Line != 7 || s.Total != 6 {
		t.Errorf("of %d: %+v", s.Total, items)
	}
}

func TestAMillionRowsTakeNoMemory(t *testing.T) {
	const rows = 1_000_000
	path := csvFile(t, nil)
	if err := os.WriteFile(path, append([]byte("file\n"), bytes.Repeat([]byte("a.wav\n"), rows)...), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := Open(path, time.UTC)
	if err != nil || s.Total != rows {
		t.Fatal(s, err)
	}
	runtime.GC()
	if runtime.ReadMemStats(&m); m.HeapAlloc > before.HeapAlloc+4<<20 {
		t.Errorf("%d bytes of memory", m.HeapAlloc-before.HeapAlloc)
	}
	n := 0
	for i, err := range s.Items() { // from the beginning, and no further than is asked
		if n++; err != nil || i.Line != n+1 {
			t.Fatal(i.Line, err)
		}
		if n == 1000 {
			break
		}
	}
}

func TestAFolderIsSearched(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.WAV", "a/x.mp3", "notes.txt", ".hidden/y.wav", ".z.wav"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700), os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "b.WAV"), at, at); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	items, wrong := all(s)
	if len(items) != 2 || s.Total != 2 || s.Passed != 2 || len(wrong) > 0 || !items[1].About.Started.Equal(at) {
		t.Errorf("%+v, passed over %d, wrong %v", items, s.Passed, wrong)
	}
}

// shelf is a queue by hand: what it takes is a call at the second look.
type shelf struct {
	mu     sync.Mutex
	known  map[string]Status
	looks  map[string]int
	taken  int
	broken error
}

func (q *shelf) Known(_ context.Context, hash string) (Status, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.known[hash], q.broken
}

func (q *shelf) Bring(_ context.Context, _ intake.Submission, body io.Reader) (Status, error) {
	raw, err := io.ReadAll(body)
	if err != nil || strings.HasPrefix(string(raw), "refuse") {
		return Status{}, fmt.Errorf("%w: %w", ErrFile, errors.New("it is no recording"))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.taken++
	return Status{ID: string(raw), State: "fetched"}, nil
}

func (q *shelf) Look(_ context.Context, id string) (Status, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.looks[id]++; q.looks[id] < 2 {
		return Status{ID: id, State: "hearing"}, nil
	}
	if strings.HasPrefix(id, "spoilt") {
		return Status{ID: id, State: "failed", Note: "it holds no audio"}, nil
	}
	return Status{ID: id, State: "done", Length: time.Minute}, nil
}

func TestAnImportGoesOnWhereItWas(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "two", "refuse", "spoilt"} {
		if err := os.WriteFile(filepath.Join(dir, name+".wav"), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	// SHA-256 of "two", which is there from before.
	q := &shelf{looks: map[string]int{}, known: map[string]Status{"3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3": {ID: "two", State: "done"}}}
	var got []string
	err = Run(t.Context(), s, q, Options{Jobs: 3, Poll: time.Millisecond}, func(o Outcome) {
		got = append(got, fmt.Sprintf("%s %s %v %v", filepath.Base(o.File), o.State, o.Before, o.Err))
	})
	slices.Sort(got)
	want := []string{
		"one.wav done false <nil>", "refuse.wav  false not imported: it is no recording",
		"spoilt.wav failed false not imported: it holds no audio", "two.wav done true <nil>",
	}
	if err != nil || !slices.Equal(got, want) || q.taken != 2 {
		t.Errorf("%v\n%s\nwant\n%s\ntaken %d", err, strings.Join(got, "\n"), strings.Join(want, "\n"), q.taken)
	}
	q.broken = errors.New("the server is gone")
	if err := Run(t.Context(), s, q, Options{Jobs: 1, Poll: time.Millisecond}, func(Outcome) {}); !errors.Is(err, q.broken) {
		t.Errorf("a server that is gone: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, s, q, Options{Jobs: 1, Poll: time.Millisecond}, func(Outcome) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestADryRunLooksAtTheFiles(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "a.wav"), []byte("RIFF....WAVEfmt "), 0o600),
		os.WriteFile(filepath.Join(dir, "b.wav"), []byte("<html>"), 0o600)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "calls.csv")
	if err := os.WriteFile(path, []byte("file\na.wav\nb.wav\nnowhere.wav\n.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]string{}
	err = Run(t.Context(), s, nil, Options{Jobs: 2, Poll: time.Second, Dry: true}, func(o Outcome) {
		if o.Err != nil {
			wrong[o.Name] = o.Err.Error()
		}
	})
	if err != nil || len(wrong) != 3 || !strings.Contains(wrong["b.wav"], "none of WAV") || !strings.Contains(wrong["nowhere.wav"], "no such file") || !strings.Contains(wrong["."], "no regular file") {
		t.Errorf("%v, %v", wrong, err)
	}
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte(plainSheet))
	f.Add([]byte("\xff\xfef\x00i\x00l\x00e\x00\n\x00a\x00"))
	f.Add([]byte("file;started\n\"a\n;\"b\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "x.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, time.UTC)
		if err != nil {
			if !errors.Is(err, ErrSource) {
				t.Error(err)
			}
			return
		}
		items, wrong := all(s)
		if len(items)+len(wrong) != s.Total {
			t.Errorf("%d items and %d mistakes of %d", len(items), len(wrong), s.Total)
		}
	})
}
