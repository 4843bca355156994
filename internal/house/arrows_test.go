package house

import (
	"slices"
	"strings"
	"testing"
)

// allowed says, for packages that must stay narrow, which of our own packages
// they may import. What is not listed here is bound by the rules below only.
var allowed = map[string][]string{
	"transcribe":                   {},
	"insights":                     {},
	"transcribe/audio":             {"transcribe"},
	"transcribe/scripted":          {"transcribe"},
	"transcribe/sound":             {"transcribe", "transcribe/audio"},
	"transcribe/enginetest":        {"transcribe", "transcribe/audio"},
	"transcribe/sherpa":            {"transcribe", "transcribe/audio"},
	"transcribe/pocketsphinx":      {"transcribe", "transcribe/audio"},
	"transcribe/remote":            {"transcribe", "transcribe/audio"},
	"transcribe/openai":            {"transcribe", "transcribe/audio", "transcribe/remote"},
	"transcribe/sherpaws":          {"transcribe", "transcribe/audio", "transcribe/remote"},
	"transcribe/vosk":              {"transcribe", "transcribe/audio", "transcribe/remote"},
	"transcribe/remote/remotetest": {"transcribe", "transcribe/audio", "transcribe/enginetest"},
	"transcribe/deepgram":          {"transcribe", "transcribe/audio", "transcribe/remote"},
	"transcribe/assemblyai":        {"transcribe", "transcribe/audio", "transcribe/remote"},
	"transcribe/google":            {"transcribe", "transcribe/remote"},
	"transcribe/amazon":            {"transcribe", "transcribe/remote"},
	"insights/search":              {"insights", "internal/event"},
	"insights/theme/terms":         {"insights/spoken"},
	"insights/theme/discover":      {"insights", "insights/theme/terms"},
	"insights/theme/trend":         {},
	"insights/embed":               {},
	"insights/embed/onnx":          {"insights/embed"},
	"internal/event":               {"insights"},
	"internal/ingest":              {"insights", "transcribe"},
	"internal/customer":            {"insights"},
	"internal/consent":             {},
	"internal/hub":                 {"insights", "internal/event"},
	"internal/engines":             {"transcribe"},
	"internal/config":              {},
	"internal/fetch":               {},
	"internal/media":               {"transcribe", "transcribe/audio"},
	"internal/propensity":          {"internal/decide"},
	"fixtures":                     {},
	"ui":                           {},
}

// TestImportArrows keeps the path of the data one way.
func TestImportArrows(t *testing.T) {
	for _, p := range load(t) {
		name := p.name
		for _, imported := range p.own {
			if only, narrow := allowed[name]; narrow && !slices.Contains(only, imported) {
				t.Errorf("%s imports %s; it may import only %v", name, imported, only)
			}
			checkArrow(t, name, imported)
		}
	}
}

// checkArrow holds the rules for every package.
func checkArrow(t *testing.T, name, imported string) {
	t.Helper()
	switch {
	case imported == "internal/app" || imported == "internal/web":
		if name != "internal/app" && !strings.HasPrefix(name, "cmd/") && !atTheTop(name) {
			t.Errorf("%s imports %s: nobody imports the top from below", name, imported)
		}
	case strings.HasPrefix(name, "insights/") && imported != "insights":
		if strings.HasPrefix(imported, "insights/") || name == "insights/search" {
			return
		}
		t.Errorf("%s imports %s: an insight knows insights only", name, imported)
	case imported == "internal/store" && slices.Contains([]string{"internal/customer", "internal/consent", "internal/decide"}, name):
		t.Errorf("%s imports the store: it is pure", name)
	case imported == "transcribe" && strings.HasPrefix(name, "insights"):
		t.Errorf("%s imports %s: what is heard and what is understood meet in the session only", name, imported)
	}
}

// atTheTop names the packages above the app: they start a whole server.
func atTheTop(name string) bool { return name == "internal/bench" }

// TestBleveAndSQLStayHome keeps two libraries behind one package each.
func TestBleveAndSQLStayHome(t *testing.T) {
	for _, p := range load(t) {
		for _, imported := range p.other {
			if strings.Contains(imported, "blevesearch/bleve") && p.name != "insights/search" {
				t.Errorf("%s imports bleve: only insights/search may", p.name)
			}
			if (strings.Contains(imported, "sqlx") || strings.Contains(imported, "go-sqlite3") || imported == "database/sql") &&
				!strings.HasPrefix(p.name, "internal/store") {
				t.Errorf("%s imports %s: all SQL is in internal/store", p.name, imported)
			}
		}
	}
}

// TestFewOwnImports keeps packages from knowing everything.
func TestFewOwnImports(t *testing.T) {
	for _, p := range load(t) {
		if p.name == "internal/app" || atTheTop(p.name) || strings.HasPrefix(p.name, "cmd/") {
			continue
		}
		if len(p.own) > 6 {
			t.Errorf("%s imports %d of our packages, at most 6: %v", p.name, len(p.own), p.own)
		}
	}
}
