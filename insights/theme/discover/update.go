package discover

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"heed/insights/theme/terms"
)

// ChangeKind says what became of a theme at an update.
type ChangeKind string

// The kinds of change. Themes that simply go on are not listed.
const (
	Appeared ChangeKind = "appeared" // Theme is new, from nowhere
	Split    ChangeKind = "split"    // Theme is new, made of turns of From[0], which goes on
	Merged   ChangeKind = "merged"   // From[0] is no more, its turns are in Theme
	Gone     ChangeKind = "gone"     // Theme is no more, nor are its turns in one place
	Renamed  ChangeKind = "renamed"  // Theme goes on under another Name; From[0] is the name before
)

// Change is one thing that became of a theme.
type Change struct {
	Kind  ChangeKind `json:"kind"`
	Theme string     `json:"theme"` // ID
	From  []string   `json:"from,omitempty"`
}

const (
	goesOn = 0.2 // least overlap (Jaccard) of a theme with what it was
	partOf = 0.4 // least share of a theme's turns that came from, or went to, another
)

// Update finds the themes of turns again and gives those that go on the IDs
// they had in prev: themes are matched so that as many turns as possible stay
// where they were. Turns are all of the time to be explained, old ones too; the
// time it takes is that of [Discover]. prev is not changed.
func Update(ctx context.Context, prev *Model, turns []Turn, o Options) (*Model, error) {
	m, err := build(ctx, turns, o)
	if err != nil {
		return nil, fmt.Errorf("update themes with %d turns: %w", len(turns), err)
	}
	m.nameAll(overlapOf(prev, m, turns))
	return m, nil
}

// overlap counts the turns by theme before (rows) and now (columns).
type overlap struct {
	prev   *Model
	counts [][]int
	before []int
	now    []int
}

func overlapOf(prev, m *Model, turns []Turn) *overlap {
	o := &overlap{prev: prev, counts: make([][]int, len(prev.themes)), before: make([]int, len(prev.themes)), now: make([]int, len(m.themes))}
	for i := range o.counts {
		o.counts[i] = make([]int, len(m.themes))
	}
	for _, t := range turns {
		words := terms.Read(t.Text, t.Language)
		_, was, okBefore := prev.assign(words, t.Text, t.Language)
		_, is, okNow := m.assign(words, t.Text, t.Language)
		if okBefore {
			o.before[was]++
		}
		if okNow {
			o.now[is]++
		}
		if okBefore && okNow {
			o.counts[was][is]++
		}
	}
	return o
}

// jaccard is the overlap of theme i before with theme j now, 0..1.
func (o *overlap) jaccard(i, j int) float64 {
	if both := o.counts[i][j]; both > 0 {
		return float64(both) / float64(o.before[i]+o.now[j]-both)
	}
	return 0
}

// pairs gives for each theme now the one that it was, or -1.
func (o *overlap) pairs() []int {
	gain := make([][]float64, len(o.now))
	for j := range gain {
		gain[j] = make([]float64, len(o.before))
		for i := range o.before {
			gain[j][i] = o.jaccard(i, j)
		}
	}
	was := match(gain)
	for j, i := range was {
		if i >= 0 && gain[j][i] < goesOn {
			was[j] = -1
		}
	}
	return was
}

// nameAll gives IDs and names and notes the changes; o is nil at the first
// discovery.
func (m *Model) nameAll(o *overlap) {
	was := make([]int, len(m.themes))
	for j := range was {
		was[j] = -1
	}
	taken := map[string]bool{}
	if o != nil {
		was = o.pairs()
		for _, t := range o.prev.themes {
			taken["id "+t.ID] = true
		}
	}
	for j := range m.themes {
		t := &m.themes[j]
		if was[j] < 0 {
			t.ID = newID(t, taken)
			t.Name = newName(t, taken)
			continue
		}
		old := o.prev.themes[was[j]]
		t.ID, t.Name = old.ID, old.Name
		if !m.fits(j, old.Name) || taken["name "+old.Name] {
			t.Name = newName(t, taken)
			m.changes = append(m.changes, Change{Kind: Renamed, Theme: t.ID, From: []string{old.Name}})
		}
		taken["name "+t.Name] = true
	}
	if o != nil {
		m.note(o, was)
	}
	m.seal()
}

// fits says that a name is still made of what the theme is known by.
func (m *Model) fits(j int, name string) bool {
	first, _, _ := strings.Cut(name, ", ")
	return slices.Contains(m.themes[j].Phrases, first)
}

// newID makes an ID from the most typical turn.
func newID(t *Theme, taken map[string]bool) string {
	sum := fnv.New64a()
	for _, q := range t.Quotes[:min(1, len(t.Quotes))] {
		sum.Write([]byte(q.TurnID + "\x00" + q.Text))
	}
	for {
		id := fmt.Sprintf("th_%012x", sum.Sum64()>>16)
		if !taken["id "+id] {
			taken["id "+id] = true
			return id
		}
		sum.Write([]byte{1})
	}
}

// newName takes the best phrase, or a longer one that holds it. Where one word
// alone would say too little, or another theme has the name already, the next
// phrase stands behind it.
func newName(t *Theme, taken map[string]bool) string {
	if len(t.Phrases) == 0 {
		return numbered("other", taken)
	}
	name := t.Phrases[0]
	if i := slices.IndexFunc(t.Phrases, func(p string) bool { return p != name && slices.Contains(strings.Fields(p), name) }); i > 0 {
		name = t.Phrases[i]
	}
	for _, next := range t.Phrases[1:] {
		if strings.Contains(name, " ") && !taken["name "+name] {
			break
		}
		if !strings.Contains(name, next) {
			name += ", " + next
		}
	}
	return numbered(name, taken)
}

// numbered makes a name unique and notes it.
func numbered(name string, taken map[string]bool) string {
	unique := name
	for n := 2; taken["name "+unique]; n++ {
		unique = fmt.Sprint(name, " ", n)
	}
	taken["name "+unique] = true
	return unique
}

// note records what became of the themes before.
func (m *Model) note(o *overlap, was []int) {
	goes := make([]bool, len(o.before))
	for j, i := range was {
		if i >= 0 {
			goes[i] = true
			continue
		}
		c := Change{Kind: Appeared, Theme: m.themes[j].ID}
		for i := range o.before {
			if o.now[j] > 0 && float64(o.counts[i][j]) >= partOf*float64(o.now[j]) {
				c.Kind, c.From = Split, append(c.From, o.prev.themes[i].ID)
			}
		}
		m.changes = append(m.changes, c)
	}
	for i, on := range goes {
		if on {
			continue
		}
		c := Change{Kind: Gone, Theme: o.prev.themes[i].ID}
		for j := range o.now {
			if o.before[i] > 0 && float64(o.counts[i][j]) >= partOf*float64(o.before[i]) {
				c = Change{Kind: Merged, Theme: m.themes[j].ID, From: []string{o.prev.themes[i].ID}}
			}
		}
		m.changes = append(m.changes, c)
	}
}
