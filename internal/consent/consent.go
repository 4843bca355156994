// Package consent answers what a person allows, from a ledger of rows that
// are only ever added. It is pure: no clock, no storage, no transport.
//
// Unknown is not granted, and nothing is overwritten.
package consent

import "time"

// Purpose is what the data or the message is for.
type Purpose string

// The purposes that Heed itself asks about.
const (
	Service   Purpose = "service"   // doing what the person asked for
	Marketing Purpose = "marketing" // selling
	Profiling Purpose = "profiling" // using what is known to choose
	Research  Purpose = "research"
	Recording Purpose = "recording" // keeping the audio of a call
	// Tracking is keeping a record of what a person does. Its withdrawal leaves
	// only what serving them needs.
	Tracking Purpose = "tracking"
	// Processing is any use of what is kept of a person. While it is refused
	// the data is kept and not used (GDPR article 18): whatever sells, profiles,
	// studies or shares is closed, and the person is served plainly. It is about
	// the whole person, and needs no yes.
	Processing Purpose = "processing"
	// Sale is selling or sharing data for advertising elsewhere.
	Sale Purpose = "sale_share"
)

// Purposes gives all of them, in the order in which people read them.
func Purposes() []Purpose {
	return []Purpose{Service, Marketing, Profiling, Research, Recording, Tracking, Processing, Sale}
}

// Channels gives the ways in which a person is reached.
func Channels() []string {
	return []string{"agent", "call", "email", "post", "push", "sms", "web"}
}

// State is what a ledger cell says.
type State string

// The states of a cell. Only Granted opens it.
const (
	Granted   State = "granted"
	Denied    State = "denied"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Unknown   State = "unknown"
)

// Cell is one question: may we, for this purpose, on this channel, about this
// topic, at this address? Empty Channel, Topic or Address means any.
type Cell struct {
	Purpose Purpose `json:"purpose"`
	Channel string  `json:"channel,omitempty"` // one of Channels
	Topic   string  `json:"topic,omitempty"`
	Address string  `json:"address,omitempty"`
}

// Basis is why the law lets us.
type Basis string

// The bases that a row may rest on. An empty one is read as consent.
const (
	ByConsent   Basis = "consent"
	ByInterest  Basis = "legitimate_interest"
	ByContract  Basis = "contract"
	ByLegalDuty Basis = "legal_obligation"
)

// Row is one entry of a person's ledger. Fields that older rows do not have
// are left out of the JSON when empty, so that those rows' hashes stay true.
type Row struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	Cell
	State State `json:"state"`
	// At is when it happened, RecordedAt when we learnt it, Expires when the
	// state lapses by itself (zero: never).
	At         time.Time `json:"at"`
	RecordedAt time.Time `json:"recorded_at"`
	Expires    time.Time `json:"expires,omitzero"`
	// Source is the system, Actor the person or rule that entered it.
	Source string `json:"source"`
	Actor  string `json:"actor"`
	// CallID and CallSecond point at the words when it was said on the phone.
	CallID     string  `json:"call_id,omitempty"`
	CallSecond float64 `json:"call_second,omitempty"`
	// Wording and Language are what the person was shown or asked: the text
	// itself, or by WordingID, WordingVersion and WordingHash (hex SHA-256 of
	// the text) one of the registered texts.
	Wording  string `json:"wording,omitempty"`
	Language string `json:"language,omitempty"`
	Evidence string `json:"evidence,omitempty"`

	WordingID      string `json:"wording_id,omitempty"`
	WordingVersion int    `json:"wording_version,omitempty"`
	WordingHash    string `json:"wording_hash,omitempty"`

	Basis        Basis  `json:"basis,omitempty"`
	Jurisdiction string `json:"jurisdiction,omitempty"` // ISO 3166: "DE", "US-CA"
	// Medium is where the person acted, such as "phone", "web" or "paper";
	// Method how, such as "spoken", "ticked a box", "signed"; Verifier who
	// made sure that it was this person and this wish.
	Medium   string `json:"medium,omitempty"`
	Method   string `json:"method,omitempty"`
	Verifier string `json:"verifier,omitempty"`

	// Provisional is a wish that was heard and that nobody has confirmed yet.
	// It closes at once and never opens.
	Provisional bool `json:"provisional,omitempty"`
	// Confirms names the provisional row that this one makes firm. Lifts names
	// a row that was a mistake: it counts no more, as if it had never been,
	// and this row itself says nothing of any cell.
	Confirms string `json:"confirms,omitempty"`
	Lifts    string `json:"lifts,omitempty"`

	// PrevHash and Hash chain the rows of one person (hex SHA-256).
	PrevHash string `json:"prev_hash"`
	Hash     string `json:"hash"`

	// Member tells the ledgers of joined persons apart; see [Joined].
	Member int `json:"-"`
}

// Answer is what a ledger says about a cell at a moment, and which row says so.
type Answer struct {
	State State `json:"state"`
	// Row is nil when nothing was ever recorded.
	Row *Row `json:"row,omitempty"`
}
