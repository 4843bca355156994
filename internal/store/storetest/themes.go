package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

func someTurn(call, n int, rev int64) store.Turn {
	return store.Turn{
		Utterance: fmt.Sprintf("u-%03d-%02d", call, n), Call: fmt.Sprintf("call-%03d", call),
		Start: time.Duration(n) * time.Second, Rev: rev, Language: "en", Text: fmt.Sprintf("text %d", rev), Labels: "intent:cancel",
	}
}

func someTheme(id string) store.Theme {
	return store.Theme{ID: id, Kind: "words", State: "active", Doc: []byte(`{"title":"` + id + `"}`)}
}

// all stands for every theme that a reader of turns knows.
func all(string) bool { return true }

func hit(themes ...string) []store.ThemeHit {
	var hits []store.ThemeHit
	for _, id := range themes {
		hits = append(hits, store.ThemeHit{Theme: id, Score: .5, Evidence: []insights.Span{{From: 0, To: 4}}})
	}
	return hits
}

func themesKept(k *kit) {
	ctx := k.Context()
	k.write(func(tx *store.Tx) error {
		err := errors.Join(tx.SaveCall(someCall(1)), tx.SaveTheme(someTheme("b")), tx.SaveTheme(someTheme("a")))
		for n := range 3 {
			_, _, more := tx.PutTurn(someTurn(1, n, int64(n+1)))
			err = errors.Join(err, more)
		}
		return errors.Join(err, tx.RescanTheme("a"))
	})
	before := got(k.ThemeModel(ctx))(k)
	all := got(k.Themes(ctx))(k)
	a, b := someTheme("a"), someTheme("b")
	a.Until = 3
	same(k, "themes", all, []store.Theme{a, b})
	changed := someTheme("a")
	changed.State = "hidden"
	k.write(func(tx *store.Tx) error {
		return errors.Join(
			tx.ThemeScanned("a", 2, 3), // a scan that was begun anew since
			tx.SaveTheme(changed), tx.ThemeScanned("a", 0, 2), tx.SaveThemeModel([]byte("learned"), 3),
			tx.AddThemeChange(store.ThemeChange{Theme: "a", At: at(1), Doc: []byte(`1`)}),
			tx.AddThemeChange(store.ThemeChange{Theme: "a", At: at(2), Doc: []byte(`2`)}),
		)
	})
	same(k, "changes", got(k.ThemeChanges(ctx, "a"))(k), []store.ThemeChange{
		{Theme: "a", At: at(2), Doc: []byte(`2`)}, {Theme: "a", At: at(1), Doc: []byte(`1`)},
	})
	m := got(k.ThemeModel(ctx))(k)
	if m.Version <= before.Version || m.Turns != 3 || string(m.Doc) != "learned" {
		k.Errorf("model %+v after %+v", m, before)
	}
	k.write(func(tx *store.Tx) error {
		t, err := tx.Theme("a")
		if t.State != "hidden" || t.Scanned != 2 || t.Until != 3 {
			k.Errorf("theme %+v", t)
		}
		v, more := tx.ThemesVersion()
		if v != m.Version {
			k.Errorf("version %d, want %d", v, m.Version)
		}
		return errors.Join(err, more)
	})
	err := k.Write(ctx, func(tx *store.Tx) error { _, err := tx.Theme("none"); return err })
	if !errors.Is(err, store.ErrNotFound) {
		k.Errorf("no theme gave %v, want ErrNotFound", err)
	}
}

// turnsCount asks, after anything that can happen to turns in any order, for
// counters that are those of counting by hand.
func turnsCount(k *kit) {
	k.write(func(tx *store.Tx) error {
		err := errors.Join(tx.SaveTheme(someTheme("a")), tx.SaveTheme(someTheme("b")))
		for n := range 4 {
			c := someCall(n)
			c.StartedAt = at(0).Add(time.Duration(n) * 10 * time.Minute) // two slots a half hour
			err = errors.Join(err, tx.SaveCall(c))
		}
		return err
	})
	dice := rand.New(rand.NewPCG(1, 2))
	model := hand{from: map[string]event.Touch{}, rev: map[string]int64{}, hits: map[string][]string{}, number: map[string]int64{}}
	for step := range 400 {
		model.step(k, dice)
		if step%20 == 0 || step > 390 {
			model.compare(k)
		}
	}
	k.write(func(tx *store.Tx) error { return tx.DropThemeTurns("a") })
	if n := len(got(k.ThemeCounts(k.Context(), day(), "a"))(k)); n != 0 {
		k.Error("an emptied theme counts")
	}
	k.write(func(tx *store.Tx) error { return tx.DropThemeCounts() })
	if n := len(got(k.ThemeCounts(k.Context(), day()))(k)); n != 0 {
		k.Error("counts are left after all were dropped")
	}
}

func day() []store.Bucket {
	from := store.Slot(at(0))
	return []store.Bucket{{From: from, To: from + 1}, {From: from + 1, To: from + 2}, {From: from + 2, To: from + 96}}
}

