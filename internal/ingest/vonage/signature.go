package vonage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// Window is how far a signature's time may be from ours, either way.
	Window = 5 * time.Minute
	// maxSeen bounds the ids that are remembered.
	maxSeen = 100_000
	// maxToken bounds a signature.
	maxToken = 4096
)

var (
	errSignature = errors.New("the signature is wrong or over")
	errHash      = errors.New("the signature is of another body")
	errManyIDs   = errors.New("too many webhooks at once")
)

// Claims is what the platform signs.
type Claims struct {
	APIKey      string `json:"api_key"`
	Application string `json:"application_id,omitempty"`
	PayloadHash string `json:"payload_hash"`
	jwt.RegisteredClaims
}

// verify checks a signature, but for the body's hash. The secret is that of the
// account which the signature names.
func verify(secrets map[string]string, token string, now time.Time) (Claims, error) {
	var c Claims
	if token == "" || len(token) > maxToken {
		return c, errSignature
	}
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) {
		secret := secrets[c.APIKey]
		if secret == "" {
			return nil, errSignature
		}
		return []byte(secret), nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer("Vonage"), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil || c.ID == "" || c.IssuedAt == nil {
		return Claims{}, errSignature
	}
	if off := now.Sub(c.IssuedAt.Time); off > Window || off < -Window {
		return Claims{}, errSignature
	}
	return c, nil
}

// of says whether the signature is of this body.
func (c Claims) of(body []byte) error {
	sum := sha256.Sum256(body)
	if !hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(c.PayloadHash)) {
		return errHash
	}
	return nil
}

// seen remembers the ids of signatures for as long as these are good.
type seen struct {
	mu  sync.Mutex
	ids map[string]time.Time // when it may be forgotten
}

// first notes an id, and says whether it is new.
func (s *seen) first(id string, now time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until, again := s.ids[id]; again && now.Before(until) {
		return false, nil
	}
	if len(s.ids) >= maxSeen {
		for other, until := range s.ids {
			if !now.Before(until) {
				delete(s.ids, other)
			}
		}
		if len(s.ids) >= maxSeen {
			return false, errManyIDs
		}
	}
	s.ids[id] = now.Add(2 * Window) // a signature from ahead is good for twice as long
	return true, nil
}
