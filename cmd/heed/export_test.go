package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/client"
)

// exporter answers like a server, or worse.
func exporter(t *testing.T, answer http.HandlerFunc) *client.Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	c, err := client.New(s.URL, "k")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExportPaths(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]exportFlags{
		"/v1/search/export?bom=true&format=csv&q=theme%3Alate+AND+x&sort=oldest": {query: "theme:late AND x", format: "csv", bom: true, out: "x", sort: "oldest"},
		"/v1/calls/export?format=parquet&status=ended":                           {calls: true, status: "ended", format: "parquet", out: "x"},
		"/v1/themes/a%2Fb/calls/export?format=jsonl":                             {theme: "a/b", format: "jsonl", out: "-"},
	} {
		if got, err := f.path(); got != want || err != nil {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	for says, f := range map[string]exportFlags{
		"by one of":      {format: "csv", out: "x"},
		"one of --query": {query: "a", calls: true, format: "csv", out: "x"},
		"none of csv":    {query: "a", format: "xlsx", out: "x"},
		"--out":          {query: "a", format: "csv"},
		"--status goes":  {query: "a", status: "live", format: "csv", out: "x"},
	} {
		_, err := f.path()
		if bad := (*usageError)(nil); !errors.As(err, &bad) || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestExportsAreWholeFilesOrNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.csv")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole := func(rows, partial string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer k" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Trailer", "Heed-Export-Rows, Heed-Export-Partial")
			_, _ = w.Write([]byte("a\r\n1\r\n"))
			w.Header().Set("Heed-Export-Rows", rows)
			w.Header().Set("Heed-Export-Partial", partial)
		}
	}
	for name, c := range map[string]struct {
		out    string
		answer http.HandlerFunc
		fails  string
		holds  string // what is there then
	}{
		"whole":   {"a.csv", whole("1", ""), "", "a\r\n1\r\n"},
		"partial": {"b.csv", whole("1", "there was more"), "does not hold all: there was more", "a\r\n1\r\n"},
		"no end":  {"c.csv", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a\r\n")) }, "cut off", ""},
		"broken off": {"d.csv", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = w.Write([]byte("a\r\n"))
		}, "cut off", ""},
		"refused":      {"e.csv", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "403", ""},
		"there before": {"there.csv", whole("1", ""), "there already", "mine"},
		"no folder":    {"no/f.csv", whole("1", ""), "--out", ""},
	} {
		var out, errs bytes.Buffer
		f := exportFlags{calls: true, format: "csv", out: filepath.Join(dir, c.out)}
		err := f.run(t.Context(), exporter(t, c.answer), newTerminal(&out, &errs), "/v1/calls/export")
		if (c.fails == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v", name, err)
		}
		if raw, _ := os.ReadFile(f.out); string(raw) != c.holds {
			t.Errorf("%s: the file has %q", name, raw)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
	var out bytes.Buffer
	f := exportFlags{calls: true, format: "csv", out: "-"}
	if err := f.run(t.Context(), exporter(t, whole("1", "")), newTerminal(&out, &out), "/v1/calls/export"); err != nil || out.String() != "a\r\n1\r\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
