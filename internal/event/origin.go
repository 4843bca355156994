package event

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Numbers is the provider of records that Heed makes itself, from the number
// that was called. What a call-tracking service tells goes before it.
const Numbers = "numbers"

// Origin is where a call came from: what led to it, and the queue in which its
// platform put it. The zero value is a call of which nobody told.
type Origin struct {
	Attribution
	Queue string `json:"queue,omitempty"`
	// Provider and TrackingID name the record of call tracking that it rests on.
	Provider   string `json:"provider,omitempty" example:"callrail"`
	TrackingID string `json:"tracking_id,omitempty" doc:"The record of call tracking that it rests on"`
}

// OriginOf gives the origin of a call from the records that are joined with it,
// in any order. Of several the first one counts that tells anything, a
// service's before one by [Numbers], one with a campaign before one without,
// then the earliest.
func OriginOf(records []Tracking, queue string) Origin {
	if len(records) == 0 {
		return Origin{Queue: queue}
	}
	best := slices.MinFunc(records, byWeight)
	return Origin{Attribution: best.Attribution, Queue: queue, Provider: best.Provider, TrackingID: best.ID}
}

// byWeight puts the record first that says the most reliably where a call came from.
func byWeight(a, b Tracking) int {
	return cmp.Or(
		later(a.silent(), b.silent()), later(a.Provider == Numbers, b.Provider == Numbers), later(a.Campaign == "", b.Campaign == ""),
		a.StartedAt.Compare(b.StartedAt), a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID),
	)
}

// later puts what is so behind what is not.
func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// silent says that a record tells nothing of where the call came from. What is
// not in the log has no part in it, so that all who ask choose the same record.
func (t *Tracking) silent() bool {
	return t.Source == "" && t.Medium == "" && t.Campaign == "" && t.Keyword == ""
}

// Logged leaves of a record what its event tells: what is [Tracking.Impersonal],
// and once the call is known, under whose person's key the event is sealed, the
// page where the visit began, without what stands behind its path.
func (t Tracking) Logged() Tracking {
	bare := t.Impersonal()
	if t.CallID != "" {
		bare.Landing = Page(t.Landing)
	}
	return bare
}

// Page gives the host and path of a page's address: what stands behind them
// may be a visitor's own. Nothing when it is no address.
func Page(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Host)+u.Path, "/")
}

// Origins is what the log tells of where one call came from: the last word of
// each record that names the call, whatever the order in which they are taken.
// It is small and encodes to JSON.
type Origins struct {
	Records map[string]Word `json:"r,omitempty"` // by the record's id
	Queue   string          `json:"q,omitempty"`
	Told    int64           `json:"t,omitempty"` // number of the event that Queue is from
}

// Word is what a record said of a call.
type Word struct {
	Seq    int64     `json:"n"`           // number of the event
	Record *Tracking `json:"r,omitempty"` // nil when it is another call's by now
}

// Take puts in what an event tells of a call, and says whether that changed
// anything. Events that tell nothing of the call are passed over.
func (o *Origins) Take(call string, e Event) (bool, error) {
	switch {
	case e.Erased():
		return false, nil
	case e.Type == CallTold && e.Call == call:
		var f Facts
		if err := json.Unmarshal(e.Data, &f); err != nil {
			return false, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		if e.Seq <= o.Told {
			return false, nil
		}
		o.Queue, o.Told = f.Queue, e.Seq
		return true, nil
	case e.Type == CallTracked:
		var t Tracking
		if err := json.Unmarshal(e.Data, &t); err != nil {
			return false, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		return o.hear(call, t, e.Seq), nil
	}
	return false, nil
}

func (o *Origins) hear(call string, t Tracking, seq int64) bool {
	if t.CallID != call && t.Was != call || seq <= o.Records[t.ID].Seq {
		return false
	}
	w := Word{Seq: seq}
	if t.CallID == call {
		w.Record = &Tracking{
			ID: t.ID, Provider: t.Provider, ReceivedAt: t.ReceivedAt, TrackedTimes: TrackedTimes{StartedAt: t.StartedAt},
			Attribution: Attribution{Touch: t.Touch, Model: t.Model},
		}
	}
	if o.Records == nil {
		o.Records = make(map[string]Word)
	}
	o.Records[t.ID] = w
	return true
}

// Origin is where the call came from by what was taken, without what the log
// does not tell: click ids and the other touches.
func (o *Origins) Origin() Origin {
	var records []Tracking
	for _, w := range maps.All(o.Records) {
		if w.Record != nil {
			records = append(records, *w.Record)
		}
	}
	return OriginOf(records, o.Queue)
}

// OriginCalls gives the calls whose origin an event may change.
func OriginCalls(e Event) ([]string, error) {
	if e.Erased() || e.Type != CallTold && e.Type != CallTracked && e.Type != CallStarted {
		return nil, nil
	}
	calls := []string{e.Call}
	if e.Type == CallTracked {
		var t struct {
			Was string `json:"was_call_id"`
		}
		if err := json.Unmarshal(e.Data, &t); err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		calls = append(calls, t.Was)
	}
	slices.Sort(calls)
	return slices.DeleteFunc(slices.Compact(calls), func(id string) bool { return id == "" }), nil
}
