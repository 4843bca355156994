package mount

import "slices"

// Scope is a named group of operations. An API key may do what its role may;
// one with scopes may do that of it only which is in one of them.
type Scope string

// The scopes.
const (
	CallsRead      Scope = "calls:read"
	CallsWrite     Scope = "calls:write"
	CallsIngest    Scope = "calls:ingest"
	EventsWrite    Scope = "events:write"
	SearchRead     Scope = "search:read"
	SearchWrite    Scope = "search:write"
	AnalysisRead   Scope = "analysis:read"
	AnalysisWrite  Scope = "analysis:write"
	CustomersRead  Scope = "customers:read"
	CustomersWrite Scope = "customers:write"
	ConsentRead    Scope = "consent:read"
	ConsentWrite   Scope = "consent:write"
	DecisionsRead  Scope = "decisions:read"
	DecisionsWrite Scope = "decisions:write"
	AuditRead      Scope = "audit:read"
	// Administer is what changes Heed itself: keys, users, settings.
	Administer Scope = "admin"
	// Unscoped is of what gives others more than any scope holds, such as a link
	// to sign in: only a key without scopes may do it, and none is given it.
	Unscoped Scope = "unscoped"
	// AnyScope is of what every caller may do, such as asking who they are.
	AnyScope Scope = "any"
)

// Scopes gives those that a key may be given.
func Scopes() []Scope {
	return []Scope{
		CallsRead, CallsWrite, CallsIngest, EventsWrite, SearchRead, SearchWrite, AnalysisRead, AnalysisWrite, CustomersRead, CustomersWrite,
		ConsentRead, ConsentWrite, DecisionsRead, DecisionsWrite, AuditRead, Administer,
	}
}

// Allows says whether a key with scopes may do what is in one; without scopes
// it may do all that its role may. An operation without a scope is for none
// that has any.
func Allows(scopes []string, wanted Scope) bool {
	return len(scopes) == 0 || wanted == AnyScope || wanted != "" && slices.Contains(scopes, string(wanted))
}

// MayGive says whether a caller may make a key: nobody gives more than they
// hold. No scopes are all that a role may, and an administrator may all.
func MayGive(role string, scopes []string, given string, some []string) bool {
	if role != Admin && role != given {
		return false
	}
	if len(scopes) == 0 {
		return true
	}
	return len(some) > 0 && !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(scopes, s) })
}
