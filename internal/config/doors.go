package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// Doors configures the platforms through which calls come in, beside Twilio.
type Doors struct {
	Telnyx      Telnyx
	Plivo       Plivo
	Vonage      Vonage
	AudioSocket AudioSocket
	AudioHook   AudioHook
	SIPREC      SIPREC
	Webhooks    Webhooks
	Recordings  Recordings
	Limits      Limits
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

// AudioHook configures the door of Genesys.
type AudioHook struct {
	// Keys are the API keys that the integrations send and their secrets, KEY:SECRET
	// with the secret in base64, or KEY: for one that comes unsigned. None, here
	// and in the file, closes the door to Genesys.
	Keys     []string // secret
	KeysFile string   // with one of them a line
	Assist   bool     // suggestions go back, as the vendor's experimental entities
}

func (h *AudioHook) bind(fs *pflag.FlagSet) {
	fs.StringSliceVar(&h.Keys, "audiohook-keys", nil, "KEY:SECRET of Genesys AudioHook integrations, the secret in base64; without any the door refuses Genesys")
	fs.StringVar(&h.KeysFile, "audiohook-keys-file", "", "file with one KEY:SECRET a line, in place of audiohook-keys")
	fs.BoolVar(&h.Assist, "audiohook-assist", false, "send suggestions back to Genesys, as its experimental entities of agent assistance")
}

func (h *AudioHook) validate(add func(string, error)) {
	if len(h.Keys) > 0 && h.KeysFile != "" {
		add("audiohook-keys-file", errors.New("give the keys or their file, not both"))
	}
}

func (d *Doors) bindDoors(fs *pflag.FlagSet) {
	d.AudioHook.bind(fs)
	d.Recordings.bind(fs)
	d.Limits.bind(fs)
	fs.StringVar(&d.Telnyx.PublicKey, "telnyx-public-key", "", "Telnyx' public key for webhooks, base64 as the portal shows it; without it they are refused")
	fs.StringVar(&d.Plivo.AuthToken, "plivo-auth-token", "", "Plivo's auth token; without it the door refuses Plivo")
	fs.StringVar(&d.Plivo.Dial, "plivo-dial", "", "number or SIP address that answered calls are connected to")
	d.Vonage.bind(fs)
	d.AudioSocket.bind(fs)
	d.SIPREC.bind(fs)
	d.Webhooks.bind(fs)
}

func (c *Calls) bindKeys(fs *pflag.FlagSet) {
	fs.StringVar(&c.PauseKeys, "calls-pause-keys", "", "keys that the agent presses to have nothing kept of the call for a while, such as *7")
	fs.StringVar(&c.ResumeKeys, "calls-resume-keys", "", "keys that the agent presses to go on, such as *8; may be the same")
}

// validateKeys refuses what no telephone has, and a pause that nobody can end
// by the keys.
func (c *Calls) validateKeys(add func(name string, err error)) {
	for name, keys := range map[string]string{"calls-pause-keys": c.PauseKeys, "calls-resume-keys": c.ResumeKeys} {
		if strings.Trim(keys, "0123456789*#ABCD") != "" || len(keys) == 1 || len(keys) > 8 {
			add(name, fmt.Errorf("%q is not 2 to 8 of 0-9, *, # and A-D", keys))
		}
	}
	if (c.PauseKeys == "") != (c.ResumeKeys == "") {
		add("calls-resume-keys", errors.New("keys to pause and keys to go on belong together"))
	}
}
