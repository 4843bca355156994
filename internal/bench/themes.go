package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"time"

	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes"
	"heed/internal/themes/match"
)

const (
	turnsPerCall = 10
	courses      = 50 // times that each course is asked for
)

// countThemes measures how long it takes until a theme that is defined is counted in a
// year of calls, and how long its course by day takes to be asked for.
func countThemes(ctx context.Context, calls int) (err error) {
	dir, err := os.MkdirTemp("", "heed-bench-themes-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := store.Open(ctx, store.Options{Path: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	t, err := themes.New(ctx, themes.Options{Store: db, Now: func() time.Time { return now }})
	if err != nil {
		return err
	}
	fmt.Printf("Themes over %d calls of a year with %d turns each, from 60 campaigns (budget: a new one is counted in 10 s on 2 cores; a course of a year by day in 50 ms)\n", calls, turnsPerCall)
	if err := talk(ctx, db, now, calls); err != nil {
		return err
	}
	began, cpu := time.Now(), processorTime()
	th, err := t.Define(ctx, match.Definition{Title: "Router", How: match.ByWords, Phrases: []string{"router|modem ... signal", "no connection"}}, "bench")
	if err != nil {
		return err
	}
	if err := t.ReadHistory(ctx); err != nil {
		return err
	}
	fmt.Printf("  counted in %.1f s, %.1f s of processor time\n", time.Since(began).Seconds(), (processorTime() - cpu).Seconds())
	year := themes.Span{Step: themes.Day, From: now.AddDate(-1, 0, 0), To: now}
	for _, c := range []struct {
		name string
		ask  func() error
	}{
		{"course of a year by day", func() error { _, err := t.Trend(ctx, th.ID, year); return err }},
		{"the same by source", func() error {
			_, err := t.Series(ctx, themes.SeriesQuery{Kind: store.TallyTheme, Name: th.ID, By: "source", Span: year, Most: 20})
			return err
		}},
		{"the same of one campaign", func() error {
			_, err := t.Series(ctx, themes.SeriesQuery{Kind: store.TallyTheme, Name: th.ID, Campaign: new("campaign 7"), Span: year})
			return err
		}},
		{"shares of a year by campaign", func() error {
			_, err := t.Series(ctx, themes.SeriesQuery{Kind: store.TallyTheme, Name: th.ID, By: "campaign", Span: themes.Span{From: year.From, To: year.To}, Most: 20})
			return err
		}},
	} {
		took := make([]time.Duration, courses)
		for i := range took {
			began := time.Now()
			if err := c.ask(); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		fmt.Printf("  %s: p50 %s, p95 %s\n", c.name, took[courses/2].Round(100*time.Microsecond), took[courses*95/100].Round(100*time.Microsecond))
	}
	return nil
}

// talk stores calls of a year, every third turn about a router.
func talk(ctx context.Context, db *store.Store, end time.Time, calls int) error {
	dice := rand.New(rand.NewPCG(5, 5))
	for from := 0; from < calls; from += 100 {
		err := db.Write(ctx, func(tx *store.Tx) error {
			for n := from; n < min(from+100, calls); n++ {
				at := end.Add(-time.Duration(dice.Int64N(int64(365 * 24 * time.Hour))))
				if err := oneTalk(tx, n, at, dice.IntN(60)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func oneTalk(tx *store.Tx, n int, at time.Time, campaign int) error {
	id := fmt.Sprintf("bench-%08d", n)
	touch := event.Touch{Source: []string{"google", "bing", "print"}[campaign%3], Campaign: fmt.Sprint("campaign ", campaign)}
	err := errors.Join(
		tx.SaveCall(event.Call{ID: id, PlatformCall: id, CustomerID: fmt.Sprint("person-", n%20_000), StartedAt: at, Status: event.CallOver}),
		tx.SaveOrigin(id, event.Origin{Attribution: event.Attribution{Touch: touch}, Queue: []string{"sales", "help"}[campaign%2]}),
	)
	for k := range turnsPerCall {
		text := "i have been waiting at home for the whole afternoon and nobody came to the door"
		if (n+k)%3 == 0 {
			text = "well my router keeps losing the signal in the evening when everybody is at home"
		}
		_, _, more := tx.PutTurn(store.Turn{Utterance: fmt.Sprint(id, "/", k), Call: id, Start: time.Duration(k) * time.Second, Rev: 1, Language: "en", Text: text})
		err = errors.Join(err, more)
	}
	return err
}

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
