package consent

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Invalid is a row that does not belong into a ledger.
type Invalid struct {
	Field string // as the row's JSON names it
	Want  string // what it must be, for the person who wrote it
}

// Error says what is wrong and what to do.
func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

const (
	longestText    = 4000 // of a wording or of evidence, in bytes
	longestWord    = 200  // of a topic, an address, a source
	undoWithin     = 10 * time.Minute
	earliestAct    = 1970
	secondsOfACall = 24 * 3600
)

var (
	placeShape    = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)
	languageShape = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// Check says whether a row may be added to a ledger at a moment; the error is
// an [*Invalid]. Nothing is granted without proof of what the person was
// asked, nothing lapses before it begins, and a row is lifted only by whoever
// wrote it just now or when nobody has confirmed it.
func Check(ledger []Row, r Row, now time.Time) error {
	for _, rule := range []func([]Row, *Row, time.Time) *Invalid{checkCell, checkTimes, checkSource, checkProof, checkTexts, checkReference} {
		if bad := rule(ledger, &r, now); bad != nil {
			return bad
		}
	}
	return nil
}

func checkCell(_ []Row, r *Row, _ time.Time) *Invalid {
	switch {
	case !slices.Contains(Purposes(), r.Purpose):
		return &Invalid{"purpose", fmt.Sprintf("%q is none of %v", r.Purpose, Purposes())}
	case r.Channel != "" && !slices.Contains(Channels(), r.Channel):
		return &Invalid{"channel", fmt.Sprintf("%q is none of %v", r.Channel, Channels())}
	case r.Purpose == Processing && r.Cell != Cell{Purpose: Processing}:
		return &Invalid{"channel", "the use of data is paused as a whole: leave channel, topic and address out"}
	case !slices.Contains([]State{Granted, Denied, Withdrawn, Expired, Unknown}, r.State):
		return &Invalid{"state", fmt.Sprintf("%q is no state; try granted, denied or withdrawn", r.State)}
	case r.Basis != "" && !slices.Contains([]Basis{ByConsent, ByInterest, ByContract, ByLegalDuty}, r.Basis):
		return &Invalid{"basis", "must be consent, legitimate_interest, contract or legal_obligation"}
	case r.Jurisdiction != "" && !placeShape.MatchString(r.Jurisdiction):
		return &Invalid{"jurisdiction", "must be a country, with or without a part of it, such as DE or US-CA"}
	}
	return nil
}

func checkTimes(_ []Row, r *Row, now time.Time) *Invalid {
	switch {
	case r.At.Year() < earliestAct:
		return &Invalid{"at", "is before 1970"}
	case r.At.After(now):
		return &Invalid{"at", "is in the future; a ledger holds what has happened"}
	case !r.Expires.IsZero() && !r.Expires.After(r.At):
		return &Invalid{"expires", "must be later than at"}
	case r.CallSecond < 0 || r.CallSecond > secondsOfACall:
		return &Invalid{"call_second", "must lie within the call"}
	case r.CallID == "" && r.CallSecond != 0:
		return &Invalid{"call_second", "needs call_id"}
	}
	return nil
}

func checkSource(_ []Row, r *Row, _ time.Time) *Invalid {
	switch {
	case r.Source == "" || r.Actor == "":
		return &Invalid{"source", "a row says which system it comes from and who acted"}
	case r.WordingID != "" && (r.WordingVersion < 1 || !isHash(r.WordingHash)):
		return &Invalid{"wording_id", "needs the version and the hash of the text"}
	case r.Provisional && r.CallID == "":
		return &Invalid{"provisional", "is for what was heard on a call; call_id is missing"}
	case r.Confirms != "" && r.Lifts != "":
		return &Invalid{"lifts", "a row confirms another or lifts one, not both"}
	}
	return nil
}

// checkProof wants for a yes that needs asking what was asked, or evidence of
// it. Serving one's own customer needs none.
func checkProof(_ []Row, r *Row, _ time.Time) *Invalid {
	needed := r.State == Granted && r.Purpose != Service && !r.Provisional
	if needed && r.Wording == "" && r.WordingID == "" && r.Evidence == "" {
		return &Invalid{"wording", "a yes needs what the person was asked, or evidence of it"}
	}
	return nil
}

func isHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32
}

func checkTexts(_ []Row, r *Row, _ time.Time) *Invalid {
	for _, t := range []struct {
		field, text string
		most        int
	}{
		{"topic", r.Topic, longestWord},
		{"address", r.Address, longestWord},
		{"source", r.Source, longestWord},
		{"actor", r.Actor, longestWord},
		{"medium", r.Medium, longestWord},
		{"method", r.Method, longestWord},
		{"verifier", r.Verifier, longestWord},
		{"wording_id", r.WordingID, longestWord},
		{"wording", r.Wording, longestText},
		{"evidence", r.Evidence, longestText},
	} {
		if len(t.text) > t.most {
			return &Invalid{t.field, fmt.Sprintf("is longer than %d bytes", t.most)}
		}
	}
	if r.Language != "" && !languageShape.MatchString(r.Language) {
		return &Invalid{"language", "must be a language tag such as en or pt-BR"}
	}
	return nil
}

// checkReference holds what a row says of an earlier one against that.
func checkReference(ledger []Row, r *Row, now time.Time) *Invalid {
	field, id := "confirms", r.Confirms
	if r.Lifts != "" {
		field, id = "lifts", r.Lifts
	}
	if id == "" {
		return nil
	}
	i := slices.IndexFunc(ledger, func(o Row) bool { return o.ID == id })
	if i < 0 {
		return &Invalid{field, "must name one row of this ledger"}
	}
	old := &ledger[i]
	switch {
	case old.Cell != r.Cell:
		return &Invalid{field, "is about another cell"}
	case old.Lifts != "":
		return &Invalid{field, "names a row that lifts another; write what holds instead"}
	case slices.ContainsFunc(ledger, func(o Row) bool { return o.Lifts == id || o.Confirms == id }):
		return &Invalid{field, "was confirmed or taken back already"}
	case r.Lifts != "":
		return checkLift(old, r, now)
	case !old.Provisional || old.State != r.State || r.Provisional:
		return &Invalid{field, "must name a provisional row that says the same"}
	}
	return nil
}

func checkLift(old, r *Row, now time.Time) *Invalid {
	own := old.Actor == r.Actor || old.Verifier == r.Actor
	switch {
	case r.State != Unknown || r.Provisional:
		return &Invalid{"state", "a row that lifts another says unknown"}
	case old.Provisional || (own && now.Sub(old.RecordedAt) <= undoWithin):
		return nil
	}
	return &Invalid{"lifts", "only who wrote a row can take it back, within ten minutes; write what holds instead"}
}

// Open gives the provisional rows of a ledger that nobody has confirmed or
// taken back, in the order of writing.
func Open(rows []Row) []Row {
	settled := make(map[string]bool)
	for i := range rows {
		settled[rows[i].Lifts], settled[rows[i].Confirms] = true, true
	}
	var out []Row
	for i := range rows {
		if rows[i].Provisional && !settled[rows[i].ID] {
			out = append(out, rows[i])
		}
	}
	return out
}
