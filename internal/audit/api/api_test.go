package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/internal/export"
	"heed/internal/mount"
	"heed/internal/store"
)

// record is an audit of one row that remembers what it was asked.
type record struct{ asked store.ReadQuery }

func (r *record) Reads(_ context.Context, q store.ReadQuery) ([]store.Read, string, error) {
	r.asked = q
	return []store.Read{example()}, "next", nil
}

func (r *record) VerifyReads(context.Context) (store.ReadChain, error) {
	return store.ReadChain{Rows: 4, Bad: 5}, nil
}

// What is asked for reaches the audit, and counts are written down before.
func TestTheAuditIsAsked(t *testing.T) {
	rec, flushed := &record{}, error(nil)
	mux := http.NewServeMux()
	Routes(Options{Audit: rec, Flush: func(context.Context) error { return flushed }})(mount.Kit{
		API: humago.New(mux, huma.DefaultConfig("test", "1")), Fail: func(error) error { return huma.Error503ServiceUnavailable("full") },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		return w
	}
	w := get("/v1/audit?who=u1&call=c1&customer=p1&kind=call&from=2026-03-01T00:00:00Z&limit=7&after=x")
	q := rec.asked
	if w.Code != http.StatusOK || q.Who != "u1" || q.Call != "c1" || q.About != "p1" || q.Kind != "call" || q.From.IsZero() || !q.To.IsZero() || q.Limit != 7 || q.After != "x" {
		t.Errorf("%d: it was asked %+v", w.Code, q)
	}
	for _, want := range []string{`"next":"next"`, `"customer_id":"0198c0e0"`, `"why":"complaint 4412"`, `"times":3`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s in %s", want, w.Body)
		}
	}
	if w := get("/v1/audit/verify"); !strings.Contains(w.Body.String(), `"whole":false`) || !strings.Contains(w.Body.String(), `"bad":5`) {
		t.Errorf("a changed audit is told as %s", w.Body)
	}
	if flushed = errors.New("disk"); get("/v1/audit").Code != http.StatusServiceUnavailable {
		t.Error("an audit that lacks counts is shown")
	}
}

// What a spreadsheet would calculate is text in the file.
func TestTheFileIsSafe(t *testing.T) {
	var b bytes.Buffer
	w, err := table().Writer(&b, export.CSV, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := example()
	r.Name = "=1+1"
	if err := w.Write(&r); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(""); err != nil || !strings.Contains(b.String(), "'=1+1") {
		t.Errorf("%v: %s", err, b.String())
	}
}
