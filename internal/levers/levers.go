// Package levers reports what the levers of the business do: in how many
// decisions they changed what comes first, and what that gives up by the model.
// It says so where that is more than the policy bears.
//
// It counts from the log as decisions are made, by days and levers, with its
// cursor in the same write; no decision is read twice. internal/decide says of
// each decision what levers changed in it. It pulls none and ends none.
package levers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	consumer = "levers" // the name of the cursor; it stays what it is
	// alarmDays are looked at for the alarm, today among them, when there were
	// alarmLeast decisions in them: of a few a share says nothing.
	alarmDays  = 7
	alarmLeast = 50
	// LongestDays is the longest span of a report.
	LongestDays = 400
)

// Options is what a keeper works with. All fields are required.
type Options struct {
	Store   *store.Store
	Decider interface{ Catalogue() *decide.Catalogue }
	Zone    *time.Location // of the days
	Now     func() time.Time
	Logger  *slog.Logger
}

// Keeper is the consumer that counts, and the report. It is safe for
// concurrent use.
type Keeper struct{ o Options }

var _ event.Consumer = (*Keeper)(nil)

// New makes a keeper.
func New(o Options) *Keeper { return &Keeper{o} }

// Types are the events that it follows.
func Types() []event.Type { return []event.Type{event.DecisionMade} }

// Name names the consumer.
func (k *Keeper) Name() string { return consumer }

// Cursor is the last event that is counted.
func (k *Keeper) Cursor(ctx context.Context) (int64, error) { return k.o.Store.Cursor(ctx, consumer) }

// Rebuild forgets the counts; they are counted from the log's beginning. What
// erased people were offered is no part of them then.
func (k *Keeper) Rebuild() error {
	return k.o.Store.Write(context.Background(), func(tx *store.Tx) error {
		if err := tx.DropLeverDays(); err != nil {
			return err
		}
		return tx.SetCursor(consumer, 0)
	})
}

// Handle counts the decisions among the events.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) error {
	seen, err := k.Cursor(ctx)
	if err != nil {
		return fmt.Errorf("levers: %w", err)
	}
	s := newSums()
	last := seen
	for _, e := range events {
		if e.Seq <= seen {
			continue
		}
		last = e.Seq
		if e.Erased() || e.Type != event.DecisionMade {
			continue
		}
		var d struct {
			At   time.Time    `json:"at"`
			Flip *decide.Flip `json:"flip"`
		}
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("levers: event %d: %w", e.Seq, err)
		}
		s.add(d.At.In(k.o.Zone).Format(time.DateOnly), d.Flip)
	}
	if last == seen {
		return nil
	}
	err = k.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := s.store(tx); err != nil {
			return err
		}
		return tx.SetCursor(consumer, last)
	})
	if err != nil {
		return fmt.Errorf("levers: events up to %d: %w", last, err)
	}
	return nil
}

// lever is what tells one lever from another.
type lever struct {
	scope, name, owner string
	from               int64 // UTC
}

func leverOf(p *decide.Push) lever { return lever{p.Scope, p.Name, p.Owner, p.From.Unix()} }

// sums are those of some events.
type sums struct {
	days   map[string]*store.DecidedDay
	levers map[string]map[lever]*store.LeverDay // by day
}

func newSums() *sums {
	return &sums{make(map[string]*store.DecidedDay), make(map[string]map[lever]*store.LeverDay)}
}

func (s *sums) add(day string, f *decide.Flip) {
	if s.days[day] == nil {
		s.days[day] = &store.DecidedDay{Day: day}
		s.levers[day] = make(map[lever]*store.LeverDay)
	}
	s.days[day].Decisions++
	if f == nil {
		return
	}
	s.days[day].Flipped++
	s.days[day].GivenUp += f.GivenUp
	for i := range f.By {
		of := leverOf(&f.By[i])
		l := s.levers[day][of]
		if l == nil {
			l = &store.LeverDay{Day: day, Push: f.By[i]}
			s.levers[day][of] = l
		}
		l.Flipped++
		l.GivenUp += f.GivenUp
	}
}

