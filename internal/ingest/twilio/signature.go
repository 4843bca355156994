package twilio

import (
	"crypto/hmac"
	"crypto/sha1" // the platform's choice; HMAC stands although SHA-1 alone does not
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// SignatureHeader is the header in which the platform signs its requests.
const SignatureHeader = "X-Twilio-Signature"

// bodyHash is the query parameter that carries the hash of a body that is
// not a form.
const bodyHash = "bodySHA256"

// Signature signs a request to target as the platform does: the full URL as
// it was configured there, then each form parameter's name and value in order
// of name. A repeated name counts once for each distinct value. params is nil
// for a websocket upgrade, a GET and a body that is not a form.
func Signature(token, target string, params url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(target))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		values := slices.Clone(params[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			mac.Write([]byte(name))
			mac.Write([]byte(v))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Verify says whether signature is right for any of the ways in which the
// platform writes the same URL; see candidates. An empty token or signature
// is never right. How long it takes does not depend on where two signatures
// differ.
func Verify(token, signature, target string, params url.Values) bool {
	if token == "" || signature == "" {
		return false
	}
	right := false
	for _, c := range candidates(target) {
		if hmac.Equal([]byte(signature), []byte(Signature(token, c, params))) {
			right = true
		}
	}
	return right
}

// VerifyBody is [Verify] for a body that is not a form: the URL is signed
// alone and carries the body's hash in its query.
func VerifyBody(token, signature, target string, body []byte) bool {
	_, query, _ := strings.Cut(target, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(body)
	same := hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(values.Get(bodyHash)))
	return Verify(token, signature, target, nil) && same
}

// candidates gives the spellings of a URL that the platform may have signed.
// Its back ends disagree on whether the port is written and on how the query
// is quoted, so the URL is tried as received, as a browser would normalise
// it, and with its query parsed and written again, each without a port and
// with one.
func candidates(target string) []string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		return []string{target}
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	bare, port := splitPort(authority)
	if port == "" {
		port = standardPort(scheme)
	}
	normal := normalise(path)
	out := make([]string, 0, 6)
	for _, host := range []string{bare, bare + ":" + port} {
		for _, p := range []string{path, normal, requote(normal)} {
			if c := scheme + "://" + host + p; !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// splitPort cuts the port off an authority; user:password@ and the colons of
// an IPv6 address are none.
func splitPort(authority string) (bare, port string) {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || strings.ContainsAny(authority[i:], "@]") {
		return authority, ""
	}
	return authority[:i], authority[i+1:]
}

func standardPort(scheme string) string {
	if scheme == "https" || scheme == "wss" {
		return "443"
	}
	return "80"
}

// normalise escapes in the query what a browser's URL parser escapes there.
func normalise(path string) string {
	head, query, ok := strings.Cut(path, "?")
	if !ok {
		return path
	}
	return head + "?" + escape(query, func(c byte) bool {
		return c > ' ' && c < 0x7f && !strings.ContainsRune(`"#<>'`, rune(c))
	})
}

// requote parses the query and writes it again the old way: spaces as %20,
// and an apostrophe left as it is. Values of a repeated name come together.
func requote(path string) string {
	head, query, ok := strings.Cut(path, "?")
	if !ok || query == "" {
		return path
	}
	var names []string
	values := map[string][]string{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescape(name), unescape(value)
		if _, seen := values[name]; !seen {
			names = append(names, name)
		}
		values[name] = append(values[name], value)
	}
	var b strings.Builder
	for _, name := range names {
		for _, v := range values[name] {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(escape(name, literal) + "=" + escape(v, literal))
		}
	}
	return head + "?" + b.String()
}

// unescape decodes what it can and leaves a broken escape as it stands.
func unescape(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

func literal(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("-_.!~*'()", c) >= 0
}

// escape percent-encodes every byte that keep refuses.
func escape(s string, keep func(byte) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; keep(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		}
	}
	return b.String()
}
