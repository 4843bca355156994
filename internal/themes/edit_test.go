package themes

import (
	"errors"
	"strings"
	"testing"

	"heed/internal/store"
	"heed/internal/themes/match"
)

// talked is a store in which a few things were said.
func talked(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, t.TempDir())
	r.call(morning, "my router has no signal", "so i want a refund")
	r.call(morning, "the router is broken")
	r.call(morning, "i want my money back", "the modem blinks red")
	r.follow()
	return r
}

func TestADefinedThemeCountsAllHistory(t *testing.T) {
	r := talked(t)
	for _, c := range []struct {
		d    match.Definition
		want store.Count
	}{
		{match.Definition{Title: "Words", How: "words", Phrases: []string{"router|modem"}}, store.Count{Turns: 3, Calls: 3}},
		{match.Definition{Title: "Unless", How: "words", Phrases: []string{"router"}, Unless: []string{"router is broken"}}, store.Count{Turns: 1, Calls: 1}},
		{match.Definition{Title: "Query", How: "query", Query: `want -"money back" intent:ask date:2026-03-02`}, store.Count{Turns: 1, Calls: 1}},
		{match.Definition{Title: "Elsewhere", How: "query", Query: "date:2026-03-03"}, store.Count{}},
		{match.Definition{Title: "Like", How: "like", Quotes: []string{"the router has no signal at all"}}, store.Count{Turns: 1, Calls: 1}},
	} {
		p, err := r.Preview(t.Context(), c.d)
		if err != nil || p.Turns != c.want.Turns || p.Calls != c.want.Calls || p.Read != 5 || p.Of != 5 {
			t.Errorf("preview of %s: %+v, %v", c.d.Title, p, err)
		}
		th, err := r.Define(t.Context(), c.d, "Ada")
		r.must(err)
		if done, err := r.progress(t.Context(), th.ID); err != nil || done != 0 {
			t.Errorf("%s: %v of history read at once, %v", c.d.Title, done, err)
		}
		r.history()
		if done, err := r.progress(t.Context(), th.ID); err != nil || done != 1 {
			t.Errorf("%s: %v of history read, %v", c.d.Title, done, err)
		}
		if got := r.counted()[c.d.Title]; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.d.Title, got, c.want)
		}
	}
	// And what is said from now on.
	r.call(morning, "another router")
	r.follow()
	if got := r.counted()["Words"]; got != (store.Count{Turns: 4, Calls: 4}) {
		t.Errorf("after another call: %+v", got)
	}
}

func TestThemesAreChangedAndBroughtBack(t *testing.T) {
	r := talked(t)
	th := r.words("Router", "router")
	r.history()
	two := store.Count{Turns: 2, Calls: 2}
	step := func(what string, e Edit, title string, want store.Count) {
		t.Helper()
		r.change(th.ID, e)
		r.history()
		if got := r.counted()[title]; got != want {
			t.Errorf("%s: %q counts %+v, want %+v", what, title, got, want)
		}
	}
	step("renamed", Edit{Title: new("  Box \n at home ")}, "Box at home", two)
	step("defined anew", Edit{Definition: &match.Definition{How: "words", Phrases: []string{"modem"}}}, "Box at home", store.Count{Turns: 1, Calls: 1})
	step("hidden", Edit{State: new(Hidden)}, "Box at home", store.Count{Turns: 1, Calls: 1})
	step("deleted", Edit{State: new(Deleted)}, "Box at home", store.Count{})
	r.call(morning, "a modem")
	r.follow()
	step("restored, with what was said meanwhile", Edit{State: new(Active)}, "Box at home", store.Count{Turns: 2, Calls: 2})

	refund := r.counted()["Refund"]
	step("merged", Edit{Into: new("rule_refund")}, "Box at home", store.Count{})
	if got := r.counted()["Refund"]; got != (store.Count{Turns: refund.Turns + 2, Calls: refund.Calls + 1}) {
		t.Errorf("merged into: %+v after %+v", got, refund) // one call has both
	}
	r.call(morning, "my modem")
	r.follow()
	if got := r.counted()["Refund"]; got.Turns != refund.Turns+3 {
		t.Errorf("said after the merge: %+v after %+v", got, refund)
	}
	step("taken apart", Edit{State: new(Active)}, "Box at home", store.Count{Turns: 3, Calls: 3})
	if got := r.counted()["Refund"]; got != refund {
		t.Errorf("taken apart: %+v, want %+v", got, refund)
	}

	d, err := r.Detail(t.Context(), th.ID, 28, store.QuoteQuery{})
	r.must(err)
	var what []string
	for _, c := range d.Changes {
		if c.By != "Ada" {
			t.Errorf("change %+v", c)
		}
		what = append(what, c.What)
	}
	differ(t, "changes", what, []string{"restored", "merged", "restored", "deleted", "hidden", "defined anew", "renamed", "defined"})
	if again := r.change(th.ID, Edit{Title: new("Box at home"), State: new(Active)}); !again.UpdatedAt.Equal(d.UpdatedAt) {
		t.Error("a change that changes nothing is one")
	}
}

