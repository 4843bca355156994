// Package ticket makes and checks the short-lived passes with which a platform
// that can set no header opens a media socket: a signed line in the query of
// the socket's address that says for which platform and call, and for which
// party when that is known, and until when.
//
// A ticket names no person and no number, because addresses end up in logs. It
// may be used until it expires, as a platform that reconnects has to, and
// opens nothing but a stream of the call that it names. The package keeps
// nothing: the key alone says what was issued.
package ticket

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// KeySize is how many bytes the signing key has.
	KeySize = 64
	// Param is the query parameter that carries a ticket.
	Param = "token"
	// DefaultLife is how long a ticket is good when nobody says.
	DefaultLife = 5 * time.Minute
	// MaxLife is the longest.
	MaxLife = time.Hour

	audience  = "heed-ingest"
	maxLength = 2048
)

// ErrTicket refuses a ticket: forged, for something else or over. It says not
// which, because whoever presents it need not know.
var ErrTicket = errors.New("the ticket is not valid")

// Ticket is what a pass allows.
type Ticket struct {
	Platform string
	Call     string // the platform's id of the call
	Party    string // who is on the (first) channel; may be empty
	Expires  time.Time
}

type claims struct {
	Platform string `json:"plt"`
	Call     string `json:"call"`
	Party    string `json:"party,omitempty"`
	jwt.RegisteredClaims
}

// Keeper makes tickets and checks them. It is safe for concurrent use.
type Keeper struct{ key []byte }

// New makes a keeper. It panics when the key is not of KeySize bytes. Another
// key ends all tickets that are open.
func New(key []byte) *Keeper {
	if len(key) != KeySize {
		panic(fmt.Sprintf("ticket: the key has %d bytes, want %d", len(key), KeySize))
	}
	return &Keeper{key: key}
}

// Issue signs a ticket.
func (k *Keeper) Issue(t Ticket) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Platform: t.Platform, Call: t.Call, Party: t.Party,
		RegisteredClaims: jwt.RegisteredClaims{Audience: jwt.ClaimStrings{audience}, ExpiresAt: jwt.NewNumericDate(t.Expires)},
	})
	s, err := token.SignedString(k.key)
	if err != nil {
		return "", fmt.Errorf("sign a ticket: %w", err)
	}
	return s, nil
}

// Open gives what a ticket allows at a moment, for a platform, or ErrTicket.
func (k *Keeper) Open(token, platform string, at time.Time) (Ticket, error) {
	if token == "" || len(token) > maxLength {
		return Ticket{}, ErrTicket
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return k.key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return at }))
	if err != nil || c.Platform != platform || c.Call == "" {
		return Ticket{}, ErrTicket
	}
	return Ticket{Platform: c.Platform, Call: c.Call, Party: c.Party, Expires: c.ExpiresAt.Time}, nil
}
