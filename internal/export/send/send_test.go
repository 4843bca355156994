package send_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/internal/event"
	"heed/internal/export"
	"heed/internal/export/send"
	"heed/internal/mount"
)

type row struct{ n int }

var table = export.Table[row]{Name: "rows", Columns: []export.Column[row]{
	export.Whole("n", "which", func(r *row) int64 { return int64(r.n) }),
}}

// desk is a server with one export.
type desk struct {
	*httptest.Server

	mu     sync.Mutex
	source send.Source[row]
	noted  []event.Taken
	failed []error
	refuse error // of the note
	barred bool
}

func open(t *testing.T, source send.Source[row]) *desk {
	t.Helper()
	d := &desk{source: source}
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("test", "1"))
	s := send.New(mount.Kit{
		API: api, Caller: func(context.Context) string { return "dana" }, Role: func(context.Context) string { return "marketer" },
		Fail: func(err error) error {
			d.with(func() { d.failed = append(d.failed, err) })
			return huma.Error500InternalServerError("no")
		},
		Still: func(context.Context) (may bool) { d.with(func() { may = !d.barred }); return may },
	}, 5000, func(_ context.Context, _ string, e event.Taken) (err error) {
		d.with(func() { d.noted, err = append(d.noted, e), d.refuse })
		return err
	})
	op := huma.Operation{OperationID: "rows", Method: http.MethodGet, Path: "/rows"}
	send.Describe(&op, table, row{7})
	huma.Register(api, op, func(ctx context.Context, in *struct{ send.Ask }) (*huma.StreamResponse, error) {
		return send.Answer(ctx, s, table, in.Ask, "rows", func(ctx context.Context, take func(*row) error) (string, error) {
			var rows send.Source[row]
			d.with(func() { rows = d.source })
			return rows(ctx, take)
		})
	})
	if example := api.OpenAPI().Paths["/rows"].Get.Responses["200"].Content["text/csv"].Example; example != "n\r\n7\r\n" {
		t.Errorf("example %q", example)
	}
	d.Server = httptest.NewServer(mux)
	t.Cleanup(d.Close)
	return d
}

// with locks what the server's goroutines share with the test.
func (d *desk) with(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

func (d *desk) get(t *testing.T, query string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+"/rows"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// count gives so many rows and then an error, or the reason why they are not all.
func count(n int, partial string, err error) send.Source[row] {
	return func(_ context.Context, take func(*row) error) (string, error) {
		for i := range n {
			if err := take(&row{i}); err != nil {
				return "", err
			}
		}
		return partial, err
	}
}

func TestAnswersSayWhetherTheyAreWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source  send.Source[row]
		rows    string
		partial string
		logged  bool
	}{
		"whole":      {count(3, "", nil), "3", "", false},
		"nothing":    {count(0, "", nil), "0", "", false},
		"of a part":  {count(2, "the index was being built", nil), "2", "the index was being built", false},
		"just all":   {count(5000, "", nil), "5000", "", false},
		"too many":   {count(9000, "", nil), "5000", "only the first 5000 rows are here; narrow what is asked for, or raise limits-export-rows", false},
		"broken off": {count(2, "", errors.New("secret words")), "2", "it broke off here; the reason is in the server's log", true},
	} {
		d := open(t, c.source)
		r, body := d.get(t, "?format=jsonl")
		if got := r.Trailer.Get(send.RowsTrailer); got != c.rows || r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d with %q rows", name, r.StatusCode, got)
		}
		if got := r.Trailer.Get(send.PartialTrailer); got != c.partial {
			t.Errorf("%s: partial %q", name, got)
		}
		if told := strings.Contains(body, `{"partial":`); told != (c.partial != "") || strings.Contains(body, "secret") || (len(d.failed) > 0) != c.logged {
			t.Errorf("%s: %q, logged %v", name, body[max(0, len(body)-200):], d.failed)
		}
		want := event.Taken{By: "dana", Role: "marketer", What: "rows", Format: "jsonl"}
		if len(d.noted) != 1 || d.noted[0] != want {
			t.Errorf("%s: noted %+v", name, d.noted)
		}
	}
}

