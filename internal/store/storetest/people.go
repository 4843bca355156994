package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/store"
)

func (k *kit) save(p customer.Profile) error {
	return k.Write(k.Context(), func(tx *store.Tx) error { return tx.SaveProfile(p) })
}

func profilesVersioned(k *kit) {
	p := someProfile("anna", "Anna de Vries", "+31612345678")
	early := p
	early.Version = 2
	if err := k.save(early); !errors.Is(err, store.ErrConflict) {
		k.Errorf("version 2 of nobody gave %v, want ErrConflict", err)
	}
	k.must(k.save(p))
	same(k, "profile", got(k.Profile(k.Context(), "anna"))(k), p)
	if err := k.save(p); !errors.Is(err, store.ErrConflict) {
		k.Errorf("version 1 twice gave %v, want ErrConflict", err)
	}
	// Two who read the same version: one wins.
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			next := p
			next.Version = 2
			next.Traits = []customer.Trait{{Name: "plan", Value: float64(i)}}
			errs[i] = k.save(next)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrConflict):
			k.Errorf("got %v, want ErrConflict", err)
		}
	}
	same(k, "writers that won", won, 1)
	same(k, "version", got(k.Profile(k.Context(), "anna"))(k).Version, 2)
}

func identifiersOwned(k *kit) {
	ctx := k.Context()
	k.must(k.save(someProfile("anna", "Anna", "+31600000001")))
	err := k.save(someProfile("bert", "Bert", "+31600000001"))
	if !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("somebody else's number gave %v, want ErrDuplicate", err)
	}
	if _, err := k.Profile(ctx, "bert"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the refused profile gave %v, want ErrNotFound", err)
	}
	anna := someProfile("anna", "Anna", "+31600000002")
	anna.Version = 2
	anna.Identifiers = append(anna.Identifiers, customer.Identifier{Type: "email", Value: "anna@example.org"})
	k.must(k.save(anna))
	for _, i := range anna.Identifiers {
		same(k, "owner by "+i.Type, got(k.ProfileByIdentifier(ctx, i.Type, i.Value))(k).ID, "anna")
	}
	if _, err := k.ProfileByIdentifier(ctx, "phone", "+31600000001"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the number that was given up gave %v, want ErrNotFound", err)
	}
	k.must(k.save(someProfile("bert", "Bert", "+31600000001")))
}

