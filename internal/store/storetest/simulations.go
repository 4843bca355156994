package storetest

import (
	"encoding/json"
	"errors"
	"fmt"

	"heed/internal/decide"
	"heed/internal/store"
)

// simulations keeps the runs over past decisions, and finds whose they are.
func simulations(k *kit) {
	ctx := k.Context()
	save := func(id, state string, n int) error {
		s := store.Simulation{ID: id, State: state, StartedAt: at(n), Doc: json.RawMessage(fmt.Sprintf(`{"id":%q,"state":%q}`, id, state))}
		return k.Write(ctx, func(tx *store.Tx) error { return tx.SaveSimulation(s) })
	}
	if _, err := k.Simulation(ctx, "s0"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("a run that never was: %v", err)
	}
	k.must(save("s0", "running", 0))
	if err := save("s1", "running", 1); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("two runs at once gave %v, want ErrDuplicate", err)
	}
	k.must(save("s0", "done", 0))
	same(k, "the run", string(got(k.Simulation(ctx, "s0"))(k)), `{"id":"s0","state":"done"}`)
	const kept = 100
	for n := 1; n <= kept; n++ {
		k.must(save(fmt.Sprintf("s%d", n), "done", n))
	}
	all := got(k.Simulations(ctx))(k)
	same(k, "runs that are kept", len(all), kept)
	same(k, "the latest first", string(all[0]), `{"id":"s100","state":"done"}`)
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.SaveSimulation(store.Simulation{ID: "x", Doc: []byte("{")}) }); err == nil {
		k.Error("half a document was kept")
	}

	k.write(func(tx *store.Tx) (err error) {
		for n, id := range []string{"b", "a", "b", "c"} {
			d := decide.Decision{ID: fmt.Sprint("d", n), Subject: id, Slot: "web", At: at(n)}
			err = errors.Join(err, tx.AddDecision(d))
		}
		return err
	})
	same(k, "people decided about", got(k.Decided(ctx, at(0), at(3)))(k), []string{"a", "b"})
	same(k, "people of no time", got(k.Decided(ctx, at(8), at(9)))(k), []string{})
	k.write(func(tx *store.Tx) error {
		return tx.AddOutcome(decide.Outcome{ID: "o1", DecisionID: "d2", Subject: "b", Action: "x", Outcome: "accepted", At: at(9)})
	})
	var ids []string
	var became []string
	var mark store.DecisionMark
	for {
		decisions, outcomes, next, err := k.DecisionsFrom(ctx, at(0), at(3), mark, 2)
		k.must(err)
		if next == mark {
			break
		}
		for _, d := range decisions {
			ids = append(ids, d.ID)
		}
		for _, o := range outcomes {
			became = append(became, o.ID)
		}
		mark = next
	}
	same(k, "decisions in order, the last beyond the end", ids, []string{"d0", "d1", "d2"})
	same(k, "what became of them", became, []string{"o1"})
}