func (s *sums) store(tx *store.Tx) error {
	for day, d := range s.days {
		if err := tx.AddDecidedDay(*d); err != nil {
			return err
		}
		for _, l := range s.levers[day] {
			if err := tx.AddLeverDay(*l); err != nil {
				return err
			}
		}
	}
	return nil
}

// The states of a lever.
const (
	Planned = "planned"
	Active  = "active"
	Expired = "expired"
	Gone    = "gone" // it is no part of the catalogue any more
)

// Line is one lever and what it did.
type Line struct {
	decide.Lever

	State   string  `json:"state" enum:"planned,active,expired,gone" doc:"gone: no part of the catalogue any more"`
	Flipped int64   `json:"flipped" doc:"Decisions whose first action it helped to change; others may have helped, too"`
	Share   float64 `json:"share" doc:"Of all decisions"`
	GivenUp float64 `json:"given_up"`
}

// Owner is what the levers of one person did.
type Owner struct {
	Owner   string  `json:"owner"`
	Levers  int     `json:"levers"`
	Flipped int64   `json:"flipped" doc:"A decision counts once for each of the owner's levers that helped"`
	GivenUp float64 `json:"given_up"`
}

// Alarm says that levers decide too much.
type Alarm struct {
	Share     float64 `json:"share" doc:"Of the decisions of the last 7 days whose first action levers changed"`
	Decisions int64   `json:"decisions"`
	Bound     float64 `json:"bound" doc:"The share from which on it is an alarm: levers.alarm of the policy"`
	Why       string  `json:"why" doc:"One sentence for people"`
}

// Report is what the levers did in some days.
type Report struct {
	Since     string             `json:"since" doc:"The first day, by the operator's time zone" example:"2026-03-01"`
	Until     string             `json:"until" doc:"The last day, today"`
	Decisions int64              `json:"decisions"`
	Flipped   int64              `json:"flipped" doc:"Whose first action levers changed"`
	Share     float64            `json:"share" doc:"Of the decisions"`
	GivenUp   float64            `json:"given_up" doc:"What that cost by the model, in the unit of priority: net of what would have come first less net of what did, both without levers"`
	Alarm     *Alarm             `json:"alarm,omitempty" doc:"There when levers changed too much of late"`
	Levers    []Line             `json:"levers" doc:"Those of the catalogue and those that did something, the most changes first"`
	Owners    []Owner            `json:"owners"`
	Days      []store.DecidedDay `json:"days"`
	Behind    int64              `json:"behind" doc:"Events of the log that are not counted yet"`
}

// Report tells of so many days, 1 to 400, today included.
func (k *Keeper) Report(ctx context.Context, days int) (Report, error) {
	now := k.o.Now().In(k.o.Zone)
	r := Report{Since: now.AddDate(0, 0, 1-days).Format(time.DateOnly), Until: now.Format(time.DateOnly), Owners: []Owner{}, Days: []store.DecidedDay{}}
	list, err := k.o.Store.DecidedDays(ctx, r.Since, r.Until)
	if err != nil {
		return r, err
	}
	r.Days = append(r.Days, list...)
	r.Decisions, r.Flipped, r.GivenUp = total(list)
	r.Share = share(r.Flipped, r.Decisions)
	did, err := k.o.Store.LeverDays(ctx, r.Since, r.Until)
	if err != nil {
		return r, err
	}
	r.Levers = lines(k.o.Decider.Catalogue().Levers(), did, now)
	for i := range r.Levers {
		r.Levers[i].Share = share(r.Levers[i].Flipped, r.Decisions)
	}
	r.Owners = append(r.Owners, owners(r.Levers)...)
	if r.Alarm, err = k.Alarm(ctx); err != nil {
		return r, err
	}
	r.Behind, err = k.behind(ctx)
	return r, err
}

