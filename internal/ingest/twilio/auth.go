package twilio

import (
	"mime"
	"net/http"
	"net/url"

	"heed/internal/ingest/wire"
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

// identify looks at a request before anything of it is read. signature is
// empty when an API key already told who it is.
func (d *Door) identify(r *http.Request) (signature string, p *wire.Problem) {
	if d.Allows(r) {
		return "", nil
	}
	signature = r.Header.Get(SignatureHeader)
	switch {
	case signature == "" && r.Header.Get("Authorization") != "":
		return "", wire.Refuse(http.StatusUnauthorized, "key", keyDetail)
	case d.options.AuthToken == "":
		return "", wire.Refuse(http.StatusForbidden, "closed", closedDetail)
	case signature == "":
		return "", wire.Refuse(http.StatusBadRequest, "unsigned", unsignedDetail)
	}
	return signature, nil
}

// upgradeAllowed checks the upgrade of a media socket.
func (d *Door) upgradeAllowed(r *http.Request) *wire.Problem {
	signature, p := d.identify(r)
	if p != nil || signature == "" {
		return p
	}
	for _, u := range d.origin.Signed(r, "wss") {
		if Verify(d.options.AuthToken, signature, u, nil) {
			return nil
		}
	}
	return wire.Refuse(http.StatusForbidden, "signature", wrongDetail)
}

// form checks a webhook and gives its parameters.
func (d *Door) form(w http.ResponseWriter, r *http.Request) (url.Values, *wire.Problem) {
	signature, p := d.identify(r)
	if p != nil {
		return nil, p
	}
	raw, p := d.Limits.Body(w, r)
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
		return nil, wire.Refuse(http.StatusBadRequest, "form", "The form does not parse.")
	}
	if signature == "" || d.formSigned(r, signature, values, raw, isForm) {
		return values, nil
	}
	return nil, wire.Refuse(http.StatusForbidden, "signature", wrongDetail)
}

func (d *Door) formSigned(r *http.Request, signature string, values url.Values, raw []byte, isForm bool) bool {
	for _, u := range d.origin.Signed(r, "https") {
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
