package config

import "github.com/spf13/pflag"

// Doors configures the platforms through which calls come in, beside Twilio.
type Doors struct {
	Telnyx Telnyx
	Plivo  Plivo
}

// Telnyx configures that platform's door.
type Telnyx struct {
	PublicKey string // base64 of the account's key for webhooks; empty refuses them
}

// Plivo configures that platform's door.
type Plivo struct {
	AuthToken string // secret; empty closes the door to Plivo
	Dial      string // number or SIP address that the answer webhook dials
}

func (d *Doors) bindDoors(fs *pflag.FlagSet) {
	fs.StringVar(&d.Telnyx.PublicKey, "telnyx-public-key", "", "Telnyx' public key for webhooks, base64 as the portal shows it; without it they are refused")
	fs.StringVar(&d.Plivo.AuthToken, "plivo-auth-token", "", "Plivo's auth token; without it the door refuses Plivo")
	fs.StringVar(&d.Plivo.Dial, "plivo-dial", "", "number or SIP address that answered calls are connected to")
}
