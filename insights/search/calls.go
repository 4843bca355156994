package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"heed/insights"
	"heed/internal/event"
)

// callID is the document of a call; ids of utterances have no colon.
func callID(call string) string { return "call:" + call }

// wholeCall is what queries can ask of a whole call. It is stored with its
// document, for events tell it piece by piece.
type wholeCall struct {
	Agent     string             `json:"a,omitempty"`
	Direction string             `json:"d,omitempty"`
	Platform  string             `json:"p,omitempty"`
	Customer  string             `json:"c,omitempty"`
	Duration  insights.Seconds   `json:"l,omitempty"`
	Figures   map[string]float64 `json:"f,omitempty"` // of the talk: longest_silence, longest_hold
	Began     int64              `json:"b,omitempty"` // Unix milliseconds
	Origins   event.Origins      `json:"g,omitzero"`  // where it came from
	Outcomes  []string           `json:"o,omitempty"`
	Actions   []string           `json:"n,omitempty"` // that had an outcome
}

// figures that can be asked for, by the field's name.
var figures = map[string]string{"silence": "longest_silence", "hold": "longest_hold"}

// ofCalls are the types of event that tell of a call what can be asked for.
var ofCalls = []event.Type{
	event.CallStarted, event.CallEnded, event.CallMoved, event.CallReanalyzed, event.OutcomeRecorded, event.CallTold, event.CallTracked,
}

// told puts what an event tells of a call into it.
func (c *wholeCall) told(call string, e event.Event) error {
	switch e.Type {
	case event.CallTold, event.CallTracked:
		_, err := c.Origins.Take(call, e)
		return err
	case event.CallMoved:
		var of event.Moved
		err := json.Unmarshal(e.Data, &of)
		c.Customer = of.To
		return err
	case event.CallReanalyzed:
		var of event.CallRemeasured
		err := json.Unmarshal(e.Data, &of)
		c.measured(of.Figures)
		return err
	case event.OutcomeRecorded:
		var of struct{ Action, Outcome string }
		err := json.Unmarshal(e.Data, &of)
		c.Outcomes, c.Actions = with(c.Outcomes, of.Outcome), with(c.Actions, of.Action)
		return err
	default: // it began or ended
		var of event.EndedCall
		err := json.Unmarshal(e.Data, &of)
		c.Agent, c.Direction, c.Platform, c.Customer, c.Duration = of.Agent, of.Direction, of.Platform, of.CustomerID, of.Duration
		if !of.StartedAt.IsZero() {
			c.Began = of.StartedAt.UnixMilli()
		}
		c.measured(of.Figures)
		return err
	}
}

func (c *wholeCall) measured(found []insights.Insight) {
	for _, in := range found {
		for _, name := range figures {
			if in.Name != name {
				continue
			}
			if c.Figures == nil {
				c.Figures = map[string]float64{}
			}
			c.Figures[name] = in.Value
		}
	}
}

func with(all []string, one string) []string {
	if one == "" || slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// document is what bleve indexes of a call.
func (c *wholeCall) document(call string) (map[string]any, error) {
	kept, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("search index: call: %w", err)
	}
	doc := map[string]any{"kind": "call", "whole": call, "kept": string(kept), "duration": float64(c.Duration)}
	if c.Began != 0 {
		doc["began"] = time.UnixMilli(c.Began).UTC()
	}
	came := c.Origins.Origin()
	var has []string
	for name, value := range map[string]string{
		"agent": key(c.Agent), "direction": c.Direction, "platform": key(c.Platform), "customer": c.Customer,
		"source": key(came.Source), "medium": key(came.Medium), "campaign": key(came.Campaign), "queue": key(came.Queue),
		"keyword": came.Keyword, "landing": event.Page(came.Landing),
	} {
		if value != "" {
			doc[name] = value
			has = append(has, name)
		}
	}
	for field, name := range figures {
		if v, ok := c.Figures[name]; ok {
			doc[field] = v
		}
	}
	for name, values := range map[string][]string{"outcome": c.Outcomes, "action": c.Actions} {
		if values != nil {
			doc[name] = values
			has = append(has, name)
		}
	}
	doc["has"] = has
	return doc, nil
}

// takeCall puts what an event tells of calls into a batch.
func (x *Index) takeCall(b *batches, e event.Event) error {
	if e.Erased() || !slices.Contains(ofCalls, e.Type) {
		return nil
	}
	if e.Type == event.CallStarted {
		x.opened.of(e.Call).whole = true
	}
	calls := []string{e.Call}
	if e.Type == event.CallTracked {
		var err error
		if calls, err = event.OriginCalls(e); err != nil {
			x.unreadable(e, "its payload tells of no call")
			return nil //nolint:nilerr // it would be no better the next time
		}
	}
	for _, call := range calls {
		if call == "" {
			continue
		}
		if err := x.tell(b, call, e); err != nil {
			return err
		}
	}
	return nil
}

// unreadable counts and logs an event that is left out.
func (x *Index) unreadable(e event.Event, why string) {
	x.metrics.unreadable.Inc()
	x.log.Warn("an event is not indexed", "seq", e.Seq, "reason", why)
}

// tell puts what an event tells of one call into a batch. Where a call came
// from is told of calls that are there: one that was erased does not come back.
func (x *Index) tell(b *batches, call string, e event.Event) error {
	batch, v, err := b.in(monthOf(call, e.Time))
	if err != nil {
		return err
	}
	c := b.calls[call]
	if c == nil {
		c = &wholeCall{}
		known, err := v.readCall(call, c)
		if err != nil {
			return err
		}
		if !known && (e.Type == event.CallTracked || e.Type == event.CallTold) {
			return nil
		}
		b.calls[call] = c
	}
	if err := c.told(call, e); err != nil {
		x.unreadable(e, "its payload tells of no call")
		return nil //nolint:nilerr // it would be no better the next time
	}
	doc, err := c.document(call)
	if err != nil {
		return err
	}
	return batch.Index(callID(call), doc)
}

// readCall reads what the index knows of a call, and says whether that is anything.
func (v *volume) readCall(call string, c *wholeCall) (bool, error) {
	doc, err := v.Document(callID(call))
	if err != nil {
		return false, fmt.Errorf("search index: call: %w", err)
	}
	if doc == nil {
		return false, nil
	}
	var broken error
	doc.VisitFields(func(f index.Field) {
		if f.Name() == "kept" {
			broken = errors.Join(broken, json.Unmarshal(f.Value(), c))
		}
	})
	if broken != nil {
		return false, fmt.Errorf("search index: call: %w", broken)
	}
	return true, nil
}
