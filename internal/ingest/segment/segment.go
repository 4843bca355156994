// Package segment is the door for what people do elsewhere, in the words of
// the Segment HTTP tracking API, so that the libraries that speak it work
// unchanged: POST /v1/identify, track, page, screen, group, alias and batch.
//
// It checks each message field by field, names what is wrong, and answers only
// when all that it took is committed. Which events mean what is a table (see
// [Names]); the door itself is pure up to the one call that hands the messages
// on. A message that says nothing about consent opens nothing.
//
// It refuses to guess: a number is no user id, a day without a time zone is no
// moment, and an event of an unknown name is kept in the timeline, never folded.
package segment

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
)

// Limits of the API, in bytes and messages.
const (
	MaxMessage = 32 << 10
	MaxBatch   = 500 << 10
	MaxEvents  = 2500
)

// Options is what a door needs. Brain, Sender and Logger are required.
type Options struct {
	Brain receiver
	// Sender says whose key a request carries; ok is false for a stranger, and
	// for one who may not bring events in the reason is not empty.
	Sender func(*http.Request) (s Sender, reason string, ok bool)
	// Busy says that the answer to an error is "not now": the sender keeps its
	// messages and comes back.
	Busy  func(error) bool
	Rules *Rules // nil means the built-in ones
	// Takes says why a trait may not be kept, empty when it may: a message with
	// one that may not is refused. Nil takes all.
	Takes func(customer.Trait) string
	// Rate is the most messages a second from one key, 0 for no bound; Queue
	// the most messages that wait for their commit, 0 for 10,000.
	Rate       int
	Queue      int64
	Logger     *slog.Logger
	Registerer prometheus.Registerer // nil registers no metrics
	Now        func() time.Time      // nil means time.Now
}

// Sender is the key that a request carries.
type Sender struct{ ID, Name string }

// receiver commits messages.
type receiver interface {
	Receive(context.Context, []brain.Received) ([]brain.Receipt, error)
}

// Door answers the tracking API. It is safe for concurrent use.
type Door struct {
	o     Options
	log   *slog.Logger
	gate  *gate
	tally *tally
}

// New makes a door.
func New(o Options) *Door {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rules == nil {
		o.Rules = &Rules{}
	}
	if o.Queue <= 0 {
		o.Queue = 10_000
	}
	if o.Busy == nil {
		o.Busy = func(error) bool { return false }
	}
	return &Door{o: o, log: o.Logger.With("component", "segment"), gate: newGate(o.Rate, o.Queue), tally: newTally(o.Registerer)}
}

// routes are the calls and the short forms that the browser library uses.
var routes = map[string]string{
	"identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page", "p": "page",
	"screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias",
	"batch": "batch", "import": "batch", "b": "batch",
}

// Handlers gives the door's handlers by the pattern of their route.
func (d *Door) Handlers() map[string]http.Handler {
	out := make(map[string]http.Handler, len(routes))
	for name, kind := range routes {
		out["POST /v1/"+name] = d.handler(kind)
	}
	return out
}

func (d *Door) handler(kind string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := d.o.Now()
		who, reason, ok := d.o.Sender(r)
		switch {
		case !ok:
			w.Header().Set("WWW-Authenticate", `Basic realm="write key", charset="UTF-8"`)
			answer(w, problem{Status: http.StatusUnauthorized, Detail: "send an API key of role ingest as the user of basic authentication, without a password"})
			return
		case reason != "":
			answer(w, problem{Status: http.StatusForbidden, Detail: reason})
			return
		}
		if err := d.serve(w, r, kind, who); err != nil {
			d.refuse(w, who, err)
		}
		d.tally.took(kind, d.o.Now().Sub(began))
	})
}

// serve takes one request in. It answers when it succeeds.
func (d *Door) serve(w http.ResponseWriter, r *http.Request, kind string, who Sender) error {
	limit := int64(MaxMessage)
	if kind == "batch" {
		limit = MaxBatch
	}
	raw, err := readBody(w, r, limit)
	if err != nil {
		return err
	}
	all, refused, err := d.parse(kind, raw)
	if err != nil {
		return err
	}
	for _, b := range refused {
		d.tally.refused(who, b.Field)
	}
	if len(all) == 0 && len(refused) > 0 {
		return noneOf(refused)
	}
	leave, err := d.gate.enter(who.ID, len(all))
	if err != nil {
		return err
	}
	defer leave()
	nobody, err := d.commit(r.Context(), who, all, optOuts(r.Header))
	if err != nil {
		return err
	}
	if refused = append(refused, nobody...); len(nobody) == len(all) {
		return noneOf(refused)
	}
	slices.SortFunc(refused, func(a, b Fault) int { return cmp.Compare(a.Index, b.Index) })
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_ = json.NewEncoder(w).Encode(taken{Success: true, Rejected: refused}) // the caller may have gone
	return nil
}

