package whip

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// maxCandidates bounds what one fragment may bring, and what one session takes.
const (
	maxCandidates    = 32
	maxAllCandidates = 128
	// candidateFields is up to its type: foundation, component, transport,
	// priority, address, port, "typ", type.
	candidateFields = 8
)

// fragment is what a publisher sends of ICE after its offer (RFC 8840).
type fragment struct {
	credentials
	candidates []string // "candidate:..."
	ended      bool
}

// readFragment reads an SDP fragment. Lines that it does not know are passed
// over; it is not ok when a line is none at all, or there are too many.
func readFragment(raw string) (f fragment, ok bool) {
	for line := range lines(raw) {
		if len(line) < 2 || line[1] != '=' {
			return f, false
		}
		if line[0] != 'a' {
			continue
		}
		key, value, _ := strings.Cut(line[2:], ":")
		switch key {
		case "ice-ufrag":
			f.ufrag = value
		case "ice-pwd":
			f.pwd = value
		case "candidate":
			if value != "" {
				f.candidates = append(f.candidates, line[2:])
			}
		case "end-of-candidates":
			f.ended = true
		}
	}
	return f, len(f.candidates) <= maxCandidates && wellFormed(f.credentials)
}

// lines gives those of an SDP that are not empty, by whatever ends them.
func lines(raw string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if line = strings.TrimRight(line, " \t"); line != "" && !yield(line) {
				return
			}
		}
	}
}

// wellFormed holds the lengths and characters of RFC 8839 for credentials;
// none at all are well-formed too.
func wellFormed(c credentials) bool {
	if c == (credentials{}) {
		return true
	}
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '/'
	}
	return len(c.ufrag) >= 4 && len(c.ufrag) <= 256 && (c.pwd == "" || len(c.pwd) >= 22 && len(c.pwd) <= 256) &&
		!strings.ContainsFunc(c.ufrag, odd) && !strings.ContainsFunc(c.pwd, odd)
}

// writeFragment tells our side of a restart: the lines of ICE of our answer.
func writeFragment(answer string) string {
	var b strings.Builder
	for line := range lines(answer) {
		for _, prefix := range [...]string{"a=group:BUNDLE", "a=ice-lite", "a=ice-options:", "m=", "a=mid:", "a=ice-ufrag:", "a=ice-pwd:", "a=candidate:", "a=end-of-candidates"} {
			if strings.HasPrefix(line, prefix) {
				b.WriteString(line + "\r\n")
				break
			}
		}
	}
	return b.String()
}

// usable says whether a candidate is an address that audio may come from over
// UDP. Names are passed over: a stranger must not have us look them up, and a
// publisher's checks show where it is.
func usable(candidate string) bool {
	f := strings.Fields(candidate)
	if len(f) < candidateFields || !strings.EqualFold(f[2], "udp") {
		return false
	}
	_, err := netip.ParseAddr(f[4])
	return err == nil
}

// reachable leaves out candidates that are not usable, or too many.
func reachable(attributes []sdp.Attribute) []sdp.Attribute {
	n := 0
	return slices.DeleteFunc(attributes, func(a sdp.Attribute) bool {
		if a.Key != "candidate" {
			return false
		}
		n++
		return n > maxAllCandidates || !usable(a.Value)
	})
}
