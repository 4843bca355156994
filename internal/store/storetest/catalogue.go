package storetest

import (
	"errors"
	"fmt"

	"heed/internal/decide"
	"heed/internal/store"
)

// catalogueKept: versions and steps stay for ever, and one of an item is live.
func catalogueKept(k *kit) {
	ctx := k.Context()
	version := func(id string, n int64) store.CatalogueVersion {
		return store.CatalogueVersion{Kind: "action", ID: id, Version: n, State: "draft", Author: "Ada", Doc: []byte(`{"id":"` + id + `"}`)}
	}
	step := func(id string, n int64, state string) store.CatalogueStep {
		return store.CatalogueStep{Kind: "action", ID: id, Version: n, State: state, At: at(int(n)), By: "Bo", Why: "because"}
	}
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.AddCatalogueVersion(version("a", 1)), tx.StepCatalogue(step("a", 1, "live")),
			tx.AddCatalogueVersion(version("a", 2)), tx.AddCatalogueVersion(version("b", 1)), tx.StepCatalogue(step("b", 1, "retired")),
			tx.AddCatalogueVersion(version("b", 2)), tx.StepCatalogue(step("b", 2, "retired")), tx.AddCatalogueVersion(version("b", 3)))
	})
	for name, bad := range map[string]func(*store.Tx) error{
		"a number twice":       func(tx *store.Tx) error { return tx.AddCatalogueVersion(version("a", 1)) },
		"two live ones":        func(tx *store.Tx) error { return tx.StepCatalogue(step("a", 2, "live")) },
		"a step of no version": func(tx *store.Tx) error { return tx.StepCatalogue(step("c", 1, "live")) },
	} {
		if err := k.Write(ctx, bad); !errors.Is(err, store.ErrDuplicate) && !errors.Is(err, store.ErrNotFound) {
			k.Errorf("%s gave %v, want a refusal", name, err)
		}
	}
	var latest []string
	for _, v := range got(k.CatalogueLatest(ctx))(k) {
		latest = append(latest, v.ID+string(rune('0'+v.Version))+v.State)
	}
	same(k, "latest", latest, []string{"a1live", "a2draft", "b2retired", "b3draft"})
	versions, steps, err := k.CatalogueHistory(ctx, "action", "a")
	k.must(err)
	live := version("a", 1)
	live.State = "live"
	same(k, "versions", versions, []store.CatalogueVersion{version("a", 2), live})
	same(k, "steps", steps, []store.CatalogueStep{step("a", 1, "live")})
	k.write(func(tx *store.Tx) error {
		inside, err := tx.CatalogueVersions("action", "a")
		same(k, "versions inside a write", inside, versions)
		return err
	})
}

// takenCounted: a decision counts once, whatever became of it afterwards.
func takenCounted(k *kit) {
	outcome := func(n int, decision, what string) decide.Outcome {
		return decide.Outcome{ID: fmt.Sprintf("o%d", n), DecisionID: decision, Action: "up.fibre", Outcome: what, At: at(n)}
	}
	k.write(func(tx *store.Tx) error {
		err := tx.SaveProfile(someProfile("anna", "Anna", "+31600000001"))
		for _, id := range []string{"d1", "d2", "d3", "d4"} {
			err = errors.Join(err, tx.AddDecision(decide.Decision{ID: id, At: at(0), Subject: "anna", Slot: "web.banner"}))
		}
		for n, o := range [][2]string{{"d1", "accepted"}, {"d2", "clicked"}, {"d3", "rejected"}, {"d1", "converted"}, {"d4", "clicked"}, {"d4", "converted"}} {
			err = errors.Join(err, tx.AddOutcome(outcome(n, o[0], o[1])))
		}
		return err
	})
	same(k, "taken", got(k.Taken(k.Context(), []string{"up.fibre", "up.none"}, at(4)))(k),
		map[string]decide.Taken{"up.fibre": {Today: 1, Ever: 2, Yes: 3}, "up.none": {}})
}
