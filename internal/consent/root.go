package consent

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Tip is the end of one person's ledger.
type Tip struct{ CustomerID, Hash string }

// Root is a signed sum over the ends of all ledgers at the end of a day. Who
// has it can prove later that no row of that day or before was changed,
// removed or put in.
type Root struct {
	Day     string    `json:"day"` // 2026-05-03, UTC
	Ledgers int       `json:"ledgers"`
	Prev    string    `json:"prev"` // Hash of the root before
	Hash    string    `json:"hash"` // hex SHA-256
	Signed  time.Time `json:"signed"`
	Key     string    `json:"key"`       // hex Ed25519 public key
	Proof   string    `json:"signature"` // hex Ed25519 signature of Hash
}

// ErrForged means that a root was not signed by its key.
var ErrForged = errors.New("the signature does not fit")

// RootOf sums up a day. The order of the tips does not matter.
func RootOf(day, prev string, tips []Tip) Root {
	sorted := slices.Clone(tips)
	slices.SortFunc(sorted, func(a, b Tip) int { return strings.Compare(a.CustomerID, b.CustomerID) })
	h := sha256.New()
	line := func(words ...string) {
		for _, w := range words {
			_, _ = h.Write([]byte(strconv.Itoa(len(w)) + ":" + w)) // a hash takes everything
		}
	}
	line("heed consent root 1", day, prev)
	for _, t := range sorted {
		line(t.CustomerID, t.Hash)
	}
	return Root{Day: day, Ledgers: len(tips), Prev: prev, Hash: hex.EncodeToString(h.Sum(nil))}
}

// Sign signs a root at a moment.
func (r Root) Sign(key ed25519.PrivateKey, at time.Time) Root {
	public, _ := key.Public().(ed25519.PublicKey)
	r.Signed, r.Key = stamp(at), hex.EncodeToString(public)
	r.Proof = hex.EncodeToString(ed25519.Sign(key, []byte(r.Hash)))
	return r
}

// Check says whether a root sums up a day's tips, follows the root before and
// was signed by its key: [ErrBroken] or [ErrForged].
func (r Root) Check(prev string, tips []Tip) error {
	want := RootOf(r.Day, prev, tips)
	if r.Hash != want.Hash || r.Prev != prev {
		return fmt.Errorf("root of %s: %w", r.Day, ErrBroken)
	}
	public, err := hex.DecodeString(r.Key)
	proof, perr := hex.DecodeString(r.Proof)
	if err != nil || perr != nil || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, []byte(r.Hash), proof) {
		return fmt.Errorf("root of %s: %w", r.Day, ErrForged)
	}
	return nil
}
