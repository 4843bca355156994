package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"heed/internal/app"
	"heed/internal/brain"
	"heed/internal/client"
	"heed/internal/ingest/segment"
)

// ask makes a request of the API and decodes the answer.
func ask(t *testing.T, c *client.Client, method, path, body string, into any) int {
	t.Helper()
	status, raw, _ := send(t, c, method, path, "application/json", body)
	if into != nil {
		if err := json.Unmarshal([]byte(raw), into); err != nil {
			t.Fatalf("%s %s: %d %s: %v", method, path, status, raw, err)
		}
	}
	return status
}

// flaky passes requests on to a server, but not all: it turns the first away,
// fails the second, and loses the answer of the third.
func flaky(t *testing.T, to string) string {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) {
		case 1:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.WriteHeader(http.StatusBadGateway)
		case 3:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusGatewayTimeout)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// sdk runs the published library against a server.
func sdk(t *testing.T, to, key string) (failed []string, answers []int) {
	t.Helper()
	dir, err := filepath.Abs("../ingest/segment/testdata/sdk")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@segment", "analytics-node")); err != nil {
		install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("the library cannot be installed: %v\n%s", err, out)
		}
	}
	cmd := exec.CommandContext(t.Context(), "node", "drive.mjs", to, key)
	cmd.Dir = dir
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	var got struct {
		Failed  []string
		Answers []int
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return got.Failed, got.Answers
}

// TestPublishedNodeSDK sends each call with Segment's own library for Node,
// over a line that refuses, fails and loses answers.
func TestPublishedNodeSDK(t *testing.T) {
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.Segment.Consent = []string{"Advertising=marketing", "Analytics=profiling"}
	c := serveWith(t, cfg, app.NoEngine())
	var key struct{ Key string }
	if status := ask(t, c, "POST", "/v1/keys", `{"name":"shop","role":"ingest"}`, &key); status != 200 {
		t.Fatalf("a key: %d", status)
	}
	failed, answers := sdk(t, flaky(t, c.Base()), key.Key)
	if len(failed) > 0 {
		t.Errorf("the library gave up: %v", failed)
	}
	for _, want := range []int{429, 502, 504, 200} {
		if !slices.Contains(answers, want) {
			t.Errorf("the library saw %v: no %d", answers, want)
		}
	}
	var found struct{ Customers []brain.Customer }
	ask(t, c, "GET", "/v1/customers?q=sdk-user-1", "", &found)
	if len(found.Customers) != 1 {
		t.Fatalf("%d people are sdk-user-1", len(found.Customers))
	}
	who := found.Customers[0]
	traits, facts := map[string]any{}, map[string]int{}
	for _, tr := range who.Traits {
		traits[tr.Name] = tr.Value
	}
	for _, f := range who.Facts {
		facts[f.Name]++
	}
	if who.Name != "Sonja Kovalevskaja" || traits["plan"] != "gold" || traits["group.id"] != "household-7" || traits["group.name"] != "The Kovalevskajas" {
		t.Errorf("name %q, traits %v", who.Name, traits)
	}
	for name, want := range map[string]int{"cart.add": 1, "page.cancel": 1, "purchase": 1, "order.placed": 1} {
		if facts[name] != want {
			t.Errorf("%d times %s, want %d", facts[name], name, want)
		}
	}
	may := map[string]string{}
	for _, m := range who.May {
		may[string(m.Purpose)+"/"+m.Channel] = string(m.State)
	}
	if may["marketing/email"] != "granted" || may["profiling/"] != "denied" || may["recording/"] != "unknown" {
		t.Errorf("what the categories say: %v", may)
	}
	var visits json.RawMessage
	ask(t, c, "GET", "/v1/customers/"+who.ID+"/timeline?types=activity", "", &visits)
	for _, want := range []string{"Lamp Rubbed", "screen", "group", "alias", "identify"} {
		if !bytes.Contains(visits, []byte(want)) {
			t.Errorf("%s is not in the timeline: %s", want, visits)
		}
	}
	var all struct{ Sources []segment.Source }
	ask(t, c, "GET", "/v1/sources", "", &all)
	if len(all.Sources) != 1 {
		t.Fatalf("sources %+v", all.Sources)
	}
	s := all.Sources[0]
	if s.Name != "shop" || s.Taken != 8 || s.Repeated < 2 || s.Refused != 0 || len(s.Unknown) != 1 || s.Unknown[0].Name != "Lamp Rubbed" {
		t.Errorf("source %+v", s)
	}
}
