package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	Outcomes  []string           `json:"o,omitempty"`
	Actions   []string           `json:"n,omitempty"` // that had an outcome
}

// figures that can be asked for, by the field's name.
var figures = map[string]string{"silence": "longest_silence", "hold": "longest_hold"}

// ofCalls are the types of event that tell of a call what can be asked for.
var ofCalls = []event.Type{event.CallStarted, event.CallEnded, event.CallMoved, event.CallReanalyzed, event.OutcomeRecorded}

// told puts what an event tells of a call into it.
func (c *wholeCall) told(e event.Event) error {
	switch e.Type {
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
	for name, value := range map[string]string{"agent": key(c.Agent), "direction": c.Direction, "platform": key(c.Platform), "customer": c.Customer} {
		if value != "" {
			doc[name] = value
		}
	}
	for field, name := range figures {
		if v, ok := c.Figures[name]; ok {
			doc[field] = v
		}
	}
	if c.Outcomes != nil {
		doc["outcome"] = c.Outcomes
	}
	if c.Actions != nil {
		doc["action"] = c.Actions
	}
	return doc, nil
}

// takeCall puts what an event tells of a call into a batch.
func (x *Index) takeCall(b *batches, e event.Event) error {
	if e.Call == "" || e.Erased() || !slices.Contains(ofCalls, e.Type) {
		return nil
	}
	if e.Type == event.CallStarted {
		x.opened.of(e.Call).whole = true
	}
	batch, v, err := b.in(monthOf(e.Call, e.Time))
	if err != nil {
		return err
	}
	c := b.calls[e.Call]
	if c == nil {
		c = &wholeCall{}
		if err := v.readCall(e.Call, c); err != nil {
			return err
		}
		b.calls[e.Call] = c
	}
	if err := c.told(e); err != nil {
		x.metrics.unreadable.Inc()
		x.log.Warn("an event is not indexed", "seq", e.Seq, "reason", "its payload tells of no call")
		return nil //nolint:nilerr // it would be no better the next time
	}
	doc, err := c.document(e.Call)
	if err != nil {
		return err
	}
	return batch.Index(callID(e.Call), doc)
}

// readCall reads what the index knows of a call.
func (v *volume) readCall(call string, c *wholeCall) error {
	doc, err := v.Document(callID(call))
	if err != nil {
		return fmt.Errorf("search index: call: %w", err)
	}
	if doc == nil {
		return nil
	}
	var broken error
	doc.VisitFields(func(f index.Field) {
		if f.Name() == "kept" {
			broken = errors.Join(broken, json.Unmarshal(f.Value(), c))
		}
	})
	if broken != nil {
		return fmt.Errorf("search index: call: %w", broken)
	}
	return nil
}
