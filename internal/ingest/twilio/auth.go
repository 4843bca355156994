package twilio

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Details of refusals: each says what to do about it.
const (
	closedDetail = "This door has no Twilio auth token, so it takes nothing that Twilio sends. " +
		"Set twilio-auth-token (HEED_TWILIO_AUTH_TOKEN), or present an API key of role ingest."
	keyDetail      = "The API key is unknown or has no role that may bring in calls. Use a key of role ingest."
	unsignedDetail = SignatureHeader + " is missing. Requests are signed by the platform, or carry an API key as a bearer token."
	wrongDetail    = SignatureHeader + " does not fit this request. Check twilio-auth-token, " +
		"and that public-url (HEED_PUBLIC_URL) is the address that the platform was given."
)

// origin is how the platform reaches us. The zero value means that it is not
// configured and each request says so itself.
type origin struct {
	host   string
	prefix string // path that a proxy cuts off
	plain  bool   // http or ws
}

func parseOrigin(raw string) (origin, error) {
	if raw == "" {
		return origin{}, nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return origin{}, fmt.Errorf("public URL: %w", err)
	}
	switch {
	case u.Host == "":
		return origin{}, fmt.Errorf("public URL %q: it has no host; write https://heed.example.com", raw)
	case u.Scheme != "https" && u.Scheme != "wss" && u.Scheme != "http" && u.Scheme != "ws":
		return origin{}, fmt.Errorf("public URL %q: it must start with https://", raw)
	case u.RawQuery != "" || u.Fragment != "":
		return origin{}, fmt.Errorf("public URL %q: it must end with its path", raw)
	}
	return origin{
		host: u.Host, prefix: strings.TrimSuffix(u.EscapedPath(), "/"), plain: u.Scheme == "http" || u.Scheme == "ws",
	}, nil
}

// scheme is https or wss, or its plain form.
func (o origin) scheme(secure string) string {
	if o.plain {
		return map[string]string{"https": "http", "wss": "ws"}[secure]
	}
	return secure
}

// url is the address of one of our paths as the platform must write it.
func (o origin) url(secure, host, path string) string {
	if o.host != "" {
		host = o.host
	}
	return o.scheme(secure) + "://" + host + o.prefix + path
}

// signed lists the URLs that a request's signature may be over. Without a
// configured origin nobody can tell whether a proxy took TLS off, so both
// schemes are tried; which one it was proves nothing without the token.
func (d *Door) signed(r *http.Request, secure string) []string {
	path := r.RequestURI
	if path == "" || path[0] != '/' {
		path = r.URL.RequestURI()
	}
	full := d.origin.url(secure, r.Host, path)
	if d.origin.host != "" || r.TLS != nil {
		return []string{full}
	}
	return []string{full, origin{plain: true}.url(secure, r.Host, path)}
}

// identify looks at a request before anything of it is read. signature is
// empty when an API key already told who it is.
func (d *Door) identify(r *http.Request) (signature string, p *problem) {
	if d.options.Allow != nil && d.options.Allow(r) {
		return "", nil
	}
	signature = r.Header.Get(SignatureHeader)
	switch {
	case signature == "" && r.Header.Get("Authorization") != "":
		return "", refuse(http.StatusUnauthorized, "key", keyDetail)
	case d.options.AuthToken == "":
		return "", refuse(http.StatusForbidden, "closed", closedDetail)
	case signature == "":
		return "", refuse(http.StatusBadRequest, "unsigned", unsignedDetail)
	}
	return signature, nil
}

// upgradeAllowed checks the upgrade of a media socket.
func (d *Door) upgradeAllowed(r *http.Request) *problem {
	signature, p := d.identify(r)
	if p != nil || signature == "" {
		return p
	}
	for _, u := range d.signed(r, "wss") {
		if Verify(d.options.AuthToken, signature, u, nil) {
			return nil
		}
	}
	return refuse(http.StatusForbidden, "signature", wrongDetail)
}

// form checks a webhook and gives its parameters.
func (d *Door) form(w http.ResponseWriter, r *http.Request) (url.Values, *problem) {
	signature, p := d.identify(r)
	if p != nil {
		return nil, p
	}
	raw, p := d.readBody(w, r)
	if p != nil {
		return nil, p
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isForm := r.Method == http.MethodPost && kind == "application/x-www-form-urlencoded"
	query := r.URL.RawQuery
	if isForm {
		query = string(raw)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "form", "The form does not parse.")
	}
	if signature == "" || d.formSigned(r, signature, values, raw, isForm) {
		return values, nil
	}
	return nil, refuse(http.StatusForbidden, "signature", wrongDetail)
}

func (d *Door) formSigned(r *http.Request, signature string, values url.Values, raw []byte, isForm bool) bool {
	for _, u := range d.signed(r, "https") {
		switch {
		case isForm:
			if Verify(d.options.AuthToken, signature, u, values) {
				return true
			}
		case len(raw) > 0:
			if VerifyBody(d.options.AuthToken, signature, u, raw) {
				return true
			}
		case Verify(d.options.AuthToken, signature, u, nil):
			return true
		}
	}
	return false
}

// readBody reads a webhook's body, which must come quickly and be small.
func (d *Door) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *problem) {
	// Not every ResponseWriter can do this; the server's own limits remain.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(d.limits.WriteWithin))
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, d.limits.FormBytes))
	if err == nil {
		return raw, nil
	}
	if _, tooBig := err.(*http.MaxBytesError); tooBig { //nolint:errorlint // documented to be unwrapped
		return nil, refuse(http.StatusRequestEntityTooLarge, "size", fmt.Sprintf("The body is over %d bytes.", d.limits.FormBytes))
	}
	return nil, refuse(http.StatusBadRequest, "body", "The body did not arrive in time or in full.")
}
