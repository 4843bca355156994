package erase

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"heed/internal/store"
)

// State says how far an erasure is.
type State string

// An erasure waits while the person is on a live call, whose words still have
// to be written somewhere. Once begun it is finished, also after a crash.
const (
	Waiting State = "waiting"
	Begun   State = "begun"
	Done    State = "done"
)

// Certificate proves an erasure. It tells nothing of the person: the id in it
// was made by Heed and stands for nobody any more.
type Certificate struct {
	ID      string `json:"id"`
	State   State  `json:"state" enum:"waiting,begun,done"`
	Subject string `json:"subject" doc:"The id under which the person was known here"`
	// People are the records that made up the subject, each with its own key.
	People      []string   `json:"people"`
	By          string     `json:"by" doc:"Who asked for it"`
	RequestedAt time.Time  `json:"requested_at"`
	ErasedAt    *time.Time `json:"erased_at,omitempty" doc:"When nothing was left"`

	Erased     store.Holdings `json:"erased" doc:"What there was, by number"`
	Recordings int            `json:"recordings" doc:"Recordings destroyed"`
	// KeysDestroyed counts data keys: without them every copy is unreadable.
	KeysDestroyed int `json:"keys_destroyed"`
	Suppressed    int `json:"suppressed" doc:"Identifiers that cannot bring the person back"`
	// Recipients are the systems that were given data of the person and have
	// to be told.
	Recipients []string `json:"recipients"`
	// Readable says whether a trial reading after the erasure gave anything.
	Readable bool `json:"readable"`

	PrevHash string `json:"prev_hash,omitempty" doc:"Hash of the certificate before"`
	Hash     string `json:"hash,omitempty" doc:"SHA-256 of this certificate with an empty hash, as compact JSON"`
}

// sealed gives the certificate chained to the one before.
func (c Certificate) sealed(prev string) (Certificate, error) {
	c.PrevHash, c.Hash = prev, ""
	raw, err := json.Marshal(c)
	if err != nil {
		return c, fmt.Errorf("certificate %s: %w", c.ID, err)
	}
	sum := sha256.Sum256(raw)
	c.Hash = hex.EncodeToString(sum[:])
	return c, nil
}

// Genuine says that the certificate reads as it was sealed.
func (c Certificate) Genuine() bool {
	again, err := c.sealed(c.PrevHash)
	return err == nil && c.Hash != "" && again.Hash == c.Hash
}

// Text gives the certificate as people read it.
func (c Certificate) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Certificate of erasure %s", c.ID)
	line("")
	line("Subject:      %s", c.Subject)
	line("Asked for by: %s, %s", c.By, c.RequestedAt.UTC().Format(time.RFC3339))
	if c.ErasedAt == nil {
		line("State:        %s", c.State)
	} else {
		line("Erased:       %s", c.ErasedAt.UTC().Format(time.RFC3339))
	}
	line("")
	line("Destroyed: %d data keys, %d calls with %d utterances and %d recordings, %d corrections,", c.KeysDestroyed, c.Erased.Calls, c.Erased.Utterances, c.Recordings, c.Erased.Corrections)
	line("%d comments on them, %d decisions with %d outcomes, %d consent rows, %d identifiers, the content of %d events.", c.Erased.Comments, c.Erased.Decisions, c.Erased.Outcomes, c.Erased.ConsentRows, c.Erased.Identifiers, c.Erased.Events)
	line("What copies hold, backups among them, is sealed with the keys that are gone.")
	line("Counts of calls and themes stay, and what was learned of many people: nobody is in them.")
	line("%d identifiers are kept as keyed sums, so that an import cannot bring the person back.", c.Suppressed)
	if len(c.Recipients) > 0 {
		line("To be told: %s.", strings.Join(c.Recipients, ", "))
	}
	if c.Hash != "" {
		line("")
		line("Hash:         %s", c.Hash)
		line("Hash before:  %s", c.PrevHash)
	}
	return b.String()
}