// hand counts by hand: turns by utterance.
type hand struct {
	rev    map[string]int64
	hits   map[string][]string
	from   map[string]event.Touch // by call
	number map[string]int64
}

func (h *hand) step(k *kit, dice *rand.Rand) {
	t := someTurn(dice.IntN(4), dice.IntN(5), dice.Int64N(50)+1)
	var themes []string
	for _, id := range []string{"a", "b"} {
		if dice.IntN(2) == 0 {
			themes = append(themes, id)
		}
	}
	erase, moves := dice.IntN(12) == 0, dice.IntN(8) == 0
	if moves { // it turns out to come from somewhere else
		h.from[t.Call] = event.Touch{Source: []string{"", "google", "Google", "bing"}[dice.IntN(4)], Campaign: []string{"", "spring"}[dice.IntN(2)]}
	}
	k.write(func(tx *store.Tx) error {
		if moves {
			if err := tx.SaveOrigin(t.Call, event.Origin{Attribution: event.Attribution{Touch: h.from[t.Call]}}); err != nil {
				return err
			}
		}
		if erase {
			return tx.DropTurns(t.Call)
		}
		n, changed, err := tx.PutTurn(t)
		if want := h.rev[t.Utterance] < t.Rev; changed != want {
			k.Errorf("rev %d after %d: changed %v", t.Rev, h.rev[t.Utterance], changed)
		}
		h.number[t.Utterance] = n
		// Read from a text that may have been replaced: passed over then.
		return errors.Join(err, tx.PutThemeHits([]store.ReadTurn{{N: n, Rev: t.Rev, Hits: hit(themes...)}}, all))
	})
	switch {
	case erase:
		gone := func(u string) bool { return u[:5] == "u-"+t.Call[5:] }
		maps.DeleteFunc(h.rev, func(u string, _ int64) bool { return gone(u) })
		maps.DeleteFunc(h.hits, func(u string, _ []string) bool { return gone(u) })
	case t.Rev >= h.rev[t.Utterance]:
		h.rev[t.Utterance], h.hits[t.Utterance] = t.Rev, themes
	}
}

func (h *hand) compare(k *kit) {
	k.Helper()
	want := map[string][]store.Count{}
	seen := map[string]bool{}
	add := func(theme, utterance string) {
		call := int(utterance[4] - '0')
		if want[theme] == nil {
			want[theme] = make([]store.Count, 3)
		}
		bucket := &want[theme][call*10/15]
		bucket.Turns++
		if key := fmt.Sprint(theme, "/", call); !seen[key] {
			seen[key] = true
			bucket.Calls++
		}
	}
	for u := range h.rev {
		add("", u)
		for _, theme := range h.hits[u] {
			add(theme, u)
		}
	}
	same(k, "counters", got(k.ThemeCounts(k.Context(), day()))(k), want)
	for theme := range want {
		h.compareOrigins(k, theme)
	}
}

// compareOrigins counts a theme by where calls come from.
func (h *hand) compareOrigins(k *kit, theme string) {
	k.Helper()
	want := map[event.Touch]store.Count{}
	seen := map[string]bool{}
	for u := range h.rev {
		if theme != "" && !slices.Contains(h.hits[u], theme) {
			continue
		}
		call := "call-" + u[2:5]
		from := event.Touch{Source: strings.ToLower(h.from[call].Source), Campaign: h.from[call].Campaign}
		c := want[from]
		c.Turns++
		if !seen[call] {
			seen[call] = true
			c.Calls++
		}
		want[from] = c
	}
	q := store.TallyQuery{Kind: store.TallyTheme, Name: theme, Bucket: store.Bucket{From: 0, To: 1 << 40}}
	if theme == "" {
		q.Kind = store.TallyVolume
	}
	counts := map[event.Touch]store.Count{}
	for _, t := range got(k.Tallies(k.Context(), q))(k) {
		from := event.Touch{Source: strings.ToLower(t.Source), Campaign: t.Campaign}
		counts[from] = store.Count{Turns: counts[from].Turns + t.Turns, Calls: counts[from].Calls + t.Calls}
	}
	same(k, "counters by origin of "+theme, counts, want)
}

// quoted stores four calls of five turns each, all of theme a.
func quoted(k *kit) {
	k.write(func(tx *store.Tx) error {
		err := tx.SaveTheme(someTheme("a"))
		for c := range 4 {
			err = errors.Join(err, tx.SaveCall(someCall(c)))
			for n := range 5 {
				no, _, more := tx.PutTurn(someTurn(c, n, 7))
				err = errors.Join(err, more, tx.PutThemeHits([]store.ReadTurn{{N: no, Rev: 7, Hits: hit("a")}}, all))
			}
		}
		return err
	})
}

