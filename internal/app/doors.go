package app

import (
	"fmt"
	"net/http"

	"heed/internal/ingest/segment"
	"heed/internal/ingest/twilio"
)

// doors gives the platforms' handlers by the pattern of their route.
func (a *App) doors(events *segment.Door) map[string]http.Handler {
	all, calls := events.Handlers(), a.parts.door
	all["GET "+twilio.MediaPath] = calls.Media()
	all["GET "+twilio.VoicePath] = calls.Voice()
	all["POST "+twilio.VoicePath] = calls.Voice()
	all["GET "+twilio.StatusPath] = calls.Status()
	all["POST "+twilio.StatusPath] = calls.Status()
	all["GET /my"], all["GET /my/"], all["POST /my/"] = a.parts.own, a.parts.own, a.parts.own
	return all
}

// twilioDoor lets in what Twilio signed and what carries an API key.
func (a *App) twilioDoor() (*twilio.Door, error) {
	o := twilio.Options{
		Calls: a.parts.sessions, AuthToken: a.o.Config.Twilio.AuthToken, Dial: a.o.Config.Twilio.Dial,
		PublicURL: a.o.Config.PublicURL, Logger: a.log, Registerer: a.registry,
		Allow: func(r *http.Request) bool { return a.parts.web.MayIngest(r) },
	}
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("twilio: %w", err)
	}
	return twilio.New(o), nil
}
