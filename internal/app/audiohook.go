package app

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"heed/internal/event"
	"heed/internal/hub"
	"heed/internal/ingest/audiohook"
	"heed/internal/ingest/wire"
)

// audiohookDoor lets in what Genesys signed with a key of ours and what carries
// an API key.
func (a *App) audiohookDoor(meters *wire.Meters) error {
	keys, err := audiohook.ParseKeys(a.o.Config.AudioHook.Keys)
	if err != nil {
		return fmt.Errorf("audiohook-keys: %w", err)
	}
	if path := a.o.Config.AudioHook.KeysFile; path != "" {
		if keys, err = audiohook.ReadKeys(path); err != nil {
			return fmt.Errorf("audiohook-keys-file: %w", err)
		}
	}
	o := audiohook.Options{
		Calls: a.parts.calls, Keys: keys, PublicURL: a.o.Config.PublicURL, Logger: a.log, Meters: meters, Allow: a.mayIngest, Limits: a.doorLimits(),
		Follow: a.followCall, Assist: a.o.Config.AudioHook.Assist, Languages: audiohook.Regional(a.languagesHeard()),
	}
	if err := o.Validate(); err != nil {
		return err //nolint:wrapcheck // it names the door
	}
	d := audiohook.New(o)
	a.parts.entrances.add(d.Close, map[string]http.Handler{"GET " + audiohook.MediaPath: d.Media()})
	return nil
}

// followCall gives what is committed of a call from now on.
func (a *App) followCall(ctx context.Context, call string) iter.Seq[event.Event] {
	s := a.parts.hub.Subscribe(hub.Filter{Call: call, Types: audiohook.Types()})
	return func(yield func(event.Event) bool) {
		defer s.Close()
		for {
			select {
			case m, more := <-s.Messages():
				if !more || !yield(m.Event) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// languagesHeard are those of calls by default and with engines of their own.
func (a *App) languagesHeard() []string {
	out := []string{a.o.Config.Calls.Language}
	for _, l := range a.o.Config.Speech.Languages {
		language, _, _ := strings.Cut(l, "=")
		out = append(out, language)
	}
	return out
}