func TestHeadersAndFormats(t *testing.T) {
	t.Parallel()
	d := open(t, count(2, "", nil))
	for query, want := range map[string][3]string{
		"":                  {"text/csv; charset=utf-8; header=present", "n\r\n0\r\n1\r\n", "rows.csv"},
		"?bom=1":            {"text/csv; charset=utf-8; header=present", "\ufeffn\r\n0\r\n1\r\n", "rows.csv"},
		"?format=jsonl":     {"application/x-ndjson", "{\"n\":0}\n{\"n\":1}\n", "rows.jsonl"},
		"?format=parquet":   {"application/vnd.apache.parquet", "PAR1", "rows.parquet"},
		"?format=xlsx":      {"application/problem+json", "{", ""},
		"?format=csv&bom=x": {"application/problem+json", "{", ""},
	} {
		r, body := d.get(t, query)
		if got := r.Header.Get("Content-Type"); got != want[0] || !strings.HasPrefix(body, want[1]) || !strings.Contains(r.Header.Get("Content-Disposition"), want[2]) {
			t.Errorf("%s: %v %q", query, r.Header, body)
		}
	}
}

// Nothing leaves that could not be noted before.
func TestWhatIsNotNotedIsNotSent(t *testing.T) {
	t.Parallel()
	d := open(t, count(2, "", nil))
	d.with(func() { d.refuse = errors.New("the disk is full") })
	for range 9 { // and no place is lost by it
		if r, body := d.get(t, ""); r.StatusCode != http.StatusInternalServerError || strings.Contains(body, "\r\n") {
			t.Fatal(r.StatusCode, body)
		}
	}
	d.with(func() { d.refuse = nil })
	if r, _ := d.get(t, ""); r.StatusCode != http.StatusOK {
		t.Error(r.StatusCode)
	}
}

func TestARevokedKeyEndsIt(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.source = func(_ context.Context, take func(*row) error) (string, error) {
		for i := range 4000 {
			d.with(func() { d.barred = i > 10 })
			if err := take(&row{i}); err != nil {
				return "", err
			}
		}
		return "", nil
	}
	if r, _ := d.get(t, ""); r.Trailer.Get(send.RowsTrailer) != "2000" || !strings.Contains(r.Trailer.Get(send.PartialTrailer), "has ended") {
		t.Errorf("%v", r.Trailer)
	}
}

// A few run at once, the next is told to come again, and one whose caller has
// gone gives its place back.
func TestExportsAtOnce(t *testing.T) {
	t.Parallel()
	const together = 4
	began, ended := make(chan struct{}), make(chan error)
	d := open(t, func(ctx context.Context, take func(*row) error) (string, error) {
		for i := 0; ; i++ {
			if i == 1 {
				began <- struct{}{}
				<-ctx.Done()
			}
			if err := take(&row{i}); err != nil {
				ended <- err
				return "", err
			}
		}
	})
	ctx, leave := context.WithCancel(t.Context())
	for range together {
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+"/rows", nil)
			if err != nil {
				return
			}
			if r, err := http.DefaultClient.Do(req); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				_ = r.Body.Close()
			}
		}()
	}
	for range together {
		<-began
	}
	r, body := d.get(t, "")
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" || !strings.Contains(body, "4 exports") {
		t.Errorf("the fifth: %d %s", r.StatusCode, body)
	}
	leave()
	for range together {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	d.with(func() { d.source = count(1, "", nil) })
	for deadline := time.Now().Add(10 * time.Second); ; {
		if r, _ = d.get(t, ""); r.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no place was given back")
		}
	}
	d.with(func() {
		if len(d.failed) > 0 {
			t.Errorf("a caller who goes is no failure: %v", d.failed)
		}
	})
}
