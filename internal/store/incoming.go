package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/insights"
)

// IncomingState is how far a recording is.
type IncomingState string

// A recording is wanted until its bytes are here, fetched until it is heard,
// and then done or failed for good.
const (
	IncomingWanted  IncomingState = "wanted"
	IncomingFetched IncomingState = "fetched"
	IncomingHearing IncomingState = "hearing"
	IncomingDone    IncomingState = "done"
	IncomingFailed  IncomingState = "failed"
)

// Incoming is a recording made elsewhere, on its way to become a call.
type Incoming struct {
	// ID is that of the call, too, which it becomes.
	ID    string        `json:"id"`
	State IncomingState `json:"state"`
	// Platform and Source, its id of the recording, are unique together; Source
	// may be empty. So is Hash, of the bytes, once they are here.
	Platform string `json:"platform"`
	Source   string `json:"source,omitempty"`
	Hash     string `json:"hash,omitempty"`
	// Urgency puts what is asked for one at a time (0) before bulk (1).
	Urgency int       `json:"urgency"`
	Due     time.Time `json:"due"` // not to be tried before
	Came    time.Time `json:"came"`
	Tries   int       `json:"tries,omitempty"`

	// About is empty once nothing more is to be done.
	About Particulars `json:"about,omitzero"`

	Progress
}

// Progress is what came of a recording so far.
type Progress struct {
	Call  string           `json:"call,omitempty"`   // that it became or is of
	Note  string           `json:"note,omitempty"`   // why it failed, or what is to be known
	Bytes int64            `json:"bytes,omitempty"`  // as it came
	Long  insights.Seconds `json:"length,omitempty"` // of its audio
	Ended time.Time        `json:"ended,omitzero"`   // done or failed
}

// Particulars are what is told of a recording's call.
type Particulars struct {
	URL       string    `json:"url,omitempty"`
	Call      string    `json:"call,omitempty"` // the platform's id of the call
	Started   time.Time `json:"started,omitzero"`
	Direction string    `json:"direction,omitempty"`
	From      string    `json:"from,omitempty"`
	To        string    `json:"to,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	Language  string    `json:"language,omitempty"`
	Channels  int       `json:"channels,omitempty"` // that it should have; 0 is any
	// First is who is on the first or only channel.
	First insights.Speaker `json:"first,omitempty"`
}

// PutIncoming stores a recording, new or changed. One whose bytes, or whose
// platform's id, another one has is [ErrDuplicate].
func (tx *Tx) PutIncoming(i Incoming) error {
	op := "store recording " + i.ID
	if i.ID == "" || i.Platform == "" {
		return errors.New(op + ": no id or no platform")
	}
	raw, err := tx.seal(op, nobody, i)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO recording (id, state, platform, source, hash, urgency, due, came, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, source = excluded.source, hash = excluded.hash,
			urgency = excluded.urgency, due = excluded.due, doc = excluded.doc`,
		i.ID, string(i.State), i.Platform, orNull(i.Source), orNull(i.Hash), i.Urgency, millis(i.Due), millis(i.Came), raw)
	return err
}

// DropIncoming forgets a recording.
func (tx *Tx) DropIncoming(id string) error {
	_, err := tx.exec("forget recording "+id, `DELETE FROM recording WHERE id = ?`, id)
	return err
}

// Incoming gives a recording by id.
func (s *Store) Incoming(ctx context.Context, id string) (Incoming, error) {
	return one[Incoming](ctx, s.reads, "recording "+id, `SELECT doc FROM recording WHERE id = ?`, id)
}

// IncomingBySource gives a recording by its platform's id of it.
func (s *Store) IncomingBySource(ctx context.Context, platform, source string) (Incoming, error) {
	return one[Incoming](ctx, s.reads, "recording of "+platform, `SELECT doc FROM recording WHERE platform = ? AND source = ?`, platform, source)
}

// IncomingByHash gives a recording by its bytes.
func (s *Store) IncomingByHash(ctx context.Context, hash string) (Incoming, error) {
	return one[Incoming](ctx, s.reads, "recording by hash", `SELECT doc FROM recording WHERE hash = ?`, hash)
}

// IncomingDue gives recordings of a state that are to be tried now, the urgent
// first, then by when they are due; at most so many.
func (s *Store) IncomingDue(ctx context.Context, state IncomingState, now time.Time, limit int) ([]Incoming, error) {
	return many[Incoming](ctx, s.reads, "recordings that are due", `SELECT doc FROM recording
		WHERE state = ? AND state IN ('wanted', 'fetched', 'hearing') AND due <= ? ORDER BY urgency, due, id LIMIT ?`,
		string(state), millis(now), clampLimit(limit))
}

// Incomings gives a page of recordings, of one state or of all, the latest
// first, and the mark of the next page.
func (s *Store) Incomings(ctx context.Context, state IncomingState, after string, limit int) (page []Incoming, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("recordings: %w", err)
	}
	limit = clampLimit(limit)
	page, err = many[Incoming](ctx, s.reads, "recordings", `SELECT doc FROM recording
		WHERE (came, id) < (?1, ?2) AND (?3 = '' OR state = ?3) ORDER BY came DESC, id DESC LIMIT ?4`,
		from.at, from.id, string(state), limit+1)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	last := page[limit-1]
	return page[:limit], mark{at: millis(last.Came), id: last.ID}.String(), nil
}

// IncomingCounts is how many recordings are in each state.
type IncomingCounts struct {
	Wanted, Fetched, Hearing, Done, Failed int
}

// CountIncoming counts the recordings.
func (s *Store) CountIncoming(ctx context.Context) (IncomingCounts, error) {
	var n IncomingCounts
	err := s.reads.GetContext(ctx, &n, `SELECT
		count(*) FILTER (WHERE state = 'wanted') AS wanted, count(*) FILTER (WHERE state = 'fetched') AS fetched,
		count(*) FILTER (WHERE state = 'hearing') AS hearing, count(*) FILTER (WHERE state = 'done') AS done,
		count(*) FILTER (WHERE state = 'failed') AS failed FROM recording`)
	if err != nil {
		return n, fmt.Errorf("count recordings: %w", classify(err))
	}
	return n, nil
}
