package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"heed/insights"
)

// ThemeHit is a theme found in a turn.
type ThemeHit struct {
	Theme    string
	Score    float64 // 0..1
	Evidence []insights.Span
}

// ReadTurn says which themes a turn has, read from the text of an event.
type ReadTurn struct {
	N, Rev int64
	Hits   []ThemeHit
}

// member is a turn of a theme.
type member struct {
	Theme string
	Turn  int64
}

// readNow is a turn as it is when what was found in it is stored.
type readNow struct {
	N, Slot, At, Rev, Origin int64
	Call                     string
}

// PutThemeHits stores what was found in turns for the themes of which looked
// says so; those not found any more leave their theme, and other themes are
// not touched. A turn whose text has changed since it was read is passed over:
// whoever changed it has read it again. Reads are in order of N.
func (tx *Tx) PutThemeHits(reads []ReadTurn, looked func(theme string) bool) error {
	const op = "put theme hits"
	if len(reads) == 0 {
		return nil
	}
	first, last := reads[0].N, reads[len(reads)-1].N
	var had []member
	err := tx.list(op, &had, `SELECT theme, turn FROM theme_turn WHERE turn BETWEEN ? AND ? ORDER BY turn`, first, last)
	if err != nil || len(had) == 0 && !slices.ContainsFunc(reads, func(r ReadTurn) bool { return len(r.Hits) > 0 }) {
		return err
	}
	var turns []readNow
	err = tx.list(op, &turns, `SELECT t.n, t.call, t.slot, t.at, t.rev, coalesce(o.origin, 1) AS origin
		FROM turn t LEFT JOIN call_origin o ON o.call = t.call WHERE t.n BETWEEN ? AND ? ORDER BY t.n`, first, last)
	if err != nil {
		return err
	}
	p := placing{tx: tx, op: op, looked: looked, calls: map[themeCall]*inCall{}}
	for _, r := range reads {
		at, known := slices.BinarySearchFunc(turns, r.N, func(t readNow, n int64) int { return int(t.N - n) })
		if !known || turns[at].Rev != r.Rev {
			continue
		}
		if err := p.place(turns[at], r.Hits, of(had, r.N)); err != nil {
			return err
		}
	}
	return p.count()
}

// of gives the themes that a turn had.
func of(had []member, turn int64) []member {
	byTurn := func(m member, n int64) int { return int(m.Turn - n) }
	from, _ := slices.BinarySearchFunc(had, turn, byTurn)
	to, _ := slices.BinarySearchFunc(had, turn+1, byTurn)
	return had[from:to]
}

// placing is the work of one write on the members of themes. A call is looked at
// once for each theme, and each counter written once.
type placing struct {
	tx     *Tx
	op     string
	looked func(theme string) bool
	calls  map[themeCall]*inCall
}

type themeCall struct{ theme, call string }

// inCall is how many turns of a call have a theme.
type inCall struct {
	was, now     int64
	slot, origin int64
}

func (p *placing) place(t readNow, hits []ThemeHit, had []member) error {
	for _, m := range had {
		gone := p.looked(m.Theme) && !slices.ContainsFunc(hits, func(h ThemeHit) bool { return h.Theme == m.Theme })
		if !gone {
			continue
		}
		if err := p.add(t, m.Theme, -1); err != nil {
			return err
		}
		_, err := p.tx.exec(p.op, `DELETE FROM theme_turn WHERE theme = ? AND call = ? AND turn = ?`, m.Theme, t.Call, t.N)
		if err != nil {
			return err
		}
	}
	for _, h := range hits {
		if !p.looked(h.Theme) {
			continue
		}
		known := slices.ContainsFunc(had, func(m member) bool { return m.Theme == h.Theme })
		if err := p.join(t, h, known); err != nil {
			return err
		}
	}
	return nil
}

// join makes a turn one of a theme's, or renews what was found in it.
func (p *placing) join(t readNow, h ThemeHit, known bool) error {
	evidence, err := spans(h.Evidence)
	if err != nil {
		return fmt.Errorf("%s: %w", p.op, err)
	}
	if known {
		_, err := p.tx.exec(p.op, `UPDATE theme_turn SET score = ?, evidence = ? WHERE theme = ? AND call = ? AND turn = ?`,
			h.Score, evidence, h.Theme, t.Call, t.N)
		return err
	}
	if err := p.add(t, h.Theme, 1); err != nil {
		return err
	}
	_, err = p.tx.exec(p.op, `INSERT INTO theme_turn (theme, call, turn, slot, at, score, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		h.Theme, t.Call, t.N, t.Slot, t.At, h.Score, evidence)
	return err
}

// add counts a turn that joins a theme, or leaves it. It has not done so yet.
func (p *placing) add(t readNow, theme string, n int64) error {
	key := themeCall{theme, t.Call}
	c := p.calls[key]
	if c == nil {
		c = &inCall{slot: t.Slot, origin: t.Origin}
		if err := p.tx.get(p.op, &c.was, `SELECT count(*) FROM theme_turn WHERE theme = ? AND call = ?`, theme, t.Call); err != nil {
			return err
		}
		c.now = c.was
		p.calls[key] = c
	}
	c.now += n
	return nil
}

// count writes what has changed into the counters.
func (p *placing) count() error {
	all := changes{}
	for k, c := range p.calls {
		a := amount{turns: c.now - c.was}
		switch {
		case c.was == 0 && c.now > 0:
			a.calls = 1
		case c.was > 0 && c.now == 0:
			a.calls = -1
		}
		all.count(tallyKey{TallyTheme, k.theme, c.origin, c.slot}, a)
	}
	return p.tx.tally(p.op, all)
}

// spans writes evidence; none is the empty text.
func spans(e []insights.Span) (string, error) {
	if len(e) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(e)
	return string(raw), err
}

// DropThemeTurns empties a theme, as when it is deleted.
func (tx *Tx) DropThemeTurns(id string) error {
	op := "empty theme " + id
	if _, err := tx.exec(op, `DELETE FROM theme_turn WHERE theme = ?`, id); err != nil {
		return err
	}
	_, err := tx.exec(op, `DELETE FROM tally WHERE kind = 'theme' AND name = ?`, id)
	return err
}
