package spend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"heed/internal/money"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func serviceAt(t testing.TB, dir string) (*Service, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	eur, err := money.Parse("EUR")
	if err != nil {
		t.Fatal(err)
	}
	k, err := New(t.Context(), Options{Store: s, Currency: eur, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return k, s
}

// kept gives what counts, in words.
func kept(t testing.TB, k *Service) []string {
	t.Helper()
	rows, _, err := k.Page(t.Context(), store.SpendQuery{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %s/%s %d by %s", r.Day, r.Source, r.Campaign, r.Cost, r.By))
	}
	return out
}

const usual = "date,source,campaign,cost\n2026-03-01,google,Fibre Spring,12.50\n2026-03-02,google,Fibre Spring,1000\n"

var usualKept = []string{"2026-03-01 google/Fibre Spring 1250 by Ann", "2026-03-02 google/Fibre Spring 100000 by Ann"}

// Files as ad platforms and spreadsheets write them say the same.
func TestFilesAsTheyCome(t *testing.T) {
	t.Parallel()
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(usual)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain":       usual,
		"a mark":      "\xef\xbb\xbf" + usual,
		"UTF-16":      utf16,
		"semicolons":  "Day;Source;Campaign name;Spend\n01.03.2026;google;Fibre Spring;12,50\n02.03.2026;google;Fibre Spring;1.000,00\n",
		"tabs":        "date\tsource\tcampaign\tcost\tcurrency\n2026/03/01\tgoogle\tFibre  Spring \t12.5\teur\n20260302\tgoogle\tFibre Spring\t1,000.00\tEUR\n",
		"more of it":  "clicks,date,source,campaign,cost,impressions\n7,2026-03-01,google,Fibre Spring,12.50,9\n8,2026-03-02,google,Fibre Spring,1000,9\n",
		"blank lines": "\n\ndate,source,campaign,cost\r\n\r\n2026-03-01,google,\"Fibre Spring\",12.50\r\n2026-03-02,google,Fibre Spring,1000",
	} {
		k, _ := serviceAt(t, t.TempDir())
		r, err := k.File(t.Context(), Asked{By: "Ann"}, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(usualKept, kept(t, k)); diff != "" || r.Rows != 2 || r.Total != 101250 {
			t.Errorf("%s: %+v (-want +got):\n%s", name, r, diff)
		}
	}
}

// What cannot be read is refused with its line, and nothing of it is kept.
func TestWrongFilesChangeNothing(t *testing.T) {
	t.Parallel()
	windows, err := charmap.Windows1252.NewEncoder().String("date,source,campaign,cost\n2026-03-01,google,Frühling,1\n")
	if err != nil {
		t.Fatal(err)
	}
	k, _ := serviceAt(t, t.TempDir())
	if _, err := k.File(t.Context(), Asked{By: "Ann"}, strings.NewReader(usual)); err != nil {
		t.Fatal(err)
	}
	row := func(s string) string {
		return "date,source,campaign,cost,currency\n2026-04-01,a,b,1,\n" + s + "\n2026-04-03,a,b,1,\n"
	}
	for name, c := range map[string]struct{ text, says string }{
		"nothing":       {"", "the file is empty"},
		"only a header": {"date,source,campaign,cost\n", "there are no rows"},
		"Windows-1252":  {windows, `save it as "CSV UTF-8"`},
		"no header":     {"2026-03-01,google,x,1\n", "line 1: date: no column is named so"},
		"two headers":   {"date,cost,source,campaign,Cost\n", `two columns are named "cost"`},
		"two of a kind": {"date,day,source,campaign,cost\n", `date: stands in two columns, "date" and "day"`},
		"a day":         {row("03/04/2026,a,b,1,"), "line 3: date: \"03/04/2026\" may be the day or the month first"},
		"no day":        {row("yesterday,a,b,1,"), "line 3: date: \"yesterday\" is no day"},
		"an old day":    {row("1999-01-01,a,b,1,"), "before 2000"},
		"a far day":     {row("2031-01-01,a,b,1,"), "more than a year ahead"},
		"no source":     {row("2026-04-02,,b,1,"), "line 3: source: \"\" is missing"},
		"a long name":   {row("2026-04-02,a," + strings.Repeat("x", 300) + ",1,"), "longer than 256 bytes"},
		"a control":     {row("2026-04-02,a,b\x00c,1,"), "control character"},
		"a currency":    {row("2026-04-02,a,b,1,USD"), "line 3: currency: \"USD\" is not EUR"},
		"an amount":     {row("2026-04-02,a,b,12 EUR,"), "line 3: cost"},
		"thousands":     {row("2026-04-02,a,b,\"1,234\","), "thousands or a fraction"},
		"less":          {row("2026-04-02,a,b,-1,"), "less than nothing"},
		"few fields":    {row("2026-04-02,a"), "line 3: the row has 2 fields, the header 5"},
		"an open quote": {row("2026-04-02,\"a,b,1,"), "a quote is not closed"},
		"twice":         {row("2026-04-01,A,B,5,"), "line 3: line 3 names the day, source and campaign of line 2"},
	} {
		_, err := k.File(t.Context(), Asked{By: "Bob"}, strings.NewReader(c.text))
		refused, ok := errors.AsType[*Refused](err)
		if !ok || !strings.Contains(refused.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if diff := cmp.Diff(usualKept, kept(t, k)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	_, err = k.File(t.Context(), Asked{}, strings.NewReader("date,source,campaign,cost\n"+strings.Repeat("x,y,z,w\n", 30)))
	if refused, ok := errors.AsType[*Refused](err); !ok || len(refused.Wrong) != MostWrong || refused.More != 10 {
		t.Errorf("30 wrong rows: %v", err)
	}
}

// The latest word counts, in any case of letters, and who gave it stays.
func TestLatestWordCounts(t *testing.T) {
	t.Parallel()
	k, s := serviceAt(t, t.TempDir())
	upload := func(a Asked, text string) Result {
		r, err := k.File(t.Context(), a, strings.NewReader("date,source,campaign,cost\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	upload(Asked{By: "Ann"}, "2026-03-01,google,Brand,10\n2026-03-02,bing,Brand,20\n")
	first := upload(Asked{By: "Bob", Key: "k"}, "2026-03-01,GOOGLE,brand,11\n")
	if again := upload(Asked{By: "Bob", Key: "k"}, "2026-03-01,GOOGLE,brand,11\n"); !again.Again || again.ID != first.ID {
		t.Errorf("the same key: %+v", again)
	}
	if _, err := k.File(t.Context(), Asked{By: "Bob", Key: "k"}, strings.NewReader(usual)); !errors.Is(err, store.ErrMismatch) {
		t.Errorf("the same key with another file: %v", err)
	}
	look := upload(Asked{By: "Eve", Dry: true, Key: "k2"}, "2026-03-09,x,y,1\n")
	if look.Rows != 1 || len(look.First) != 1 {
		t.Errorf("a look: %+v", look)
	}
	want := []string{"2026-03-01 GOOGLE/brand 1100 by Bob", "2026-03-02 bing/Brand 2000 by Ann"}
	if diff := cmp.Diff(want, kept(t, k)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := k.Delete(t.Context(), Asked{By: "Ann"}, store.SpendQuery{From: "2026-03-01", To: "2026-03-01", Source: "google"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:], kept(t, k)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if _, err := k.Rows(t.Context(), Asked{By: "Ann"}, []Row{{"2026-03-01", "google", "brand", "1.234", ""}}); err == nil {
		t.Error("a thousandth of a euro is taken")
	}
	if _, err := k.Rows(t.Context(), Asked{By: "Ann"}, []Row{{"2026-03-01", "google", "brand", "12", ""}}); err != nil {
		t.Fatal(err)
	}
	if got := kept(t, k); got[0] != "2026-03-01 google/brand 1200 by Ann" {
		t.Errorf("after it was deleted: %v", got)
	}
	totals, err := s.SpendTotals(t.Context(), "2026-03-01", "2026-03-31")
	if err != nil || len(totals) != 2 || totals[0].Cost != 2000 || totals[1].Cost != 1200 {
		t.Errorf("%+v, %v", totals, err)
	}
	uploads, next, err := k.Uploads(t.Context(), "", 2)
	if err != nil || len(uploads) != 2 || uploads[0].Kind != "rows" || uploads[1].Kind != "delete" || next == "" {
		t.Fatalf("%+v %q, %v", uploads, next, err)
	}
	if uploads, _, err = k.Uploads(t.Context(), next, 10); err != nil || len(uploads) != 2 || uploads[0].By != "Bob" {
		t.Errorf("%+v, %v", uploads, err)
	}
}

// cut breaks off after some bytes, as a connection does.
type cut struct{ io.Reader }

func (c cut) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// What broke off, or was cut off by a crash, leaves nothing.
func TestHalfAnUploadIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	k, s := serviceAt(t, dir)
	if _, err := k.File(t.Context(), Asked{By: "Ann"}, cut{strings.NewReader(many(3000))}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := k.File(ctx, Asked{By: "Ann"}, io.MultiReader(strings.NewReader(many(3000)), readerFunc(func() { cancel() }))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	err := s.Write(t.Context(), func(tx *store.Tx) error { // as a crash leaves it
		n, err := tx.BeginSpend(store.SpendUpload{ID: "x"})
		if err != nil {
			return err
		}
		return tx.AddSpend(n, []store.SpendRow{{Day: "2026-03-01", Source: "a", Campaign: "b", Cost: 1}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := kept(t, k); len(got) != 0 {
		t.Errorf("counts: %v", got)
	}
	if _, err := New(t.Context(), k.o); err != nil {
		t.Fatal(err)
	}
	if _, err := k.File(t.Context(), Asked{By: "Ann"}, strings.NewReader(usual)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(usualKept, kept(t, k)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type readerFunc func()

func (f readerFunc) Read([]byte) (int, error) { f(); return 0, context.Canceled }

func many(rows int) string {
	var b strings.Builder
	b.WriteString("date,source,campaign,cost\n")
	day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		fmt.Fprintf(&b, "%s,source%d,campaign-%d,%d.%02d\n", day.AddDate(0, 0, i%400).Format(time.DateOnly), i%5, i/400, i%1000, i%100)
	}
	return b.String()
}

// A large file is read as it comes: the memory does not grow with it, and all
// of it can be paged through.
func TestLargeFiles(t *testing.T) {
	k, _ := serviceAt(t, t.TempDir())
	const rows = 60_000
	text := many(rows)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := k.File(t.Context(), Asked{By: "Ann"}, strings.NewReader(text))
	if err != nil || r.Rows != rows {
		t.Fatalf("%+v, %v", r, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d bytes more are held", grown)
	}
	seen := 0
	last := ""
	for q := (store.SpendQuery{Limit: 500}); ; {
		page, next, err := k.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if at := r.Day + r.Source + r.Campaign; at <= last {
				t.Fatalf("%s after %s", at, last)
			} else {
				last = at
			}
		}
		seen += len(page)
		if q.After = next; next == "" {
			break
		}
	}
	if seen != rows {
		t.Errorf("%d rows in the pages", seen)
	}
}

// Whatever comes is read or refused, and what is read is within its bounds.
func FuzzFile(f *testing.F) {
	f.Add([]byte(usual))
	f.Add([]byte("\xff\xfed\x00a\x00"))
	f.Add([]byte("date;source;campaign;cost;currency\n1.3.2026;a;\"b\nc\";1.000,5;EUR\n"))
	f.Add([]byte("date,source,campaign,cost\n2026-03-01,=cmd|'x',b,0.1\n\"\n"))
	eur, err := money.Parse("EUR")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var unknown []string
		for l := range (reader{eur, noon}).file(bytes.NewReader(data), &unknown) {
			if l.wrong != nil || l.failed != nil {
				continue
			}
			day, err := time.Parse(time.DateOnly, l.Day)
			if err != nil || day.Year() < 2000 || l.Cost < 0 || l.Cost > money.Largest || l.Source == "" || l.Campaign == "" || len(l.Campaign) > LongestName {
				t.Errorf("%+v", l.SpendRow)
			}
		}
	})
}

// BenchmarkFile uploads a million rows, the most that are taken.
func BenchmarkFile(b *testing.B) {
	text := many(MostRows)
	for b.Loop() {
		k, _ := serviceAt(b, b.TempDir())
		if r, err := k.File(b.Context(), Asked{By: "Ann"}, strings.NewReader(text)); err != nil || r.Rows != MostRows {
			b.Fatalf("%+v, %v", r, err)
		}
	}
	b.ReportMetric(MostRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
