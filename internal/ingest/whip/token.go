package whip

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Party says whose audio a session carries.
type Party string

// The parties of a session.
const (
	Customer Party = "customer"
	Agent    Party = "agent"
	Stereo   Party = "stereo" // both, a channel each
)

// Side names a channel of a stereo session.
type Side string

// The channels.
const (
	Left  Side = "left"
	Right Side = "right"
)

// Grant is what a publisher may do: bring in one party's audio of one call, or
// both parties' as a stereo stream.
type Grant struct {
	Call      string `json:"c"`
	Party     Party  `json:"p"`
	Customer  Side   `json:"s,omitempty"` // the customer's channel of a stereo stream; empty is right
	Direction string `json:"d,omitempty"` // "inbound" or "outbound"; empty is inbound
	From      string `json:"f,omitempty"`
	To        string `json:"t,omitempty"`
	Agent     string `json:"a,omitempty"`
	Language  string `json:"l,omitempty"` // BCP 47
}

// What a grant and a token may hold at most.
const (
	maxField = 256     // bytes of any text of a grant
	maxToken = 4 << 10 // characters of a token
	// MaxLife is how long a token may be good for.
	MaxLife = 24 * time.Hour
	// KeySize is how long the key of tokens is, in bytes.
	KeySize = 32
)

// errGrant says what is wrong with a grant, for its author.
type errGrant struct{ field, message string }

func (e *errGrant) Error() string { return e.field + " " + e.message }

// Validate says which field is wrong, or nil.
func (g Grant) Validate() error {
	texts := [...]struct{ name, value string }{
		{"call", g.Call}, {"from", g.From}, {"to", g.To}, {"agent", g.Agent}, {"language", g.Language},
	}
	for _, f := range texts {
		if len(f.value) > maxField {
			return &errGrant{f.name, fmt.Sprintf("is longer than %d bytes", maxField)}
		}
	}
	if g.Call == "" {
		return &errGrant{"call", "is missing: it names the call, the same for both parties"}
	}
	return g.choices()
}

// choices checks what is one of a few.
func (g Grant) choices() error {
	switch {
	case g.Party != Customer && g.Party != Agent && g.Party != Stereo:
		return &errGrant{"party", "must be customer, agent or stereo"}
	case g.Customer != "" && g.Customer != Left && g.Customer != Right:
		return &errGrant{"customer", "is the customer's channel, left or right"}
	case g.Direction != "" && g.Direction != "inbound" && g.Direction != "outbound":
		return &errGrant{"direction", "must be inbound or outbound"}
	}
	return nil
}

// sealedGrant is what a token holds.
type sealedGrant struct {
	Grant

	ID      string `json:"i"` // of the token
	Expires int64  `json:"e"` // Unix seconds
}

// Tokens makes and reads the bearer tokens of publishers. A token is sealed,
// so that whoever carries it can neither change nor read what it says, which
// includes a phone number; nothing is stored for it.
type Tokens struct {
	box cipher.AEAD
	now func() time.Time
}

// NewTokens makes tokens under a key of [KeySize] bytes; now nil is time.Now.
func NewTokens(key []byte, now func() time.Time) (*Tokens, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("whip: the key of tokens has %d bytes, want %d", len(key), KeySize)
	}
	if now == nil {
		now = time.Now
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("whip: tokens: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("whip: tokens: %w", err)
	}
	return &Tokens{box: box, now: now}, nil
}

// purpose is bound into every token, so that nothing else sealed under the
// same key passes for one.
const purpose = "heed whip token 1"

// Mint gives a token for a valid grant that is good for life, which must be
// between a second and [MaxLife].
func (t *Tokens) Mint(g Grant, life time.Duration) (token string, expires time.Time, err error) {
	if err := g.Validate(); err != nil {
		return "", time.Time{}, err
	}
	if life < time.Second || life > MaxLife {
		return "", time.Time{}, &errGrant{"expires_in", fmt.Sprintf("must be between 1 and %d seconds", int(MaxLife.Seconds()))}
	}
	expires = t.now().Add(life).Truncate(time.Second)
	raw, err := json.Marshal(sealedGrant{Grant: g, ID: rand.Text(), Expires: expires.Unix()})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("whip: mint token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(t.box.Seal(nil, nil, raw, []byte(purpose))), expires, nil
}

// Errors of reading a token.
var (
	errToken   = errors.New("the token is none of ours")
	errExpired = errors.New("the token has expired")
)

// open reads a token. An expired one gives its id as well: a session that was
// begun with it may still be ended with it.
func (t *Tokens) open(token string) (sealedGrant, error) {
	if len(token) > maxToken {
		return sealedGrant{}, errToken
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return sealedGrant{}, errToken
	}
	if raw, err = t.box.Open(nil, nil, raw, []byte(purpose)); err != nil {
		return sealedGrant{}, errToken
	}
	var g sealedGrant
	if err := json.Unmarshal(raw, &g); err != nil || g.Validate() != nil {
		return sealedGrant{}, errToken
	}
	if t.now().Unix() >= g.Expires {
		return g, errExpired
	}
	return g, nil
}
