package reanalyze

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/summaries"
)

// reader compares what is understood now with what was.
type reader struct {
	store    *store.Store
	analyzer insights.Analyzer
	whole    Whole
	country  func(event.Call) string
	makers   []string        // the analyzers that run, by name
	kinds    []insights.Kind // that are replaced; empty means all
}

// owns says that an insight is one that this run would make.
func (r *reader) owns(in *insights.Insight) bool {
	return in.UtteranceID != "" && r.wants(in.Kind) && slices.Contains(r.makers, insights.Maker(in.Model))
}

func (r *reader) wants(k insights.Kind) bool {
	return slices.Contains(kinds(), k) && (len(r.kinds) == 0 || slices.Contains(r.kinds, k))
}

// read gives what is now understood otherwise of a call, its utterances in the
// order of commit, and how many utterances there are in all.
func (r *reader) read(ctx context.Context, c event.Call) (now brain.Again, all int, err error) {
	said, err := r.store.Utterances(ctx, c.ID)
	if err != nil {
		return now, 0, err
	}
	stored, err := r.store.StoredInsights(ctx, c.ID)
	if err != nil {
		return now, 0, err
	}
	of := make(map[string][]store.StoredInsight)
	for _, s := range stored {
		of[s.UtteranceID] = append(of[s.UtteranceID], s)
	}
	past := insights.Call{ID: c.ID, Language: c.Language, Country: r.country(c), StartedAt: c.StartedAt}
	for i := range said {
		u := said[i]
		read := r.understand(&u, &past, of[u.ID])
		past.Utterances = append(past.Utterances, u)
		if same(read.Drop, read.Add) {
			past.Insights = append(past.Insights, unpacked(of[u.ID])...)
			continue
		}
		now.Utterances = append(now.Utterances, read)
		past.Insights = append(past.Insights, read.Keep...)
		past.Insights = append(past.Insights, read.Add...)
	}
	if len(now.Utterances) > 0 {
		err = r.addSaid(ctx, c.ID, now.Utterances)
	}
	r.measure(&now, c, said, of[""])
	return now, len(said), errors.Join(err, r.sum(ctx, &now, c, &past))
}

// measure adds the figures of the whole call when they are other ones, or made
// by another version.
func (r *reader) measure(now *brain.Again, c event.Call, said []insights.Utterance, stored []store.StoredInsight) {
	if r.whole.Measure == nil || !r.wants(insights.Talk) {
		return
	}
	was := slices.DeleteFunc(stored, func(s store.StoredInsight) bool {
		return s.Kind != insights.Talk || insights.Maker(s.Model) != insights.Maker(r.whole.Version)
	})
	if is := r.whole.Measure(said, c.Duration, c.Music()); !same(was, is) {
		now.NoFigures, now.Figures = was, is
	}
}

// sum adds the summary when it reads otherwise or is by another version. One
// that a language model wrote stays, and one that is not made yet is left to
// who makes it.
func (r *reader) sum(ctx context.Context, now *brain.Again, c event.Call, past *insights.Call) error {
	if r.whole.Quotes == nil || len(r.kinds) > 0 && len(now.Utterances) == 0 {
		return nil
	}
	was, err := r.store.Summary(ctx, c.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && was.Source != insights.FromWords {
		return nil
	}
	fixes, fixesErr := r.store.CorrectionsOf(ctx, c.ID)
	if err := errors.Join(err, fixesErr); err != nil {
		return err
	}
	if is := r.whole.Quotes.Quote(c, past.Utterances, past.Insights, fixes); !summaries.Same(was, is) {
		now.Summary = &is
	}
	return nil
}

func unpacked(stored []store.StoredInsight) []insights.Insight {
	out := make([]insights.Insight, len(stored))
	for i := range stored {
		out[i] = stored[i].Insight
	}
	return out
}

func (r *reader) addSaid(ctx context.Context, callID string, changed []brain.Reread) error {
	told, err := r.store.SaidOf(ctx, callID)
	if err != nil {
		return err
	}
	for i := range changed {
		changed[i].Said = told[changed[i].Utterance.ID]
	}
	return nil
}

// understand reads an utterance as a live call would.
func (r *reader) understand(u *insights.Utterance, past *insights.Call, stored []store.StoredInsight) brain.Reread {
	now := brain.Reread{Utterance: *u}
	for _, s := range stored {
		if r.owns(&s.Insight) {
			now.Drop = append(now.Drop, s)
		} else {
			now.Keep = append(now.Keep, s.Insight)
		}
	}
	before := *past
	before.Insights = append(slices.Clip(past.Insights), now.Keep...) // as what was spotted and redacted came first
	found := r.analyzer.Analyze(u, &before)
	insights.Complete(u, found)
	for _, in := range found {
		if r.owns(&in) {
			now.Add = append(now.Add, in)
		}
	}
	return now
}

// same says that nothing changed, not even a version.
func same(drop []store.StoredInsight, add []insights.Insight) bool {
	if len(drop) != len(add) {
		return false
	}
	for i := range add {
		was, err := json.Marshal(drop[i].Insight)
		now, nowErr := json.Marshal(add[i])
		if err != nil || nowErr != nil || !bytes.Equal(was, now) {
			return false
		}
	}
	return true
}
