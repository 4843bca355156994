package app_test

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/client"
)

// visitor is a browser at the customer's own door.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
	page string // the last page
	code int
}

func newVisitor(t *testing.T, c *client.Client) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: c.Base(), http: &http.Client{Jar: jar, Timeout: time.Minute}}
}

func (p *visitor) get(path string) string {
	p.t.Helper()
	resp, err := p.http.Get(p.base + path)
	return p.read(resp, err)
}

func (p *visitor) read(resp *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.page, p.code = string(raw), resp.StatusCode
	return p.page
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)

// post sends a form of the last page, with that page's token.
func (p *visitor) post(path string, fields ...string) string {
	p.t.Helper()
	form := url.Values{}
	if m := tokenField.FindStringSubmatch(p.page); m != nil {
		form.Set("token", m[1])
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	resp, err := p.http.PostForm(p.base+path, form)
	return p.read(resp, err)
}

// wants fails unless the last page holds the words and has the status.
func (p *visitor) wants(code int, words ...string) {
	p.t.Helper()
	if p.code != code {
		p.t.Errorf("status %d, want %d", p.code, code)
	}
	for _, w := range words {
		if !strings.Contains(p.page, w) {
			p.t.Errorf("the page lacks %q:\n%s", w, p.page)
		}
	}
}

// letter waits for a message in the outbox, newer than those seen before.
func letter(t *testing.T, dir string, seen map[string]bool) (to, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		names, err := filepath.Glob(filepath.Join(dir, "outbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				return readLetter(t, name)
			}
		}
		select {
		case <-ctx.Done():
			t.Fatal("no message came")
		case <-tick.C:
		}
	}
}

func readLetter(t *testing.T, name string) (to, text string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if kind, _, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
		t.Errorf("kind %q, %v", kind, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("To"), string(body)
}

var (
	sixDigits = regexp.MustCompile(`\b\d{6}\b`)
	doorLink  = regexp.MustCompile(`https?://\S+/my/open\?t=\S+`)
)

// knownBy makes a customer by what another system tells and gives their id.
func knownBy(t *testing.T, c *client.Client, message, find string) string {
	t.Helper()
	if code := ask(t, c, http.MethodPost, "/v1/batch", `{"batch":[`+message+`]}`, nil); code != http.StatusOK {
		t.Fatalf("events: status %d", code)
	}
	var got struct {
		Customers []struct{ ID string }
	}
	if ask(t, c, http.MethodGet, "/v1/customers?q="+url.QueryEscape(find), "", &got); len(got.Customers) != 1 {
		t.Fatalf("%d customers with %q", len(got.Customers), find)
	}
	return got.Customers[0].ID
}

func TestSomebodyComesInByCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	knownBy(t, c, `{"type":"identify","messageId":"m1","userId":"u-1","traits":{"phone":"+12025550143","name":"Maria Keller","city":"Springfield"}}`, "2025550143")
	p := newVisitor(t, c)
	p.get("/my")
	p.wants(http.StatusOK, "See your data")
	p.post("/my/ask", "address", "(202) 555-0143")
	p.wants(http.StatusOK, "If we know this address")
	to, text := letter(t, dir, map[string]bool{})
	if !strings.Contains(to, "+12025550143@sms.invalid") {
		t.Errorf("to %q", to)
	}
	p.post("/my/code", "code", sixDigits.FindString(text))
	p.wants(http.StatusOK, "What we know", "12025550143", "Springfield")
	p.get("/my/choices")
	p.wants(http.StatusOK, "May we send you offers by e-mail?")
}
