package store

import (
	"context"
	"fmt"

	"heed/internal/decide"
)

// DecidedDay counts the decisions of a day and those whose first action levers
// changed, with what the model thinks was given up.
type DecidedDay struct {
	Day       string  `db:"day" json:"day" example:"2026-03-01"`
	Decisions int64   `db:"decisions" json:"decisions"`
	Flipped   int64   `db:"flipped" json:"flipped" doc:"Whose first action levers changed"`
	GivenUp   float64 `db:"given_up" json:"given_up" doc:"In the unit of priority, as the model has it"`
}

// LeverDay counts what one lever changed in a day; Push names it.
type LeverDay struct {
	Day     string
	Push    decide.Push
	Flipped int64
	GivenUp float64
}

// AddDecidedDay adds to the counts of a day.
func (tx *Tx) AddDecidedDay(d DecidedDay) error {
	_, err := tx.exec("decisions of "+d.Day, `INSERT INTO decided_day (day, decisions, flipped, given_up) VALUES (?, ?, ?, ?)
		ON CONFLICT (day) DO UPDATE SET decisions = decisions + excluded.decisions, flipped = flipped + excluded.flipped, given_up = given_up + excluded.given_up`,
		d.Day, d.Decisions, d.Flipped, d.GivenUp)
	return err
}

// AddLeverDay adds to the counts of a lever on a day.
func (tx *Tx) AddLeverDay(l LeverDay) error {
	_, err := tx.exec("levers of "+l.Day, `INSERT INTO lever_day (day, scope, name, owner, since, percent, flipped, given_up) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (day, scope, name, owner, since) DO UPDATE SET percent = excluded.percent, flipped = flipped + excluded.flipped, given_up = given_up + excluded.given_up`,
		l.Day, l.Push.Scope, l.Push.Name, l.Push.Owner, millis(l.Push.From), l.Push.Percent, l.Flipped, l.GivenUp)
	return err
}

// DropLeverDays forgets what was counted, to count it anew.
func (tx *Tx) DropLeverDays() error {
	for _, table := range []string{"decided_day", "lever_day"} {
		if _, err := tx.exec("forget levers", `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return nil
}

// DecidedDays gives the days from since to until, both included, in order.
func (s *Store) DecidedDays(ctx context.Context, since, until string) ([]DecidedDay, error) {
	var days []DecidedDay
	err := s.reads.SelectContext(ctx, &days, `SELECT day, decisions, flipped, given_up FROM decided_day WHERE day >= ? AND day <= ? ORDER BY day`, since, until)
	if err != nil {
		return nil, fmt.Errorf("decisions by day: %w", classify(err))
	}
	return days, nil
}

// LeverDays gives what levers changed on those days, in order of the day and
// then of their names.
func (s *Store) LeverDays(ctx context.Context, since, until string) ([]LeverDay, error) {
	var rows []struct {
		Day, Scope, Name, Owner string
		Since, Flipped          int64
		Percent                 float64
		GivenUp                 float64 `db:"given_up"`
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT * FROM lever_day WHERE day >= ? AND day <= ? ORDER BY day, scope, name, owner, since`, since, until)
	if err != nil {
		return nil, fmt.Errorf("levers by day: %w", classify(err))
	}
	out := make([]LeverDay, len(rows))
	for i, r := range rows {
		out[i] = LeverDay{
			Day: r.Day, Flipped: r.Flipped, GivenUp: r.GivenUp,
			Push: decide.Push{Scope: r.Scope, Name: r.Name, Owner: r.Owner, Percent: r.Percent, From: fromMillis(r.Since)},
		}
	}
	return out, nil
}
