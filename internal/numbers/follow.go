package numbers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/callevents"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// The consumer's name, and the name under which the sum of the pool is kept by
// which the log was read. They stay what they are.
const (
	consumer = "numbers"
	poolSeen = "numbers.pool"
)

// Options is what a keeper needs; all are required.
type Options struct {
	Pool   *Pool
	Store  *store.Store
	Told   *callevents.Keeper
	Region string // of numbers written without a country
}

// Keeper is the consumer that tells of each call what its number says. Given
// another pool than before, it reads the whole log again: calls that were heard
// before an entry was written get it too, and lose what is no more.
type Keeper struct{ o Options }

var _ event.Consumer = (*Keeper)(nil)

// New makes a keeper.
func New(ctx context.Context, o Options) (*Keeper, error) {
	k := &Keeper{o}
	seen, err := o.Store.Cursor(ctx, poolSeen)
	if err != nil {
		return nil, fmt.Errorf("tracking numbers: %w", err)
	}
	if seen == o.Pool.Sum() {
		return k, nil
	}
	err = o.Store.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.SetCursor(consumer, 0), tx.SetCursor(poolSeen, o.Pool.Sum()))
	})
	if err != nil {
		return nil, fmt.Errorf("tracking numbers: %w", err)
	}
	return k, nil
}

// Types are the events that it follows.
func Types() []event.Type { return []event.Type{event.CallStarted, event.CallTold} }

// Name names the consumer.
func (k *Keeper) Name() string { return consumer }

// Cursor is the last event whose effect is durable.
func (k *Keeper) Cursor(ctx context.Context) (int64, error) { return k.o.Store.Cursor(ctx, consumer) }

// Rebuild has the log read from its beginning again.
func (k *Keeper) Rebuild() error {
	return k.o.Store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetCursor(consumer, 0) })
}

// atOnce is how many calls share a write.
const atOnce = 50

// Handle tells of the calls of which events tell.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) error {
	for part := range slices.Chunk(events, atOnce) {
		var calls []callevents.Numbered
		for _, id := range callsOf(part) {
			n, err := k.call(ctx, id)
			switch {
			case errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased):
				continue
			case err != nil:
				return fmt.Errorf("tracking numbers: %w", err)
			}
			calls = append(calls, n)
		}
		if err := k.o.Told.Number(ctx, calls, store.Cursor{Consumer: consumer, Seq: part[len(part)-1].Seq}); err != nil {
			return fmt.Errorf("tracking numbers: %w", err)
		}
	}
	return nil
}

func callsOf(events []event.Event) []string {
	var ids []string
	for _, e := range events {
		if e.Call != "" && !e.Erased() && !slices.Contains(ids, e.Call) {
			ids = append(ids, e.Call)
		}
	}
	return ids
}

// call says what the number tells that a call came in by.
func (k *Keeper) call(ctx context.Context, id string) (callevents.Numbered, error) {
	c, err := k.o.Store.Call(ctx, id)
	if err != nil {
		return callevents.Numbered{}, err
	}
	n := callevents.Numbered{Call: c}
	direction, from, to := c.Direction, c.From, c.To
	if to == "" || direction == "" { // the platform may tell it beside the audio
		details, err := k.o.Store.DetailsOf(ctx, id)
		if err != nil {
			return n, err
		}
		for i := range details {
			if f := details[i].Facts(); !details[i].Tracking {
				direction, from, to = cmp.Or(direction, f.Direction), cmp.Or(from, f.From), cmp.Or(to, f.To)
			}
		}
	}
	number, ok := customer.NormalizePhone(to, k.o.Region)
	e, known := k.o.Pool.At(number, c.StartedAt)
	if !ok || !known || direction == "outbound" {
		return n, nil
	}
	n.Fields = e.fields(c.StartedAt, number)
	if caller, ok := customer.NormalizePhone(from, k.o.Region); ok {
		n.Fields[event.FieldCaller] = caller
	}
	return n, nil
}

// fields are an entry as a service would tell it of a call.
func (e *Entry) fields(at time.Time, number string) map[string]string {
	out := map[string]string{
		event.FieldNumber: number, event.FieldStarted: at.UTC().Format(time.RFC3339Nano), event.FieldDirection: "inbound",
	}
	for name, v := range map[string]string{"source": e.Source, "medium": e.Medium, "campaign": e.Campaign, "keyword": e.Keyword, "landing": e.Landing} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}
