package audiohook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// The headers of an upgrade.
const (
	OrganizationHeader = "Audiohook-Organization-Id"
	SessionHeader      = "Audiohook-Session-Id"
	CorrelationHeader  = "Audiohook-Correlation-Id"
	KeyHeader          = "X-Api-Key"

	inputHeader     = "Signature-Input"
	signatureHeader = "Signature"
)

const (
	// maxAhead is how far the platform's clock may be ahead of ours.
	maxAhead = 3 * time.Second
	// maxAge is how old a signature may be.
	maxAge = 10 * time.Second
	// minNonce is the shortest nonce: 128 bits in base64.
	minNonce  = 22
	algorithm = "hmac-sha256"
	// maxComponents bounds what a signature may cover.
	maxComponents = 32
)

// covered is what a signature must be over, in whatever order.
func covered() []string {
	return []string{
		"@request-target", "@authority", "audiohook-organization-id", "audiohook-session-id", "audiohook-correlation-id", "x-api-key",
	}
}

// Why an upgrade is not let in; the text is a metric's label.
var (
	errNoKey     = errors.New("key")       // unknown, or none
	errUnsigned  = errors.New("unsigned")  // by a key that signs
	errMalformed = errors.New("malformed") // no signature that can be checked
	errExpired   = errors.New("expired")
	errReplayed  = errors.New("replayed")
	errWrong     = errors.New("signature")
)

// verifier checks the signatures of upgrades. It may be used by many
// goroutines.
type verifier struct {
	keys     Keys
	required []string
	dummy    [32]byte // stands in for the secret of a key that is not known
	used     nonces
}

func newVerifier(keys Keys) *verifier {
	v := &verifier{keys: keys, required: covered()}
	_, _ = rand.Read(v.dummy[:]) // never fails
	return v
}

// place is where a request went, as its sender may have written it.
type place struct{ target, authority string }

// placeOf takes a URL apart.
func placeOf(u *url.URL) place {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "wss", "https":
		host = strings.TrimSuffix(host, ":443")
	case "ws", "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return place{target: u.RequestURI(), authority: host}
}

// verify says why a request with these headers is not let in. It computes a
// signature for keys that are not known too, so that its time does not tell
// which there are.
func (v *verifier) verify(h http.Header, places []place, now time.Time) error {
	id := h.Get(KeyHeader)
	secret, known := v.keys[id]
	if h.Get(inputHeader) == "" && h.Get(signatureHeader) == "" {
		return unsigned(secret, known)
	}
	s, err := readSignature(h)
	if err != nil {
		return err
	}
	if err := s.usable(id, now); err != nil {
		return err
	}
	if !known || len(secret) == 0 {
		secret, known = v.dummy[:], false
	}
	fits, err := s.fits(h, places, v.required, secret)
	switch {
	case err != nil:
		return err
	case !known:
		return errNoKey
	case !fits:
		return errWrong
	case !v.used.first(id+" "+s.nonce, now):
		return errReplayed
	}
	return nil
}

// unsigned says why a request without a signature is not let in.
func unsigned(secret []byte, known bool) error {
	switch {
	case !known:
		return errNoKey
	case len(secret) > 0:
		return errUnsigned
	}
	return nil
}

// signature is one that was read from the headers.
type signature struct {
	components  []string
	parameters  string // the inner list with its parameters
	mac         []byte
	keyID       string
	nonce       string
	algorithm   string
	created     int64 // Unix seconds; 0 when there is none, as expires
	expires     int64
	hasLifetime bool
}

// readSignature takes the first signature.
func readSignature(h http.Header) (signature, error) {
	inputs, err := httpsfv.UnmarshalDictionary(h.Values(inputHeader))
	if err != nil || len(inputs.Names()) == 0 {
		return signature{}, errMalformed
	}
	label := inputs.Names()[0]
	member, _ := inputs.Get(label)
	list, isList := member.(httpsfv.InnerList)
	if !isList || len(list.Items) > maxComponents {
		return signature{}, errMalformed
	}
	macs, err := httpsfv.UnmarshalDictionary(h.Values(signatureHeader))
	if err != nil {
		return signature{}, errMalformed
	}
	member, _ = macs.Get(label)
	item, _ := member.(httpsfv.Item)
	s := signature{}
	if s.mac, isList = item.Value.([]byte); !isList {
		return signature{}, errMalformed
	}
	if !s.cover(list.Items) || !s.read(list.Params) {
		return signature{}, errMalformed
	}
	s.parameters, err = httpsfv.Marshal(list)
	if err != nil {
		return signature{}, errMalformed
	}
	return s, nil
}

