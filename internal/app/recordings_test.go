package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"heed/fixtures"
	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/intake/api"
	"heed/internal/web"
	"heed/transcribe/scripted"
)

// bring posts a body and gives the status, the headers and the answer.
func bring(t *testing.T, c *client.Client, kind, query, key string, body io.Reader) (int, http.Header, api.View) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Base()+"/v1/recordings"+query, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer "+c.Key())
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v api.View
	if err := json.Unmarshal(raw, &v); err != nil || res.StatusCode >= 400 {
		v.Note = string(raw)
	}
	return res.StatusCode, res.Header, v
}

// form is a recording with its fields.
func form(t *testing.T, wav []byte, fields ...string) (kind string, body io.Reader) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "call.mp3")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(wav)
	_ = w.Close()
	return w.FormDataContentType(), &b
}

// A recorded call is brought and is then one like any other: heard, understood,
// found, told of to nobody as if it went on.
func TestARecordingIsBroughtAndFound(t *testing.T) {
	wav, err := fs.ReadFile(fixtures.Calls(), "cancel-competitor.wav")
	if err != nil {
		t.Fatal(err)
	}
	_, lines := readScript(t, "cancel-competitor")
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{"+12025550142": lines}))
	fields := []string{"started_at", "2026-03-02T09:15:00Z", "from", "+12025550142", "agent", "Sam Lee", "first", "agent", "recording_id", "R1"}
	kind, body := form(t, wav, fields...)
	status, header, v := bring(t, asRole(t, c, "ingest"), kind, "", "k1", body)
	if status != http.StatusAccepted || header.Get("Location") != "/v1/recordings/"+v.ID || v.State != "fetched" {
		t.Fatalf("%d %v %+v", status, header, v)
	}
	wait(t, "the recording is a call", func() bool {
		return ask(t, c, http.MethodGet, header.Get("Location"), "", &v) == http.StatusOK && v.State == "done"
	})
	r, err := c.Call(t.Context(), v.CallID)
	if err != nil || r.Status != "ended" || r.StartedAt.Format("2006-01-02T15:04") != "2026-03-02T09:15" || len(r.Utterances) < 5 || r.Agent != "Sam Lee" {
		t.Fatalf("%+v, %v", r, err)
	}
	var decisions struct{ Decisions []any }
	if err := json.Unmarshal(mustJSON(t, r), &decisions); err != nil || len(decisions.Decisions) > 0 {
		t.Errorf("%d decisions, %v", len(decisions.Decisions), err)
	}
	wait(t, "its words are found on their day", func() bool {
		var found struct{ Hits []struct{ At string } }
		status := ask(t, c, http.MethodGet, "/v1/search?q="+url.QueryEscape("cancel"), "", &found)
		return status == http.StatusOK && len(found.Hits) > 0 && strings.HasPrefix(found.Hits[0].At, "2026-03-02T09:1")
	})
	wait(t, "it is summed up and its recording is kept", func() bool {
		r, err = c.Call(t.Context(), v.CallID)
		return err == nil && r.Summary != nil && r.Recording.State == "kept"
	})
	var s web.Status
	if ask(t, c, http.MethodGet, "/v1/status", "", &s); s.Recordings.Done != 1 || s.Calls.Live != 0 {
		t.Errorf("status: %+v", s.Recordings)
	}
	kind, body = form(t, wav, fields...)
	if status, _, again := bring(t, c, kind, "", "", body); status != http.StatusOK || again.ID != v.ID || again.CallID != v.CallID {
		t.Errorf("the same again: %d %+v", status, again)
	}
	var page api.Page
	if got := ask(t, c, http.MethodGet, "/v1/recordings?state=done", "", &page); got != http.StatusOK || len(page.Recordings) != 1 || page.Next != "" {
		t.Errorf("the list: %d %+v", got, page)
	}
	var calls struct{ Calls []desk.Line }
	if got := ask(t, c, http.MethodGet, "/v1/calls", "", &calls); got != http.StatusOK || len(calls.Calls) != 1 {
		t.Errorf("%d calls, %d", len(calls.Calls), got)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	_, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(nil))
	wav, err := fs.ReadFile(fixtures.Calls(), "happy-thanks.wav")
	if err != nil {
		t.Fatal(err)
	}
	boundary := "multipart/form-data; boundary=x"
	for _, r := range []struct {
		kind, query, body string
		want              int
		says              string
	}{
		{"audio/wav", "", "", 422, "none of WAV"},
		{"audio/mpeg", "", "<html>", 422, "none of WAV"},
		{"audio/wav", "?started_at=yesterday", string(wav), 400, "started_at"},
		{"audio/wav", "?colour=red", string(wav), 400, "colour"},
		{"audio/wav", "?first=nobody", string(wav), 422, "first"},
		{"audio/wav", "?url=https://a.example/x", string(wav), 400, "not both"},
		{"text/plain", "", "hello", 400, "send multipart"},
		{"", "", "hello", 422, "Content-Type"},
		{"application/json", "", "{", 400, "form"},
		{"application/json", "", `{"from": "+1"}`, 400, "url is missing"},
		{"application/json", "", `{"url": "https://a.example/x", "colour": 1}`, 400, "colour"},
		{"application/json", "", `{"url": "https://a.example/x"}`, 422, "recordings-hosts allows it"},
		{boundary, "", "--x--\r\n", 400, "form"},
		{boundary, "", "--x\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\n+1\r\n--x--\r\n", 400, "no part named file"},
		{boundary, "", "--x\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\n" + strings.Repeat("1", 5000) + "\r\n--x--\r\n", 400, "longer"},
		{boundary, "", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + string(wav[:1000]), 400, "ended before"},
		{boundary, "", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\n1\r\n", 40), 400, "more than 32 parts"},
	} {
		status, _, v := bring(t, c, r.kind, r.query, "", strings.NewReader(r.body))
		if status != r.want || !strings.Contains(v.Note, r.says) {
			t.Errorf("%s %s %.30q: %d %s, want %d and %q", r.kind, r.query, r.body, status, v.Note, r.want, r.says)
		}
	}
	for _, role := range []string{"agent", "marketer", "viewer", "privacy", "designer"} {
		if status, _, _ := bring(t, asRole(t, c, role), "audio/wav", "", "", bytes.NewReader(wav)); status != http.StatusForbidden {
			t.Errorf("a %s brings recordings: %d", role, status)
		}
	}
	key := fmt.Sprint("k", 1)
	if status, _, v := bring(t, c, "audio/wav", "", key, bytes.NewReader(wav)); status != http.StatusAccepted {
		t.Errorf("a key: %d %s", status, v.Note)
	}
	if status, _, v := bring(t, c, "audio/wav", "", key, bytes.NewReader(wav[:len(wav)-2])); status != 422 || !strings.Contains(v.Note, "another request") {
		t.Errorf("the key with another recording: %d %s", status, v.Note)
	}
	var page api.Page
	if ask(t, c, http.MethodGet, "/v1/recordings", "", &page); len(page.Recordings) != 1 {
		t.Errorf("%d recordings, want the one", len(page.Recordings))
	}
}