// Alarm says whether levers changed too much in the last days, nil for no.
func (k *Keeper) Alarm(ctx context.Context) (*Alarm, error) {
	now := k.o.Now().In(k.o.Zone)
	list, err := k.o.Store.DecidedDays(ctx, now.AddDate(0, 0, 1-alarmDays).Format(time.DateOnly), now.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	decisions, flipped, given := total(list)
	bound := k.o.Decider.Catalogue().LeverAlarm()
	a := Alarm{Share: share(flipped, decisions), Decisions: decisions, Bound: bound}
	if decisions < alarmLeast || a.Share < bound {
		return nil, nil
	}
	a.Why = fmt.Sprintf("Levers changed what comes first in %.0f %% of the %d decisions of the last %d days (alarm at %.0f %%), and gave up %.2f by the model. See GET /v1/levers for whose they are.",
		100*a.Share, decisions, alarmDays, 100*bound, given)
	return &a, nil
}

// lookEvery is how often it is looked whether there is an alarm.
const lookEvery = time.Hour

// Run logs when an alarm begins and when it ends, until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for raised := false; ; {
		a, err := k.Alarm(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			k.o.Logger.Error("it was not looked what levers change", "error", err)
		case a != nil && !raised:
			k.o.Logger.Warn("levers change too much of what comes first", "share", a.Share, "bound", a.Bound, "decisions", a.Decisions)
		case a == nil && raised:
			k.o.Logger.Info("levers do not change too much any more")
		}
		raised = a != nil || (err != nil && raised)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (k *Keeper) behind(ctx context.Context) (int64, error) {
	seen, err := k.Cursor(ctx)
	if err != nil {
		return 0, err
	}
	// The log holds much else: only a decision that is not counted is behind.
	events, err := k.o.Store.Events(ctx, event.Query{After: seen, Types: Types(), Limit: 500})
	return int64(len(events)), err
}

func total(days []store.DecidedDay) (decisions, flipped int64, given float64) {
	for _, d := range days {
		decisions, flipped, given = decisions+d.Decisions, flipped+d.Flipped, given+d.GivenUp
	}
	return decisions, flipped, given
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// lines joins the levers of the catalogue with what was counted.
func lines(list []decide.Lever, did []store.LeverDay, now time.Time) []Line {
	out := make([]Line, 0, len(list))
	at := make(map[lever]int, len(list))
	for i := range list {
		at[leverOf(&list[i].Push)] = len(out)
		out = append(out, Line{Lever: list[i], State: stateOf(&list[i], now)})
	}
	for i := range did {
		of := leverOf(&did[i].Push)
		n, known := at[of]
		if !known {
			n = len(out)
			at[of] = n
			out = append(out, Line{Lever: decide.Lever{Push: did[i].Push}, State: Gone})
		}
		out[n].Flipped += did[i].Flipped
		out[n].GivenUp += did[i].GivenUp
	}
	slices.SortStableFunc(out, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Flipped, a.Flipped), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Name, b.Name), strings.Compare(a.Owner, b.Owner), a.From.Compare(b.From))
	})
	return out
}

func stateOf(l *decide.Lever, now time.Time) string {
	switch {
	case now.Before(l.From):
		return Planned
	case now.Before(l.Until):
		return Active
	default:
		return Expired
	}
}

func owners(list []Line) []Owner {
	var out []Owner
	for i := range list {
		l := &list[i]
		n := slices.IndexFunc(out, func(o Owner) bool { return o.Owner == l.Owner })
		if n < 0 {
			n = len(out)
			out = append(out, Owner{Owner: l.Owner})
		}
		out[n].Levers++
		out[n].Flipped += l.Flipped
		out[n].GivenUp += l.GivenUp
	}
	slices.SortStableFunc(out, func(a, b Owner) int {
		return cmp.Or(cmp.Compare(b.GivenUp, a.GivenUp), strings.Compare(a.Owner, b.Owner))
	})
	return out
}
