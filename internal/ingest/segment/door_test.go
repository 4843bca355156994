package segment_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/fixtures"
	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/ingest/segment"
	"heed/internal/store"
)

// TestMain is also the server that a test kills.
func TestMain(m *testing.M) {
	if os.Getenv("HEED_SEGMENT_CHILD") != "" {
		crashChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// now is the clock of every door here.
var now = time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)

// place is a door over a real brain and a real store.
type place struct {
	*httptest.Server
	door  *segment.Door
	store *store.Store
	logs  *safeBuffer
}

type safeBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) text() string {
	b.Lock()
	defer b.Unlock()
	return b.String()
}

func newPlace(t testing.TB, change func(*segment.Options)) *place {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	logs := &safeBuffer{}
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := segment.Options{
		Brain:  brain.New(brain.Options{Store: s, Decider: d, Logger: log, Region: "US", Now: clock}),
		Logger: log, Now: clock,
		Sender: func(r *http.Request) (segment.Sender, string, bool) {
			switch user, _, _ := r.BasicAuth(); user {
			case "":
				return segment.Sender{}, "", false
			case "agent":
				return segment.Sender{ID: "k2", Name: "a desk"}, "the role agent may not do this", true
			default:
				return segment.Sender{ID: user, Name: "shop"}, "", true
			}
		},
	}
	if change != nil {
		change(&o)
	}
	p := &place{door: segment.New(o), store: s, logs: logs}
	mux := http.NewServeMux()
	for pattern, h := range p.door.Handlers() {
		mux.Handle(pattern, h)
	}
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (p *place) post(t *testing.T, path, key, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if key != "" {
		r.SetBasicAuth(key, "")
	}
	res, err := p.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(raw)}
}

