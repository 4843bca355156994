package store

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"

	"heed/insights"
)

// The kinds of counters.
const (
	// TallyTheme counts turns of customers and calls by theme; TallyVolume all of
	// them, under no name.
	TallyTheme  = "theme"
	TallyVolume = "volume"
	// TallyIntent counts what customers want, TallyOutcome what came of
	// suggestions, TallySentiment their moods by name, and all under no name,
	// with the sum of their values.
	TallyIntent    = "intent"
	TallySentiment = "sentiment"
	TallyOutcome   = "outcome"
)

// Origins that every store has: all of them together, and that of calls of
// which nobody told.
const (
	allOrigins int64 = 0
	noOrigin   int64 = 1
)

// moodUnit is what sums of moods are counted in: whole numbers can be taken
// back exactly.
const moodUnit = 1000

// tallyKey names a counter.
type tallyKey struct {
	kind, name   string
	origin, slot int64
}

func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.name, o.name), cmp.Compare(k.origin, o.origin), cmp.Compare(k.slot, o.slot))
}

// amount is what a counter holds, or what is added to one.
type amount struct{ turns, calls, sum int64 }

func (a amount) times(n int64) amount { return amount{n * a.turns, n * a.calls, n * a.sum} }

// changes are what a write adds to counters, each written once.
type changes map[tallyKey]amount

func (c changes) put(k tallyKey, a amount) {
	now := c[k]
	c[k] = amount{now.turns + a.turns, now.calls + a.calls, now.sum + a.sum}
}

// count adds to a counter of an origin, and to that of all.
func (c changes) count(k tallyKey, a amount) {
	c.put(k, a)
	k.origin = allOrigins
	c.put(k, a)
}

