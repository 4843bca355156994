package campaigns

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"heed/internal/attribution"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	mostRows  = 500
	mostNamed = 5 // themes, intents and outcomes of a row
)

// line is a row in the making.
type line struct {
	name             string
	sources          map[string]bool
	calls, qualified int
	labels           map[string]map[string]int // by kind and name
	orders           int
	revenue          map[attribution.Model]int64
	cost             int64
	costs            bool
}

// tally makes the answer to a question.
type tally struct {
	s     *Service
	q     Question
	lines map[string]*line // by name in small letters
	all   line
	left  Left
}

func newTally(s *Service, q Question) *tally {
	return &tally{s: s, q: q, lines: make(map[string]*line), all: newLine("")}
}

func newLine(name string) line {
	return line{name: name, sources: map[string]bool{}, labels: map[string]map[string]int{}, revenue: map[attribution.Model]int64{}}
}

// of gives the line of a name, which is the same in any case of letters.
func (t *tally) of(name string) *line {
	key := strings.ToLower(name)
	if t.lines[key] == nil {
		l := newLine(name)
		t.lines[key] = &l
	}
	return t.lines[key]
}

// name is by what a call is told apart from others.
func (t *tally) name(o *event.Origin) string {
	var name string
	switch t.q.By {
	case ByCampaign:
		name = o.Campaign
	case BySource:
		name = o.Source
	case ByKeyword:
		name = o.Keyword
	case ByLanding:
		name = event.Page(o.Landing)
	}
	return strings.Join(strings.Fields(name), " ")
}

// calls counts the calls of a period and what they have.
func (t *tally) calls(ctx context.Context, begin, end time.Time) error {
	return t.s.eachCall(ctx, begin, end, func(c *store.CameFrom, labels []store.CallLabel) error {
		for _, l := range []*line{t.of(t.name(&c.Origin)), &t.all} {
			l.call(c, labels, t.s.o.Rule)
		}
		return nil
	})
}

// eachCall goes through the calls of a period, the latest first, with what was
// heard in each.
func (s *Service) eachCall(ctx context.Context, begin, end time.Time, visit func(*store.CameFrom, []store.CallLabel) error) error {
	labels, err := s.o.Store.CallLabels(ctx, begin, end)
	if err != nil {
		return err
	}
	by := make(map[string][]store.CallLabel)
	for _, l := range labels {
		by[l.Call] = append(by[l.Call], l)
	}
	for q := (store.OriginQuery{From: begin, To: end, Limit: 5000}); ; {
		page, next, err := s.o.Store.CallOrigins(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			if err := visit(&page[i], by[page[i].Call.ID]); err != nil {
				return err
			}
		}
		if q.After = next; next == "" {
			return nil
		}
	}
}

func (l *line) call(c *store.CameFrom, labels []store.CallLabel, rule Rule) {
	l.calls++
	if c.Origin.Source != "" {
		l.sources[c.Origin.Source] = true
	}
	if rule.holds(float64(c.Call.Duration), labels) {
		l.qualified++
	}
	for _, label := range labels {
		if l.labels[label.Kind] == nil {
			l.labels[label.Kind] = make(map[string]int)
		}
		l.labels[label.Kind][label.Name]++
	}
}

// orders shares out what was bought in a period among the calls before it.
func (t *tally) orders(ctx context.Context, begin, end time.Time) error {
	journeys, left, err := t.s.journeys(ctx, begin, end)
	if err != nil {
		return err
	}
	t.left = left
	for i := range journeys {
		j := &journeys[i]
		if j.order.Amount == 0 && j.order.Gross > 0 {
			t.left.GivenBack++
			continue
		}
		t.all.orders++
		if len(j.calls) == 0 {
			t.of("").orders++
			t.of("").give(j.order.Amount)
			t.all.give(j.order.Amount)
			continue
		}
		parts := make(map[*line]bool)
		for _, m := range attribution.Models() {
			for k, amount := range m.Share(j.order.Amount, len(j.calls)) {
				l := t.of(t.name(&j.calls[k].Origin))
				l.revenue[m] += amount
				t.all.revenue[m] += amount
				parts[l] = true
			}
		}
		for l := range parts {
			l.orders++
		}
	}
	return nil
}

// give gives an amount to a line by every model.
func (l *line) give(amount int64) {
	for _, m := range attribution.Models() {
		l.revenue[m] += amount
	}
}

// costs adds what was spent.
func (t *tally) costs(ctx context.Context) error {
	if t.q.By != ByCampaign && t.q.By != BySource {
		return nil
	}
	rows, err := t.s.o.Store.SpendTotals(ctx, t.q.From, t.q.To)
	if err != nil {
		return err
	}
	for _, r := range rows {
		name := r.Campaign
		if t.q.By == BySource {
			name = r.Source
		}
		for _, l := range []*line{t.of(name), &t.all} {
			l.cost, l.costs = l.cost+r.Cost, true
			l.sources[r.Source] = true
		}
	}
	return nil
}

// results writes the lines down.
func (t *tally) results(ctx context.Context) (Results, error) {
	titles, err := t.s.titles(ctx)
	if err != nil {
		return Results{}, err
	}
	lines := slices.SortedFunc(maps.Values(t.lines), func(a, b *line) int {
		return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(b.calls, a.calls), cmp.Compare(b.revenue[t.q.Model], a.revenue[t.q.Model]), cmp.Compare(a.name, b.name))
	})
	r := Results{
		From: t.q.From, To: t.q.To, By: t.q.By, Model: string(t.q.Model), Currency: t.s.o.Currency.String(),
		Rows: []Row{}, Total: t.row(&t.all, titles), Left: t.left, Assumptions: t.s.assumptions(t.q),
	}
	r.More = max(0, len(lines)-mostRows)
	for _, l := range lines[:min(len(lines), mostRows)] {
		r.Rows = append(r.Rows, t.row(l, titles))
	}
	return r, nil
}

