package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/consent"
	"heed/internal/decide"
)

// enter lets the holder of a number in by a link that the desk sends.
func enter(t *testing.T, c *client.Client, dir, phone string, seen map[string]bool) *visitor {
	t.Helper()
	var found struct{ Customers []struct{ ID string } }
	if ask(t, c, http.MethodGet, "/v1/customers?q="+strings.TrimPrefix(phone, "+"), "", &found); len(found.Customers) != 1 {
		t.Fatalf("%d customers with the number", len(found.Customers))
	}
	if code := ask(t, c, http.MethodPost, "/v1/customers/"+found.Customers[0].ID+"/door-link", `{"by":"phone"}`, nil); code != http.StatusOK {
		t.Fatalf("link: %d", code)
	}
	_, text := letter(t, dir, seen)
	u, err := url.Parse(doorLink.FindString(text))
	if err != nil {
		t.Fatal(err)
	}
	p := newVisitor(t, c)
	p.post("/my/open", "t", u.Query().Get("t"))
	p.wants(http.StatusOK, "What we know")
	return p
}

func ledgerOf(t *testing.T, c *client.Client, id string) []consent.Row {
	t.Helper()
	var got struct{ Rows []consent.Row }
	if code := ask(t, c, http.MethodGet, "/v1/customers/"+id+"/consent?limit=500", "", &got); code != http.StatusOK {
		t.Fatalf("ledger: %d", code)
	}
	slices.Reverse(got.Rows) // it comes the latest first
	return got.Rows
}

var usesOnPage = regexp.MustCompile(`name="use" value="([a-z_.]+)"`)

// TestOneClickEachWay presses yes and no for every use there is on the page,
// and counts: the way back is never longer than the way there.
func TestOneClickEachWay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	id := person(t, c, "+12025550143", "")
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	uses := usesOnPage.FindAllStringSubmatch(p.get("/my/choices"), -1)
	if len(uses) != 13 {
		t.Fatalf("%d uses", len(uses))
	}
	for _, u := range uses {
		use := u[1]
		for _, step := range []struct {
			say  string
			want consent.State
		}{{"yes", consent.Granted}, {"no", consent.Withdrawn}, {"yes", consent.Granted}} {
			before := len(ledgerOf(t, c, id))
			p.get("/my/choices")
			p.post("/my/choices", "use", use, "say", step.say) // one click
			p.wants(http.StatusOK, "Saved.", "Undo")
			rows := ledgerOf(t, c, id)
			if len(rows) != before+1 {
				t.Fatalf("%s %s: %d rows more", use, step.say, len(rows)-before)
			}
			last := rows[len(rows)-1]
			if last.State != step.want || "asked."+string(last.Purpose)+strings.TrimSuffix("."+last.Channel, ".") != use {
				t.Errorf("%s %s: %+v", use, step.say, last)
			}
			if last.Wording == "" || last.Language != "en" || last.Source != "own pages" || last.Actor != "customer" {
				t.Errorf("%s: the row does not say what was shown: %+v", use, last)
			}
		}
	}
	if err := consent.Verify(ledgerOf(t, c, id)); err != nil {
		t.Error(err)
	}
	before := len(ledgerOf(t, c, id))
	p.post("/my/choices", "use", "asked.research", "say", "yes") // it is yes
	p.post("/my/choices", "use", "asked.nothing", "say", "yes")
	p.wants(http.StatusUnprocessableEntity, "Nothing was changed")
	if n := len(ledgerOf(t, c, id)); n != before {
		t.Errorf("%d rows more for nothing", n-before)
	}
}

