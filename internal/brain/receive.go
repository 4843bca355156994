package brain

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// receiveAtOnce is how many people of one delivery are worked on at once:
	// their writes then share commits.
	receiveAtOnce = 32
	// receiveTries is how often a group is tried when another delivery of the
	// same messages, or another change of the same person, came in between.
	receiveTries = 4
)

// Received is one message of another system about one person.
type Received struct {
	// ID counts once for ever; see [MessageID]. Empty makes one.
	ID string
	// Identifiers name the person, the surest first; at least one. Values are
	// as they came: they are brought to their normal form here.
	Identifiers []customer.Identifier
	Source      string    // the system that sent it
	At          time.Time // when it happened; zero and the future mean now
	// Facts are what follows from it for the profile; only Name and Props are read.
	Facts  []customer.Fact
	Traits []customer.Trait // Source, At and Confidence included
	// Wishes are what it says of the person's consent.
	Wishes []Wish
	// Answers are what it says of suggestions; only DecisionID, Action, Outcome
	// and Value are read. One of a decision about somebody else is passed over.
	Answers []decide.Outcome
	// Said is the message for the timeline.
	Said Said
}

// Said is what came in, as it is kept in the timeline.
type Said struct {
	Kind       string         `json:"kind"` // "track", "identify"...
	Name       string         `json:"name,omitempty"`
	Source     string         `json:"source"`
	At         time.Time      `json:"at"`
	MessageID  string         `json:"message_id,omitempty"`
	Properties map[string]any `json:"properties,omitempty"`
	Context    map[string]any `json:"context,omitempty"`
}

// Wish is what a message says of one cell of the ledger.
type Wish struct {
	consent.Cell
	Granted  bool
	Evidence string // which field of which message says so
}

// Receipt says what became of a message.
type Receipt struct {
	CustomerID string
	Repeated   bool // it was there already and changed nothing
	// Nobody says that it was not kept: what it names is nobody, such as the
	// user "null", or somebody who was erased.
	Nobody bool
}

// observed is a fact as the log keeps it, the first of a message with the
// whole of what came in.
type observed struct {
	customer.Fact
	Said *Said `json:"said,omitempty"`
}

// MessageID makes the id under which a message is kept from the id that its
// sender gave it. The same message is the same event however often it comes,
// so the log's own rule that no id is there twice tells a repeat; it is a
// UUIDv8 (RFC 9562, section 5.8) of the SHA-256 sum.
func MessageID(sender string) string { return numbered(sender, 0) }

