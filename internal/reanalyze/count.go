package reanalyze

import (
	"bytes"
	"fmt"
	"slices"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

// count adds what changed to a run: by kind and name, and as examples.
func count(run *event.Reanalysis, changed *brain.Again) {
	for i := range changed.Utterances {
		c := &changed.Utterances[i]
		was, now := tally(run, c.Drop, c.Add)
		if !slices.Equal(was, now) && len(run.Example) < mostExamples {
			run.Example = append(run.Example, event.ReanalysisExample{
				Call: c.Utterance.CallID, Utterance: c.Utterance.ID, Was: texts(was), Now: texts(now),
			})
		}
	}
	run.Counts.Changed += len(changed.Utterances)
	if len(changed.NoFigures)+len(changed.Figures) > 0 {
		tally(run, changed.NoFigures, changed.Figures)
		run.Counts.Figures++
	}
	if changed.Summary != nil {
		run.Counts.Summaries++
	}
}

// tally counts what came and went by kind and name, and gives both.
func tally(run *event.Reanalysis, drop []store.StoredInsight, add []insights.Insight) (was, now []named) {
	was, now = names(unpacked(drop)), names(add)
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
	return was, now
}

// mostExamples is how many utterances a run names.
const mostExamples = 20

type named struct {
	kind insights.Kind
	name string
}

// names gives each kind and name once, sorted.
func names(all []insights.Insight) []named {
	var out []named
	for _, in := range all {
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
