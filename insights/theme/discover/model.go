package discover

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"heed/insights"

	"heed/insights/theme/terms"
)

var _ insights.Analyzer = (*Model)(nil)

// Model is themes, and what it takes to find them in further turns. It is
// never changed and safe for concurrent use.
type Model struct {
	space   *space
	middles points    // of themes, of length 1
	reach   []float32 // least similarity to belong, by theme
	themes  []Theme
	keys    []map[string]float64 // weight of the terms that tell a theme, by theme
	common  map[string]bool      // terms that so many turns share that they tell nothing
	changes []Change
	version string
}

// Themes gives the themes, largest first.
func (m *Model) Themes() []Theme { return slices.Clone(m.themes) }

// Changes says what became of the themes of the model that this one updates.
func (m *Model) Changes() []Change { return slices.Clone(m.changes) }

// Version names the model, such as "theme-discover/7f3a01c2". It differs when
// what the model says can differ.
func (m *Model) Version() string { return m.version }

// build finds groups and describes them; names and IDs are not given yet.
func build(ctx context.Context, turns []Turn, o Options) (*Model, error) {
	read := readAll(turns)
	m := &Model{common: common(read), space: fitSpace(read, o.Encoder)}
	m.space.centre(turns, read)
	kept, p := m.bearing(turns, read, o.All)
	if len(kept) < minTurns {
		return nil, fmt.Errorf("%w: %d of %d carry one, at least %d are needed", ErrTooFew, len(kept), len(turns), minTurns)
	}
	o = o.withDefaults(len(kept))
	middles, err := group(ctx, p, m.space.dims, o)
	if err != nil {
		return nil, err
	}
	m.describe(described{turns: turns, words: read, kept: kept, points: p, options: o}, middles)
	if len(m.themes) == 0 {
		return nil, fmt.Errorf("%w: nothing was said in %d calls", ErrTooFew, themeCalls)
	}
	return m, nil
}

func readAll(turns []Turn) [][]terms.Word {
	out := make([][]terms.Word, len(turns))
	for i, t := range turns {
		out[i] = terms.Read(t.Text, t.Language)
	}
	return out
}

// bearing gives the places of the turns that carry a theme, and their vectors.
func (m *Model) bearing(turns []Turn, words [][]terms.Word, all bool) ([]int, points) {
	p := points{size: m.space.size()}
	v := make([]float32, p.size)
	var kept []int
	for i, t := range turns {
		if !all && m.telling(words[i]) < tellingWords {
			continue
		}
		m.space.vector(v, words[i], t.Text, t.Language)
		if norm(v) == 0 {
			continue
		}
		kept = append(kept, i)
		p.data = append(p.data, v...)
	}
	return kept, p
}

// commonShare is in what share of the turns a term must occur to tell nothing,
// in languages without a list of plain words too.
const commonShare = 0.4

// common gives the terms that tell nothing.
func common(turns [][]terms.Word) map[string]bool {
	docs := map[string]int{}
	for _, words := range turns {
		eachTerm(words, func(term string, _ int) { docs[term]++ })
	}
	out := map[string]bool{}
	for term, n := range docs {
		if n > 10 && float64(n) > commonShare*float64(len(turns)) {
			out[term] = true
		}
	}
	return out
}

// tellingWords is how many different telling words a turn must have for themes
// to be made of it: with one it is mostly a name, a greeting in other letters
// or a part of an answer.
const tellingWords = 2

// telling counts the different known words of a turn that tell something.
func (m *Model) telling(words []terms.Word) int { return len(m.told(words)) }

func (m *Model) tells(w *terms.Word) bool {
	if w.Plain || fillers[w.Text] || m.common[w.Term] {
		return false
	}
	_, known := m.space.places[w.Term]
	return known
}

// Assign gives the theme of a turn, and false when it has none: greetings,
// thanks, numbers and what is far from every theme. Language is BCP 47; empty
// is English. It takes under 0.3 ms.
func (m *Model) Assign(text, language string) (Match, bool) {
	words := terms.Read(text, language)
	match, at, ok := m.assign(words, text, language)
	if ok {
		match.Evidence = m.evidence(words, at)
	}
	return match, ok
}

func (m *Model) assign(words []terms.Word, text, language string) (match Match, at int, ok bool) {
	if m.telling(words) == 0 {
		return Match{}, 0, false
	}
	match, at, ok = m.nearest(words, text, language)
	if !ok || float32(match.Score) < m.reach[at] {
		return Match{}, 0, false
	}
	return match, at, true
}

// Nearest gives the theme that a turn is most like, however far it is, and
// false only when nothing of it is known.
func (m *Model) Nearest(text, language string) (Match, bool) {
	match, _, ok := m.nearest(terms.Read(text, language), text, language)
	return match, ok
}

func (m *Model) nearest(words []terms.Word, text, language string) (match Match, at int, ok bool) {
	v := make([]float32, m.space.size())
	m.space.vector(v, words, text, language)
	if len(m.themes) == 0 || norm(v) == 0 {
		return Match{}, 0, false
	}
	at, cosine := nearest(m.middles, v)
	return Match{Theme: m.themes[at].ID, Score: share(cosine)}, at, true
}

// share keeps a cosine within 0..1.
func share(cosine float32) float64 { return max(0, min(1, float64(cosine))) }

// evidence gives the words of a text that a theme is known by.
func (m *Model) evidence(words []terms.Word, at int) []insights.Span {
	var out []insights.Span
	for _, w := range words {
		if m.keys[at][w.Term] == 0 {
			continue
		}
		if n := len(out); n > 0 && out[n-1].To == w.To {
			continue // the second word of a contraction
		}
		out = append(out, insights.Span{From: w.From, To: w.To})
	}
	return out
}

// Analyze gives the theme of what a customer said as an insight: Name is the
// theme's ID, Text its name.
func (m *Model) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	if u.Speaker != insights.Customer {
		return nil
	}
	match, ok := m.Assign(u.Text, u.Language)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(m.themes, func(t Theme) bool { return t.ID == match.Theme })
	return []insights.Insight{{
		Kind: insights.Theme, Name: match.Theme, Text: m.themes[i].Name, Confidence: match.Score, Speaker: u.Speaker,
		Start: u.Start, End: u.End, Evidence: match.Evidence, Model: m.version, UtteranceID: u.ID,
	}}
}

// seal works out the version of the finished model.
func (m *Model) seal() {
	sum := fnv.New32a()
	for _, t := range m.themes {
		sum.Write([]byte(t.ID + "\x00" + t.Name + "\x00"))
	}
	for _, x := range m.middles.data {
		b := math.Float32bits(x)
		sum.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	m.version = fmt.Sprintf("theme-discover/%08x", sum.Sum32())
}

// Rarity gives the weight of a term (see insights/theme/terms), greater the
// fewer turns have it; 0 when it is not known.
func (m *Model) Rarity(term string) float64 {
	at, ok := m.space.places[term]
	if !ok {
		return 0
	}
	return float64(m.space.idf[at])
}
