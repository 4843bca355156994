package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong, and the name of its calls.
const (
	MediaPath  = "/ingest/telnyx/media"
	EventsPath = "/ingest/telnyx/events"
	Platform   = "telnyx"
)

// Options says what a door needs. Calls and Events are required.
type Options struct {
	jsonmedia.Setup

	// PublicKey is the account's key for webhooks, base64 of 32 bytes. When it
	// is empty, only webhooks that Allow accepts come in.
	PublicKey string
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil || o.Events == nil {
		return errors.New("telnyx: Calls or Events is nil")
	}
	if o.PublicKey == "" {
		return nil
	}
	if key, err := base64.StdEncoding.DecodeString(o.PublicKey); err != nil || len(key) != ed25519.PublicKeySize {
		return errors.New("telnyx: public key: it must be the base64 of 32 bytes, as the portal shows it")
	}
	return nil
}

// Door takes calls from Telnyx. Its handlers may be used by many goroutines.
type Door struct {
	*jsonmedia.Door

	key ed25519.PublicKey // nil when there is none
	now func() time.Time
}

// New makes a door. It panics when o.Validate fails: check what people
// configured before.
func New(o Options) *Door {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	d := &Door{now: o.Now}
	if d.now == nil {
		d.now = time.Now
	}
	if o.PublicKey != "" {
		d.key, _ = base64.StdEncoding.DecodeString(o.PublicKey) // Validate has read it
	}
	d.Door = jsonmedia.NewDoor(Platform, o.Setup, d.socketAllowed, func(*http.Request) jsonmedia.Dialect {
		return jsonmedia.Dialect{Open: d.readStart}
	})
	return d
}

// socketAllowed checks the token of a socket, which the platform sends as the
// Authorization header.
func (d *Door) socketAllowed(r *http.Request) *wire.Problem {
	if d.Allows(r) {
		return nil
	}
	return wire.Refuse(http.StatusUnauthorized, "key",
		"The socket carries no API key that may bring in calls. Give a key of role ingest as stream_auth_token.")
}