func profilesSearched(k *kit) {
	ctx := k.Context()
	for i, name := range []string{"Anna de Vries", "Bert 100%", "Élodie_Dupont", "Chris"} {
		p := someProfile(fmt.Sprintf("c%d", i), name, fmt.Sprintf("+3161234567%d", i))
		p.CreatedAt = at(i / 2) // two began in the same second
		k.must(k.save(p))
	}
	for query, want := range map[string][]string{
		"":          {"c3", "c2", "c1", "c0"},
		"VRIES":     {"c0"},
		"élodie":    {"c2"},
		"0%":        {"c1"},
		"_":         {"c2"},
		`\`:         nil,
		"234567":    {"c3", "c2", "c1", "c0"},
		" 12345673": {"c3"},
		"zebra":     nil,
	} {
		var found []string
		for after := ""; ; {
			page, next, err := k.Profiles(ctx, query, after, 1)
			k.must(err)
			for _, p := range page {
				found = append(found, p.ID)
			}
			if after = next; next == "" {
				break
			}
		}
		same(k, fmt.Sprintf("people for %q", query), found, want)
	}
}

// link makes a row that follows prev in a chain; the store does not look into
// the sums, only at how they join.
func link(id string, prev consent.Row) consent.Row {
	return consent.Row{
		ID: id, CustomerID: "anna", Cell: consent.Cell{Purpose: consent.Marketing, Channel: "email"},
		State: consent.Granted, At: at(1), RecordedAt: at(2), Source: "heed", Actor: "agent",
		PrevHash: prev.Hash, Hash: "sum of " + id,
	}
}

func consentChains(k *kit) {
	add := func(r consent.Row) error {
		return k.Write(k.Context(), func(tx *store.Tx) error { return tx.AddConsent(r) })
	}
	first := link("r1", consent.Row{})
	second := link("r2", first)
	if err := add(first); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("consent of nobody gave %v, want ErrNotFound", err)
	}
	k.must(k.save(someProfile("anna", "Anna", "+31600000001")))
	k.must(add(first))
	k.must(add(second))
	unsealed := link("r4", second)
	unsealed.Hash = ""
	for _, c := range []struct {
		name string
		row  consent.Row
		want error
	}{
		{"a fork at the beginning", link("r3", consent.Row{}), store.ErrConflict},
		{"a fork in the middle", link("r3", first), store.ErrConflict},
		{"a chain from elsewhere", link("r3", consent.Row{Hash: "made up"}), store.ErrConflict},
		{"the same row again", second, store.ErrDuplicate},
	} {
		if err := add(c.row); !errors.Is(err, c.want) {
			k.Errorf("%s gave %v, want %v", c.name, err, c.want)
		}
	}
	if err := add(unsealed); err == nil {
		k.Error("a row without a sum was taken")
	}
	same(k, "ledger", got(k.Consent(k.Context(), "anna"))(k), []consent.Row{first, second})
	same(k, "ledger of nobody", got(k.Consent(k.Context(), "bert"))(k), []consent.Row{})
}

func decisionsOutcomes(k *kit) {
	ctx := k.Context()
	k.write(func(tx *store.Tx) error { return tx.SaveCall(someCall(1)) })
	d := decide.Decision{
		ID: "d1", At: at(1), Slot: "agent.call", Channel: "agent", Subject: "anna", CallID: "call-001",
		Actions: []decide.Choice{{Action: "retain", Rank: 1, P: 0.3}}, Because: "wants to leave", Versions: map[string]string{"catalogue": "1"},
		Readings: []customer.Reading{},
	}
	elsewhere := decide.Decision{ID: "d2", At: at(2), Slot: "web.banner", Subject: "anna"}
	k.write(func(tx *store.Tx) error { return errors.Join(tx.AddDecision(d), tx.AddDecision(elsewhere)) })
	same(k, "decision", got(k.Decision(ctx, "d1"))(k), d)
	same(k, "decisions of the call", got(k.Decisions(ctx, "call-001"))(k), []decide.Decision{d})
	o := decide.Outcome{ID: "o1", DecisionID: "d1", Action: "retain", Outcome: "accepted", At: at(3), Channel: "agent", CallID: "call-001", Key: "k1"}
	loose := decide.Outcome{ID: "o2", DecisionID: "d2", Outcome: "impression", At: at(3)}
	alike := loose
	alike.ID = "o3" // no key: not a repeat
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.AddOutcome(o), tx.AddOutcome(loose), tx.AddOutcome(alike))
	})
	again, lost := o, o
	again.ID = "o9"
	lost.ID, lost.Key, lost.DecisionID = "o8", "k8", "d9"
	for _, c := range []struct {
		name string
		fn   func(tx *store.Tx) error
		want error
	}{
		{"a decision twice", func(tx *store.Tx) error { return tx.AddDecision(d) }, store.ErrDuplicate},
		{"a key twice", func(tx *store.Tx) error { return tx.AddOutcome(again) }, store.ErrDuplicate},
		{"an outcome of no decision", func(tx *store.Tx) error { return tx.AddOutcome(lost) }, store.ErrNotFound},
	} {
		if err := k.Write(ctx, c.fn); !errors.Is(err, c.want) {
			k.Errorf("%s gave %v, want %v", c.name, err, c.want)
		}
	}
	same(k, "outcomes of the call", got(k.Outcomes(ctx, "call-001"))(k), []decide.Outcome{o})
	same(k, "outcome by key", got(k.OutcomeByKey(ctx, "k1"))(k), o)
	for _, key := range []string{"", "k2"} {
		if _, err := k.OutcomeByKey(ctx, key); !errors.Is(err, store.ErrNotFound) {
			k.Errorf("outcome by key %q gave %v, want ErrNotFound", key, err)
		}
	}
}

func idempotencyKeys(k *kit) {
	ctx := k.Context()
	remember := func(key, hash, body string) error {
		return k.Write(ctx, func(tx *store.Tx) error {
			if err := tx.SetCursor("effect of "+body, 1); err != nil {
				return err
			}
			return tx.Remember(key, hash, []byte(body), 201, time.Hour)
		})
	}
	k.must(remember("key", "request", "first"))
	same(k, "the answer", got(k.Recalled(ctx, "key", "request"))(k), store.Reply{Status: 201, Body: []byte("first")})
	if err := remember("key", "request", "second"); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("the same request gave %v, want ErrDuplicate", err)
	}
	if err := remember("key", "other", "third"); !errors.Is(err, store.ErrMismatch) {
		k.Errorf("another request gave %v, want ErrMismatch", err)
	}
	if _, err := k.Recalled(ctx, "key", "other"); !errors.Is(err, store.ErrMismatch) {
		k.Errorf("recalled for another request: %v, want ErrMismatch", err)
	}
	if err := remember("", "request", "x"); err == nil {
		k.Error("an empty key was taken")
	}
	for _, body := range []string{"second", "third"} {
		same(k, "the effect of "+body, got(k.Cursor(ctx, "effect of "+body))(k), 0)
	}
	k.pass(time.Hour)
	if _, err := k.Recalled(ctx, "key", "request"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("an expired key gave %v, want ErrNotFound", err)
	}
	k.must(remember("key", "other", "fourth"))
	same(k, "the new answer", got(k.Recalled(ctx, "key", "other"))(k), store.Reply{Status: 201, Body: []byte("fourth")})
	k.write(func(tx *store.Tx) error { return tx.Remember("bare", "r", nil, 204, time.Hour) })
	same(k, "an answer without a body", got(k.Recalled(ctx, "bare", "r"))(k), store.Reply{Status: 204, Body: []byte{}})
}