// taken is the answer after the commit. Rejected names the messages of a batch
// that were not taken; the others were.
type taken struct {
	Success  bool    `json:"success"`
	Rejected []Fault `json:"rejected,omitempty"`
}

// commit hands the messages on and counts what became of them. It gives those
// that name nobody.
func (d *Door) commit(ctx context.Context, who Sender, all []message, wishes []brain.Wish) (nobody []Fault, err error) {
	received := make([]brain.Received, len(all))
	for i := range all {
		received[i] = d.o.Rules.understand(&all[i], "segment:"+who.Name)
		received[i].Wishes = append(received[i].Wishes, wishes...)
	}
	receipts, err := d.o.Brain.Receive(ctx, received)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	for i := range all {
		if receipts[i].Nobody {
			f := Fault{Index: all[i].index, MessageID: all[i].id, Field: "userId", Reason: "names nobody"}
			d.tally.refused(who, f.Field)
			nobody = append(nobody, f)
			continue
		}
		known := true
		if all[i].kind == "track" {
			_, known = d.o.Rules.meaning(all[i].name)
		}
		d.tally.message(who, &all[i], known, receipts[i].Repeated)
	}
	return nobody, nil
}

// optOuts is what a browser says of its person in a header: Global Privacy
// Control is an opt-out of sale and sharing, known or anonymous.
func optOuts(h http.Header) []brain.Wish {
	if h.Get("Sec-GPC") != "1" {
		return nil
	}
	return []brain.Wish{{Cell: consent.Cell{Purpose: consent.Sale}, Evidence: "the header Sec-GPC: 1"}}
}

// parse reads the body of a request into messages. The faults are of messages
// in a batch; the error is of the whole request.
func (d *Door) parse(kind string, raw []byte) ([]message, []Fault, error) {
	now := d.o.Now()
	if kind != "batch" {
		m, err := d.read(raw, kind, envelope{received: now})
		if err != nil {
			return nil, nil, badRequest(err)
		}
		return []message{m}, nil, nil
	}
	env, parts, err := parseBatch(raw, now)
	if err != nil {
		return nil, nil, badRequest(err)
	}
	all, faults := make([]message, 0, len(parts)), []Fault(nil)
	for i, part := range parts {
		if i >= MaxEvents {
			faults = append(faults, Fault{Index: i, Field: "batch", Reason: fmt.Sprintf("a batch has at most %d messages", MaxEvents)})
			continue
		}
		m, err := d.read(part, "", env)
		if err != nil {
			faults = append(faults, Fault{Index: i, MessageID: messageIDOf(part), Field: err.Field, Reason: err.Reason})
			continue
		}
		m.index = i
		all = append(all, m)
	}
	return all, faults, nil
}

// read reads a message and holds its traits against what is declared of them.
func (d *Door) read(raw []byte, kind string, env envelope) (message, *bad) {
	m, err := parseMessage(raw, kind, env)
	if err != nil || d.o.Takes == nil {
		return m, err
	}
	for _, t := range m.known() {
		if why := d.o.Takes(t); why != "" {
			return m, &bad{"traits." + t.Name, why}
		}
	}
	return m, nil
}

// refuse answers an error and counts it.
func (d *Door) refuse(w http.ResponseWriter, who Sender, err error) {
	p, known := errors.AsType[problem](err)
	switch {
	case known && p.counted:
	case known:
		field := "body"
		if len(p.Errors) > 0 {
			field = p.Errors[0].Field
		}
		d.tally.refused(who, field)
	case errors.Is(err, context.Canceled):
		p = problem{Status: 499, Detail: "the caller left"}
	case d.o.Busy(err):
		d.log.Warn("events are not taken now", "error", err)
		p = problem{Status: http.StatusServiceUnavailable, Detail: "not now; send it again", wait: 5}
	default:
		d.log.Error("events are not taken", "error", err)
		p = problem{Status: http.StatusInternalServerError, Detail: "something went wrong here; it is in the log. Send it again"}
	}
	answer(w, p)
}

// title gives the name of a status that HTTP itself may not know.
func title(status int) string {
	if t := http.StatusText(status); t != "" {
		return t
	}
	return strings.TrimSpace(fmt.Sprint("Status ", status))
}
