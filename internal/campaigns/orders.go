package campaigns

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"heed/internal/attribution"
	"heed/internal/event"
	"heed/internal/store"
)

// consumer is the name of the cursor; it stays what it is.
const consumer = "orders"

// Orders is the consumer that keeps what shops tell of orders: the facts
// purchase, order.refunded and order.cancelled, however they came in.
type Orders struct{ store *store.Store }

var _ event.Consumer = Orders{}

// NewOrders makes it.
func NewOrders(s *store.Store) Orders { return Orders{s} }

// Types are the events that it follows.
func (Orders) Types() []event.Type { return []event.Type{event.FactObserved} }

// Name names the consumer.
func (Orders) Name() string { return consumer }

// Cursor is the last event whose effect is durable.
func (o Orders) Cursor(ctx context.Context) (int64, error) { return o.store.Cursor(ctx, consumer) }

// Rebuild has the log read from its beginning again; what is kept is
// overwritten by the same.
func (o Orders) Rebuild() error {
	return o.store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetCursor(consumer, 0) })
}

// Handle keeps what events tell of orders.
func (o Orders) Handle(ctx context.Context, events []event.Event) error {
	last := events[len(events)-1].Seq
	var found []store.Purchase
	for _, e := range events {
		p, ok, err := purchaseOf(e)
		if err != nil {
			return fmt.Errorf("orders: event %d: %w", e.Seq, err)
		}
		if ok {
			found = append(found, p)
		}
	}
	err := o.store.Write(ctx, func(tx *store.Tx) error {
		for _, p := range found {
			if err := tx.SavePurchase(p); err != nil && !isErased(err) {
				return err
			}
		}
		return tx.SetCursor(consumer, last)
	})
	if err != nil {
		return fmt.Errorf("orders: events up to %d: %w", last, err)
	}
	return nil
}

// kinds are the facts that tell of orders.
var kinds = map[string]attribution.Kind{
	"purchase": attribution.Placed, "order.refunded": attribution.Refunded, "order.cancelled": attribution.Cancelled,
}

// purchaseOf reads what an event tells of an order.
func purchaseOf(e event.Event) (p store.Purchase, ok bool, err error) {
	if e.Type != event.FactObserved || e.Erased() || e.Subject == "" {
		return p, false, nil
	}
	var f struct {
		Name  string         `json:"name"`
		Props map[string]any `json:"props"`
		Said  struct {
			Properties map[string]any `json:"properties"`
		} `json:"said"`
	}
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return p, false, err
	}
	kind, known := kinds[f.Name]
	if !known {
		return p, false, nil
	}
	props := f.Said.Properties
	p = store.Purchase{Event: e.ID, Customer: e.Subject, At: e.Time, Kind: string(kind), Currency: text(props, "currency")}
	if p.Order = text(props, "order_id", "orderId", "order"); p.Order == "" {
		p.Order = text(f.Props, "order")
	}
	// What an order is worth leaves out, in this order, taxes and shipping; what
	// was given back is all that was.
	names := []string{"revenue", "total", "value"}
	if kind != attribution.Placed {
		names = []string{"total", "value", "revenue", "amount"}
	}
	if p.Amount, p.Stated = number(props, names...); !p.Stated {
		p.Amount, p.Stated = number(f.Props, "value")
	}
	p.Amount = max(p.Amount, -p.Amount) // some senders write refunds with a minus
	return p, true, nil
}

// text gives the first property that is a text or a number, as text.
func text(in map[string]any, names ...string) string {
	for _, name := range names {
		switch v := in[name].(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" && len(v) <= 200 {
				return v
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

// number gives the first property that is a number, also one written as text.
func number(in map[string]any, names ...string) (float64, bool) {
	for _, name := range names {
		switch v := in[name].(type) {
		case float64:
			return v, true
		case string:
			if n, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
				return n, true
			}
		}
	}
	return 0, false
}
