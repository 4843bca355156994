package attribution

import (
	"cmp"
	"slices"
	"time"
)

// Kind is what is told of an order.
type Kind string

// An order is placed, money of it is given back, or it is called off.
const (
	Placed    Kind = "placed"
	Refunded  Kind = "refunded"
	Cancelled Kind = "cancelled"
)

// Told is one thing that was told of an order.
type Told struct {
	ID string // tells it from others
	// Order tells which order it is about; empty where the sender names none: then
	// it is one of its own.
	Order    string
	Person   string
	At       time.Time
	Kind     Kind
	Amount   int64  // in the currency's smallest unit
	Stated   bool   // whether an amount was told
	Currency string // ISO 4217
}

// Order is what is known of one order.
type Order struct {
	ID       string // of what was told of it first
	Person   string
	At       time.Time
	Amount   int64 // that is left of Gross, never less than nothing
	Gross    int64
	Currency string
	Told     int // how often it was told that it was placed
}

// Orders makes orders of all that was told of them, in order of time. An order
// that was told twice is the first of the two; a refund without an amount and a
// cancellation give back all; what is about an order that nobody placed, or in
// another currency than it, is passed over.
func Orders(told []Told) []Order {
	told = slices.Clone(told)
	slices.SortFunc(told, func(a, b Told) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	told = slices.CompactFunc(told, func(a, b Told) bool { return a.ID == b.ID })
	var orders []*Order
	known := map[string]*Order{}
	for i := range told {
		t := &told[i]
		if t.Kind != Placed {
			continue
		}
		if o := known[t.Order]; o != nil && t.Order != "" {
			o.Told++
			continue
		}
		o := &Order{ID: t.ID, Person: t.Person, At: t.At, Amount: max(t.Amount, 0), Gross: max(t.Amount, 0), Currency: t.Currency, Told: 1}
		known[t.Order], orders = o, append(orders, o)
	}
	for i := range told {
		if t := &told[i]; t.Kind != Placed && t.Order != "" {
			known[t.Order].giveBack(t)
		}
	}
	out := make([]Order, len(orders))
	for i, o := range orders {
		out[i] = *o
	}
	return out
}

// giveBack takes off what was given back of an order; o is nil where nobody
// placed it.
func (o *Order) giveBack(t *Told) {
	switch {
	case o == nil:
	case t.Kind == Cancelled || !t.Stated:
		o.Amount = 0
	case t.Currency == o.Currency:
		o.Amount = max(0, o.Amount-max(t.Amount, 0))
	}
}
