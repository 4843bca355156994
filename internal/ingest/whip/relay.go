package whip

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what TURN servers of this scheme compute
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pion/stun/v4"
)

// Relay names STUN and TURN servers that publishers may use to get through
// their own firewalls. The door itself needs none.
type Relay struct {
	// URLs such as turn:turn.example.com:3478?transport=udp.
	URLs []string
	// User and Password are for all publishers.
	User, Password string
	// Key makes each publisher's own instead, good for a day: the secret that
	// is shared with the server (static-auth-secret of coturn).
	Key string
}

// relayLife is how long a publisher's own credentials are good for.
const relayLife = 24 * time.Hour

// Validate says what is wrong, for the configuration's author.
func (r Relay) Validate() error {
	for _, u := range r.URLs {
		parsed, err := stun.ParseURI(u)
		if err != nil || strings.ContainsAny(u, "<>\",; \r\n") {
			return fmt.Errorf("whip: relay %q: write turn:host:port?transport=udp, turns:host or stun:host", u)
		}
		if relays(parsed) && r.Key == "" && (r.User == "" || r.Password == "") {
			return fmt.Errorf("whip: relay %q: it needs a user and a password, or a key", u)
		}
	}
	if r.Key != "" && r.Password != "" {
		return errors.New("whip: relay: give a password or a key, not both")
	}
	return nil
}

func relays(u *stun.URI) bool {
	return u.Scheme == stun.SchemeTypeTURN || u.Scheme == stun.SchemeTypeTURNS
}

// links are the Link headers that tell a publisher of the servers.
func (r Relay) links(session string, now time.Time) []string {
	user, password := r.User, r.Password
	if r.Key != "" {
		user = fmt.Sprintf("%d:%s", now.Add(relayLife).Unix(), session)
		mac := hmac.New(sha1.New, []byte(r.Key))
		_, _ = mac.Write([]byte(user)) // a hash takes everything
		password = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	out := make([]string, 0, len(r.URLs))
	for _, u := range r.URLs {
		link := "<" + u + `>; rel="ice-server"`
		if parsed, err := stun.ParseURI(u); err == nil && relays(parsed) {
			link += "; username=" + quoted(user) + "; credential=" + quoted(password) + `; credential-type="password"`
		}
		out = append(out, link)
	}
	return out
}

// quoted writes a quoted-string of HTTP.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