// TestStopEverythingAndUndo also reads the history of it.
func TestStopEverythingAndUndo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	id := person(t, c, "+12025550143", "")
	allow(t, c, id, "marketing", "granted")
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	state := func(purpose consent.Purpose, channel string) consent.State {
		return consent.Now(ledgerOf(t, c, id), consent.Cell{Purpose: purpose, Channel: channel}, time.Now()).State
	}
	p.get("/my/choices")
	p.post("/my/choices/stop") // one click
	p.wants(http.StatusOK, "Everything is stopped", "Tracking is off", "Undo")
	for _, purpose := range []consent.Purpose{consent.Marketing, consent.Profiling, consent.Research, consent.Recording, consent.Sale, consent.Tracking} {
		if got := state(purpose, "email"); got != consent.Withdrawn {
			t.Errorf("%s is %s", purpose, got)
		}
	}
	if got := state(consent.Service, ""); got != consent.Unknown {
		t.Errorf("the service is %s", got)
	}
	act := regexp.MustCompile(`name="act" value="([^"]+)"`).FindStringSubmatch(p.page)[1]
	p.post("/my/choices/undo", "act", act) // one click
	p.wants(http.StatusOK, "Everything is as it was before", "Tracking is on")
	if state(consent.Marketing, "email") != consent.Granted || state(consent.Profiling, "") != consent.Unknown {
		t.Error("undone is not as before")
	}
	p.post("/my/choices/undo", "act", act)
	p.wants(http.StatusNotFound)
	p.get("/my/history")
	p.wants(http.StatusOK, "Stop everything that is not needed to serve me.", "an entry was undone", "Offers: allowed", "may we?")
}

func TestAFactIsCorrected(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	id := person(t, c, "+12025550143", `, "city": "Springfield", "age": 41`)
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	p.wants(http.StatusOK, "Springfield")
	p.post("/my/known/correct", "fact", "city", "value", "")
	p.wants(http.StatusUnprocessableEntity, "Please check this", "Enter what is right", `aria-invalid="true"`)
	p.post("/my/known/correct", "fact", "city", "value", strings.Repeat("x", 201))
	p.wants(http.StatusUnprocessableEntity)
	p.post("/my/known/correct", "fact", "age", "value", "old")
	p.wants(http.StatusUnprocessableEntity, "Enter a number")
	p.post("/my/known/correct", "fact", "nothing", "value", "x")
	p.wants(http.StatusNotFound)
	p.get("/my/known")
	p.post("/my/known/correct", "fact", "city", "value", " Lakeside ")
	p.wants(http.StatusOK, "What you said now counts", "Lakeside", "From: you", "Springfield</s>", "Contradicted")
	p.post("/my/known/correct", "fact", "age", "value", "42,5")
	p.wants(http.StatusOK, "42.5")
	var got struct {
		Traits []struct {
			Name, Source string
			Value        any
		}
	}
	ask(t, c, http.MethodGet, "/v1/customers/"+id, "", &got)
	if len(got.Traits) != 4 || got.Traits[0].Name != "age" || got.Traits[0].Value != 42.5 || got.Traits[0].Source != "customer" {
		t.Errorf("%+v", got.Traits)
	}
	// The other system says it again: what the person said stays.
	report(t, c, "/v1/identify", `{"anonymousId": "a+12025550143", "traits": {"phone": "+12025550143", "city": "Springfield"}}`, nil)
	p.get("/my/known")
	if at := strings.Index(p.page, "Lakeside"); at < 0 || at > strings.Index(p.page, "Springfield</s>") {
		t.Error("another system's word came before the person's")
	}
}

func suggest(t *testing.T, c *client.Client, id string) decide.Decision {
	t.Helper()
	allow(t, c, id, "marketing", "granted")
	allow(t, c, id, "profiling", "granted")
	d := decided(t, c, id, "web")
	if len(d.Actions) == 0 {
		t.Fatalf("silence: %s", d.Because)
	}
	return d
}

