package client

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"heed/internal/decisions"
)

func TestDecideAllReadsToTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body  string
		lines int
		want  string
	}{
		"whole":     {`{"customer_id":"a","decision":{}}` + "\n" + `{"customer_id":"b","error":"no"}` + "\n" + `{"progress":{"done":2}}` + "\n", 3, ""},
		"cut":       {`{"progress":{"done":2,"after":"x"}}` + "\n", 1, "cut off"},
		"half line": {`{"progress":{"done":2,"after":"x"}}` + "\n" + `{"customer`, 1, "cut off"},
		"stopped":   {`{"error":"the disk is full"}`, 0, "the disk is full"},
	} {
		n := 0
		cl := serveFake(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, c.body) }))
		err := cl.DecideAll(t.Context(), Selection{Slot: "outbound.email"}, func(decisions.Line) error { n++; return nil })
		if n != c.lines || (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %d lines, %v", name, n, err)
		}
	}
}
