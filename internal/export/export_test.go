package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"heed/internal/export"
)

type line struct {
	ID     string
	At     time.Time
	Turns  int64
	Mood   *float64
	Themes []string
	Said   string
}

var table = export.Table[line]{Name: "lines", Columns: []export.Column[line]{
	export.Text("id", "which", func(l *line) string { return l.ID }),
	export.Time("at", "when", func(l *line) time.Time { return l.At }),
	export.Whole("turns", "how many", func(l *line) int64 { return l.Turns }),
	export.Number("mood", "how", func(l *line) (float64, bool) {
		if l.Mood == nil {
			return 0, false
		}
		return *l.Mood, true
	}),
	export.List("themes", "about what", func(l *line) []string { return l.Themes }),
	export.Text("said", "what", func(l *line) string { return l.Said }),
}}

// file writes rows in a format.
func file(t interface{ Fatal(...any) }, f export.Format, o export.Options, partial string, rows ...line) []byte {
	var b bytes.Buffer
	w, err := table.Writer(&b, f, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	end, err := w.Close(partial)
	if err != nil || end.Rows != int64(len(rows)) || end.Partial != partial {
		t.Fatal(end, err)
	}
	return b.Bytes()
}

var sample = []line{
	{"a", time.Date(2026, 11, 2, 9, 5, 1, 250_700_000, time.FixedZone("", 3600)), 3, new(-.5), []string{"late_delivery", "refund"}, `he said "no", twice`},
	{"b", time.Time{}, 0, nil, nil, "=HYPERLINK(\"http://x\")\nعندي مشكلة"},
	{"c", time.Time{}, 1, new(math.NaN()), []string{"-x"}, ""},
}

func TestCSV(t *testing.T) {
	t.Parallel()
	want := "id,at,turns,mood,themes,said\r\n" +
		"a,2026-11-02T08:05:01.250Z,3,-0.5,late_delivery|refund,\"he said \"\"no\"\", twice\"\r\n" +
		"b,,0,,,\"'=HYPERLINK(\"\"http://x\"\")\r\nعندي مشكلة\"\r\n" +
		"c,,1,,'-x,\r\n"
	if d := cmp.Diff(want, string(file(t, export.CSV, export.Options{}, "", sample...))); d != "" {
		t.Error(d)
	}
	got := string(file(t, export.CSV, export.Options{BOM: true}, "it has more than 3 rows", sample...))
	if want = "\ufeff" + want + "PARTIAL: it has more than 3 rows,,,,,\r\n"; got != want {
		t.Error(cmp.Diff(want, got))
	}
	if got := string(file(t, export.CSV, export.Options{}, "")); got != "id,at,turns,mood,themes,said\r\n" {
		t.Errorf("no rows: %q", got)
	}
}

func TestJSONLines(t *testing.T) {
	t.Parallel()
	want := `{"id":"a","at":"2026-11-02T08:05:01.250Z","turns":3,"mood":-0.5,"themes":["late_delivery","refund"],"said":"he said \"no\", twice"}` + "\n" +
		`{"id":"b","at":null,"turns":0,"mood":null,"themes":[],"said":"=HYPERLINK(\"http://x\")\nعندي مشكلة"}` + "\n" +
		`{"id":"c","at":null,"turns":1,"mood":null,"themes":["-x"],"said":""}` + "\n" +
		`{"partial":"it broke off","rows":3}` + "\n"
	if d := cmp.Diff(want, string(file(t, export.JSONL, export.Options{}, "it broke off", sample...))); d != "" {
		t.Error(d)
	}
}

// read is a row as another program reads it out of a Parquet file.
type read struct {
	ID     string     `parquet:"id"`
	At     *time.Time `parquet:"at,optional,timestamp(millisecond)"`
	Turns  int64      `parquet:"turns"`
	Mood   *float64   `parquet:"mood,optional"`
	Themes []string   `parquet:"themes,list"`
	Said   string     `parquet:"said"`
}

func TestParquetIsReadBack(t *testing.T) {
	t.Parallel()
	// More than a row group, so that none of them is all of the file.
	var rows []line
	for range 9_000 {
		rows = append(rows, sample...)
	}
	raw := file(t, export.Parquet, export.Options{}, "more there was", rows...)
	f, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.RowGroups()); n != 2 {
		t.Errorf("%d row groups", n)
	}
	for key, want := range map[string]string{"heed.partial": "more there was", "heed.rows": "27000"} {
		if got, _ := f.Lookup(key); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	schema := f.Schema().String()
	for _, column := range []string{"required binary id (STRING)", "optional int64 at (TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS))", "required int64 turns", "optional double mood", "required group themes (LIST)"} {
		if !strings.Contains(schema, column) {
			t.Errorf("no %q in\n%s", column, schema)
		}
	}
	if strings.Index(schema, "turns") < strings.Index(schema, " at ") {
		t.Errorf("the columns are not in the table's order:\n%s", schema)
	}
	got, err := parquet.Read[read](bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	at := time.Date(2026, 11, 2, 8, 5, 1, 250_000_000, time.UTC)
	want := []read{
		{"a", &at, 3, new(-.5), []string{"late_delivery", "refund"}, sample[0].Said},
		{"b", nil, 0, nil, []string{}, sample[1].Said},
		{"c", nil, 1, nil, []string{"-x"}, ""},
	}
	for i := range got {
		if d := cmp.Diff(want[i%3], got[i]); d != "" {
			t.Fatalf("row %d: %s", i, d)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	if _, err := table.Writer(io.Discard, "xlsx", export.Options{}); !errors.Is(err, export.ErrFormat) {
		t.Error(err)
	}
}

// full takes so many bytes and then refuses.
type full struct{ room int }

var errFull = errors.New("the disk is full")

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// A file that cannot be written is not taken for one that was.
func TestFullDiskIsTold(t *testing.T) {
	t.Parallel()
	for _, f := range export.Formats() {
		w, err := table.Writer(&full{200}, f, export.Options{})
		for i := 0; err == nil && i < 5_000; i++ {
			err = w.Write(&sample[i%3])
		}
		if err == nil {
			_, err = w.Close("")
		}
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// dangerous is what spreadsheets take for the beginning of a formula.
const dangerous = "=+-@\t\r\n＝＋－＠"

// Whatever people said comes back, and is calculated by no spreadsheet.
func TestTextsSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ \x{feff}]?[=+@\-\t＝].{0,9}`)).Draw(t, "said")
		rows, err := csv.NewReader(bytes.NewReader(file(t, export.CSV, export.Options{}, "", line{Said: said}))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		got := rows[1][5]
		if plain := strings.TrimLeft(got, " \ufeff\u200b"); plain != "" && strings.ContainsAny(plain[:1], dangerous) {
			t.Fatalf("%q is a formula", got)
		}
		ends := strings.NewReplacer("\r\n", "", "\n", "", "\r", "")
		if want := ends.Replace(said); ends.Replace(got) != want && ends.Replace(got) != "'"+want {
			t.Fatalf("%q became %q", said, got)
		}
		var o struct{ Said string }
		if err := json.Unmarshal(file(t, export.JSONL, export.Options{}, "", line{Said: said}), &o); err != nil || o.Said != strings.ToValidUTF8(said, "\ufffd") {
			t.Fatalf("%q became %q: %v", said, o.Said, err)
		}
	})
}

func FuzzHarmless(f *testing.F) {
	for _, s := range []string{"=1", " =1", "\u200b+1", "＝1", "a", "", "'", "-", "\xff=", "−3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := export.Harmless(s)
		if got != s && got != "'"+s {
			t.Fatalf("%q became %q", s, got)
		}
		if r := []rune(got); len(r) > 0 && slices.Contains([]rune(dangerous), r[0]) {
			t.Fatalf("%q is a formula", got)
		}
	})
}

// BenchmarkWrite is a million rows in each format: the memory is that of one
// row group, however many there are.
func BenchmarkWrite(b *testing.B) {
	for _, f := range export.Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			w, err := table.Writer(io.Discard, f, export.Options{})
			if err != nil {
				b.Fatal(err)
			}
			for i := range b.N {
				if err := w.Write(&sample[i%3]); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := w.Close(""); err != nil {
				b.Fatal(err)
			}
		})
	}
}