// TestADecisionIsContested goes to the company's people and back.
func TestADecisionIsContested(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := servedWithOffers(t, dir)
	id := person(t, c, "+12025550143", "")
	d := suggest(t, c, id)
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	p.get("/my/offers")
	p.wants(http.StatusOK, d.Actions[0].Title, "I do not agree", "You see this because", "You said yes to personal offers on our website on ", "What else do you know?")
	p.post("/my/offers/"+d.ID+"/contest", "words", "I <b>never</b> asked")
	p.wants(http.StatusOK, "A person will look at it", "I &lt;b&gt;never&lt;/b&gt; asked")
	p.post("/my/offers/"+d.ID+"/contest", "words", "again")
	var open struct {
		Contests []struct {
			Words      string
			DecisionID string `json:"decision_id"`
		}
	}
	ask(t, c, http.MethodGet, "/v1/contests", "", &open)
	if len(open.Contests) != 1 || open.Contests[0].Words != "I <b>never</b> asked" || open.Contests[0].DecisionID != d.ID {
		t.Fatalf("%+v", open)
	}
	if code := ask(t, c, http.MethodPost, "/v1/contests/"+d.ID+"/answer", `{"answer":"It was a mistake of ours."}`, nil); code != http.StatusNoContent {
		t.Errorf("answer: %d", code)
	}
	if ask(t, c, http.MethodGet, "/v1/contests", "", &open); len(open.Contests) != 0 {
		t.Errorf("still open: %+v", open)
	}
	p.get("/my/offers")
	p.wants(http.StatusOK, "It was a mistake of ours.", ">Stop this<")
	// What it rests on is stopped as every other choice is, and undone.
	p.post("/my/choices", "use", "asked.marketing.web", "say", "no")
	act := actOnPage(t, p)
	if p.get("/my/offers"); strings.Contains(p.page, ">Stop this<") || !strings.Contains(p.page, "You said no on") {
		t.Error("a use that was stopped can be stopped once more")
	}
	p.post("/my/choices/undo", "act", act)
	p.get("/my/offers")
	p.wants(http.StatusOK, ">Stop this<")
	refuse := "/my/offers/" + d.ID + "/unfit"
	p.post(refuse, "action", "none")
	p.wants(http.StatusNotFound)
	for range 2 { // said again it is as said once
		p.get("/my/offers")
		p.post(refuse, "action", d.Actions[0].Action)
		p.wants(http.StatusOK, "Nothing of this kind is suggested to you for a while.")
	}
	if rule, _ := removedBy(decided(t, c, id, "web")); !strings.HasPrefix(rule, "contact.") {
		t.Errorf("after it was refused: %q", rule)
	}
	p.get("/my/language?to=ar&back=/my/offers")
	p.wants(http.StatusOK, "لا يناسبني", "ترى هذا")
}

// actOnPage gives the act that a page offers to undo.
func actOnPage(t *testing.T, p *visitor) string {
	t.Helper()
	m := undoField.FindStringSubmatch(p.page)
	if m == nil {
		t.Fatal("nothing to undo")
	}
	return m[1]
}

var undoField = regexp.MustCompile(`name="act" value="([^"]+)"`)

// TestNobodySeesAnotherPerson tries every route with what belongs to somebody
// else, and without a visit.
func TestNobodySeesAnotherPerson(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := servedWithOffers(t, dir)
	victim := person(t, c, "+12025550143", `, "name": "Victoria Secretname", "city": "Hiddenville"`)
	d := suggest(t, c, victim)
	seen := map[string]bool{}
	theirs := enter(t, c, dir, "+12025550143", seen)
	theirs.get("/my/choices")
	theirs.post("/my/choices", "use", "asked.research", "say", "yes")
	act := regexp.MustCompile(`name="act" value="([^"]+)"`).FindStringSubmatch(theirs.page)[1]
	token := tokenField.FindStringSubmatch(theirs.page)[1]
	person(t, c, "+12025550117", `, "name": "Eve"`)
	eve := enter(t, c, dir, "+12025550117", seen)
	rows := len(ledgerOf(t, c, victim))
	secrets := []string{"Victoria", "Secretname", "Hiddenville", "2025550143", victim}
	look := func(what string, p *visitor, codes ...int) {
		for _, s := range secrets {
			if strings.Contains(p.page, s) && !strings.Contains(what, s) {
				t.Errorf("%s shows %q", what, s)
			}
		}
		if slices.Contains(codes, p.code) {
			return
		}
		t.Errorf("%s: status %d, want one of %v", what, p.code, codes)
	}
	for _, path := range []string{"known", "choices", "history", "calls", "offers", "copy", "choices?done=" + act, "history?before=999", "history?before=-1", "calls?after=" + d.ID, "offers?after=" + victim} {
		eve.get("/my/" + path)
		look("GET "+path, eve, http.StatusOK, http.StatusBadRequest)
	}
	for _, path := range []string{"calls/" + d.ID, "calls/" + d.ID + "/recording", "calls/" + victim, "calls/..%2f..%2fdoor.key", "nothing"} {
		eve.get("/my/" + path)
		look("GET "+path, eve, http.StatusNotFound)
	}
	for path, fields := range map[string][]string{
		"offers/" + d.ID + "/contest": {"words", "mine"}, "offers/" + d.ID + "/unfit": {"action", d.Actions[0].Action}, "choices/undo": {"act", act}, "known/correct": {"fact", "city", "value", "x"},
	} {
		eve.get("/my/choices")
		eve.post("/my/"+path, fields...)
		look("POST "+path, eve, http.StatusNotFound)
	}
	// Another visit's token is worth nothing, and neither is a form without one.
	for _, tok := range []string{token, "", "x"} {
		eve.get("/my/choices")
		eve.post("/my/choices", "use", "asked.research", "say", "yes", "token", tok)
		look("a wrong token", eve, http.StatusForbidden)
	}
	stranger := newVisitor(t, c)
	for _, path := range []string{"known", "choices", "history", "calls", "calls/" + d.ID, "calls/" + d.ID + "/recording", "offers", "copy"} {
		stranger.get("/my/" + path)
		look("a stranger at "+path, stranger, http.StatusUnauthorized)
	}
	for _, path := range []string{"known/correct", "choices", "choices/stop", "choices/undo", "offers/" + d.ID + "/contest", "offers/" + d.ID + "/unfit", "copy", "leave"} {
		stranger.post("/my/"+path, "token", token)
		look("a stranger posts "+path, stranger, http.StatusUnauthorized)
	}
	if n := len(ledgerOf(t, c, victim)); n != rows {
		t.Errorf("%d rows were added to the victim's ledger", n-rows)
	}
}

