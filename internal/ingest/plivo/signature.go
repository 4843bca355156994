package plivo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// Headers of a signed webhook.
const (
	SignatureHeader = "X-Plivo-Signature-V3"
	NonceHeader     = "X-Plivo-Signature-V3-Nonce"
)

// Verify says whether one of the signatures, which commas part, is of a
// request: HMAC-SHA256 under the account's token over its address with the
// query sorted, the parameters of a form, and the nonce. Form is nil where the
// parameters stand in the query. It is version 3 of the platform's scheme, as
// its own libraries check it.
func Verify(token, signatures, nonce, address string, form url.Values) bool {
	if token == "" || nonce == "" {
		return false
	}
	base, ok := signedText(address, form)
	if !ok {
		return false
	}
	m := hmac.New(sha256.New, []byte(token))
	m.Write([]byte(base + "." + nonce))
	want := []byte(base64.StdEncoding.EncodeToString(m.Sum(nil)))
	matched := false
	for given := range strings.SplitSeq(signatures, ",") {
		matched = hmac.Equal(want, []byte(strings.TrimSpace(given))) || matched
	}
	return matched
}

// signedText is what a signature is over, but for the nonce.
func signedText(address string, form url.Values) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", false
	}
	u.RawQuery, u.Fragment = "", ""
	text := u.String()
	if sorted := joined(query, "=", "&"); sorted != "" || len(form) > 0 {
		text += "?" + sorted
		if sorted != "" && len(form) > 0 {
			text += "."
		}
	}
	return text + joined(form, "", ""), true
}

// joined writes parameters by name, and each name's values in order.
func joined(values url.Values, between, after string) string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var parts []string
	for _, name := range names {
		for _, v := range slices.Sorted(slices.Values(values[name])) {
			parts = append(parts, name+between+v)
		}
	}
	return strings.Join(parts, after)
}
