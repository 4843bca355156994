package consent

import "time"

// Member is one person of several that are taken for the same.
type Member struct {
	// Rows is the person's whole ledger, in the order of writing.
	Rows []Row
	// Since is when the person was joined to the others; zero for the first.
	Since time.Time
}

// Joined gives the ledger of persons that are taken for one, for the questions
// of this package. Each member answers with its own rows and with what was
// recorded for any of the others since the two were joined; of those that
// hold anything on a cell the most restrictive counts. So a join never opens
// what a member had closed, and a word said after it counts for all. The
// members' rows are not changed: to part them is to ask each ledger alone.
//
// The rows are in no order of use to [Verify], which is for one ledger.
func Joined(members []Member) []Row {
	if len(members) == 1 {
		return members[0].Rows
	}
	var out []Row
	for i, m := range members {
		for j, other := range members {
			joined := latest(m.Since, other.Since)
			for _, r := range other.Rows {
				if i == j || !r.RecordedAt.Before(joined) {
					r.Member = i
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
