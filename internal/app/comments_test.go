package app_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/event"
	"heed/transcribe/scripted"
)

// TestACommentIsOfItsCall writes beside a call: the card number is taken out,
// the customer's copy has the words without who wrote them, and with the
// customer they are gone.
func TestACommentIsOfItsCall(t *testing.T) {
	t.Parallel()
	const number = "+12025550183"
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, scriptedBy(map[string][]scripted.Line{number: {
		{Speaker: "customer", Start: time.Second, End: 4 * time.Second, Text: "please call me back"},
	}}))
	r := call(t, c, recording(t, "cancel-competitor"), number, 40)
	path := "/v1/calls/" + r.ID + "/comments"
	var n event.Comment
	body := fmt.Sprintf(`{"text": "Nobody called back, her card is 4111 1111 1111 1111", "utterance_id": %q}`, r.Utterances[0].ID)
	if status := ask(t, c, http.MethodPost, path, body, &n); status != http.StatusCreated || n.Second == nil || *n.Second != 1 || strings.Contains(n.Text, "4111") {
		t.Fatalf("%d %+v", status, n)
	}
	for name, text := range copyOf(t, enter(t, c, dir, number, map[string]bool{})) {
		if has := strings.Contains(text, "Nobody called back"); has != (name == "calls/"+r.ID+".json" || name == "calls/"+r.ID+".html") {
			t.Errorf("the comment in %s of the copy: %v", name, has)
		}
		if strings.HasPrefix(name, "calls/") && strings.Contains(text, n.By) || strings.Contains(text, "comment.added") {
			t.Errorf("%s of the copy tells who wrote it", name)
		}
	}
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+r.CustomerID+"/erase", `{"confirm": "erase"}`, nil); status != http.StatusOK && status != http.StatusAccepted {
		t.Fatalf("erase: %d", status)
	}
	if status := ask(t, c, http.MethodGet, path, "", nil); status != http.StatusGone {
		t.Errorf("comments of an erased call: %d", status)
	}
	if status := ask(t, c, http.MethodPost, path, `{"text": "again"}`, nil); status != http.StatusGone {
		t.Errorf("a comment on an erased call: %d", status)
	}
}

// copyOf takes a copy of everything and gives its texts by name.
func copyOf(t *testing.T, p *visitor) map[string]string {
	t.Helper()
	p.get("/my/copy")
	raw := p.post("/my/copy")
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".wav") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = string(text)
	}
	return texts
}
