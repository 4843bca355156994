package storetest

import (
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// historyReread walks over ended calls and replaces what was understood.
func historyReread(k *kit) {
	const many = 7
	k.write(func(tx *store.Tx) (err error) {
		for n := range many {
			c := event.Call{ID: fmt.Sprintf("c%d", n), Status: event.CallOver, StartedAt: at(n / 2)}
			if n == 3 {
				c.Status = event.CallLive
			}
			err = errors.Join(err, tx.SaveCall(c))
		}
		return err
	})
	walkEnded(k)
	replaceInsights(k)
	keepRuns(k)
}

func walkEnded(k *kit) {
	ctx := k.Context()
	var ids []string
	var mark event.ReanalysisMark
	for {
		page, err := k.EndedCalls(ctx, at(0), at(3), mark, 2)
		k.must(err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			ids = append(ids, c.ID)
			mark = event.ReanalysisMark{Started: c.StartedAt, Call: c.ID}
		}
	}
	same(k, "ended calls in order, the last beyond the end", ids, []string{"c0", "c1", "c2", "c4", "c5"})
	same(k, "their number", got(k.CountEndedCalls(ctx, at(0), at(3)))(k), 5)
	same(k, "their number later", got(k.CountEndedCalls(ctx, at(1), at(9)))(k), 4)
}

func replaceInsights(k *kit) {
	ctx := k.Context()
	u := insights.Utterance{ID: "u1", CallID: "c0", Seq: 1, Speaker: insights.Customer, Text: "hello"}
	old := insights.Insight{Kind: insights.Intent, Name: "cancel", UtteranceID: "u1", Model: "intent/1"}
	other := insights.Insight{Kind: insights.Redacted, Name: "card_number", UtteranceID: "u1", Model: "redact/1"}
	now := old
	now.Name, now.Model = "refund", "intent/2"
	spoken := got(event.New(event.UtteranceSpoken, at(4), event.About{Subject: "c0", Call: "c0"}, event.Reworded{Utterance: u}))(k)
	raised := got(event.New(event.SignalRaised, at(4), event.About{Subject: "p", Call: "c0"}, insights.Signal{Label: "intent.cancel", UtteranceID: "u1"}))(k)
	again := got(event.New(event.UtteranceReanalyzed, at(5), event.About{Subject: "c0", Call: "c0"}, event.Reanalyzed{Reworded: event.Reworded{Utterance: u}}))(k)
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.AddUtterance(u), tx.AddInsights("c0", []insights.Insight{old, other}), tx.Append(spoken), tx.Append(raised))
	})
	kept := got(k.StoredInsights(ctx, "c0"))(k)
	if len(kept) != 2 || kept[0].Name != "cancel" || kept[1].Name != "card_number" {
		k.Fatalf("kept %+v", kept)
	}
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.DropInsight(kept[0]), tx.AddInsights("c0", []insights.Insight{now}), tx.Append(again))
	})
	same(k, "replaced", got(k.Insights(ctx, "c0"))(k), []insights.Insight{other, now})
	err := k.Write(ctx, func(tx *store.Tx) error { return tx.DropInsight(kept[0]) })
	if !errors.Is(err, store.ErrConflict) {
		k.Errorf("what is not there was dropped: %v", err)
	}
	same(k, "what the log tells", got(k.SaidOf(ctx, "c0"))(k), map[string]store.Said{
		"u1": {Spoken: at(4), Raised: []string{raised.ID, again.ID}},
	})
}

func keepRuns(k *kit) {
	ctx := k.Context()
	if _, err := k.LastReanalysis(ctx); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a run before the first: %v", err)
	}
	first := event.Reanalysis{ID: "r1", State: event.ReanalysisRunning, StartedAt: at(1), Models: []string{"intent/2"}}
	second := event.Reanalysis{ID: "r2", State: event.ReanalysisRunning, StartedAt: at(2)}
	save := func(r event.Reanalysis) error {
		return k.Write(ctx, func(tx *store.Tx) error { return tx.SaveReanalysis(r) })
	}
	k.must(save(first))
	if err := save(second); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("two runs at once gave %v, want ErrDuplicate", err)
	}
	ended := at(1).Add(time.Hour)
	first.State, first.EndedAt = event.ReanalysisDone, &ended
	k.must(save(first))
	same(k, "the last run", got(k.LastReanalysis(ctx))(k), first)
	k.must(save(second))
	same(k, "the next one", got(k.LastReanalysis(ctx))(k).ID, "r2")
}
