package app

import (
	"errors"
	"net/http"

	"heed/internal/customer"
	"heed/internal/ingest/segment"
	"heed/internal/store"
)

// segmentDoor takes in what people do elsewhere.
func (a *App) segmentDoor() (*segment.Door, error) {
	c := a.o.Config.Segment
	rules, err := segment.ParseRules(c.Events, c.Pages, c.Consent)
	if err != nil {
		return nil, err
	}
	return segment.New(segment.Options{
		Brain: a.parts.brain, Rules: rules, Rate: c.Rate, Logger: a.log, Registerer: a.registry, Now: a.o.Now,
		Takes: func(t customer.Trait) string { return a.parts.decider.Catalogue().Takes(t) },
		Sender: func(r *http.Request) (segment.Sender, string, bool) {
			id, name, reason, ok := a.parts.web.Sender(r)
			return segment.Sender{ID: id, Name: name}, reason, ok
		},
		Busy: func(err error) bool {
			return errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrClosed) || errors.Is(err, store.ErrConflict)
		},
	}), nil
}
