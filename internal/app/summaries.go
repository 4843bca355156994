package app

import (
	"context"
	"fmt"

	"heed/internal/chat"
	"heed/internal/config"
	"heed/internal/summaries"
)

// makeSummaries makes what sums calls up, with a language model when one is
// set.
func (a *App) makeSummaries(context.Context) error {
	o := summaries.Options{Store: a.parts.store, Analyzer: a.o.Analyzer, Logger: a.log, Now: a.o.Now}
	if a.o.Config.Summary.Endpoint != "" {
		client, err := newChat(a.o.Config.Summary)
		if err != nil {
			return err
		}
		a.ends.add("summary endpoint", func(context.Context) error { client.Close(); return nil })
		o.Model = client
	}
	keeper, err := summaries.New(o)
	if err != nil {
		return err
	}
	a.parts.summaries = keeper
	return nil
}

func newChat(c config.Summary) (*chat.Client, error) {
	key, err := c.Secret()
	if err != nil {
		return nil, fmt.Errorf("summaries: %w", err)
	}
	return chat.New(chat.Options{Endpoint: c.Endpoint, Model: c.Model, Key: key, Timeout: c.Timeout})
}
