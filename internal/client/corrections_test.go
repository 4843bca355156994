package client

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestCorrections(t *testing.T) {
	c := fake(t, map[string]string{
		"GET /v1/corrections?limit=500&after=":     `{"corrections":[{"utterance_id":"u1","text":"Cancel."}],"next":"a b"}`,
		"GET /v1/corrections?limit=500&after=a+b":  `{"corrections":[{"utterance_id":"u2"}]}`,
		"GET /v1/corrections?limit=500&after=late": `!403 {"status":403,"detail":"the role ingest may not do this"}`,
	})
	page, next, err := c.Corrections(t.Context(), "")
	if err != nil || len(page) != 1 || page[0].Text != "Cancel." || next != "a b" {
		t.Errorf("%+v, next %q, %v", page, next, err)
	}
	if page, next, err = c.Corrections(t.Context(), next); err != nil || len(page) != 1 || page[0].UtteranceID != "u2" || next != "" {
		t.Errorf("%+v, next %q, %v", page, next, err)
	}
	if _, _, err := c.Corrections(t.Context(), "late"); err == nil || !strings.Contains(err.Error(), "may not do this") {
		t.Errorf("refused: %v", err)
	}
}

func TestRecording(t *testing.T) {
	c := serveFake(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.EscapedPath() {
		case "/v1/calls/c%2F1/recording":
			fmt.Fprint(w, "RIFFaudio")
		default:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"status":404,"detail":"nothing was recorded of this call"}`)
		}
	})
	body, err := c.Recording(t.Context(), "c/1")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(body)
	if err = errors.Join(err, body.Close()); err != nil || string(raw) != "RIFFaudio" {
		t.Errorf("%q, %v", raw, err)
	}
	p := (*Problem)(nil)
	if _, err := c.Recording(t.Context(), "none"); !errors.As(err, &p) || p.Status != 404 || !strings.Contains(err.Error(), "nothing was recorded") {
		t.Errorf("no recording: %v", err)
	}
	if c.http.Timeout >= recordingTime {
		t.Error("other requests wait as long as a recording may take")
	}
}
