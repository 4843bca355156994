package origins_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/callevents"
	"heed/internal/event"
	"heed/internal/origins"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// rig is a real store with what joins calls with what is told of them.
type rig struct {
	*testing.T
	db   *store.Store
	told *callevents.Keeper
	from origins.Keeper
}

type nobody struct{}

func (nobody) Complete(context.Context, string, string) {}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir(), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := &rig{T: t, db: db, from: origins.New(db)}
	r.told = callevents.New(callevents.Options{Store: db, Calls: nobody{}, Region: "US", Now: func() time.Time { return noon }})
	return r
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// call commits that a call began.
func (r *rig) call(id, caller string, at time.Time) {
	r.Helper()
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: "CA-" + id, Direction: "inbound", From: caller, To: "+18005550199", CustomerID: "p-" + id, Status: event.CallLive, StartedAt: at}
	e, err := event.New(event.CallStarted, noon, event.About{Subject: id, Call: id}, c)
	r.ok(err)
	r.ok(r.db.Write(r.Context(), func(tx *store.Tx) error { return errors.Join(tx.SaveCall(c), tx.Append(e)) }))
}

// settle draws what follows from all that was told, and reads the log from
// where the keeper is.
func (r *rig) settle() {
	r.Helper()
	r.follow(r.told, callevents.Types())
	ctx, stop := context.WithCancel(r.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.told.Run(ctx) }()
	for {
		changed := r.db.Changed()
		open, err := r.db.OpenTold(r.Context(), 1)
		r.ok(err)
		if len(open) == 0 {
			break
		}
		<-changed
	}
	stop()
	<-done
	r.follow(r.told, callevents.Types())
	r.follow(r.from, origins.Types())
}

func (r *rig) follow(c event.Consumer, types []event.Type) {
	r.Helper()
	for {
		after, err := c.Cursor(r.Context())
		r.ok(err)
		events, err := r.db.Events(r.Context(), event.Query{After: after, Types: types, Limit: 500})
		r.ok(err)
		if len(events) == 0 {
			return
		}
		r.ok(c.Handle(r.Context(), events))
	}
}

func (r *rig) tell(id, call, caller string, more ...string) {
	r.Helper()
	t := event.Told{Provider: "callrail", ID: id, Call: call, Tracking: true, At: noon, Fields: map[string]string{
		"caller": caller, "destination": "+18005550199", "started_at": noon.Format(time.RFC3339), "source": "google", "campaign": "Spring", "gclid": "g1",
	}}
	for i := 0; i < len(more); i += 2 {
		t.Fields[more[i]] = more[i+1]
	}
	r.ok(r.told.Tell(r.Context(), t))
}

func (r *rig) campaign(call string) string {
	r.Helper()
	o, err := r.db.CallOrigin(r.Context(), call)
	if errors.Is(err, store.ErrNotFound) {
		return "unknown"
	}
	r.ok(err)
	return o.Campaign + "/" + o.Queue
}

// Where a call came from follows whatever is told of it: late, corrected, of
// another call after all; reading the log again changes nothing.
func TestOriginsFollowWhatIsTold(t *testing.T) {
	r := newRig(t)
	const ann, bob = "+14155550100", "+14155550101"
	r.call("c1", ann, noon)
	r.call("c2", bob, noon)
	r.settle()
	check := func(when, first, second string) {
		t.Helper()
		for range 2 {
			if a, b := r.campaign("c1"), r.campaign("c2"); a != first || b != second {
				t.Errorf("%s: %q and %q, want %q and %q", when, a, b, first, second)
			}
			r.ok(r.from.Rebuild())
			r.follow(r.from, origins.Types())
		}
	}
	check("before anything is told", "/", "/")
	r.tell("1", "CAL1", ann)
	r.ok(r.told.Tell(t.Context(), event.Told{Provider: "twilio", ID: "q", Call: "CA-c1", At: noon, Fields: map[string]string{"queue": "sales"}}))
	r.settle()
	check("told late", "Spring/sales", "/")
	if o, err := r.db.CallOrigin(t.Context(), "c1"); err != nil || o.Clicks["gclid"] != "g1" || o.Provider != "callrail" || o.TrackingID == "" {
		t.Errorf("%+v, %v", o, err)
	}
	r.tell("2", "CAL1", bob) // the caller was another
	r.settle()
	check("moved", "/sales", "Spring/")
	r.tell("3", "CAL1", "+12025550000")
	r.settle()
	check("nobody's", "/sales", "/")

	// One who is erased leaves nothing, also when the log is read again.
	r.ok(r.db.DestroyKeys([]string{"p-c1"}))
	r.ok(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.EraseCall("c1") }))
	r.tell("4", "CAL1", bob)
	r.settle()
	check("erased", "unknown", "Spring/")
}

func TestOriginsAreNamed(t *testing.T) {
	r := newRig(t)
	if r.from.Name() != "origins" {
		t.Errorf("the cursor of %q would begin anew", r.from.Name())
	}
	if err := r.from.Handle(t.Context(), []event.Event{{Seq: 1, Type: event.CallTracked, Data: []byte("{")}}); err == nil {
		t.Error("an event that does not parse was taken")
	}
	if seq, err := r.from.Cursor(t.Context()); err != nil || seq != 0 {
		t.Errorf("the cursor went to %d, %v", seq, err)
	}
}