// TestACopyOfEverything reads the ZIP again, with names that try to be markup.
func TestACopyOfEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := servedWithOffers(t, dir)
	id := person(t, c, "+12025550143", `, "name": "<script>alert(1)</script>", "city": "\u202eSpring\u0026field"`)
	suggest(t, c, id)
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	if strings.Contains(p.page, "<script") || strings.Contains(p.page, "\u202e") {
		t.Error("markup or a turned direction came through")
	}
	p.get("/my/copy")
	start := time.Now()
	raw := p.post("/my/copy")
	t.Logf("%d bytes in %s", len(raw), time.Since(start))
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	for _, name := range []string{"index.html", "profile.json", "consent.json", "receipt.json", "receipt.txt", "decisions.json", "events.ndjson"} {
		if files[name] == "" {
			t.Errorf("no %s in %v", name, len(files))
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(files[name])) {
			t.Errorf("%s is no JSON", name)
		}
	}
	page := files["index.html"]
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert(1)") || !strings.Contains(page, "may we?") || strings.Contains(page, "/my/") {
		t.Errorf("the page:\n%s", page)
	}
	for i, line := range strings.Split(strings.TrimSpace(files["events.ndjson"]), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("event %d is no JSON", i)
		}
	}
	for range 3 {
		p.get("/my/copy")
		p.post("/my/copy")
	}
	p.wants(http.StatusTooManyRequests, "Wait some minutes")
}

func TestThePagesInArabic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", "")
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	p.get("/my/language?to=ar&back=/my/choices")
	p.wants(http.StatusOK, `lang="ar" dir="rtl"`, "خياراتك")
	p.post("/my/choices", "use", "asked.marketing.email", "say", "yes")
	p.get("/my/history")
	p.wants(http.StatusOK, "سُئلت", `lang="ar">هل يجوز لنا`)
	p.get("/my/known")
	p.wants(http.StatusOK, `<bdi dir="ltr">&#43;12025550143</bdi>`)
	for _, back := range []string{"https://evil.example/", "//evil.example/my/", "/my/../login", "/my/\\evil"} {
		p.get("/my/language?to=en&back=" + url.QueryEscape(back))
		if p.code != http.StatusOK && p.code != http.StatusNotFound {
			t.Errorf("%s: %d", back, p.code)
		}
	}
}

