package summaries

import (
	"cmp"
	"slices"

	"heed/insights"
	"heed/insights/summary"
	"heed/internal/event"
)

// Quoter makes summaries of quotes. It asks nobody, keeps nothing and is safe
// for concurrent use.
type Quoter struct {
	maker    *summary.Maker
	analyzer insights.Analyzer
}

// NewQuoter makes a quoter; analyzer reads what a corrected line now says.
// Nil leaves such a line without anything understood of it.
func NewQuoter(analyzer insights.Analyzer) (*Quoter, error) {
	maker, err := summary.New()
	if err != nil {
		return nil, err
	}
	if analyzer == nil {
		analyzer = insights.Chain(nil)
	}
	return &Quoter{maker, analyzer}, nil
}

// Version names what makes the summaries.
func (q *Quoter) Version() string { return q.maker.Version() }

// Quote sums a call up from its utterances as they were heard, what was
// understood of them and how some were corrected. It changes none of these.
func (q *Quoter) Quote(c event.Call, said []insights.Utterance, found []insights.Insight, fixes []event.Correction) insights.Summary {
	said, found = q.corrected(c, said, found, fixes)
	return q.maker.Make(c.ID, said, found)
}

// corrected gives a call as it now reads, in order of speech, and what is
// understood of it. Corrected lines are read again.
func (q *Quoter) corrected(
	c event.Call, said []insights.Utterance, found []insights.Insight, fixes []event.Correction,
) ([]insights.Utterance, []insights.Insight) {
	said, found = slices.Clone(said), slices.Clone(found)
	slices.SortStableFunc(said, func(a, b insights.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	for _, fix := range fixes {
		i := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == fix.UtteranceID })
		if i < 0 {
			continue
		}
		u := &said[i]
		*u = fix.Applied(*u)
		found = slices.DeleteFunc(found, func(in insights.Insight) bool { return in.UtteranceID == u.ID })
		before := insights.Call{ID: c.ID, Language: c.Language, StartedAt: c.StartedAt, Utterances: said[:i], Insights: slices.Clip(found)}
		now := q.analyzer.Analyze(u, &before)
		insights.Complete(u, now)
		found = append(found, now...)
	}
	return said, found
}

// Same says that two summaries read alike and were made alike.
func Same(a, b insights.Summary) bool {
	return a.Source == b.Source && a.Model == b.Model && slices.Equal(a.Lines, b.Lines)
}