func TestBadChangesAreRefused(t *testing.T) {
	r := talked(t)
	a, b := r.words("A", "router"), r.words("B", "modem")
	r.change(b.ID, Edit{Into: new(a.ID)})
	for field, e := range map[string]Edit{
		"title":                     {Title: new(" ")},
		"definition.phrases":        {Definition: &match.Definition{How: "words", Phrases: []string{"..."}}},
		"definition.query":          {Definition: &match.Definition{How: "query", Query: `"open`}},
		"definition.how":            {Definition: &match.Definition{}},
		"state":                     {State: new(Merged)},
		"state: expected active":    {State: new(State("odd"))},
		"into: a theme cannot":      {Into: new(a.ID)},
		"into: there is no theme":   {Into: new("nobody")},
		"into: expected an active":  {Into: new(b.ID)},
		"into: only an active or a": {State: new(Deleted), Into: new("rule_late")},
	} {
		_, err := r.Change(t.Context(), a.ID, e, "Ada")
		var bad *Invalid
		if !errors.As(err, &bad) || !strings.HasPrefix(bad.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := r.Change(t.Context(), "nobody", Edit{}, "Ada"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	_, err := r.Change(t.Context(), "rule_late", Edit{Definition: &match.Definition{How: "words", Phrases: []string{"x"}}}, "Ada")
	if bad := (*Invalid)(nil); !errors.As(err, &bad) || bad.Field != "definition" {
		t.Errorf("a rule defined anew: %v", err)
	}
	for _, d := range []match.Definition{{How: "words", Phrases: []string{"a"}}, {Title: strings.Repeat("x", 81), How: "words", Phrases: []string{"a"}}, {Title: "x", How: "like"}} {
		if _, err := r.Define(t.Context(), d, "Ada"); !errors.As(err, new(*Invalid)) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	if _, err := r.Preview(t.Context(), match.Definition{How: "words"}); !errors.As(err, new(*Invalid)) {
		t.Errorf("preview of nothing: %v", err)
	}
	if _, err := r.Detail(t.Context(), "nobody", 7, store.QuoteQuery{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("detail of nobody: %v", err)
	}
}

// A changed rule file counts anew; a rule that is gone counts no more.
func TestRuleFilesAreFollowed(t *testing.T) {
	r := talked(t)
	r.change("rule_refund", Edit{Title: new("Money")})
	r.reopen(rules)
	if n := len(r.changesOf("rule_refund")); n != 2 {
		t.Errorf("%d changes after a start with the same files", n)
	}
	r.reopen(strings.NewReplacer("refund, money back", "broken", "name: late", "name: later").Replace(rules))
	r.history()
	differ(t, "counts", r.counted(), map[string]store.Count{"": {Turns: 5, Calls: 3}, "Money": {Turns: 1, Calls: 1}})
	if d, err := r.Detail(t.Context(), "rule_late", 1, store.QuoteQuery{}); err != nil || d.State != Gone {
		t.Errorf("the rule that is gone: %+v, %v", d.Theme, err)
	}
	if _, err := r.Change(t.Context(), "rule_late", Edit{State: new(Active)}, "Ada"); !errors.As(err, new(*Invalid)) {
		t.Errorf("brought back what the files do not have: %v", err)
	}
	r.reopen(rules)
	r.history()
	if got := r.counted()["Money"]; got != (store.Count{Turns: 2, Calls: 2}) {
		t.Errorf("with the first files again: %+v", got)
	}
}

func (r *rig) changesOf(id string) []store.ThemeChange {
	r.Helper()
	c, err := r.db.ThemeChanges(r.Context(), id)
	r.must(err)
	return c
}