func (t *tally) row(l *line, titles map[string]string) Row {
	money := t.s.o.Currency
	r := Row{
		Name: l.name, Sources: slices.Sorted(maps.Keys(l.sources)), Calls: l.calls, Qualified: l.qualified, Orders: l.orders,
		Themes: most(l.labels[theme], titles), Intents: most(l.labels[intent], nil), Outcomes: most(l.labels[outcome], nil),
		Revenue: Revenue{
			First: money.Float(l.revenue[attribution.First]), Last: money.Float(l.revenue[attribution.Last]),
			Linear: money.Float(l.revenue[attribution.Linear]), Position: money.Float(l.revenue[attribution.Position]),
		},
	}
	if !l.costs {
		return r
	}
	cost := money.Float(l.cost)
	r.Cost = &cost
	if l.qualified > 0 {
		per := money.Float((l.cost + int64(l.qualified)/2) / int64(l.qualified))
		r.PerCall = &per
	}
	if l.cost > 0 {
		back := float64(l.revenue[t.q.Model]) / float64(l.cost)
		r.OnSpend = &back
	}
	return r
}

// most gives the most frequent ones. Titles name them where they are ids; one
// without a title is no more.
func most(counts map[string]int, titles map[string]string) []Count {
	out := []Count{}
	for name, n := range counts {
		c := Count{Name: name, Calls: n}
		if titles != nil {
			if c.ID, c.Name = name, titles[name]; c.Name == "" {
				continue
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name)) })
	return out[:min(len(out), mostNamed)]
}

// titles are those of the themes that are counted.
func (s *Service) titles(ctx context.Context) (map[string]string, error) {
	all, err := s.o.Store.Themes(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(all))
	for _, th := range all {
		var doc struct {
			Title string `json:"title"`
		}
		if err := json.Unmarshal(th.Doc, &doc); err == nil && (th.State == "active" || th.State == "hidden") {
			out[th.ID] = doc.Title
		}
	}
	return out, nil
}

// journey is an order with the calls that have a part in it, in order.
type journey struct {
	person string
	order  attribution.Order
	calls  []store.CameFrom
	wishes Wishes
}

// journeys gives the orders that were placed in a period. Those in another
// currency are left out.
func (s *Service) journeys(ctx context.Context, begin, end time.Time) ([]journey, Left, error) {
	var left Left
	told, err := s.o.Store.Purchases(ctx, begin, end)
	if err != nil {
		return nil, left, err
	}
	unstated := make(map[string]bool)
	all := make([]attribution.Told, len(told))
	for i, p := range told {
		all[i] = s.told(p)
		unstated[p.Event] = !all[i].Stated
	}
	var out []journey
	for _, o := range attribution.Orders(all) {
		if o.At.Before(begin) || !o.At.Before(end) {
			continue
		}
		left.Repeated += o.Told - 1
		if o.Currency != s.o.Currency.String() {
			left.OtherCurrency++
			continue
		}
		if unstated[o.ID] {
			left.NoAmount++
		}
		j, err := s.journey(ctx, o)
		if err != nil {
			return nil, left, err
		}
		if j.wishes.Untracked {
			left.Unwilling++
		}
		out = append(out, j)
	}
	return out, left, nil
}

func (s *Service) told(p store.Purchase) attribution.Told {
	t := attribution.Told{
		ID: p.Event, Order: p.Order, Person: p.Customer, At: p.At, Kind: attribution.Kind(p.Kind), Stated: p.Stated,
		Currency: cmp.Or(strings.ToUpper(p.Currency), s.o.Currency.String()),
	}
	var ok bool
	if t.Amount, ok = s.o.Currency.Round(p.Amount); !ok {
		t.Amount, t.Stated = 0, false
	}
	return t
}

// journey finds the calls that have a part in an order.
func (s *Service) journey(ctx context.Context, o attribution.Order) (journey, error) {
	j := journey{person: o.Person, order: o}
	people, err := s.o.Store.Members(ctx, o.Person)
	if err != nil {
		return j, err
	}
	calls, err := s.o.Store.CallOriginsOf(ctx, people, o.At.Add(-s.o.LookBack), o.At.Add(time.Millisecond))
	if err != nil {
		return j, err
	}
	by := make(map[string]store.CameFrom, len(calls))
	var touches []attribution.Touch
	for _, c := range calls {
		if from := c.Origin; from.Source+from.Medium+from.Campaign+from.Keyword+from.Landing == "" {
			continue // of which nobody tells anything
		}
		by[c.Call.ID] = c
		touches = append(touches, attribution.Touch{ID: c.Call.ID, At: c.Call.StartedAt})
	}
	if len(touches) == 0 {
		return j, nil
	}
	j.wishes, err = s.o.Wishes(ctx, o.Person)
	if isErased(err) || errors.Is(err, store.ErrNotFound) || err == nil && j.wishes.Untracked {
		return j, nil
	}
	if err != nil {
		return j, err
	}
	for _, touch := range attribution.Journey(touches, o.At, s.o.LookBack) {
		j.calls = append(j.calls, by[touch.ID])
	}
	return j, nil
}
