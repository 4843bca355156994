package discover

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/fixtures"
)

var update = flag.Bool("update", false, "rewrite golden files")

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// bicycles gives the made-up calls, and what each turn's call is about.
func bicycles(tb testing.TB) (turns []Turn, about map[string]string) {
	tb.Helper()
	data, err := fs.ReadFile(fixtures.Discovery(), "calls.txt")
	if err != nil {
		tb.Fatal(err)
	}
	about = map[string]string{}
	call, mark := 0, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if m, ok := strings.CutPrefix(line, "# "); ok {
			mark, call = m, call+1
			continue
		}
		if line != "" {
			t := Turn{ID: fmt.Sprintf("u%03d", len(turns)+1), CallID: fmt.Sprintf("call%02d", call), Text: line, At: noon.Add(time.Duration(len(turns)) * time.Minute)}
			turns, about[t.ID] = append(turns, t), mark
		}
	}
	return turns, about
}

func discover(tb testing.TB, turns []Turn, o Options) *Model {
	tb.Helper()
	m, err := Discover(tb.Context(), turns, o)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// shared holds the themes of all made-up calls, found once for all tests.
var shared struct {
	once  sync.Once
	model *Model
}

func found(tb testing.TB) *Model {
	tb.Helper()
	shared.once.Do(func() {
		turns, _ := bicycles(tb)
		shared.model = discover(tb, turns, Options{})
	})
	if shared.model == nil {
		tb.Fatal("no themes were found")
	}
	return shared.model
}

// What a marketer sees after seventy calls.
func TestGolden(t *testing.T) {
	m := found(t)
	var b strings.Builder
	for _, th := range m.Themes() {
		fmt.Fprintf(&b, "%s: %d turns of %d calls, cohesion %.2f\n", th.Name, th.Turns, th.Calls, th.Cohesion)
		fmt.Fprintf(&b, "  %s\n", strings.Join(th.Phrases, " | "))
		for _, q := range th.Quotes[:min(3, len(th.Quotes))] {
			fmt.Fprintf(&b, "  %.2f %s: %s\n", q.Score, q.CallID, q.Text)
		}
	}
	golden := filepath.Join("testdata", "bicycles.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("themes changed (-want +got), run with -update if that is meant:\n%s", diff)
	}
}

// Calls of one kind come together, chat belongs nowhere.
func TestFindsWhatTheCallsAreAbout(t *testing.T) {
	turns, about := bicycles(t)
	m := found(t)
	members := map[string]map[string]int{}
	chatter, themed := 0, 0
	for _, turn := range turns {
		match, ok := m.Assign(turn.Text, turn.Language)
		if !ok {
			continue
		}
		if about[turn.ID] == "chat" {
			chatter++
		}
		if members[match.Theme] == nil {
			members[match.Theme] = map[string]int{}
		}
		members[match.Theme][about[turn.ID]]++
		themed++
	}
	right := 0
	for _, marks := range members {
		most := 0
		for _, n := range marks {
			most = max(most, n)
		}
		right += most
	}
	purity := float64(right) / float64(themed)
	t.Logf("%d themes, %d turns of %d themed, purity %.2f, %d chatter", len(members), themed, len(turns), purity, chatter)
	if purity < 0.85 || themed < 60 || chatter > 2 {
		t.Errorf("%d turns themed, purity %.2f, %d of chatter", themed, purity, chatter)
	}
}