// numbered gives the id of the nth event of a message.
func numbered(id string, n uint32) string {
	h := sha256.New()
	_, _ = h.Write(binary.BigEndian.AppendUint32(nil, n)) // never fails
	_, _ = h.Write([]byte(id))
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// Receive commits messages of another system: those about one person in one
// transaction, and their live call is decided again once. It returns when all
// are committed, with a receipt for each in the order of the messages. A
// message that came before changes nothing. When it fails some people's
// messages may have been committed: sending all of them again is safe.
func (b *Brain) Receive(ctx context.Context, all []Received) ([]Receipt, error) {
	out := make([]Receipt, len(all))
	groups := b.groups(all, out)
	if len(groups) == 1 { // most deliveries are about one person
		return out, b.receive(ctx, all, groups[0], out)
	}
	var people errgroup.Group
	people.SetLimit(receiveAtOnce)
	for _, g := range groups {
		people.Go(func() error { return b.receive(ctx, all, g, out) })
	}
	return out, people.Wait()
}

// keeps says of the traits of a message until when they hold, by what is
// declared of them.
func (b *Brain) keeps(m *Received) {
	if len(m.Traits) == 0 {
		return
	}
	rules, at := b.decider.Catalogue(), between(time.Time{}, m.At, b.now())
	for i := range m.Traits {
		m.Traits[i].At = at
		m.Traits[i] = rules.Keeps(m.Traits[i])
	}
}

// groups brings identifiers to their normal form and gives the places of the
// messages that name the same people, each group in its order. A message that
// names nobody is in none, and its receipt says so.
func (b *Brain) groups(all []Received, out []Receipt) [][]int {
	var groups [][]int
	byWho := make(map[string]int, len(all))
	for i := range all {
		m := &all[i]
		if m.ID == "" {
			m.ID = event.NewID()
		}
		b.keeps(m)
		m.Identifiers = b.rules.Clean(m.Identifiers)
		if len(m.Identifiers) == 0 {
			out[i].Nobody = true
			continue
		}
		var who strings.Builder
		for _, id := range m.Identifiers {
			who.WriteString(id.Type + "\x00" + id.Value + "\x00")
		}
		at, known := byWho[who.String()]
		if !known {
			at = len(groups)
			byWho[who.String()] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}

// receive commits the messages of one group. What came before is looked for
// only when the log refuses a message: repeats are rare.
func (b *Brain) receive(ctx context.Context, all []Received, group []int, out []Receipt) error {
	var err error
	for try := range receiveTries {
		if err = b.receiveOnce(ctx, all, group, out, try > 0); err == nil {
			return b.answers(ctx, all, group, out)
		}
		if errors.Is(err, store.ErrSuppressed) || errors.Is(err, store.ErrErased) {
			// Who was erased stays so: the message is about nobody, and those
			// about others in the same delivery are kept.
			for _, i := range group {
				out[i] = Receipt{Nobody: true}
			}
			return nil
		}
		if !errors.Is(err, store.ErrDuplicate) && !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return fmt.Errorf("receive %d messages: %w", len(group), err)
}

func (b *Brain) receiveOnce(ctx context.Context, all []Received, group []int, out []Receipt, repeats bool) error {
	who := all[group[0]].Identifiers
	w, unlock, err := b.resolve(ctx, who, customer.Proof{Kind: proofOf(who)})
	if err != nil {
		return err
	}
	defer unlock()
	before := make(map[string]bool)
	if repeats {
		if before, err = b.store.HasEvents(ctx, messageIDs(all, group)); err != nil {
			return err
		}
	}
	w.call = b.callOf(w)
	var events []event.Event
	for _, i := range group {
		m := &all[i]
		out[i] = Receipt{CustomerID: w.profile.ID, Repeated: before[m.ID]}
		if before[m.ID] {
			continue
		}
		before[m.ID] = true
		if events, err = w.receive(events, m); err != nil {
			return err
		}
	}
	if len(events) > 0 || len(w.newRows) > 0 {
		err = b.commit(ctx, w, func(tx *store.Tx) error { return write(tx, events) })
	}
	for range w.brought.dropped {
		b.dropped()
	}
	return err
}

// proofOf is on what grounds the identifiers of a message are said to be one
// person's: a user id beside a device means that the user signed in there.
func proofOf(ids []customer.Identifier) string {
	is := func(typ string) bool {
		return slices.ContainsFunc(ids, func(i customer.Identifier) bool { return i.Type == typ })
	}
	switch {
	case is(customer.UserID):
		return customer.ByLogin
	case is(customer.Device):
		return customer.ByDevice
	}
	return customer.ByForm
}

func messageIDs(all []Received, group []int) []string {
	out := make([]string, len(group))
	for k, i := range group {
		out[k] = all[i].ID
	}
	return out
}

// receive folds a message and adds its events to those of the change.
func (w *change) receive(events []event.Event, m *Received) ([]event.Event, error) {
	if m.At.IsZero() || m.At.After(w.at) {
		m.At = w.at
	}
	m.Said.Source, m.Said.At = m.Source, m.At.UTC().Truncate(time.Millisecond)
	w.stated(m)
	if w.untracked() && !w.serves(m) {
		w.brought.dropped++
		return events, nil
	}
	about := event.About{Subject: w.profile.ID, Call: w.callID()}
	add := func(t event.Type, id string, data any) error {
		e, err := event.New(t, m.Said.At, about, data)
		if err != nil {
			return err
		}
		e.ID, e.Source = id, m.Source
		events = append(events, e)
		return nil
	}
	if len(m.Facts) == 0 {
		if err := add(event.ActivityNoted, m.ID, m.Said); err != nil {
			return nil, err
		}
	}
	for n, f := range m.Facts {
		if w.contacted(f) {
			continue // what was sent is counted already
		}
		f.EventID, f.At, f.Via = m.ID, m.Said.At, w.via
		o := observed{Fact: f}
		if n == 0 {
			o.Said = &m.Said
		} else {
			o.EventID = numbered(m.ID, uint32(n))
		}
		w.observe(o.Fact)
		if err := add(event.FactObserved, o.EventID, o); err != nil {
			return nil, err
		}
	}
	return events, w.declared(m)
}

// declared sets the traits that a message brings.
func (w *change) declared(m *Received) error {
	for n, t := range m.Traits {
		t.Source, t.At, t.EventID = m.Source, m.Said.At, numbered(m.ID, uint32(len(m.Facts)+n))
		if err := w.setTrait(t); err != nil {
			return err
		}
	}
	return nil
}

// stated adds to the ledger what a message says of consent.
//
// A sender repeats what it knows with every message, so only a change of its
// own word is an act. Its first word counts too, but its first yes does not
// open what was closed elsewhere: nobody knows which came first.
func (w *change) stated(m *Received) {
	for _, wish := range m.Wishes {
		// The words of all who are one count: a yes about one of them is a yes
		// for all, so it must not open what another had closed.
		ledger := w.ledger()
		r := consent.Row{
			ID: event.NewID(), CustomerID: w.profile.ID, Cell: wish.Cell, State: consent.Granted,
			At: m.Said.At, RecordedAt: w.at, Source: m.Source, Actor: "customer", Evidence: wish.Evidence,
		}
		now := consent.Now(ledger, r.Cell, w.at)
		switch own := lastWord(ledger, r); {
		case own != nil && ((own.State == consent.Granted) == wish.Granted || own.At.After(r.At)):
			continue
		case own == nil && wish.Granted && now.Denies():
			continue
		case !wish.Granted && now.State == consent.Granted:
			r.State = consent.Withdrawn
		case !wish.Granted:
			r.State = consent.Denied
		}
		w.addRow(r)
	}
}

// lastWord gives what the source of a row said last about its cell.
func lastWord(rows []consent.Row, r consent.Row) (last *consent.Row) {
	for i := range rows {
		if rows[i].Source == r.Source && rows[i].Cell == r.Cell && (last == nil || !rows[i].RecordedAt.Before(last.RecordedAt)) {
			last = &rows[i]
		}
	}
	return last
}

// write stores the events of a change.
func write(tx *store.Tx, events []event.Event) error {
	for _, e := range events {
		if err := tx.Append(e); err != nil {
			return err
		}
	}
	return nil
}
