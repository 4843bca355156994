package themes

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"heed/internal/store"
	"heed/internal/themes/match"
)

// topics are made-up reasons to call, each put together from four parts.
var topics = map[string][4][]string{
	"router": {
		{"my", "the", "our new", "that white"},
		{"router", "router box", "wifi router"},
		{"loses the signal", "has no signal", "shows a weak signal", "drops the signal"},
		{"every evening", "upstairs", "since monday", "again and again"},
	},
	"parcel": {
		{"my", "the", "a second", "that"},
		{"parcel", "parcel with the shoes", "big parcel"},
		{"never arrived", "is stuck at the depot", "was not delivered", "went back to the depot"},
		{"this week", "says the driver", "since friday", "once more"},
	},
	"bank": {
		{"the cash machine swallowed my", "the machine kept my", "nobody takes my", "the shop refused my"},
		{"bank card", "card", "old bank card"},
		{"and the chip", "because the chip", "so i think the chip", "with the chip"},
		{"is broken", "is worn out", "is scratched", "is faulty"},
	},
	"hotel": {
		{"i want to move my", "can you change the", "please look up my", "i have to call off my"},
		{"hotel booking", "booking at the hotel", "hotel room booking"},
		{"to two nights", "by one night", "for three nights", "for the night"},
		{"on friday", "in june", "near the station", "with breakfast"},
	},
}

// topical commits calls about topics in turn, with chit-chat around; no two of
// the first 48 of a topic are alike.
func (r *rig) topical(from, to int, names ...string) {
	for i := from; i < to; i++ {
		for _, name := range names {
			parts := topics[name]
			text := ""
			for p, n := range []int{i, i / 4, i * 5, i * 7 / 3} {
				text += parts[p][n%len(parts[p])] + " "
			}
			r.call(morning.Add(time.Duration(i)*time.Minute), "hello good morning", strings.TrimSpace(text), "thank you goodbye")
		}
	}
}

// found gives the discovered themes with their calls, by id.
func (r *rig) found() (map[string]Theme, map[string]int64) {
	r.Helper()
	rows, err := r.db.Themes(r.Context())
	r.must(err)
	themes, calls := map[string]Theme{}, map[string]int64{}
	counts, err := r.db.ThemeCounts(r.Context(), []store.Bucket{{From: 0, To: 1 << 40}})
	r.must(err)
	for _, row := range rows {
		if th, err := decode(row); err != nil {
			r.Fatal(err)
		} else if th.Kind == Discovered && th.State == Active {
			themes[th.ID] = th
			if c := counts[th.ID]; c != nil {
				calls[th.ID] = c[0].Calls
			}
		}
	}
	return themes, calls
}

// topicOf is what most quotes of a theme are about.
func (r *rig) topicOf(id string) string {
	r.Helper()
	votes := map[string]int{}
	for _, text := range r.quotesOf(id) {
		for name, parts := range topics {
			if strings.Contains(text, strings.Fields(parts[1][0])[0]) {
				votes[name]++
			}
		}
	}
	best := ""
	for name, n := range votes {
		if n > votes[best] || n == votes[best] && name < best {
			best = name
		}
	}
	return best
}