// TestEveryPageIsWellFormed parses the pages strictly: a mark that is not
// closed would let one field run into the next.
func TestEveryPageIsWellFormed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", `, "name": "Ann \u003c\u0026\u003e", "member": true`)
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	for _, path := range []string{"", "known", "choices", "history", "calls", "offers", "copy", "code", "open?t=x", "none"} {
		p.get("/my/" + path)
		d := xml.NewDecoder(strings.NewReader(p.page))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
				break
			}
		}
		for _, must := range []string{"<main id=\"main\"", "class=\"skip\"", "<h1>", "<title>", "lang=\"en\""} {
			if strings.Count(p.page, must) != 1 && must != "lang=\"en\"" {
				t.Errorf("%s has %d of %s", path, strings.Count(p.page, must), must)
			}
		}
		if regexp.MustCompile(`(?i)<script|style="|onclick|https?://`).MatchString(p.page) {
			t.Errorf("%s has a script, a style of its own or an address elsewhere", path)
		}
	}
}

// TestTenThousandEvents takes a copy of a long history.
func TestTenThousandEvents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, app.NoEngine())
	person(t, c, "+12025550143", "")
	for batch := range 10 {
		var b strings.Builder
		for i := range 1000 {
			_, _ = fmt.Fprintf(&b, `%s{"type":"track","messageId":"m-%d-%d","anonymousId":"a+12025550143","event":"Product Viewed","context":{"traits":{"phone":"+12025550143"}},"properties":{"product_id":"p%d"}}`, map[bool]string{true: "", false: ","}[i == 0], batch, i, i)
		}
		report(t, c, "/v1/batch", `{"batch":[`+b.String()+`]}`, nil)
	}
	p := enter(t, c, dir, "+12025550143", map[string]bool{})
	start := time.Now()
	p.get("/my/known")
	page := time.Since(start)
	p.get("/my/copy")
	start = time.Now()
	raw := p.post("/my/copy")
	t.Logf("page of what is known in %s; copy of %d bytes in %s", page, len(raw), time.Since(start))
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("events.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(body, []byte("\n")); n < 10_000 {
		t.Errorf("%d events in the copy", n)
	}
}

// TestSomebodyIsForgotten types the word, gets a number, and is a stranger
// from then on. What they had contested goes with them.
func TestSomebodyIsForgotten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := servedWithOffers(t, dir)
	id := person(t, c, "+12025550143", `, "name": "Ann Forgettable"`)
	d := suggest(t, c, id)
	seen := map[string]bool{}
	p := enter(t, c, dir, "+12025550143", seen)
	other := enter(t, c, dir, "+12025550143", seen)
	p.get("/my/offers")
	p.post("/my/offers/"+d.ID+"/contest", "words", "no thanks")
	p.get("/my/forget")
	p.wants(http.StatusOK, "This cannot be undone", "type the word")
	p.post("/my/forget", "word", "forgot")
	p.wants(http.StatusUnprocessableEntity, "Nothing was erased")
	p.get("/my/known")
	p.wants(http.StatusOK, "Ann Forgettable")
	p.get("/my/forget")
	p.post("/my/forget", "word", " Forget ")
	p.wants(http.StatusOK, "You are forgotten", "Everything about you was erased")
	link := regexp.MustCompile(`/my/certificate/[0-9a-f-]+`).FindString(p.page)
	p.get(link)
	p.wants(http.StatusOK, "Certificate of erasure", strings.TrimPrefix(link, "/my/certificate/"))
	if strings.Contains(p.page, "Forgettable") || strings.Contains(p.page, "2025550143") {
		t.Errorf("the certificate tells of the person: %s", p.page)
	}
	p.get("/my/certificate/" + id)
	p.wants(http.StatusNotFound)
	for _, v := range []*visitor{p, other} {
		v.get("/my/known")
		v.wants(http.StatusUnauthorized)
	}
	var open struct{ Contests []any }
	if code := ask(t, c, http.MethodGet, "/v1/contests", "", &open); code != http.StatusOK || len(open.Contests) != 0 {
		t.Errorf("%d %v", code, open)
	}
	if code := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/door-link", `{"by":"phone"}`, nil); code < 400 || code == http.StatusInternalServerError {
		t.Errorf("a link to nobody: %d", code)
	}
}
