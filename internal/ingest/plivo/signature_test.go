package plivo

import (
	"maps"
	"net/url"
	"testing"
)

// params are those of the vectors that the platform publishes with its library.
func params() url.Values {
	out := url.Values{}
	for name, v := range map[string]string{
		"Direction": "outbound", "From": "19792014278", "ALegUUID": "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36", "CallStatus": "in-progress",
		"BillRate": "0.002", "ParentAuthID": "MANWVLYTK4ZWU1YTY4QA",
		"To":              "sip:PlivoSignature382029104058171078704104@phone-qa.voice.plivodev.com",
		"ALegRequestUUID": "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36", "CallUUID": "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36",
		"RequestUUID":  "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36",
		"SIP-H-To":     "<sip:PlivoSignature382029104058171078704104@52.9.11.55;transport=udp>;tag=1",
		"SessionStart": "2020-04-08 11:34:33.238707", "Event": "StartApp",
	} {
		out.Set(name, v)
	}
	return out
}

func TestPublishedSignatures(t *testing.T) {
	const (
		token = "Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4"
		nonce = "31627761595286130198"
		base  = "https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml"
	)
	for name, c := range map[string]struct {
		address, signature string
		form               url.Values
	}{
		"form and query":  {base + "/?a=b&c=d", "k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c=", params()},
		"query only":      {base + "/?a=b&c=d&" + params().Encode(), "UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ=", nil},
		"form only":       {base, "iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0=", params()},
		"as a query only": {base + "?" + params().Encode(), "i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc=", nil},
	} {
		if !Verify(token, c.signature, nonce, c.address, c.form) {
			t.Errorf("%s: the signature is refused", name)
		}
		if !Verify(token, "AAAA, "+c.signature, nonce, c.address, c.form) {
			t.Errorf("%s: one of two signatures is refused", name)
		}
		changed := url.Values{}
		maps.Copy(changed, c.form)
		changed.Set("From", "1")
		for what, ok := range map[string]bool{
			"another nonce":     Verify(token, c.signature, nonce+"1", c.address, c.form),
			"no nonce":          Verify(token, c.signature, "", c.address, c.form),
			"another token":     Verify(token+"1", c.signature, nonce, c.address, c.form),
			"no token":          Verify("", c.signature, nonce, c.address, c.form),
			"another address":   Verify(token, c.signature, nonce, c.address+"x", c.form),
			"another parameter": Verify(token, c.signature, nonce, c.address, changed),
			"no signature":      Verify(token, "", nonce, c.address, c.form),
		} {
			if ok {
				t.Errorf("%s: %s is taken", name, what)
			}
		}
	}
}