func TestDiscoveryAtFiftyCalls(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.must(r.discover(t.Context())) // nothing was said yet
	r.topical(0, 13, "router", "parcel", "bank", "hotel")
	r.follow()
	r.must(r.discover(t.Context()))
	r.history()
	themes, calls := r.found()
	if len(themes) < 3 {
		t.Fatalf("%d themes of 52 calls: %v", len(themes), themes)
	}
	about := map[string]bool{}
	for id, th := range themes {
		topic := r.topicOf(id)
		about[topic] = true
		if calls[id] == 0 || len(th.Phrases) == 0 || !strings.Contains(fmt.Sprint(topics[topic]), strings.Trim(strings.Fields(th.Title)[0], ",")) {
			t.Errorf("%q of %s: %d calls, phrases %v", th.Title, topic, calls[id], th.Phrases)
		}
	}
	if len(about) != len(topics) {
		t.Errorf("the themes are about %v", about)
	}

	// More calls: the themes keep their ids, and what people did to them.
	var one string
	for id := range themes {
		one = id
	}
	r.change(one, Edit{Title: new("As I call it")})
	before, err := r.db.ThemeModel(t.Context())
	r.must(err)
	r.must(r.discover(t.Context()))
	if m, err := r.db.ThemeModel(t.Context()); err != nil || m.Version != before.Version {
		t.Errorf("discovered again with nothing new: %+v, %v", m, err)
	}
	r.topical(13, 26, "router", "parcel", "bank", "hotel")
	r.follow()
	r.must(r.discover(t.Context()))
	r.history()
	again, more := r.found()
	on := 0
	for id := range themes {
		if again[id].ID != "" && more[id] > 0 {
			on++
		}
	}
	if on*2 < len(themes) {
		t.Errorf("%d of %d themes go on", on, len(themes))
	}
	if th := again[one]; th.ID != "" && th.Title != "As I call it" {
		t.Errorf("renamed by discovery to %q", th.Title)
	}

	// What is said now has them at once.
	sum := func() (n int64) {
		_, calls := r.found()
		for _, c := range calls {
			n += c
		}
		return n
	}
	was := sum()
	r.call(morning, "the wifi router has no signal upstairs")
	r.follow()
	if sum() != was+1 {
		t.Errorf("%d memberships after %d", sum(), was)
	}
}

// What was learned quotes calls: when one is erased it is learned anew, and
// with nothing left to learn from it is forgotten.
func TestErasureReachesWhatWasLearned(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.topical(0, 13, "router", "parcel", "bank", "hotel")
	secret, _ := r.call(morning, "the router box of quuxville has no signal")
	r.follow()
	r.must(r.discover(t.Context()))
	for n := 1; n <= 50; n++ {
		r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.DropTurns(fmt.Sprintf("call-%05d", n)) }))
	}
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.DropTurns(secret) }))
	r.must(r.discover(t.Context()))
	m, err := r.db.ThemeModel(t.Context())
	r.must(err)
	if themes, _ := r.found(); len(m.Doc) != 0 || len(themes) != 0 {
		t.Errorf("%d bytes and %d themes are left", len(m.Doc), len(themes))
	}
}

// letters is an encoder that counts letters.
type letters struct{}

func (letters) Dim() int { return 26 }

func (letters) Encode(dst []float32, text string) {
	clear(dst)
	var sum float64
	for _, c := range strings.ToLower(text) {
		if c >= 'a' && c <= 'z' {
			dst[c-'a']++
		}
	}
	for _, x := range dst {
		sum += float64(x) * float64(x)
	}
	for i := range dst {
		dst[i] /= float32(max(1, math.Sqrt(sum)))
	}
}

// A model of another encoder says nothing of what is said now: themes are
// discovered again at once, though nothing new was said.
func TestAnotherEncoderLearnsAnew(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.topical(0, 13, "router", "parcel", "bank", "hotel")
	r.follow()
	r.must(r.discover(t.Context()))
	r.history()
	r.compiler = match.NewCompiler(letters{}, nil)
	r.current = nil
	r.must(r.discover(t.Context()))
	r.history()
	themes, calls := r.found()
	if len(themes) < 3 {
		t.Errorf("%d themes", len(themes))
	}
	for id, th := range themes {
		if calls[id] == 0 {
			t.Errorf("%q has no calls", th.Title)
		}
	}
}

func TestMergedDiscoveriesCountOn(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.topical(0, 13, "router", "parcel", "bank", "hotel")
	r.follow()
	r.must(r.discover(t.Context()))
	r.history()
	_, calls := r.found()
	mine := r.words("Mine", "quux")
	id := ""
	for other, n := range calls {
		if n > calls[id] || n == calls[id] && other < id {
			id = other
		}
	}
	r.change(id, Edit{Into: new(mine.ID)})
	r.history()
	if got := r.counted()["Mine"].Calls; got != calls[id] {
		t.Errorf("counts %d, want %d", got, calls[id])
	}
	r.topical(13, 26, "router", "parcel", "bank", "hotel")
	r.follow()
	r.must(r.discover(t.Context()))
	r.history()
	d, err := r.Detail(t.Context(), id, 1, store.QuoteQuery{})
	r.must(err)
	if got := r.counted()["Mine"].Calls; d.State != Merged || d.Into != mine.ID || got == 0 {
		t.Errorf("%s into %q; counts %d of twice as many calls, %d before", d.State, d.Into, got, calls[id])
	}
}
