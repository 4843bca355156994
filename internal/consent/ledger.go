package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrBroken means that a ledger is not the one that was written: a row was
// changed, removed, added in the middle or moved.
var ErrBroken = errors.New("consent ledger is broken")

// Seal makes r the next row of its person's ledger, which is in prev in the
// order of writing, alone or [Joined] with others: it sets PrevHash and Hash,
// and brings the times to UTC milliseconds and the call second to
// milliseconds, the precision that survives storage.
func Seal(prev []Row, r Row) Row {
	r = normal(r)
	r.PrevHash = ""
	for i := range prev {
		if prev[i].CustomerID == r.CustomerID {
			r.PrevHash = prev[i].Hash // a person's rows stand in their order
		}
	}
	r.Hash = digest(r)
	return r
}

// Verify checks a person's whole ledger, in the order of writing. It gives
// [ErrBroken] with the first row that does not fit.
func Verify(rows []Row) error {
	prev := ""
	for i, r := range rows {
		if r.PrevHash != prev {
			return fmt.Errorf("row %d (%s) does not follow the one before it: %w", i+1, r.ID, ErrBroken)
		}
		if digest(normal(r)) != r.Hash {
			return fmt.Errorf("row %d (%s) was changed: %w", i+1, r.ID, ErrBroken)
		}
		if r.CustomerID != rows[0].CustomerID {
			return fmt.Errorf("row %d (%s) is somebody else's: %w", i+1, r.ID, ErrBroken)
		}
		prev = r.Hash
	}
	return nil
}

// digest hashes everything in a row but the hash itself. JSON gives each
// field its name, so two different rows never hash alike.
func digest(r Row) string {
	r.Hash = ""
	raw, err := json.Marshal(r)
	if err != nil {
		// Only a number that is not finite could fail, and normal removed it.
		raw = fmt.Appendf(nil, "%#v", r)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func normal(r Row) Row {
	r.At, r.RecordedAt = stamp(r.At), stamp(r.RecordedAt)
	if !r.Expires.IsZero() {
		r.Expires = stamp(r.Expires)
	}
	if math.IsNaN(r.CallSecond) || math.IsInf(r.CallSecond, 0) {
		r.CallSecond = 0
	}
	r.CallSecond = math.Round(r.CallSecond*1000) / 1000
	return r
}

func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
