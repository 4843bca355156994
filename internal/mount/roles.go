package mount

// The roles. A viewer reads all that is said on calls. A marketer reads it too
// and says what themes mean and what campaigns cost. A supervisor reads it and
// follows the live calls of a team. A privacy officer reads all and speaks for
// the customers: what they allow, who they are, what is to be forgotten. A
// designer says what may be offered and tries it against the past, and reads
// no calls. A key of role Ingest may only bring calls in.
const (
	Admin      = "admin"
	Agent      = "agent"
	Designer   = "designer"
	Ingest     = "ingest"
	Marketer   = "marketer"
	Privacy    = "privacy"
	Supervisor = "supervisor"
	Viewer     = "viewer"
)

// People gives who reads calls and customers.
func People() []string { return []string{Admin, Agent, Marketer, Privacy, Supervisor, Viewer} }

// Staff gives who signs in: all roles of persons, in the order of their names.
func Staff() []string {
	return []string{Admin, Agent, Designer, Marketer, Privacy, Supervisor, Viewer}
}

// Analysts gives who reads what many calls say together.
func Analysts() []string { return []string{Admin, Marketer, Supervisor, Viewer} }

// Overseers gives who follows the live calls of others.
func Overseers() []string { return []string{Admin, Supervisor, Viewer} }

// Every gives all roles, of persons and of keys.
func Every() []string { return append(Staff(), Ingest) }
