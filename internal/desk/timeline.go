package desk

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// Entry is one thing that happened to a person.
type Entry struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at" doc:"When it happened"`
	Kind string    `json:"kind" enum:"call,fact,activity,signal,trait,identifier,consent,decision,outcome,gate"`
	// CustomerID is whose it is of those who are one.
	CustomerID string `json:"customer_id"`
	CallID     string `json:"call_id,omitempty"`
	// DecisionID is of a decision, an answer to one and a message of one.
	DecisionID string `json:"decision_id,omitempty"`
	// Name says what happened, such as "purchase", "intent.cancel" or "email".
	Name   string          `json:"name"`
	Detail string          `json:"detail,omitempty" doc:"The value, the words, or the reason"`
	Source string          `json:"source,omitempty"`
	Data   json.RawMessage `json:"data,omitempty" doc:"What came with a fact"`
}

// TimelineQuery selects entries.
type TimelineQuery struct {
	Kinds    []string  // none means all
	From, To time.Time // From included, To not; zero is open
	After    string    // the next of the page before
	Limit    int       // 1..500, 0 means 100
}

// kinds are the kinds of entry with the events that they are read from.
var kinds = map[string]event.Type{
	"call": event.FactObserved, "fact": event.FactObserved, "activity": event.ActivityNoted, "signal": event.SignalRaised, "trait": event.TraitSet,
	"identifier": event.IdentifierSeen, "consent": event.ConsentChanged, "decision": event.DecisionMade, "outcome": event.OutcomeRecorded,
	"gate": event.GateAsked,
}

// maxScanned bounds the pages of events that are looked through for one page of
// entries of a rare kind.
const maxScanned = 20

// Timeline gives what happened to a person and to all who are one with them,
// newest first, and the mark of the next page, empty at the end. A kind that
// there is not and a mark that this list did not give are [store.ErrBadPage].
func (d *Desk) Timeline(ctx context.Context, id string, q TimelineQuery) (_ []Entry, next string, err error) {
	if _, err := d.store.Profile(ctx, id); err != nil {
		return nil, "", fmt.Errorf("timeline of %s: %w", id, err)
	}
	people, err := d.store.Members(ctx, id)
	if err != nil {
		return nil, "", fmt.Errorf("timeline of %s: %w", id, err)
	}
	h, err := q.history()
	if err != nil {
		return nil, "", fmt.Errorf("timeline of %s: %w", id, err)
	}
	entries, limit := []Entry{}, q.limit()
	for range maxScanned {
		page, more, err := d.page(ctx, people, h)
		if err != nil {
			return nil, "", fmt.Errorf("timeline of %s: %w", id, err)
		}
		for _, e := range page {
			h.Before, h.BeforeID = e.Time, e.ID
			if entry, ok := entryOf(e); ok && q.wants(entry.Kind) {
				entries = append(entries, entry)
			}
			if len(entries) == limit {
				return entries, markOf(h), nil
			}
		}
		if !more {
			return entries, "", nil
		}
	}
	return entries, markOf(h), nil
}

// page gives the newest events of several people, and whether there are more.
func (d *Desk) page(ctx context.Context, people []string, h store.HistoryQuery) ([]event.Event, bool, error) {
	var all []event.Event
	more := false
	for _, id := range people {
		h.CustomerID = id
		events, err := d.store.History(ctx, h)
		if err != nil {
			return nil, false, err
		}
		more = more || len(events) == h.Limit
		all = append(all, events...)
	}
	slices.SortFunc(all, func(a, b event.Event) int { return cmp.Or(b.Time.Compare(a.Time), strings.Compare(b.ID, a.ID)) })
	if len(all) > h.Limit {
		all, more = all[:h.Limit], true
	}
	return all, more, nil
}

func (q TimelineQuery) limit() int {
	if q.Limit == 0 {
		return 100
	}
	return min(max(q.Limit, 1), 500)
}

func (q TimelineQuery) wants(kind string) bool {
	return len(q.Kinds) == 0 || slices.Contains(q.Kinds, kind)
}

