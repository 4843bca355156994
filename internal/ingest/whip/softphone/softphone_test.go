package softphone

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestThePageKeepsItsContentSecurityPolicy holds for default-src 'self', and
// what it names is there.
func TestThePageKeepsItsContentSecurityPolicy(t *testing.T) {
	all := Handlers()
	get := func(path string) (string, *httptest.ResponseRecorder) {
		w := httptest.NewRecorder()
		h := all["GET "+path]
		if h == nil {
			t.Fatalf("nothing at %s", path)
		}
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Body.String(), w
	}
	page, answer := get(Path)
	if answer.Code != 200 || !strings.Contains(answer.Header().Get("Permissions-Policy"), "microphone=(self)") || !strings.Contains(page, "Test a microphone") {
		t.Errorf("the page came with %d %v", answer.Code, answer.Header())
	}
	named := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(named) != 2 {
		t.Errorf("the page names %v", named)
	}
	for _, m := range named {
		if body, a := get(m[1]); a.Code != 200 || body == "" {
			t.Errorf("%s came with %d", m[1], a.Code)
		}
	}
	for _, bad := range []string{"<style", " style=", " onclick=", "http://", "https://", "<script>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}