// tally writes changes, in the order of the counters.
func (tx *Tx) tally(op string, c changes) error {
	for _, k := range slices.SortedFunc(maps.Keys(c), tallyKey.compare) {
		if err := tx.tallyOne(op, k, c[k]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) tallyOne(op string, k tallyKey, a amount) error {
	if a == (amount{}) {
		return nil
	}
	if a.turns < 0 || a.calls < 0 {
		_, err := tx.exec(op, `UPDATE tally SET turns = turns + ?, calls = calls + ?, sum = sum + ?
			WHERE kind = ? AND name = ? AND origin = ? AND slot = ?`, a.turns, a.calls, a.sum, k.kind, k.name, k.origin, k.slot)
		if err != nil {
			return err
		}
		_, err = tx.exec(op, `DELETE FROM tally WHERE kind = ? AND name = ? AND origin = ? AND slot = ? AND turns = 0`, k.kind, k.name, k.origin, k.slot)
		return err
	}
	_, err := tx.exec(op, `INSERT INTO tally (kind, name, origin, slot, turns, calls, sum) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, name, origin, slot) DO UPDATE SET turns = turns + excluded.turns, calls = calls + excluded.calls, sum = sum + excluded.sum`,
		k.kind, k.name, k.origin, k.slot, a.turns, a.calls, a.sum)
	return err
}

// originOf gives the origin under which a call is counted.
func (tx *Tx) originOf(op, callID string) (int64, error) {
	var id int64
	err := tx.get(op, &id, `SELECT origin FROM call_origin WHERE call = ?`, callID)
	if errors.Is(err, ErrNotFound) {
		return noOrigin, nil
	}
	return id, err
}

// originID gives the number of an origin, a new one when there is none.
func (tx *Tx) originID(op, source, campaign, queue string) (int64, error) {
	if _, err := tx.exec(op, `INSERT INTO origin (source, campaign, queue) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, source, campaign, queue); err != nil {
		return 0, err
	}
	var id int64
	err := tx.get(op, &id, `SELECT id FROM origin WHERE source = ? AND campaign = ? AND queue = ?`, source, campaign, queue)
	return id, err
}

// counted is what a call adds to one counter.
type counted struct {
	Kind, Name string
	Turns, Sum int64
}

func (c counted) at(origin, slot int64) tallyKey { return tallyKey{c.Kind, c.Name, origin, slot} }

func (c counted) amount() amount { return amount{c.Turns, 1, c.Sum} }

// moveTallies counts a call under another origin. It has to be stored under the
// first one still.
func (tx *Tx) moveTallies(op, callID string, slot, from, to int64) error {
	if from == to {
		return nil
	}
	spoken, err := tx.spokenOn(op, callID)
	if err != nil {
		return err
	}
	beside, err := tx.besides(op, callID)
	if err != nil {
		return err
	}
	c := changes{}
	for _, one := range append(spoken, beside...) {
		c.put(one.at(from, slot), one.amount().times(-1))
		c.put(one.at(to, slot), one.amount())
	}
	return tx.tally(op, c)
}

// spokenOn gives what a call adds to the counters of turns and themes.
func (tx *Tx) spokenOn(op, callID string) (out []counted, err error) {
	err = tx.list(op, &out, `SELECT 'theme' AS kind, theme AS name, count(*) AS turns, 0 AS sum FROM theme_turn
			WHERE turn IN (SELECT n FROM turn WHERE call = ?1) GROUP BY theme
		UNION ALL SELECT 'volume', '', count(*), 0 FROM turn WHERE call = ?1 HAVING count(*) > 0`, callID)
	return out, err
}

// besides gives what a call adds to all other counters.
func (tx *Tx) besides(op, callID string) (out []counted, err error) {
	err = tx.list(op, &out, `SELECT kind, name, turns, sum FROM call_tally WHERE call = ?`, callID)
	return out, err
}

// Recount counts the intents, moods and outcomes of a call as they now are. A
// call that is no more is [ErrNotFound], one whose person was erased [ErrErased].
func (tx *Tx) Recount(callID string) error {
	op := "recount call " + callID
	var started int64
	if err := tx.get(op, &started, `SELECT started FROM call WHERE id = ?`, callID); err != nil {
		return err
	}
	origin, err := tx.originOf(op, callID)
	if err != nil {
		return err
	}
	had, err := tx.besides(op, callID)
	if err != nil {
		return err
	}
	now, err := tx.counts(op, callID, had)
	if err != nil {
		return err
	}
	slot, c := Slot(fromMillis(started)), changes{}
	for _, one := range had {
		if slices.Contains(now, one) {
			continue
		}
		c.count(one.at(origin, slot), one.amount().times(-1))
		if _, err := tx.exec(op, `DELETE FROM call_tally WHERE call = ? AND kind = ? AND name = ?`, callID, one.Kind, one.Name); err != nil {
			return err
		}
	}
	for _, one := range now {
		if slices.Contains(had, one) {
			continue
		}
		c.count(one.at(origin, slot), one.amount())
		_, err := tx.exec(op, `INSERT INTO call_tally (call, kind, name, turns, sum) VALUES (?, ?, ?, ?, ?)`, callID, one.Kind, one.Name, one.Turns, one.Sum)
		if err != nil {
			return err
		}
	}
	return tx.tally(op, c)
}

// counts gives what a call adds to counters now. Of a call whose words went for
// their age that is what it had added: what was said then was said.
func (tx *Tx) counts(op, callID string, had []counted) ([]counted, error) {
	now, err := tx.understood(op, callID)
	if err != nil {
		return nil, err
	}
	aged, err := tx.isAged(op, KeptTranscripts, callID)
	if err != nil || !aged {
		return now, err
	}
	for _, one := range had {
		if one.Kind != TallyOutcome {
			now = append(now, one)
		}
	}
	return now, nil
}

// understood counts what was understood on a call, and what came of suggestions.
func (tx *Tx) understood(op, callID string) ([]counted, error) {
	var out []counted
	err := tx.list(op, &out, `SELECT kind, name, count(DISTINCT utterance) AS turns, 0 AS sum FROM insight
			WHERE call = ?1 AND kind = 'intent' AND speaker = 'customer' GROUP BY kind, name
		UNION ALL SELECT 'outcome', outcome, count(*), 0 FROM outcome WHERE call = ?1 GROUP BY outcome`, callID)
	if err != nil {
		return nil, err
	}
	moods, err := docs[insights.Insight](tx, op, `SELECT doc FROM insight WHERE call = ? AND kind = 'sentiment' AND speaker = 'customer' AND name <> 'annoyed'`, callID)
	if err != nil {
		return nil, err
	}
	byName := map[string]counted{}
	for _, m := range moods {
		for _, name := range []string{m.Name, ""} { // and all of them, for the mean
			one := byName[name]
			byName[name] = counted{TallySentiment, name, one.Turns + 1, one.Sum + int64(math.Round(m.Value*moodUnit))}
		}
	}
	return slices.AppendSeq(out, maps.Values(byName)), nil // in any order
}
