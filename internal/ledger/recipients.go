package ledger

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/store"
)

// What closes is to be confirmed within lateAfter; overdueAfter is an alarm.
const (
	lateAfter    = time.Hour
	overdueAfter = 24 * time.Hour
)

// RoleRecipient is the role of the keys of recipients: they may read what they
// are to know and confirm it, nothing else.
const RoleRecipient = "recipient"

var nameShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,38}[a-z0-9])?$`)

// Recipient is a registered system and how far it is behind.
type Recipient struct {
	Name     string            `json:"name"`
	Purposes []consent.Purpose `json:"purposes,omitempty" doc:"None means all"`
	Channels []string          `json:"channels,omitempty" doc:"None means all"`
	Since    time.Time         `json:"since"`
	Asked    time.Time         `json:"asked,omitzero" doc:"When it last asked"`
	Waiting  int               `json:"waiting" doc:"Changes that it has not confirmed"`
	Late     int               `json:"late" doc:"Of those that close: older than an hour"`
	Overdue  int               `json:"overdue" doc:"And older than a day"`
	Mismatch int               `json:"mismatch" doc:"It says that it sees something else"`
	Oldest   time.Time         `json:"oldest,omitzero" doc:"Since when the oldest that closes waits"`
}

// Register adds a system that is to be told of changes, from the first one on,
// and gives its key, which is shown once. A name in use is
// [store.ErrDuplicate].
func (s *Service) Register(ctx context.Context, by event.By, r Recipient) (secret string, err error) {
	if err := checkRecipient(r); err != nil {
		return "", err
	}
	secret = "heed_" + rand.Text() + rand.Text()
	now, key := s.now(), event.NewID()
	return secret, s.o.Store.Write(ctx, func(tx *store.Tx) error {
		err := tx.AddKey(store.Key{ID: key, Name: r.Name, Role: RoleRecipient, Hash: store.HashOf(secret), CreatedAt: now, Maker: by.Name}, by)
		if err != nil {
			return err
		}
		return tx.AddRecipient(store.Recipient{Name: r.Name, Key: key, Purposes: r.Purposes, Channels: r.Channels, Since: now})
	})
}

func checkRecipient(r Recipient) error {
	if !nameShape.MatchString(r.Name) {
		return &consent.Invalid{Field: "name", Want: "must be 1 to 40 of a-z, 0-9, dot and hyphen"}
	}
	for _, p := range r.Purposes {
		if !slices.Contains(consent.Purposes(), p) {
			return &consent.Invalid{Field: "purposes", Want: fmt.Sprintf("%q is none of %v", p, consent.Purposes())}
		}
	}
	for _, c := range r.Channels {
		if !slices.Contains(consent.Channels(), c) {
			return &consent.Invalid{Field: "channels", Want: fmt.Sprintf("%q is none of %v", c, consent.Channels())}
		}
	}
	return nil
}

// Unregister forgets a system; its key is refused at once.
func (s *Service) Unregister(ctx context.Context, by event.By, name string) error {
	return s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropRecipient(name, s.now(), by) })
}

// Recipients gives all systems and how far each is behind.
func (s *Service) Recipients(ctx context.Context) ([]Recipient, error) {
	all, err := s.o.Store.Recipients(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	behind, err := s.o.Store.Backlogs(ctx, now.Add(-lateAfter), now.Add(-overdueAfter))
	if err != nil {
		return nil, err
	}
	out := make([]Recipient, len(all))
	for i, r := range all {
		out[i] = Recipient{Name: r.Name, Purposes: r.Purposes, Channels: r.Channels, Since: r.Since, Asked: r.Asked}
		for _, b := range behind {
			if b.Recipient == r.Name {
				out[i].Waiting, out[i].Late, out[i].Overdue, out[i].Mismatch, out[i].Oldest = b.Waiting, b.Late, b.Overdue, b.Mismatch, b.Oldest
			}
		}
	}
	return out, nil
}

// ToldOf names the systems that were told anything of some persons.
func (s *Service) ToldOf(ctx context.Context, people []string) ([]string, error) {
	told, err := s.tellings(ctx, &book{people: people})
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, t := range told {
		if !t.Told.IsZero() {
			names = append(names, t.Recipient)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// ConsentChange is what a recipient is told: not what the row said but what holds
// now, so that changes may be applied in any order.
type ConsentChange struct {
	ID string `json:"id" doc:"Of the row; to be confirmed by it"`
	consent.Cell

	Subject     string        `json:"subject" doc:"The person, by a name that only you are given"`
	State       consent.State `json:"state" doc:"What holds for the cell now: this is to be seen in your system"`
	Erased      bool          `json:"erased,omitempty" doc:"The person was erased: delete what you hold of the subject, and confirm with withdrawn"`
	At          time.Time     `json:"at" doc:"When the person acted"`
	RecordedAt  time.Time     `json:"recorded_at"`
	Identifiers []KnownBy     `json:"identifiers" doc:"By which you know the person"`
}

// KnownBy is a name of a person in some system.
type KnownBy struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// ConsentFeed is a page of changes, those that close first.
type ConsentFeed struct {
	Changes []ConsentChange `json:"changes"`
	Next    string          `json:"next" doc:"Ask with after=NEXT for what comes after; without it all that you have not confirmed is given again"`
	More    bool            `json:"more" doc:"There is more now"`
}

// Changes gives a recipient what it has not confirmed, after what it was given
// before, and remembers that it was told. Withdrawals overtake.
func (s *Service) Changes(ctx context.Context, recipient, after string, limit int) (ConsentFeed, error) {
	lanes, err := parseLanes(after)
	if err != nil {
		return ConsentFeed{}, err
	}
	f := ConsentFeed{Changes: []ConsentChange{}}
	var given []store.Telling
	for lane, closes := range [...]bool{true, false} {
		if limit == len(given) {
			f.More = true
			break
		}
		found, err := s.o.Store.Unconfirmed(ctx, recipient, closes, lanes[lane], limit-len(given))
		if err != nil {
			return f, err
		}
		for _, t := range found {
			lanes[lane] = max(lanes[lane], t.N)
		}
		given = append(given, found...)
	}
	f.More = f.More || len(given) == limit
	f.Next = fmt.Sprintf("%d.%d", lanes[0], lanes[1])
	for _, t := range given {
		c, err := s.change(ctx, t)
		if errors.Is(err, store.ErrNotFound) {
			continue // the person is no more
		}
		if err != nil {
			return f, err
		}
		f.Changes = append(f.Changes, c)
	}
	// Told before it is sent: an answer that is lost on the way is asked for
	// again.
	return f, s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Told(recipient, given, s.now()) })
}

func parseLanes(after string) (lanes [2]int64, err error) {
	if after == "" {
		return lanes, nil
	}
	a, b, _ := strings.Cut(after, ".")
	first, e1 := strconv.ParseInt(a, 10, 64)
	second, e2 := strconv.ParseInt(b, 10, 64)
	if err := cmp.Or(e1, e2); err != nil {
		return lanes, fmt.Errorf("changes after: %w", store.ErrBadPage)
	}
	return [2]int64{first, second}, nil
}

func (s *Service) change(ctx context.Context, t store.Telling) (ConsentChange, error) {
	b, err := s.book(ctx, t.Customer)
	if errors.Is(err, store.ErrErased) {
		return ConsentChange{
			ID: t.Row, Subject: pseudonym(t), State: consent.Withdrawn, Erased: true, At: t.Due, RecordedAt: t.Due, Identifiers: []KnownBy{},
		}, nil
	}
	if err != nil {
		return ConsentChange{}, err
	}
	r, ok := b.row(t.Row)
	if !ok {
		return ConsentChange{}, fmt.Errorf("row %s: %w", t.Row, store.ErrNotFound)
	}
	c := ConsentChange{
		ID: r.ID, Subject: pseudonym(t), Cell: r.Cell, State: b.index.Now(r.Cell, s.now()).State, At: r.At, RecordedAt: r.RecordedAt,
		Identifiers: []KnownBy{},
	}
	known, err := s.o.Store.Identifiers(ctx, b.people)
	if err != nil {
		return ConsentChange{}, err
	}
	for _, i := range known {
		if reaches(r.Cell, i.Type, i.Value) {
			c.Identifiers = append(c.Identifiers, KnownBy{i.Type, i.Value})
		}
	}
	return c, nil
}

// pseudonym names a person to one recipient. Our own id, which is random, is
// never sent out, and two recipients cannot compare theirs.
func pseudonym(t store.Telling) string {
	sum := sha256.Sum256([]byte("heed recipient\n" + t.Recipient + "\n" + t.Customer))
	return hex.EncodeToString(sum[:16])
}

// reaches says whether a recipient needs an identifier to know whom a cell is
// about: no more of a person is given away than that.
func reaches(c consent.Cell, typ, value string) bool {
	if typ == "user_id" {
		return true
	}
	if c.Address != "" {
		return value == c.Address
	}
	switch c.Channel {
	case "email":
		return typ == "email"
	case "sms", "call":
		return typ == "phone"
	}
	return true
}

// Confirmation is what a recipient sees after a change.
type Confirmation struct {
	ID    string        `json:"id" maxLength:"64" doc:"Of the change"`
	State consent.State `json:"state" enum:"granted,denied,withdrawn,expired,unknown" doc:"What you see in your system"`
}

// ReadBack is what becomes of a confirmation.
type ReadBack struct {
	ID      string        `json:"id"`
	Verdict string        `json:"verdict" enum:"confirmed,mismatch,not told"`
	State   consent.State `json:"state,omitempty" doc:"Of a mismatch: what is to be seen"`
}

// Confirm notes what a recipient sees. What fits is confirmed, with all
// earlier changes of the same cell; what does not is a mismatch until it does.
func (s *Service) Confirm(ctx context.Context, recipient string, c Confirmation) (ReadBack, error) {
	t, err := s.o.Store.Telling(ctx, recipient, c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return ReadBack{ID: c.ID, Verdict: "not told"}, nil
	}
	if err != nil {
		return ReadBack{}, err
	}
	b, err := s.book(ctx, t.Customer)
	if errors.Is(err, store.ErrErased) {
		return s.note(ctx, recipient, c, consent.Withdrawn, nil)
	}
	if err != nil {
		return ReadBack{}, err
	}
	row, ok := b.row(c.ID)
	if !ok {
		return ReadBack{ID: c.ID, Verdict: "not told"}, nil
	}
	var earlier []string
	for _, r := range b.rows {
		if r.ID == c.ID {
			break
		}
		if r.Cell == row.Cell {
			earlier = append(earlier, r.ID)
		}
	}
	return s.note(ctx, recipient, c, b.index.Now(row.Cell, s.now()).State, earlier)
}

// note stores what a recipient sees of a row, and when that is right of the
// earlier rows of the cell too.
func (s *Service) note(ctx context.Context, recipient string, c Confirmation, want consent.State, earlier []string) (ReadBack, error) {
	right := same(want, c.State)
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ConfirmTold(recipient, c.ID, string(c.State), right, s.now()); err != nil || !right {
			return err
		}
		for _, id := range earlier {
			if err := tx.ConfirmTold(recipient, id, string(c.State), true, s.now()); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ReadBack{ID: c.ID, Verdict: "not told"}, nil
	case err != nil:
		return ReadBack{}, err
	case right:
		return ReadBack{ID: c.ID, Verdict: "confirmed"}, nil
	}
	return ReadBack{ID: c.ID, Verdict: "mismatch", State: want}, nil
}

// same says whether a system that sees one state has what the ledger says. Few
// know more than yes and no, so any no serves for all that is not a yes.
func same(want, seen consent.State) bool {
	return want == seen || (want != consent.Granted && (seen == consent.Denied || seen == consent.Withdrawn))
}