func (p *place) events(t *testing.T, types ...event.Type) []event.Event {
	t.Helper()
	out, err := p.store.Events(t.Context(), store.EventQuery{Types: types, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func TestEveryCallIsTaken(t *testing.T) {
	p := newPlace(t, nil)
	for path, body := range map[string]string{
		"/v1/identify": `{"userId":"u1","anonymousId":"a1","traits":{"email":"Ann@Example.com","firstName":"Ann","lastName":"Lee","plan":"gold","address":{"city":"Riga"}}}`,
		"/v1/track":    `{"userId":"u1","event":"Product Added","properties":{"product_id":"p1","price":9.5}}`,
		"/v1/page":     `{"anonymousId":"a1","name":"Home","properties":{"path":"/"}}`,
		"/v1/screen":   `{"anonymousId":"a1","name":"Start"}`,
		"/v1/group":    `{"userId":"u1","groupId":"g1","traits":{"name":"ACME"}}`,
		"/v1/alias":    `{"userId":"u1","previousId":"a0"}`,
		"/v1/batch":    `{"batch":[{"type":"track","userId":"u1","event":"Seen"}]}`,
		"/v1/t":        `{"userId":"u1","event":"Short form"}`,
	} {
		if a := p.post(t, path, "k1", body); a.status != 200 || a.body != "{\"success\":true}\n" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	who, err := p.store.ProfileByIdentifier(t.Context(), "user_id", "u1")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"name": "Ann Lee", "plan": "gold", "address.city": "Riga", "group.id": "g1", "group.name": "ACME"} {
		if got, _ := who.Trait(name, time.Time{}); got.Value != want || got.Source != "segment:shop" || got.Kind != customer.Verified {
			t.Errorf("trait %s is %v of %q, want %v", name, got.Value, got.Source, want)
		}
	}
	if got := who.Count("cart.add", time.Hour, now); got != 1 {
		t.Errorf("%d things in the cart", got)
	}
	if noted := p.events(t, event.ActivityNoted); len(noted) != 7 {
		t.Errorf("%d of 7 in the timeline only", len(noted))
	}
}

func TestHowARequestMayCome(t *testing.T) {
	p := newPlace(t, func(o *segment.Options) { o.Rate = 0 })
	const good = `{"userId":"u1","event":"Seen"}`
	bomb := zipped(`{"userId":"u1","event":"Seen","x":"` + strings.Repeat("a", 10<<20) + `"}`)
	for name, c := range map[string]struct {
		key, body string
		headers   []string
		want      int
	}{
		"plain":               {"k1", good, nil, 200},
		"with a charset":      {"k1", good, []string{"Content-Type", "application/json; charset=UTF-8"}, 200},
		"as browsers send it": {"k1", good, []string{"Content-Type", "text/plain;charset=UTF-8"}, 200},
		"zipped":              {"k1", zipped(good), []string{"Content-Encoding", "gzip"}, 200},
		"no key":              {"", good, nil, 401},
		"a key of a desk":     {"agent", good, nil, 403},
		"another charset":     {"k1", good, []string{"Content-Type", "application/json; charset=latin1"}, 415},
		"another type":        {"k1", good, []string{"Content-Type", "application/xml"}, 415},
		"another packing":     {"k1", good, []string{"Content-Encoding", "br"}, 415},
		"not gzip":            {"k1", good, []string{"Content-Encoding", "gzip"}, 400},
		"half a gzip":         {"k1", zipped(good)[:20], []string{"Content-Encoding", "gzip"}, 400},
		"a bomb":              {"k1", bomb, []string{"Content-Encoding", "gzip"}, 400},
		"not UTF-8":           {"k1", "{\"userId\":\"\xff\",\"event\":\"Seen\"}", nil, 400},
		"too large":           {"k1", `{"userId":"u1","event":"` + strings.Repeat("a", 33<<10) + `"}`, nil, 400},
		"empty":               {"k1", "", nil, 400},
	} {
		before, _ := p.store.LastSeq(t.Context())
		a := p.post(t, "/v1/track", c.key, c.body, c.headers...)
		if a.status != c.want {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.body, c.want)
		}
		if after, _ := p.store.LastSeq(t.Context()); c.want != 200 && after != before {
			t.Errorf("%s: a refused request committed something", name)
		}
		if c.want != 200 && !strings.Contains(a.header.Get("Content-Type"), "problem+json") {
			t.Errorf("%s: answered as %s", name, a.header.Get("Content-Type"))
		}
	}
}

// Each field's wrong kind, size and form is refused by its name.
func TestWhatIsWrongIsNamed(t *testing.T) {
	p := newPlace(t, nil)
	long := `"` + strings.Repeat("a", 3000) + `"`
	track := func(rest string) string { return `{"userId":"u1","event":"Seen",` + rest + `}` }
	for _, c := range []struct{ path, body, field, reason string }{
		{"/v1/track", `[]`, "message", "must be an object"},
		{"/v1/track", `{"userId":`, "message", "is not JSON"},
		{"/v1/track", `{"event":"Seen"}`, "userId", "missing"},
		{"/v1/track", `{"userId":7,"event":"Seen"}`, "userId", "must be text"},
		{"/v1/track", `{"userId":` + long + `,"event":"Seen"}`, "userId", "longer than"},
		{"/v1/track", `{"userId":"a\u0000b","event":"Seen"}`, "userId", "control character"},
		{"/v1/track", `{"userId":"a\ud800b","event":"Seen"}`, "userId", "half a character"},
		{"/v1/track", `{"anonymousId":{},"event":"Seen"}`, "anonymousId", "must be text"},
		{"/v1/track", `{"userId":"  ","event":"Seen"}`, "userId", "missing"},
		{"/v1/track", `{"userId":"u1"}`, "event", "missing"},
		{"/v1/track", `{"userId":"u1","event":7}`, "event", "must be text"},
		{"/v1/track", `{"userId":"u1","event":` + long + `}`, "event", "longer than"},
		{"/v1/track", track(`"messageId":7`), "messageId", "must be text"},
		{"/v1/track", track(`"messageId":` + long), "messageId", "longer than"},
		{"/v1/track", track(`"type":"page"`), "type", "that of the route"},
		{"/v1/track", track(`"type":"dance"`), "type", "is not identify"},
		{"/v1/track", track(`"properties":[1]`), "properties", "must be an object"},
		{"/v1/track", track(`"properties":"x"`), "properties", "must be an object"},
		{"/v1/track", track(`"properties":{"n":1e999}`), "properties", "numbers that fit"},
		{"/v1/track", track(`"properties":` + strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40)), "properties", "nests deeper"},
		{"/v1/track", track(`"timestamp":1746267120`), "timestamp", "must be text"},
		{"/v1/track", track(`"timestamp":"3 May 2026"`), "timestamp", "ISO 8601"},
		{"/v1/track", track(`"timestamp":"2026-05-03T10:12:00"`), "timestamp", "its zone"},
		{"/v1/track", track(`"timestamp":"1969-12-31T23:59:59Z"`), "timestamp", "before 1970"},
		{"/v1/track", track(`"timestamp":"1970-01-02T00:00:00Z","sentAt":"2050-01-01T00:00:00Z"`), "timestamp", "before 1970 by our clock"},
		{"/v1/track", track(`"sentAt":"yesterday"`), "sentAt", "ISO 8601"},
		{"/v1/track", track(`"context":[]`), "context", "must be an object"},
		{"/v1/track", track(`"context":{"page":7}`), "context.page", "must be an object"},
		{"/v1/track", track(`"context":{"page":{"path":7}}`), "context.page.path", "must be text"},
		{"/v1/track", track(`"context":{"locale":7}`), "context.locale", "must be text"},
		{"/v1/track", track(`"context":{"timezone":` + long + `}`), "context.timezone", "longer than"},
		{"/v1/track", track(`"context":{"device":{"id":7}}`), "context.device.id", "must be text"},
		{"/v1/track", track(`"context":{"library":"x"}`), "context.library", "must be an object"},
		{"/v1/track", track(`"context":{"traits":7}`), "context.traits", "must be an object"},
		{"/v1/track", track(`"context":{"traits":{"email":7}}`), "context.traits.email", "must be text"},
		{"/v1/track", track(`"context":{"consent":true}`), "context.consent", "must be an object"},
		{"/v1/track", track(`"context":{"consent":{"categoryPreferences":{"Ads":"yes"}}}`), "context.consent.categoryPreferences", "true and false"},
		{"/v1/identify", `{"userId":"u1","traits":"x"}`, "traits", "must be an object"},
		{"/v1/identify", `{"userId":"u1","traits":{"email":["a@b.c"]}}`, "traits.email", "must be text"},
		{"/v1/identify", `{"userId":"u1","traits":{"phone":4}}`, "traits.phone", "must be text"},
		{"/v1/page", `{"userId":"u1","name":7}`, "name", "must be text"},
		{"/v1/page", `{"userId":"u1","category":` + long + `}`, "category", "longer than"},
		{"/v1/group", `{"userId":"u1"}`, "groupId", "missing"},
		{"/v1/alias", `{"userId":"u1"}`, "previousId", "missing"},
		{"/v1/alias", `{"previousId":"u1"}`, "userId", "missing"},
		{"/v1/batch", `{}`, "batch", "must be a list"},
		{"/v1/batch", `{"batch":{}}`, "batch", "must be a list"},
		{"/v1/batch", `{"batch":[]}`, "batch", "is empty"},
		{"/v1/batch", `{"batch":[{"userId":"u1"}],"sentAt":7}`, "sentAt", "must be text"},
		{"/v1/batch", `{"batch":[{"userId":"u1"}]}`, "type", "missing"},
		{"/v1/batch", `{"batch":[7]}`, "message", "must be an object"},
	} {
		a := p.post(t, c.path, "k1", c.body)
		var problem struct {
			Status int
			Errors []segment.Fault
		}
		if err := json.Unmarshal([]byte(a.body), &problem); err != nil || a.status != 400 || problem.Status != 400 || len(problem.Errors) != 1 {
			t.Errorf("%s %.80s: %d %s", c.path, c.body, a.status, a.body)
			continue
		}
		if e := problem.Errors[0]; e.Field != c.field || !strings.Contains(e.Reason, c.reason) {
			t.Errorf("%s %.80s: %s: %s, want %s: %s", c.path, c.body, e.Field, e.Reason, c.field, c.reason)
		}
	}
	if last, _ := p.store.LastSeq(t.Context()); last != 0 {
		t.Error("a refused message was kept")
	}
	if logs := p.logs.text(); strings.Contains(logs, "u1") || strings.Contains(logs, "a@b.c") {
		t.Errorf("personal data in the log: %s", logs)
	}
}

func TestABatchKeepsWhatIsGood(t *testing.T) {
	p := newPlace(t, nil)
	a := p.post(t, "/v1/batch", "k1", `{"batch":[
		{"type":"track","userId":"u1","event":"Seen","messageId":"m0"},
		{"type":"track","userId":"u1","event":7,"messageId":"m1"},
		{"type":"page","userId":"u2","messageId":"m2"},
		{"type":"track","userId":"u3","event":"Big","messageId":"m3","properties":{"x":"`+strings.Repeat("a", 33<<10)+`"}}]}`)
	var got struct {
		Success  bool
		Rejected []segment.Fault
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 || !got.Success {
		t.Fatalf("%d %s", a.status, a.body)
	}
	want := []segment.Fault{
		{Index: 1, MessageID: "m1", Field: "event", Reason: "must be text"},
		{Index: 3, MessageID: "m3", Field: "message", Reason: "is larger than 32 KB"},
	}
	if fmt.Sprint(got.Rejected) != fmt.Sprint(want) {
		t.Errorf("rejected %+v, want %+v", got.Rejected, want)
	}
	if n := len(p.events(t, event.FactObserved, event.ActivityNoted)); n != 2 {
		t.Errorf("%d messages kept, want 2", n)
	}
	var b strings.Builder
	for i := range 2501 {
		fmt.Fprintf(&b, `,{"type":"page","userId":"u%d"}`, i%20)
	}
	a = p.post(t, "/v1/batch", "k1", `{"batch":[`+b.String()[1:]+`]}`)
	if a.status != 200 || !strings.Contains(a.body, `"index":2500`) {
		t.Errorf("one too many: %d %.200s", a.status, a.body)
	}
	if a = p.post(t, "/v1/batch", "k1", `{"batch":[`+strings.Repeat(" ", 501<<10)+`]}`); a.status != 400 || !strings.Contains(a.body, "500 KB") {
		t.Errorf("too large: %d %s", a.status, a.body)
	}
}

func TestTheSameMessageCountsOnce(t *testing.T) {
	p := newPlace(t, nil)
	const one = `{"type":"track","userId":"u1","event":"Order Completed","messageId":"m1","properties":{"order_id":"o1","products":[{"product_id":"p1"}]}}`
	for _, send := range []struct{ path, body string }{
		{"/v1/track", one},
		{"/v1/track", one},
		{"/v1/batch", `{"batch":[` + one + `,` + one + `]}`},
		{"/v1/batch", `{"batch":[` + strings.Replace(one, `"u1"`, `"u2"`, 1) + `]}`}, // the id decides, not who it is said to be of
	} {
		if a := p.post(t, send.path, "k1", send.body); a.status != 200 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if n := len(p.events(t, event.FactObserved)); n != 2 { // the purchase and the order
		t.Errorf("%d facts, want 2", n)
	}
	s := p.door.Sources()
	if len(s) != 1 || s[0].Taken != 1 || s[0].Repeated != 4 {
		t.Errorf("counted as %+v", s)
	}
}

func TestWhatIsNotKnownIsKeptAndCounted(t *testing.T) {
	p := newPlace(t, nil)
	for range 3 {
		p.post(t, "/v1/track", "k1", `{"userId":"u1","event":"Lamp Rubbed","wish":1,"properties":{"genie":"blue"}}`)
	}
	p.post(t, "/v1/track", "k1", `{"userId":"u1","event":"Product Viewed"}`)
	p.post(t, "/v1/track", "k1", `{"userId":"u1"}`)
	noted := p.events(t, event.ActivityNoted)
	if len(noted) != 3 || !strings.Contains(string(noted[0].Data), `"genie":"blue"`) {
		t.Errorf("kept: %+v", noted)
	}
	s := p.door.Sources()[0]
	if fmt.Sprint(s.Unknown, s.Faults) != "[{Lamp Rubbed 3}] [{event 1}]" || s.Strange != 3 || s.Taken != 4 || s.Refused != 1 {
		t.Errorf("counted as %+v", s)
	}
	who, err := p.store.ProfileByIdentifier(t.Context(), "user_id", "u1")
	if err != nil || len(who.Facts) != 1 {
		t.Errorf("the profile holds %+v, error %v", who.Facts, err)
	}
}

// stuck commits nothing until it is told to.
type stuck struct{ entered, free chan struct{} }

func (s stuck) Receive(ctx context.Context, all []brain.Received) ([]brain.Receipt, error) {
	s.entered <- struct{}{}
	select {
	case <-s.free:
		return make([]brain.Receipt, len(all)), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestOverloadIsTurnedAway(t *testing.T) {
	s := stuck{make(chan struct{}), make(chan struct{})}
	p := newPlace(t, func(o *segment.Options) { o.Brain, o.Queue = s, 2 })
	const two = `{"batch":[{"type":"page","userId":"u1"},{"type":"page","userId":"u1"}]}`
	done := make(chan int)
	go func() { done <- p.post(t, "/v1/batch", "k1", two).status }()
	<-s.entered
	if a := p.post(t, "/v1/page", "k1", `{"userId":"u1"}`); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("with a full queue: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	close(s.free)
	if status := <-done; status != 200 {
		t.Errorf("the first: %d", status)
	}
	go func() { <-s.entered }()
	if a := p.post(t, "/v1/page", "k1", `{"userId":"u1"}`); a.status != 200 {
		t.Errorf("after that: %d", a.status)
	}
}

func TestAKeyHasItsRate(t *testing.T) {
	p := newPlace(t, func(o *segment.Options) { o.Rate = 1 })
	var b strings.Builder
	for range 2500 {
		b.WriteString(`,{"type":"page","userId":"u1"}`)
	}
	full := `{"batch":[` + b.String()[1:] + `]}`
	if a := p.post(t, "/v1/batch", "k1", full); a.status != 200 {
		t.Fatalf("%d %.200s", a.status, a.body)
	}
	if a := p.post(t, "/v1/batch", "k1", full); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	if a := p.post(t, "/v1/page", "k9", `{"userId":"u1"}`); a.status != 200 {
		t.Errorf("another key: %d", a.status)
	}
}

type failing struct{ err error }

func (f failing) Receive(context.Context, []brain.Received) ([]brain.Receipt, error) {
	return nil, f.err
}

func TestFailuresAreToldApart(t *testing.T) {
	full := errors.New("full")
	for err, want := range map[error]int{full: 503, errors.New("a secret of u1"): 500} {
		p := newPlace(t, func(o *segment.Options) {
			o.Brain, o.Busy = failing{err}, func(err error) bool { return errors.Is(err, full) }
		})
		a := p.post(t, "/v1/page", "k1", `{"userId":"u1"}`)
		if a.status != want || strings.Contains(a.body, "secret") {
			t.Errorf("%v: %d %s, want %d", err, a.status, a.body, want)
		}
		if want == 503 && a.header.Get("Retry-After") == "" {
			t.Error("nobody says when to come back")
		}
	}
}

func TestWhoNamesNobodyIsToldSo(t *testing.T) {
	p := newPlace(t, func(o *segment.Options) { o.Brain = nobodies{o.Brain.(*brain.Brain)} })
	a := p.post(t, "/v1/batch", "k1", `{"batch":[{"type":"page","userId":"u1"},{"type":"page","userId":"null","messageId":"m1"},{"type":"page"}]}`)
	if want := `{"success":true,"rejected":[{"index":1,"messageId":"m1","field":"userId","reason":"names nobody"},{"index":2,`; a.status != 200 || !strings.HasPrefix(a.body, want) {
		t.Errorf("in a batch: %d %s", a.status, a.body)
	}
	if a := p.post(t, "/v1/page", "k1", `{"userId":"null"}`); a.status != 400 || !strings.Contains(a.body, "names nobody") {
		t.Errorf("alone: %d %s", a.status, a.body)
	}
	if s := p.door.Sources()[0]; s.Taken != 1 || s.Refused != 3 {
		t.Errorf("counted as %+v", s)
	}
}

// nobodies is a brain that takes the user "null" for nobody.
type nobodies struct{ *brain.Brain }

func (n nobodies) Receive(ctx context.Context, all []brain.Received) ([]brain.Receipt, error) {
	for i := range all {
		all[i].Identifiers = slices.DeleteFunc(all[i].Identifiers, func(id customer.Identifier) bool { return id.Value == "null" })
	}
	return n.Brain.Receive(ctx, all)
}

// A visitor who signs in is one person with the visitor, and so is one whom an
// alias names; a stranger on the same device who signs in is not.
func TestAVisitorBecomesKnown(t *testing.T) {
	p := newPlace(t, nil)
	carted := func(user string) int {
		t.Helper()
		own, err := p.store.ProfileByIdentifier(t.Context(), "user_id", user)
		if err != nil {
			t.Fatal(err)
		}
		who, err := brain.Read(t.Context(), p.store, own.ID)
		if err != nil {
			t.Fatal(err)
		}
		return who.Count("cart.add", time.Hour, now)
	}
	for i, m := range []struct{ path, body string }{
		{"/v1/track", `{"anonymousId":"a1","event":"Product Added"}`},
		{"/v1/identify", `{"userId":"u1","anonymousId":"a1"}`},
		{"/v1/track", `{"anonymousId":"a2","event":"Product Added"}`},
		{"/v1/identify", `{"userId":"u2"}`},
		{"/v1/alias", `{"userId":"u2","previousId":"a2"}`},
		{"/v1/track", `{"userId":"u3","anonymousId":"a3","event":"Product Added"}`},
		{"/v1/track", `{"userId":"u4","anonymousId":"a3","event":"Cart Viewed"}`},
	} {
		if a := p.post(t, m.path, "k1", m.body); a.status != 200 {
			t.Fatalf("%d: %d %s", i, a.status, a.body)
		}
	}
	if one, two, three, four := carted("u1"), carted("u2"), carted("u3"), carted("u4"); one != 1 || two != 1 || three != 1 || four != 0 {
		t.Errorf("in the carts: %d %d %d %d, want 1 1 1 0", one, two, three, four)
	}
}

// TestDeclaredTraits: a message with a trait that is declared to be something
// else is refused with the field, and changes nothing; in a batch the others are
// taken. What nobody declared is taken.
func TestDeclaredTraits(t *testing.T) {
	p := newPlace(t, func(o *segment.Options) {
		o.Takes = func(trait customer.Trait) string {
			if trait.Name == "monthly_fee" && trait.Kind == customer.Verified {
				if _, ok := trait.Value.(float64); !ok {
					return "must be a number"
				}
			}
			return ""
		}
	})
	const good = `{"type": "identify", "userId": "u1", "messageId": "m1", "traits": {"monthlyFee": 20, "anything": "x"}}`
	const bad = `{"type": "identify", "userId": "u2", "messageId": "m2", "traits": {"monthlyFee": "20", "anything": "x"}}`
	if a := p.post(t, "/v1/identify", "k1", bad); a.status != http.StatusBadRequest || !strings.Contains(a.body, "traits.monthly_fee") || !strings.Contains(a.body, "must be a number") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if n := len(p.events(t, event.TraitSet)); n != 0 {
		t.Errorf("%d traits are kept of what was refused", n)
	}
	a := p.post(t, "/v1/batch", "k1", `{"batch": [`+good+`, `+bad+`]}`)
	if a.status != http.StatusOK || !strings.Contains(a.body, `"index":1`) || !strings.Contains(a.body, "traits.monthly_fee") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if n := len(p.events(t, event.TraitSet)); n != 2 {
		t.Errorf("%d traits are kept, want 2", n)
	}
}