// cover takes the names of what is covered, each once and plain.
func (s *signature) cover(items []httpsfv.Item) bool {
	for _, component := range items {
		name, ok := component.Value.(string)
		if !ok || len(component.Params.Names()) > 0 || slices.Contains(s.components, name) {
			return false
		}
		s.components = append(s.components, name)
	}
	return true
}

// read takes the parameters; one that is not known is refused.
func (s *signature) read(p *httpsfv.Params) bool {
	for _, name := range p.Names() {
		value, _ := p.Get(name)
		ok := false
		switch name {
		case "keyid":
			s.keyID, ok = value.(string)
		case "nonce":
			s.nonce, ok = value.(string)
		case "alg":
			s.algorithm, ok = value.(string)
		case "created":
			s.created, ok = value.(int64)
		case "expires":
			s.expires, ok = value.(int64)
			s.hasLifetime = ok
		}
		if !ok {
			return false
		}
	}
	return true
}

// usable checks everything but the signature itself.
func (s *signature) usable(key string, now time.Time) error {
	created, expires := time.Unix(s.created, 0), time.Unix(s.expires, 0)
	switch {
	case s.keyID != key || key == "":
		return errNoKey
	case s.algorithm != "" && s.algorithm != algorithm, len(s.nonce) < minNonce, len(s.nonce) > maxKey, s.created <= 0:
		return errMalformed
	case created.After(now.Add(maxAhead)), now.Sub(created) > maxAge, s.hasLifetime && !expires.After(now):
		return errExpired
	}
	return nil
}

// fits says whether the secret made the signature, at any of the places.
func (s *signature) fits(h http.Header, places []place, required []string, secret []byte) (fits bool, err error) {
	for _, p := range places {
		base, err := s.base(h, p, required)
		if err != nil {
			return false, err
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(base))
		fits = hmac.Equal(mac.Sum(nil), s.mac) || fits
	}
	return fits, nil
}

// base gives what was signed.
func (s *signature) base(h http.Header, p place, required []string) (string, error) {
	for _, name := range required {
		if !slices.Contains(s.components, name) {
			return "", errMalformed
		}
	}
	var b strings.Builder
	for _, name := range s.components {
		value, ok := component(h, p, name)
		if !ok {
			return "", errMalformed
		}
		fmt.Fprintf(&b, "%q: %s\n", name, value)
	}
	b.WriteString(`"@signature-params": ` + s.parameters)
	return b.String(), nil
}

// component gives what a name stands for.
func component(h http.Header, p place, name string) (string, bool) {
	switch {
	case name == "@request-target":
		return p.target, true
	case name == "@authority":
		return p.authority, true
	case strings.HasPrefix(name, "@"), name == "signature":
		return "", false
	}
	values := slices.Clone(h.Values(name))
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	return strings.Join(values, ", "), len(values) > 0
}

// Sign signs an upgrade to target as the platform does, with the key that is in
// h already beside the other headers, and adds the two headers of the signature.
// at is the time of the signature, which then holds for 10 s.
func Sign(h http.Header, target *url.URL, secret []byte, at time.Time) error {
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	list := httpsfv.InnerList{Params: httpsfv.NewParams()}
	for _, name := range covered() {
		list.Items = append(list.Items, httpsfv.NewItem(name))
	}
	for _, p := range []struct {
		name  string
		value any
	}{
		{"keyid", h.Get(KeyHeader)},
		{"nonce", fmt.Sprintf("%x", nonce)},
		{"alg", algorithm},
		{"created", at.Unix()},
		{"expires", at.Add(maxAge).Unix()},
	} {
		list.Params.Add(p.name, p.value)
	}
	parameters, err := httpsfv.Marshal(list)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	s := signature{components: covered(), parameters: parameters}
	base, err := s.base(h, placeOf(target), nil)
	if err != nil {
		return fmt.Errorf("sign: a header is missing: %w", err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(base))
	value, err := httpsfv.Marshal(httpsfv.NewItem(mac.Sum(nil)))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	h.Set(inputHeader, "sig1="+parameters)
	h.Set(signatureHeader, "sig1="+value)
	return nil
}