func themesQuoted(k *kit) {
	quoted(k)
	ctx := k.Context()
	var quotes []store.Quote
	for after := ""; ; {
		page, next, err := k.ThemeQuotes(ctx, store.QuoteQuery{Theme: "a", After: after, Limit: 3})
		k.must(err)
		quotes = append(quotes, page...)
		if after = next; next == "" {
			break
		}
	}
	if len(quotes) != 20 || !slices.IsSortedFunc(quotes, func(a, b store.Quote) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) }) {
		k.Fatalf("%d quotes in pages, or not the latest first: %+v", len(quotes), quotes)
	}
	same(k, "first quote", quotes[0], store.Quote{
		CallID: "call-003", UtteranceID: "u-003-04", Start: 4, At: at(7), Text: "text 7", Score: .5,
		Evidence: []insights.Span{{From: 0, To: 4}}, N: 20,
	})
	later := store.QuoteQuery{Theme: "a", From: store.Slot(at(0)) + 1}
	if found, _, err := k.ThemeQuotes(ctx, later); err != nil || len(found) != 0 {
		k.Errorf("quotes of a time without: %v, %v", found, err)
	}
	for _, bad := range []error{refused(k.ThemeQuotes(ctx, store.QuoteQuery{After: "odd"})), refused(k.ThemeCalls(ctx, store.QuoteQuery{After: "odd"}))} {
		if !errors.Is(bad, store.ErrBadPage) {
			k.Errorf("a mark that is none gave %v, want ErrBadPage", bad)
		}
	}
}

func themesHaveCalls(k *kit) {
	quoted(k)
	ctx := k.Context()
	calls, next, err := k.ThemeCalls(ctx, store.QuoteQuery{Theme: "a", Limit: 3})
	k.must(err)
	more, end, err := k.ThemeCalls(ctx, store.QuoteQuery{Theme: "a", Limit: 3, After: next})
	k.must(err)
	var want []store.ThemeCall
	for c := 3; c >= 0; c-- {
		want = append(want, store.ThemeCall{ID: someCall(c).ID, StartedAt: at(c), Turns: 5})
	}
	same(k, "calls in pages", append(calls, more...), want)
	if len(calls) != 3 || end != "" {
		k.Errorf("a page of %d, then %q", len(calls), end)
	}
}

func turnsRead(k *kit) {
	quoted(k)
	ctx := k.Context()
	page := got(k.Turns(ctx, 18, 10))(k)
	if len(page) != 2 {
		k.Fatalf("turns %+v", page)
	}
	want := someTurn(3, 4, 7)
	want.N, want.At = 20, at(7)
	same(k, "last turn", page[1], want)
	if n := got(k.LastTurn(ctx))(k); n != 20 {
		k.Errorf("last turn %d", n)
	}
	turns, in, err := k.TurnCount(ctx)
	if err != nil || turns != 20 || in != 4 {
		k.Errorf("%d turns in %d calls, %v", turns, in, err)
	}
	if span, ok, err := k.ThemeSpan(ctx); err != nil || !ok || span.From != store.Slot(at(0)) || span.To != span.From {
		k.Errorf("span %v %v %v", span, ok, err)
	}
}

func refused[T any](_ []T, _ string, err error) error { return err }

// turnsNeedCalls is why a call cannot go and leave its counts.
func turnsNeedCalls(k *kit) {
	err := k.Write(k.Context(), func(tx *store.Tx) error { _, _, err := tx.PutTurn(someTurn(9, 1, 1)); return err })
	if !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a turn of no call gave %v, want ErrNotFound", err)
	}
}

func episodesOpenOnce(k *kit) {
	ctx := k.Context()
	var began []bool
	see := func(theme string, seconds int) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			b, err := tx.SeeEpisode(theme, at(seconds), []byte(fmt.Sprintf(`{"at":%d}`, seconds)))
			began = append(began, b)
			return err
		}
	}
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.SaveTheme(someTheme("a")), tx.SaveTheme(someTheme("b")))
	})
	k.write(see("a", 1))
	k.write(see("a", 2))
	k.write(see("b", 2))
	k.write(func(tx *store.Tx) error { return tx.EndEpisodes(at(3), at(4)) })
	k.write(see("a", 5))
	same(k, "begun", began, []bool{true, false, true, true})
	ended := at(4)
	want := []store.Episode{
		{Theme: "a", Began: at(5), Seen: at(5), Doc: []byte(`{"at":5}`)},
		{Theme: "b", Began: at(2), Seen: at(2), Ended: &ended, Doc: []byte(`{"at":2}`)},
		{Theme: "a", Began: at(1), Seen: at(2), Ended: &ended, Doc: []byte(`{"at":1}`)},
	}
	page, next, err := k.Episodes(ctx, false, "", 2)
	k.must(err)
	rest, end, err := k.Episodes(ctx, false, next, 2)
	k.must(err)
	same(k, "episodes in pages", append(page, rest...), want)
	open, _, err := k.Episodes(ctx, true, "", 0)
	k.must(err)
	same(k, "open ones", open, want[:1])
	if _, _, err := k.Episodes(ctx, false, "odd", 0); end != "" || !errors.Is(err, store.ErrBadPage) {
		k.Errorf("end %q, a mark that is none gave %v", end, err)
	}
}
