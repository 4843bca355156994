// Package campaigns answers what advertising brought: for each campaign, source,
// keyword or landing page the calls, what they were about, what was bought after
// them by several models side by side, and what all that cost. It writes what ad
// platforms take back as conversions, of people who allow that.
//
// It reads what others keep and decides nothing about a customer. It names
// nobody: who was erased is in no figure of any time, and what is bought by who
// does not want to be tracked, or has their data restricted, is counted to no
// campaign. It invents no causes: the assumptions stand in each answer.
package campaigns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/attribution"
	"heed/internal/money"
	"heed/internal/store"
)

// MostDays is the longest time that one answer is about.
const MostDays = 400

// Wishes are what a person allows.
type Wishes struct {
	Untracked bool // nothing may be made of where they came from
	Share     bool // advertisers may be told; only a yes opens that
}

// Rule says which calls are qualified.
type Rule struct {
	Least    time.Duration // that the call lasted
	Intents  []string      // one of these, or
	Outcomes []string      // one of these, where any is named
}

// Options is what a service needs; all are required but as they say.
type Options struct {
	Store    *store.Store
	Currency money.Currency
	Zone     *time.Location // of the days
	LookBack time.Duration
	Rule     Rule
	// Wishes says what a person allows, by the id of any of those who are one.
	Wishes func(ctx context.Context, person string) (Wishes, error)
	// Conversions are the names that the ad platforms have for orders and for
	// qualified calls.
	Conversions Conversions
	Now         func() time.Time
}

// Conversions are names as the ad platforms know them.
type Conversions struct{ Order, Call string }

// Service answers. It is safe for concurrent use.
type Service struct{ o Options }

// New makes a service.
func New(o Options) *Service { return &Service{o} }

// ErrAsked refuses a question that makes no sense.
var ErrAsked = errors.New("this cannot be answered")

// By is what results are told apart by.
type By string

// The ways to tell results apart.
const (
	ByCampaign By = "campaign"
	BySource   By = "source"
	ByKeyword  By = "keyword"
	ByLanding  By = "landing"
)

// Question is of which days, told apart by what, and by which model the return
// on spend is.
type Question struct {
	From, To string // days, both included
	By       By
	Model    attribution.Model
}

// period is the stretch of some days.
func (s *Service) period(from, to string) (begin, end time.Time, err error) {
	first, err := time.ParseInLocation(time.DateOnly, from, s.o.Zone)
	if err != nil {
		return begin, end, fmt.Errorf("%w: from is %q, want a day such as 2026-03-01", ErrAsked, from)
	}
	last, err := time.ParseInLocation(time.DateOnly, to, s.o.Zone)
	if err != nil {
		return begin, end, fmt.Errorf("%w: to is %q, want a day such as 2026-03-31", ErrAsked, to)
	}
	switch end = last.AddDate(0, 0, 1); {
	case end.Before(first) || end.Equal(first):
		return begin, end, fmt.Errorf("%w: to is before from", ErrAsked)
	case end.After(first.AddDate(0, 0, MostDays)):
		return begin, end, fmt.Errorf("%w: ask of at most %d days at once", ErrAsked, MostDays)
	}
	return first, end, nil
}

// Results answers a question.
func (s *Service) Results(ctx context.Context, q Question) (Results, error) {
	begin, end, err := s.period(q.From, q.To)
	if err != nil {
		return Results{}, err
	}
	if !slices.Contains(attribution.Models(), q.Model) || !slices.Contains([]By{ByCampaign, BySource, ByKeyword, ByLanding}, q.By) {
		return Results{}, fmt.Errorf("%w: there is no model %q or nothing is told apart by %q", ErrAsked, q.Model, q.By)
	}
	t := newTally(s, q)
	for _, step := range []func() error{
		func() error { return t.calls(ctx, begin, end) },
		func() error { return t.orders(ctx, begin, end) },
		func() error { return t.costs(ctx) },
	} {
		if err := step(); err != nil {
			return Results{}, fmt.Errorf("results of campaigns: %w", err)
		}
	}
	return t.results(ctx)
}

// Sentence says which calls are qualified.
func (r Rule) Sentence() string {
	var b strings.Builder
	fmt.Fprintf(&b, "A call is qualified that lasted %g seconds or longer", r.Least.Seconds())
	var any []string
	if len(r.Intents) > 0 {
		any = append(any, "in which the customer's intent was "+strings.Join(r.Intents, " or "))
	}
	if len(r.Outcomes) > 0 {
		any = append(any, "of which the outcome was "+strings.Join(r.Outcomes, " or "))
	}
	if len(any) > 0 {
		b.WriteString(" and " + strings.Join(any, ", or "))
	}
	return b.String() + "."
}

// holds says whether a call is qualified.
func (r Rule) holds(seconds float64, labels []store.CallLabel) bool {
	if seconds < r.Least.Seconds() {
		return false
	}
	if len(r.Intents)+len(r.Outcomes) == 0 {
		return true
	}
	return slices.ContainsFunc(labels, func(l store.CallLabel) bool {
		return l.Kind == intent && slices.Contains(r.Intents, l.Name) || l.Kind == outcome && slices.Contains(r.Outcomes, l.Name)
	})
}

// The kinds of [store.CallLabel].
const (
	theme   = "theme"
	intent  = "intent"
	outcome = "outcome"
)

func isErased(err error) bool { return errors.Is(err, store.ErrErased) }

// assumptions are what stands under the figures.
func (s *Service) assumptions(q Question) []string {
	out := []string{
		fmt.Sprintf("Calls and costs are of the days from %s to %s in %s; revenue is of the orders placed in these days.", q.From, q.To, s.o.Zone),
		fmt.Sprintf("A contact is a call of which call tracking or a tracking number tells a source, a campaign, a keyword or a page; those in the %s before an order have a part in it.", days(s.o.LookBack)),
		"First and last give all to one contact, linear the same to each, position 40 % to the first and to the last and 20 % to those between (half each of two). They add up to the same revenue; none of them proves a cause.",
		s.o.Rule.Sentence(),
		fmt.Sprintf("Revenue is what other systems tell of orders in %s: revenue, else total, else value of an order, each order number once; refunds and cancellations are taken off until today. An order without a currency counts as %s, one in another currency is left out and counted below.", s.o.Currency, s.o.Currency),
		"Customers who are known to be one are one. Orders of people who do not want to be tracked, or whose data is restricted, are in the revenue and counted to nobody. People who were erased are in no figure, neither with calls nor with orders, also of times that are over; costs stay.",
	}
	if q.By == ByKeyword || q.By == ByLanding {
		out = append(out, "Costs are known by source and campaign, so there is none here.")
	}
	return out
}

// days writes a length for people.
func days(d time.Duration) string {
	if n := d / (24 * time.Hour); n > 0 && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", n)
	}
	return d.String()
}
