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
