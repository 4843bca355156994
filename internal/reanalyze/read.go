package reanalyze

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

// reader compares what is understood now with what was.
type reader struct {
	store    *store.Store
	analyzer insights.Analyzer
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

// read gives the utterances of a call of which something else is understood,
// in the order of commit, and how many there are in all.
func (r *reader) read(ctx context.Context, c event.Call) (changed []brain.Reread, all int, err error) {
	said, err := r.store.Utterances(ctx, c.ID)
	if err != nil {
		return nil, 0, err
	}
	stored, err := r.store.StoredInsights(ctx, c.ID)
	if err != nil {
		return nil, 0, err
	}
	of := make(map[string][]store.StoredInsight)
	for _, s := range stored {
		of[s.UtteranceID] = append(of[s.UtteranceID], s)
	}
	past := insights.Call{ID: c.ID, Language: c.Language, Country: r.country(c), StartedAt: c.StartedAt}
	for i := range said {
		u := said[i]
		now := r.understand(&u, &past, of[u.ID])
		if !now.same() {
			changed = append(changed, now.Reread)
		}
		past.Utterances = append(past.Utterances, u)
		past.Insights = append(past.Insights, now.Keep...)
		past.Insights = append(past.Insights, now.Add...)
	}
	if len(changed) > 0 {
		err = r.addSaid(ctx, c.ID, changed)
	}
	return changed, len(said), err
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

// reading is one utterance, read again.
type reading struct{ brain.Reread }

// understand reads an utterance as a live call would.
func (r *reader) understand(u *insights.Utterance, past *insights.Call, stored []store.StoredInsight) reading {
	now := reading{brain.Reread{Utterance: *u}}
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
func (n *reading) same() bool {
	if len(n.Drop) != len(n.Add) {
		return false
	}
	for i := range n.Add {
		was, err := json.Marshal(n.Drop[i].Insight)
		now, nowErr := json.Marshal(n.Add[i])
		if err != nil || nowErr != nil || !bytes.Equal(was, now) {
			return false
		}
	}
	return true
}

// count adds what changed to a run: by kind and name, and as examples.
func count(run *event.Reanalysis, changed []brain.Reread) {
	for i := range changed {
		c := &changed[i]
		was, now := names(c.Drop, func(s store.StoredInsight) insights.Insight { return s.Insight }), names(c.Add, func(in insights.Insight) insights.Insight { return in })
		for _, name := range was {
			at := change(run, name)
			if slices.Contains(now, name) {
				at.Kept++
			} else {
				at.Removed++
			}
		}
		for _, name := range now {
			if !slices.Contains(was, name) {
				change(run, name).Added++
			}
		}
		if !slices.Equal(was, now) && len(run.Example) < mostExamples {
			run.Example = append(run.Example, event.ReanalysisExample{
				Call: c.Utterance.CallID, Utterance: c.Utterance.ID, Was: texts(was), Now: texts(now),
			})
		}
	}
	run.Counts.Changed += len(changed)
}

// mostExamples is how many utterances a run names.
const mostExamples = 20

type named struct {
	kind insights.Kind
	name string
}

// names gives each kind and name once, sorted.
func names[T any](all []T, of func(T) insights.Insight) []named {
	var out []named
	for _, v := range all {
		in := of(v)
		if n := (named{in.Kind, in.Name}); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, compareNamed)
	return out
}

func compareNamed(a, b named) int {
	if a.kind != b.kind {
		return slices.Index(kinds(), a.kind) - slices.Index(kinds(), b.kind)
	}
	return bytes.Compare([]byte(a.name), []byte(b.name))
}

func texts(all []named) []string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = fmt.Sprintf("%s:%s", n.kind, n.name)
	}
	return out
}

// change finds the line of a kind and name, in order.
func change(run *event.Reanalysis, n named) *event.ReanalysisChange {
	at, found := slices.BinarySearchFunc(run.Changes, n, func(c event.ReanalysisChange, n named) int {
		return compareNamed(named{c.Kind, c.Name}, n)
	})
	if !found {
		run.Changes = slices.Insert(run.Changes, at, event.ReanalysisChange{Kind: n.kind, Name: n.name})
	}
	return &run.Changes[at]
}
