package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
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

// servedWithOffers is serve with a catalogue of a sale and a service.
func servedWithOffers(t *testing.T, dir string) *client.Client {
	t.Helper()
	understand, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	o := app.Options{Config: settings(t, dir), Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: understand}
	o.Config.Content.Actions = offers(t)
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, a)
}

func TestSomebodyComesInByCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", `, "city": "Springfield"`)
	seen := map[string]bool{}
	enter(t, c, dir, "+12025550143", seen).wants(http.StatusOK, "Proven to be yours")
	p := newVisitor(t, c)
	p.get("/my/known")
	p.wants(http.StatusUnauthorized, "See your data")
	p.get("/my")
	p.wants(http.StatusOK, "See your data")
	p.post("/my/ask", "address", "(202) 555-0143")
	p.wants(http.StatusOK, "If we know this address")
	to, text := letter(t, dir, seen)
	if !strings.Contains(to, "+12025550143@sms.invalid") {
		t.Errorf("to %q", to)
	}
	digits := sixDigits.FindString(text)
	p.post("/my/code", "code", "12")
	p.wants(http.StatusUnprocessableEntity, "This is not the code", "Please check this")
	p.post("/my/code", "code", digits[:3]+" "+digits[3:])
	p.wants(http.StatusOK, "What we know", "12025550143", "Springfield")
	p.post("/my/leave")
	p.wants(http.StatusOK, "You are signed out")
	p.get("/my/known")
	p.wants(http.StatusUnauthorized)
}

// TestAStrangerLearnsNothing: an address that nobody has gets the same words,
// codes that are wrong in the same way, and no message.
func TestAStrangerLearnsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", "")
	seen := map[string]bool{}
	enter(t, c, dir, "+12025550143", seen)
	answers := map[string]string{}
	for _, phone := range []string{"+12025550143", "+12025550199"} {
		p := newVisitor(t, c)
		all := p.post("/my/ask", "address", phone)
		for range 5 {
			// The code is made beside the request: until then no try counts.
			for p.post("/my/code", "code", "000000"); p.code == http.StatusForbidden && !strings.Contains(all, "This is not"); {
				p.post("/my/code", "code", "000000")
			}
			all += fmt.Sprint(p.code) + p.page
		}
		answers[phone] = all
	}
	if answers["+12025550143"] != answers["+12025550199"] {
		t.Error("a known and an unknown address are told apart")
	}
	if names, err := filepath.Glob(filepath.Join(dir, "outbox", "*.eml")); err != nil || len(names) != len(seen)+1 {
		t.Errorf("%d messages, %v", len(names), err)
	}
	p := newVisitor(t, c)
	for _, address := range []string{"", "hello", "a@b", strings.Repeat("1", 3000)} {
		p.post("/my/ask", "address", address)
		p.wants(http.StatusUnprocessableEntity, "Please check this")
	}
}

// TestAnAddressThatSomebodyAdded: whoever adds an address of their own to
// another's record, by a key that every page shows, does not get in by it, and
// the desk does not write to it unless it says so.
func TestAnAddressThatSomebodyAdded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	report(t, c, "/v1/identify", `{"userId": "u-7", "traits": {"phone": "+12025550143", "email": "ann@example.com"}}`, nil)
	report(t, c, "/v1/identify", `{"userId": "u-7", "timestamp": "2019-01-01T00:00:00Z", "traits": {"email": "eve@example.com"}}`, nil)
	var found struct{ Customers []struct{ ID string } }
	if ask(t, c, http.MethodGet, "/v1/customers?q=u-7", "", &found); len(found.Customers) != 1 {
		t.Fatalf("%+v", found)
	}
	link := "/v1/customers/" + found.Customers[0].ID + "/door-link"
	if code := ask(t, c, http.MethodPost, link, `{"by":"email"}`, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("to one of two: %d", code)
	}
	if code := ask(t, c, http.MethodPost, link, `{"by":"email","to":"zoe@example.com"}`, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("to somebody else's: %d", code)
	}
	p := newVisitor(t, c)
	p.post("/my/ask", "address", "eve@example.com")
	p.wants(http.StatusOK, "If we know this address")
	if code := ask(t, c, http.MethodPost, link, `{"by":"email","to":"ann@example.com"}`, nil); code != http.StatusOK {
		t.Errorf("to the one that was asked for: %d", code)
	}
	if to, _ := letter(t, dir, map[string]bool{}); !strings.Contains(to, "ann@example.com") {
		t.Errorf("the first message goes to %s", to)
	}
}

// TestALinkIsSentByTheDesk: whoever asks for it never sees it.
func TestALinkIsSentByTheDesk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	id := person(t, c, "+12025550143", "")
	var got map[string]any
	if code := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/door-link", `{"by":"email"}`, &got); code != http.StatusUnprocessableEntity {
		t.Errorf("no e-mail address: %d %v", code, got)
	}
	got = nil
	if code := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/door-link", `{"by":"phone","language":"ar"}`, &got); code != http.StatusOK || got["sent"] != true || len(got) != 2 {
		t.Errorf("%d %v", code, got)
	}
	_, text := letter(t, dir, map[string]bool{})
	link := doorLink.FindString(text)
	if !strings.Contains(text, "بياناتك") || link == "" {
		t.Fatalf("%q", text)
	}
	p := newVisitor(t, c)
	path := strings.TrimPrefix(link, c.Base())
	for range 2 { // looking at it does not use it up
		p.get(path[strings.Index(path, "/my/"):])
		p.wants(http.StatusOK, "Show my data")
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	p.post("/my/open", "t", u.Query().Get("t"))
	p.wants(http.StatusOK, "What we know")
	again := newVisitor(t, c)
	again.post("/my/open", "t", u.Query().Get("t"))
	again.wants(http.StatusForbidden, "was used already or has expired", "Send me a code")
	got = nil
	if code := ask(t, c, http.MethodDelete, "/v1/customers/"+id+"/door-link", "", &got); code != http.StatusOK || got["ended"] != 1.0 {
		t.Errorf("%d %v", code, got)
	}
	p.get("/my/known")
	p.wants(http.StatusUnauthorized)
	for range 6 {
		if code := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/door-link", `{"by":"phone"}`, nil); code == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("links without end")
}

func TestTheDoorsHeaders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", "")
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	resp, err := p.http.Get(p.base + "/my/known")
	if err != nil {
		t.Fatal(err)
	}
	p.read(resp, nil)
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Language": "en", "X-Content-Type-Options": "nosniff",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("%q", csp)
	}
	u, _ := url.Parse(p.base + "/my/known")
	for _, cookie := range p.http.Jar.Cookies(u) {
		if cookie.Name == "heed_session" {
			t.Error("a customer got a session of the staff's")
		}
	}
	var me map[string]any
	resp, err = p.http.Get(p.base + "/v1/customers")
	if err != nil {
		t.Fatal(err)
	}
	if p.read(resp, nil); p.code != http.StatusUnauthorized {
		t.Errorf("the API let a customer in: %d %v", p.code, me)
	}
	// A form of another site is refused, and so is one of another kind.
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(strings.Repeat("a=b&", 9000))) },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"/my/choices/stop", strings.NewReader("token=x"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.ContentLength = -1
		change(r)
		resp, err := p.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if p.read(resp, nil); p.code < 400 || p.code >= 500 {
			t.Errorf("status %d", p.code)
		}
	}
}
