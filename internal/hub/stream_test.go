package hub_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"heed/internal/hub"
)

func TestWhatAStreamWrites(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		e := hub.NewStream(w)
		for _, err := range []error{e.Retry(time.Second), e.Event("7", "call", []byte(`{"a":1}`)), e.Alive(), e.Event("", "slot", []byte("{}"))} {
			if err != nil {
				t.Error(err)
			}
		}
	}))
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	const want = "retry: 1000\n\nid: 7\nevent: call\ndata: {\"a\":1}\n\n: still here\n\nevent: slot\ndata: {}\n\n"
	if err != nil || string(raw) != want || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %v\n%s", err, res.Header, raw)
	}
}
