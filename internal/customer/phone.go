package customer

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// maxPhone is longer than any number a person or a platform writes.
const maxPhone = 64

// NormalizePhone gives a phone number as E.164 ("+12025550143"). Region is the
// ISO 3166 country to assume when the number is written without its country
// code; empty means that it must be international. ok is false for what is not
// a possible number, such as "anonymous", an extension or a short code.
func NormalizePhone(raw, region string) (e164 string, ok bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > maxPhone {
		return "", false
	}
	// SIP platforms write tel:+1... and sip:+1...@host.
	if rest, found := strings.CutPrefix(raw, "sip:"); found {
		raw, _, _ = strings.Cut(rest, "@")
	}
	n, err := phonenumbers.Parse(raw, strings.ToUpper(region))
	if err != nil || !phonenumbers.IsPossibleNumber(n) || n.GetExtension() != "" {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
