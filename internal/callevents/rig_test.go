package callevents

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

const (
	ann      = "+14155550100" // callers
	bob      = "+14155550101"
	tracking = "+18005550111"
	business = "+18005550199"
)

// rig is a keeper over a real store. Its consequences are drawn when settle is
// called, so that a test says what has happened before.
type rig struct {
	*Keeper
	*store.Store
	t    testing.TB
	dir  string
	now  time.Time
	over overs
	want recordings
	// round parts what happens in one store: each has people, calls and ids of its
	// own under the same names.
	round int
}

// name gives the id of a round under which something of it is stored.
func (r *rig) name(id string) string {
	if r.round == 0 || id == "" {
		return id
	}
	return fmt.Sprintf("%s-%d", id, r.round)
}

// number gives the callers of a round numbers of their own.
func (r *rig) number(n string) string {
	if r.round == 0 || n != ann && n != bob {
		return n
	}
	return fmt.Sprintf("%s%04d", n[:7]+n[11:], 10*r.round)
}

// overs are the calls that platforms consider over.
type overs struct {
	mu  sync.Mutex
	ids []string
}

func (o *overs) Complete(_ context.Context, platform, call string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ids = append(o.ids, platform+" "+call)
}

// recordings are those that were asked for.
type recordings struct {
	broken bool
	asked  []Recording
}

func (r *recordings) Want(_ context.Context, w Recording) error {
	if r.broken {
		return errors.New("the fetcher gave up")
	}
	r.asked = append(r.asked, w)
	return nil
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), now: noon}
	r.open()
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func (r *rig) open() {
	r.t.Helper()
	clock := func() time.Time { return r.now }
	s, err := store.Open(context.WithoutCancel(r.t.Context()), store.Options{Path: r.dir, Now: clock})
	if err != nil {
		r.t.Fatal(err)
	}
	r.Store = s
	r.Keeper = New(Options{Store: s, Calls: &r.over, Recordings: &r.want, Region: "US", Now: clock})
}

func (r *rig) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) tell(events ...event.Told) {
	r.t.Helper()
	for _, e := range events {
		e.ID, e.Call, e.Corrects, e.Fields = r.name(e.ID), r.name(e.Call), r.name(e.Corrects), maps.Clone(e.Fields)
		for _, f := range []string{"caller", "from"} {
			if e.Fields[f] != "" {
				e.Fields[f] = r.number(e.Fields[f])
			}
		}
		r.ok(r.Tell(r.t.Context(), e))
	}
}

// settle draws all consequences that are due.
func (r *rig) settle() {
	r.t.Helper()
	for more := true; more; {
		var err error
		more, err = r.step(r.t.Context())
		r.ok(err)
	}
	r.followCalls()
}

// followCalls does as the consumer of the log does.
func (r *rig) followCalls() {
	r.t.Helper()
	for {
		after, err := r.Keeper.Cursor(r.t.Context())
		r.ok(err)
		events, err := r.Events(r.t.Context(), store.EventQuery{After: after, Types: Types()})
		r.ok(err)
		if len(events) == 0 {
			return
		}
		r.ok(r.Handle(r.t.Context(), events))
	}
}

// begin stores a call as the brain does, and looks at it only in settle.
func (r *rig) begin(id string, at time.Time, from, to string, more ...func(*event.Call)) {
	r.t.Helper()
	c := event.Call{
		ID: r.name(id), Platform: "twilio", PlatformCall: "CA-" + r.name(id), Direction: "inbound", From: from, To: to,
		CustomerID: "person-" + r.name(id), Status: event.CallLive, StartedAt: at,
	}
	for _, m := range more {
		m(&c)
	}
	c.From, c.To, c.TrackingID = r.number(c.From), r.number(c.To), r.name(c.TrackingID)
	e, err := event.New(event.CallStarted, r.now, event.About{Subject: c.ID, Call: c.ID}, c)
	r.ok(err)
	r.ok(r.Write(r.t.Context(), func(tx *store.Tx) error { return errors.Join(tx.SaveCall(c), tx.Append(e)) }))
}

func phase(id, call, what string, second int, more ...string) event.Told {
	e := event.Told{
		Provider: "twilio", ID: id, Call: call, At: noon.Add(time.Duration(second) * time.Second),
		Fields: map[string]string{"phase": what}, Ends: what == event.PhaseEnded,
	}
	for i := 0; i < len(more); i += 2 {
		e.Fields[more[i]] = more[i+1]
	}
	return e
}

// tracked is what a call-tracking service tells of a call.
func tracked(id, call string, started time.Time, more ...string) event.Told {
	e := event.Told{Provider: "callrail", ID: id, Call: call, Tracking: true, At: started.Add(time.Minute), Fields: map[string]string{
		"caller": ann, "tracking_number": "+1 800 555 0111", "destination": business, "started_at": started.Format(time.RFC3339),
		"touch": "first", "source": "google", "campaign": "spring", "gclid": "g-secret", "direction": "inbound",
	}}
	for i := 0; i < len(more); i += 2 {
		e.Fields[more[i]] = more[i+1]
	}
	return e
}

// records gives the tracking records of the round by the service's id, as
// "joined c1 id".
func (r *rig) records() map[string]string {
	r.t.Helper()
	page, next, err := r.Tracking(r.t.Context(), store.TrackingQuery{Limit: 500})
	r.ok(err)
	if next != "" {
		r.t.Fatal("more than a page")
	}
	out := make(map[string]string)
	for _, p := range page {
		name, mine := strings.CutSuffix(p.Call, r.name("x")[1:])
		if r.round == 0 || mine {
			out[name] = fmt.Sprintf("%s %s %s", p.State, strings.TrimSuffix(p.CallID, r.name("x")[1:]), p.By)
		}
	}
	return out
}

func (r *rig) facts(call string) event.Facts {
	r.t.Helper()
	all, err := r.DetailsOf(r.t.Context(), call)
	r.ok(err)
	i := slices.IndexFunc(all, func(d event.Detail) bool { return !d.Tracking })
	if i < 0 {
		return event.Facts{}
	}
	return all[i].Facts()
}

// log gives the events of a type.
func (r *rig) log(kind event.Type) []event.Event {
	r.t.Helper()
	all, err := r.Events(r.t.Context(), store.EventQuery{Types: []event.Type{kind}, Limit: 500})
	r.ok(err)
	return all
}
