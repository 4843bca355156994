package plivo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"heed/internal/ingest/wire"
)

// passFor is how long the address of a socket may be used: the platform
// connects within seconds of the answer.
const passFor = 5 * time.Minute

// pass makes the end of a socket's address: until when, for which call, and
// that it was us who said so.
func (d *Door) pass(call string) string {
	until := strconv.FormatInt(d.options.Now().Add(passFor).Unix(), 36)
	return until + "." + call + "." + d.seal(until+"."+call)
}

// seal signs a pass with a key of its own, drawn from the account's secret.
func (d *Door) seal(text string) string {
	key := hmac.New(sha256.New, []byte(d.options.AuthToken))
	key.Write([]byte("heed: address of a media socket"))
	m := hmac.New(sha256.New, key.Sum(nil))
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// passed reads the pass of a request; false when there is none that holds.
func (d *Door) passed(r *http.Request) (call string, ok bool) {
	rest, found := strings.CutPrefix(r.URL.Path, MediaPath+"/")
	parts := strings.Split(rest, ".")
	if !found || len(parts) != 3 || d.options.AuthToken == "" {
		return "", false
	}
	until, err := strconv.ParseInt(parts[0], 36, 64)
	sealed := hmac.Equal([]byte(d.seal(parts[0]+"."+parts[1])), []byte(parts[2]))
	return parts[1], sealed && err == nil && !d.options.Now().After(time.Unix(until, 0))
}

// socketAllowed checks the upgrade of a media socket.
func (d *Door) socketAllowed(r *http.Request) *wire.Problem {
	if _, ok := d.passed(r); ok || d.options.Allow != nil && d.options.Allow(r) {
		return nil
	}
	return wire.Refuse(http.StatusForbidden, "pass", "This address is not one that the answer webhook wrote in the last five minutes, "+
		"and the request carries no API key of role ingest.")
}
