package customer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The types of identifier that have rules of their own. Any other type is an
// id of another system: taken as written, at most five of it a person.
const (
	UserID  = "user_id" // of the company's own accounts
	Account = "account" // a contract or customer number
	Email   = "email"
	Phone   = "phone"
	Device  = "device" // a browser or an app that nobody need have signed in to
)

// Evidence kinds: how two identifiers, or an identifier and a person, came to
// be named together.
const (
	ByLogin    = "login"    // somebody signed in
	ByAgent    = "agent"    // the agent confirmed it with the caller
	ByCaller   = "caller"   // the person proved it: a code, a link
	ByOperator = "operator" // somebody of the company joined them by hand
	ByForm     = "form"     // somebody typed it
	ByImport   = "import"   // a list of another system says so
	ByCall     = "call"     // a call came from this number
	ByDevice   = "device"   // the same browser or app
)

// grounds says of each kind of evidence how sure it makes, 0..1, and whether
// it may join people by itself.
var grounds = map[string]struct {
	confidence float64
	strong     bool
}{
	ByLogin:    {1, true},
	ByAgent:    {0.95, true},
	ByCaller:   {0.95, true},
	ByOperator: {0.9, true},
	ByImport:   {0.7, false},
	ByForm:     {0.5, false},
	ByCall:     {0.4, false},
	ByDevice:   {0.2, false},
}

// Proof is on what grounds identifiers are said to be one person's.
type Proof struct {
	Kind string `json:"kind"`
	// Confidence is 0..1; 0 means that of the kind.
	Confidence float64 `json:"confidence,omitempty"`
	Actor      string  `json:"actor,omitempty"` // who says so: a user, a key, a rule
	Call       string  `json:"call,omitempty"`  // where it was said
}

// Strong says whether the proof may join two people: only what somebody did or
// confirmed may, never that they share a device, a number or a line of a list.
func (p Proof) Strong() bool { return grounds[p.Kind].strong }

// Known says whether the kind of proof is one that there is.
func (p Proof) Known() bool {
	_, ok := grounds[p.Kind]
	return ok
}

// Sure gives the confidence, 0..1.
func (p Proof) Sure() float64 {
	if p.Confidence > 0 {
		return clamp01(p.Confidence)
	}
	return grounds[p.Kind].confidence
}

const (
	// SharedAfter is how many user ids a device may have been seen with before
	// it counts as shared, for ever.
	SharedAfter = 3
	// otherLimit is how many ids of a system without a limit of its own one
	// person has.
	otherLimit = 5
	maxValue   = 200
	maxType    = 32
)

// Rules are what a deployment says of identifiers. The zero value is usable.
type Rules struct {
	// Region is the country of numbers written without one, ISO 3166.
	Region string
	// Blocked are further values that name nobody, in any letter case.
	Blocked []string
}

// blocked are values that programs write where a person should be. They would
// make everybody one person.
var blocked = []string{
	"0", "1", "-1", "null", "nil", "none", "undefined", "unknown", "anonymous", "anon", "guest", "n/a", "na", "nan",
	"false", "true", "id", "user", "userid", "user_id", "customer", "test", "test_user", "testuser", "tester", "demo",
	"default", "not_set", "(not set)", "not set", "[object object]", "object", "empty", "blank", "private", "restricted",
	"unavailable", "void", "xxx", "123", "1234", "12345", "123456", "abc",
	"test@test.com", "none@none.com", "no@email.com", "noemail@noemail.com", "a@a.com", "na@na.com", "anonymous@anonymous.com",
}

// Limit gives how many identifiers of a type one person has at most.
func Limit(typ string) int {
	switch typ {
	case UserID:
		return 1
	case Email, Phone:
		return 5
	case Device:
		return 20
	}
	return otherLimit
}

// rank orders types by how well they name a person, best first.
func rank(typ string) int {
	for i, t := range []string{UserID, Account, Email, Phone} {
		if t == typ {
			return i
		}
	}
	if typ == Device {
		return 9
	}
	return 5
}

// CompareIdentifiers orders identifiers by how well they name a person, then
// by type and value: a total order.
func CompareIdentifiers(a, b Identifier) int {
	return cmp.Or(rank(a.Type)-rank(b.Type), strings.Compare(a.Type, b.Type), strings.Compare(a.Value, b.Value))
}

// Names says whether an identifier names a person: a device names whoever
// holds it.
func (id Identifier) Names() bool { return id.Type != Device }

// Clean brings identifiers to their normal form, best first and each once. It
// leaves out what is no identifier: an unreadable number or address, a blocked
// value, one too long. There may be none left.
func (r Rules) Clean(ids []Identifier) []Identifier {
	out := make([]Identifier, 0, len(ids))
	for _, id := range ids {
		if n, ok := r.Normal(id); ok {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, CompareIdentifiers)
	return slices.CompactFunc(out, func(a, b Identifier) bool { return a.Type == b.Type && a.Value == b.Value })
}

// Normal gives the form of an identifier in which it is compared and stored.
// ok is false for what names nobody.
func (r Rules) Normal(id Identifier) (_ Identifier, ok bool) {
	if id.Type, ok = normalType(id.Type); !ok || len(id.Value) > maxValue || !utf8.ValidString(id.Value) {
		return id, false
	}
	id.Value = strings.TrimSpace(id.Value)
	if r.names(id.Value) {
		return id, false
	}
	switch id.Type {
	case Phone:
		id.Value, ok = NormalizePhone(id.Value, r.Region)
	case Email:
		id.Value, ok = NormalizeEmail(id.Value)
	default:
		ok = strings.IndexFunc(id.Value, unicode.IsControl) < 0
	}
	return id, ok
}

// normalType gives a type's name: "anonymous_id" is Segment's word for a device.
func normalType(t string) (string, bool) {
	t = strings.ToLower(strings.TrimSpace(t))
	if t == "anonymous_id" {
		return Device, true
	}
	if t == "" || len(t) > maxType {
		return t, false
	}
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '.' }
	return t, strings.IndexFunc(t, odd) < 0
}

// names says whether a value stands for nobody at all.
func (r Rules) names(value string) bool {
	if strings.Trim(value, "0-{}() \t") == "" {
		return true // nothing, zeros, or the empty UUID
	}
	same := func(b string) bool { return strings.EqualFold(b, value) }
	return slices.ContainsFunc(blocked, same) || slices.ContainsFunc(r.Blocked, same)
}

// maxEmail is the longest address that mail carries (RFC 5321).
const maxEmail = 254

// NormalizeEmail folds an address: trimmed and in small letters. It plays no
// provider's tricks: dots and +tags stay, for elsewhere they tell people apart.
// ok is false for what is no address.
func NormalizeEmail(raw string) (address string, ok bool) {
	address = strings.ToLower(strings.TrimSpace(raw))
	local, domain, found := strings.Cut(address, "@")
	if !found || len(address) > maxEmail || local == "" || len(local) > 64 || !hostLike(domain) {
		return "", false
	}
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`@,;<>"()[]\`, r)
	}
	if strings.IndexFunc(local, odd) >= 0 || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") {
		return "", false
	}
	return address, true
}

func hostLike(domain string) bool {
	if len(domain) < 3 || !strings.Contains(domain, ".") || strings.Contains(domain, "..") {
		return false
	}
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '.' }
	return strings.IndexFunc(domain, odd) < 0 && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.HasPrefix(domain, "-")
}
