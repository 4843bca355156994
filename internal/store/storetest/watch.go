package storetest

import (
	"errors"
	"time"

	"heed/internal/store"
)

// rulesTellOnce keeps rules over live calls, and one alert of each a call.
func rulesTellOnce(k *kit) {
	ctx := k.Context()
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	rule := store.WatchRule{ID: "r1", Owner: "sue", Created: at, WatchWanted: store.WatchWanted{Name: "Long", Kind: "long", Seconds: 60, Changed: at}}
	k.write(func(tx *store.Tx) error { return errors.Join(tx.SaveCall(someCall(1)), tx.SaveWatchRule(rule)) })
	stored := func() (got store.WatchRule, err error) {
		err = k.Write(ctx, func(tx *store.Tx) (err error) { got, err = tx.WatchRule("r1"); return err })
		return got, err
	}
	got, err := stored()
	k.must(err)
	same(k, "rule", got, rule)

	alert := store.WatchAlert{ID: "a1", Rule: "r1", Call: "call-001", At: at, WatchTold: store.WatchTold{Name: "Long", Kind: "long", Seconds: 61, Value: 61}}
	k.write(func(tx *store.Tx) error { return tx.AddWatchAlert(alert) })
	again := alert
	again.ID = "a2"
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.AddWatchAlert(again) }); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a second alert of a rule on a call gave %v, want ErrDuplicate", err)
	}
	alert.Acked, alert.AckedBy = at.Add(time.Minute), "Sue"
	k.write(func(tx *store.Tx) error { return tx.AckWatchAlert(alert) })
	open, _, err := k.WatchAlerts(ctx, at, true, "", 10)
	k.must(err)
	all, next, err := k.WatchAlerts(ctx, at, false, "", 10)
	k.must(err)
	same(k, "alerts", all, []store.WatchAlert{alert})
	if len(open) != 0 || next != "" {
		k.Errorf("%d open, next %q", len(open), next)
	}

	rule.Deleted = at.Add(time.Hour)
	k.write(func(tx *store.Tx) error { return tx.SaveWatchRule(rule) })
	if rules, err := k.WatchRules(ctx); err != nil || len(rules) != 0 {
		k.Errorf("%v, %v", rules, err)
	}
	k.write(func(tx *store.Tx) error { return tx.PurgeWatch(at.Add(2 * time.Hour)) })
	if _, err := stored(); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a rule that was purged gave %v", err)
	}
}