func (q TimelineQuery) history() (store.HistoryQuery, error) {
	h := store.HistoryQuery{From: q.From, To: q.To, Limit: q.limit()}
	for kind, t := range kinds {
		if q.wants(kind) && !slices.Contains(h.Types, t) {
			h.Types = append(h.Types, t)
		}
	}
	for _, k := range q.Kinds {
		if _, ok := kinds[k]; !ok {
			return h, fmt.Errorf("kind %q: %w", k, store.ErrBadPage)
		}
	}
	if q.After == "" {
		return h, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.After)
	at, id, ok := strings.Cut(string(raw), " ")
	ms, notNumber := strconv.ParseInt(at, 10, 64)
	if err != nil || !ok || notNumber != nil || id == "" || len(id) > 64 {
		return h, store.ErrBadPage
	}
	h.Before, h.BeforeID = time.UnixMilli(ms).UTC(), id
	return h, nil
}

func markOf(h store.HistoryQuery) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(h.Before.UnixMilli(), 10) + " " + h.BeforeID))
}

// told is what an entry reads of an event's payload, whatever its type.
type told struct {
	Name    string          `json:"name"`
	Label   string          `json:"label"`
	Type    string          `json:"type"`
	Value   any             `json:"value"`
	Quote   string          `json:"quote"`
	Source  string          `json:"source"`
	CallID  string          `json:"call_id"`
	By      string          `json:"by"`
	Slot    string          `json:"slot"`
	Because string          `json:"because"`
	Action  string          `json:"action"`
	Outcome string          `json:"outcome"`
	Props   json.RawMessage `json:"props"`
	Kind    string          `json:"kind"`

	cell
}

// cell is what an entry reads of a row of the ledger, and of a question to the
// gate.
type cell struct {
	Purpose string `json:"purpose"`
	Channel string `json:"channel"`
	State   string `json:"state"`

	Allowed    bool   `json:"allowed"`
	Rule       string `json:"rule"`
	DecisionID string `json:"decision_id"`
}

// entryOf reads an event for people. One whose person was erased is none.
func entryOf(e event.Event) (Entry, bool) {
	var t told
	if len(e.Data) == 0 || string(e.Data) == "null" || json.Unmarshal(e.Data, &t) != nil {
		return Entry{}, false
	}
	out := Entry{ID: e.ID, At: e.Time, CustomerID: e.Subject, CallID: cmp.Or(e.Call, t.CallID), Source: t.Source, DecisionID: t.DecisionID}
	for kind, typ := range kinds {
		if typ == e.Type && kind != "call" {
			out.Kind = kind
		}
	}
	out.tell(t)
	return out, true
}

func (e *Entry) tell(t told) {
	switch e.Kind {
	case "fact":
		e.Name, e.Data = t.Name, t.Props
		if strings.HasPrefix(t.Name, "call.") {
			var in struct {
				Call string `json:"call"`
			}
			_ = json.Unmarshal(t.Props, &in) // a call without its id is told all the same
			e.Kind, e.CallID, e.Data = "call", in.Call, nil
		}
	case "activity":
		e.Name, e.Detail = t.Kind, t.Name
	case "signal":
		e.Name, e.Detail = t.Label, t.Quote
	case "trait":
		e.Name, e.Detail = t.Name, fmt.Sprint(t.Value)
	case "identifier":
		e.Name, e.Detail, e.Source = t.Type, fmt.Sprint(t.Value), t.By
	case "consent":
		e.Name, e.Detail = strings.TrimSuffix(t.Purpose+" "+t.Channel, " "), t.State
	case "decision":
		e.Name, e.Detail = t.Slot, t.Because
	case "outcome":
		e.Name, e.Detail = t.Action, t.Outcome
	case "gate":
		e.Name, e.Detail, e.Source = strings.TrimSuffix(cmp.Or(t.Action, t.Purpose)+" "+t.Channel, " "), t.Rule, t.By
		if t.Allowed {
			e.Detail = "allowed"
		}
	}
}
