package themes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/store"
	"heed/internal/themes/match"
)

const (
	// learnFrom is how many turns discovery reads, the latest ones.
	learnFrom = 20_000
	// fewCalls is the least number of calls in which themes are looked for.
	fewCalls = 10
	// moreTurns is the least number of new turns that call for another look;
	// with a long history it is a tenth of it, so that the work stays small.
	moreTurns = 25
)

// discover looks for themes when enough was said since it last did.
func (t *Themes) discover(ctx context.Context) error {
	m, err := t.store.ThemeModel(ctx)
	if err != nil {
		return err
	}
	turns, due, err := t.due(ctx, m)
	if err != nil || !due {
		return err
	}
	read, err := t.latest(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	learned, found, err := t.compiler.Learn(ctx, m.Doc, read)
	if errors.Is(err, match.ErrTooFew) {
		if len(m.Doc) == 0 {
			return nil
		}
		learned, found = nil, nil // what was learned may hold what was erased
	} else if err != nil {
		return err
	}
	if err := t.adopt(ctx, learned, found, turns); err != nil {
		return fmt.Errorf("discovered themes: %w", err)
	}
	t.log.Info("themes discovered", "themes", len(found), "turns", len(read), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// due says whether enough was said, or what was learned is of no use any more,
// and how many turns there are.
func (t *Themes) due(ctx context.Context, m store.ThemeModel) (int64, bool, error) {
	turns, calls, err := t.store.TurnCount(ctx)
	switch {
	case err != nil:
		return 0, false, err
	case len(m.Doc) == 0 && calls < fewCalls:
		return turns, false, nil
	case shrunk(m, turns), !t.compiler.Usable(m.Doc):
		return turns, true, nil
	}
	return turns, turns >= m.Turns+max(moreTurns, m.Turns/10), nil
}

// shrunk says that something was erased that may be among what was learned.
func shrunk(m store.ThemeModel, turns int64) bool {
	return len(m.Doc) > 0 && (m.Turns == 0 || turns < m.Turns)
}

// latest gives the turns to learn from.
func (t *Themes) latest(ctx context.Context) ([]match.Turn, error) {
	last, err := t.store.LastTurn(ctx)
	if err != nil {
		return nil, err
	}
	var out []match.Turn
	for after := max(0, last-learnFrom); ; {
		turns, err := t.store.Turns(ctx, after, page)
		if err != nil || len(turns) == 0 {
			return out, err
		}
		for _, turn := range turns {
			out = append(out, match.Turn{ID: turn.Utterance, CallID: turn.Call, Text: turn.Text, At: turn.At, Language: turn.Language})
		}
		after = turns[len(turns)-1].N
	}
}

// adopt makes the discovered themes those that were found. They keep what
// people did to them; all of history is read for them again.
func (t *Themes) adopt(ctx context.Context, learned []byte, found []match.Found, turns int64) error {
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return err
	}
	err = t.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveThemeModel(learned, turns); err != nil {
			return err
		}
		for _, f := range found {
			if err := t.adoptOne(tx, f); err != nil {
				return err
			}
		}
		for _, r := range rows {
			still := slices.ContainsFunc(found, func(f match.Found) bool { return f.ID == r.ID })
			if Kind(r.Kind) != Discovered || still || State(r.State) == Gone || State(r.State) == Deleted {
				continue
			}
			if err := t.part(tx, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	t.rouse()
	return err
}

func (t *Themes) adoptOne(tx *store.Tx, f match.Found) error {
	now := t.now().UTC()
	row, err := tx.Theme(f.ID)
	if errors.Is(err, store.ErrNotFound) {
		th := Theme{ID: f.ID, Kind: Discovered, State: Active, Title: f.Name, Phrases: f.Phrases, CreatedAt: now, UpdatedAt: now}
		return errors.Join(save(tx, th, Change{At: now, What: "discovered"}), tx.RescanTheme(f.ID))
	}
	if err != nil {
		return err
	}
	th, err := decode(row)
	if err != nil {
		return err
	}
	what := ""
	if th.State == Gone {
		th.State, what = Active, "discovered again"
	}
	if !th.Renamed && th.Title != f.Name {
		th.Title, what = f.Name, "named anew by discovery"
	}
	if !slices.Equal(th.Phrases, f.Phrases) && what == "" {
		what = "other words tell it"
	}
	if what != "" {
		th.Phrases, th.UpdatedAt = f.Phrases, now
		if err := save(tx, th, Change{At: now, What: what}); err != nil {
			return err
		}
	}
	return recountOne(tx, th)
}

// recountOne has history read for a theme, or for the one it counts for.
func recountOne(tx *store.Tx, th Theme) error {
	switch th.State {
	case Active, Hidden:
		return tx.RescanTheme(th.ID)
	case Merged:
		return tx.RescanTheme(th.Into)
	case Deleted, Gone:
	}
	return nil
}

// part ends a theme that is no longer found.
func (t *Themes) part(tx *store.Tx, id string) error {
	row, err := tx.Theme(id)
	if err != nil {
		return err
	}
	th, err := decode(row)
	if err != nil {
		return err
	}
	into := th.Into
	th.State, th.Into, th.UpdatedAt = Gone, "", t.now().UTC()
	err = errors.Join(save(tx, th, Change{At: th.UpdatedAt, What: "no longer found"}), tx.DropThemeTurns(id))
	if into != "" {
		err = errors.Join(err, tx.RescanTheme(into))
	}
	return err
}
