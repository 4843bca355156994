package storetest

import (
	"errors"

	"heed/insights"
	"heed/internal/store"
)

// summariesReplace keeps one summary a call, the latest.
func summariesReplace(k *kit) {
	ctx := k.Context()
	k.write(func(tx *store.Tx) error { return tx.SaveCall(someCall(1)) })
	if _, err := k.Summary(ctx, "call-001"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a call without a summary gave %v, want ErrNotFound", err)
	}
	for _, text := range []string{"first", "second"} {
		want := insights.Summary{
			CallID: "call-001", Source: insights.FromWords, Model: "summary/1",
			Lines: []insights.SummaryLine{{Part: insights.SummaryPromise, Text: text, UtteranceID: "u1", Speaker: insights.Agent, Start: 1.5, Due: "today"}},
		}
		k.write(func(tx *store.Tx) error { return tx.SaveSummary(want) })
		got, err := k.Summary(ctx, "call-001")
		k.must(err)
		same(k, "summary", got, want)
	}
	err := k.Write(ctx, func(tx *store.Tx) error { return tx.SaveSummary(insights.Summary{CallID: "nobody's"}) })
	if !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a summary of nothing gave %v, want ErrNotFound", err)
	}
}
