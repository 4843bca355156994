package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"heed/internal/accounts/sealed"
)

// The round through a real provider is tested in accounts/api; here is what
// claims may look like.
func TestClaimsAreRead(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][]string{
		`["a","b"]`: {"a", "b"}, `"a"`: {"a"}, `""`: nil, `7`: nil, `["a",7]`: nil, `{"a":1}`: nil, ``: nil, `null`: nil, `[]`: {},
	} {
		if got := texts(json.RawMessage(raw)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
	for raw, want := range map[string]bool{`true`: true, `"true"`: true, `false`: false, `"false"`: false, `1`: false, ``: false, `null`: false} {
		if got := vouched(json.RawMessage(raw)); got != want {
			t.Errorf("%s is vouched for: %v", raw, got)
		}
	}
	p := New(Options{Rules: []Rule{{"bosses", "admin"}, {"staff", "agent"}}})
	for want, groups := range map[string][]string{"admin": {"staff", "bosses"}, "agent": {"x", "staff"}, "": {"Staff"}} {
		if got := p.role(groups); got != want {
			t.Errorf("%q have the role %q, want %q", groups, got, want)
		}
	}
	if all := New(Options{Rules: []Rule{{"bosses", "admin"}, {"*", "viewer"}}}); all.role(nil) != "viewer" {
		t.Error("* is not everybody")
	}
	if p.Leave() != "" {
		t.Error("one that was never reached offers signing out")
	}
}

// While a slow provider is asked, nobody else waits for it who need not, and who
// needs it shares the question.
func TestASlowProviderIsAskedOnce(t *testing.T) {
	t.Parallel()
	var issuer string
	var asked atomic.Int32
	entered, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			close(entered)
		}
		<-release
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/k"}`, issuer)
	}))
	defer server.Close()
	issuer = server.URL
	p := New(Options{Issuer: issuer, Box: sealed.New(time.Now)})
	started := make(chan error, 3)
	start := func() {
		_, _, err := p.Start(t.Context(), "/desk")
		started <- err
	}
	go start()
	<-entered
	go start()
	go start()
	if p.Leave() != "" || len(started) != 0 { // it comes back before the answer is there
		t.Error("signing out waited for the provider")
	}
	close(release)
	for range 3 {
		if err := <-started; err != nil {
			t.Error(err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}
