package siprec

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/icholy/digest"
)

const (
	realm = "heed"
	// nonceLife is how long a challenge may be answered.
	nonceLife = time.Minute
	// maxNonces bounds the answered ones that are remembered.
	maxNonces = 8192
)

// passwords asks callers for theirs, by the digest of RFC 3261 with MD5, which
// is what border controllers have. Each challenge is good for one answer.
type passwords struct {
	users map[string]string
	key   [sha256.Size]byte
	used  *lru.Cache[string, struct{}]
	now   func() time.Time
}

func newPasswords(users map[string]string, now func() time.Time) *passwords {
	p := &passwords{users: users, now: now}
	_, _ = rand.Read(p.key[:]) // never fails
	p.used, _ = lru.New[string, struct{}](maxNonces)
	return p
}

// check says why a request is not let in; nil lets it in.
func (p *passwords) check(req *sip.Request) *refusal {
	if len(p.users) == 0 {
		return nil
	}
	h := req.GetHeader("authorization")
	if h == nil {
		return p.challenge("unasked", false)
	}
	c, err := digest.ParseCredentials(h.Value())
	if err != nil {
		return p.challenge("password", false)
	}
	if !p.ours(c.Nonce) {
		return p.challenge("stale", true)
	}
	if !p.right(req.Method, c) {
		return p.challenge("password", false)
	}
	if again, _ := p.used.ContainsOrAdd(c.Nonce, struct{}{}); again {
		return p.challenge("stale", true)
	}
	return nil
}

// right computes the answer that a user's password gives. One of nobody takes as
// long and is none.
func (p *passwords) right(method sip.RequestMethod, c *digest.Credentials) bool {
	password, known := p.users[c.Username]
	asked := &digest.Challenge{Realm: realm, Nonce: c.Nonce, Algorithm: "MD5"}
	if c.QOP != "" {
		asked.QOP = []string{"auth"}
	}
	want, err := digest.Digest(asked, digest.Options{
		Method: string(method), URI: c.URI, Username: c.Username, Password: password, Cnonce: c.Cnonce, Count: c.Nc,
	})
	return err == nil && subtle.ConstantTimeCompare([]byte(want.Response), []byte(strings.ToLower(c.Response))) == 1 && known && c.Realm == realm
}

func (p *passwords) challenge(meter string, stale bool) *refusal {
	c := digest.Challenge{Realm: realm, Nonce: p.nonce(p.now()), Algorithm: "MD5", QOP: []string{"auth"}, Stale: stale}
	return refuse(sip.StatusUnauthorized, "Unauthorized", meter, "", sip.NewHeader("WWW-Authenticate", c.String()))
}

// nonce is the time and what proves that we wrote it.
func (p *passwords) nonce(at time.Time) string {
	var salt [8]byte
	_, _ = rand.Read(salt[:]) // never fails
	text := fmt.Sprintf("%016x%x", at.UnixNano(), salt)
	return text + p.seal(text)
}

func (p *passwords) seal(text string) string {
	mac := hmac.New(sha256.New, p.key[:])
	_, _ = mac.Write([]byte(text)) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// ours says whether a nonce is one of ours and still good.
func (p *passwords) ours(nonce string) bool {
	const text = 32
	if len(nonce) != text+32 || !hmac.Equal([]byte(p.seal(nonce[:text])), []byte(nonce[text:])) {
		return false
	}
	at, err := strconv.ParseInt(nonce[:16], 16, 64)
	age := p.now().Sub(time.Unix(0, at))
	return err == nil && age >= 0 && age < nonceLife
}
