// Package erase makes a person forgotten: it destroys their keys, deletes all
// that was derived from them, and proves it by a certificate.
//
// The order makes it safe to be cut off at any moment. What is to be erased
// is written down first, with marks that keep the identifiers from coming
// back; then the keys go, and from that moment nothing can be read or written
// of the person; then the rest is deleted, which may be repeated; the
// certificate comes last. What a crash cut off is finished at the next start.
//
// It refuses nothing for a reason of the business: who may ask is checked by
// the door that the wish came through. Aggregates stay, for nobody is in them.
package erase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// index is where what was said can be searched.
type index interface {
	// Forget returns when no file holds the utterances and the calls.
	Forget(ctx context.Context, upTo int64, calls, utterances []string) error
}

// learned is what was learned from calls and may quote them.
type learned interface {
	Forget(ctx context.Context, calls []string) error
}

// audio is the recordings.
type audio interface {
	// Destroy destroys what was recorded of a call and says whether there was any.
	Destroy(callID string) (bool, error)
}

// letters is the messages to people that wait to be sent.
type letters interface {
	Forget(people []string) error
}

// subjects knows which records make up one person.
type subjects interface {
	// Members gives the records of the subject that an id stands for.
	Members(ctx context.Context, id string) ([]string, error)
}

// Options is what a Service needs. Recipients and Now may be nil.
type Options struct {
	Store    *store.Store
	Index    index
	Themes   learned
	Audio    audio
	Letters  letters
	Subjects subjects
	// Recipients names the systems that were given data of people.
	Recipients func(ctx context.Context, people []string) ([]string, error)
	Logger     *slog.Logger
	Now        func() time.Time
}

// Service erases people, one at a time. It is safe for concurrent use.
type Service struct {
	o   Options
	log *slog.Logger
	mu  sync.Mutex
}

// New makes a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Recipients == nil {
		o.Recipients = func(context.Context, []string) ([]string, error) { return []string{}, nil }
	}
	return &Service{o: o, log: o.Logger.With("component", "erase")}
}

// Forget erases the person that an id stands for, for good, and gives the
// certificate. It blocks until nothing is left, but for somebody on a live
// call: then the certificate says that it waits, and [Service.Run] erases them
// when the call is over. A second wish gives the first one's certificate. An
// id of nobody is [store.ErrNotFound].
func (s *Service) Forget(ctx context.Context, id, by string) (Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, people, err := s.begin(ctx, id, by)
	if err != nil || c.State == Done {
		return c, err
	}
	return s.goOn(ctx, c, people)
}

// begin writes the wish down, or gives the erasure that there is.
func (s *Service) begin(ctx context.Context, id, by string) (c Certificate, people []string, err error) {
	before, err := s.o.Store.ErasureOf(ctx, id)
	if err == nil {
		c, err = read(before)
		return c, before.People, err
	}
	if !errors.Is(err, store.ErrNotFound) {
		return c, nil, err
	}
	if people, err = s.o.Subjects.Members(ctx, id); err != nil {
		return c, nil, fmt.Errorf("erase %s: %w", id, err)
	}
	held, err := s.o.Store.Holdings(ctx, people)
	if err != nil {
		return c, nil, err
	}
	if held.ProfileFound == 0 {
		return c, nil, fmt.Errorf("erase %s: %w", id, store.ErrNotFound)
	}
	known, err := s.o.Store.Identifiers(ctx, people)
	if err != nil {
		return c, nil, err
	}
	c = Certificate{
		ID: event.NewID(), State: Waiting, Subject: id, People: people, By: by, RequestedAt: s.now(),
		Erased: held, KeysDestroyed: len(people), Suppressed: len(known),
	}
	if c.Recipients, err = s.o.Recipients(ctx, people); err != nil {
		return c, nil, fmt.Errorf("erase %s: who is to be told: %w", id, err)
	}
	return c, people, s.write(c, people, known)
}

func (s *Service) write(c Certificate, people []string, known []customer.Identifier) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("erasure %s: %w", c.ID, err)
	}
	return s.o.Store.BeginErasure(store.Erasure{ID: c.ID, State: string(c.State), People: people, Doc: raw}, known)
}

func (s *Service) now() time.Time { return s.o.Now().UTC().Truncate(time.Millisecond) }

func read(e store.Erasure) (c Certificate, err error) {
	if err := json.Unmarshal(e.Doc, &c); err != nil {
		return c, fmt.Errorf("erasure %s: %w", e.ID, err)
	}
	c.State = State(e.State)
	return c, nil
}

func (s *Service) save(c Certificate) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("erasure %s: %w", c.ID, err)
	}
	return s.o.Store.SaveErasure(c.ID, string(c.State), raw)
}

// goOn takes an erasure as far as it can be taken now.
func (s *Service) goOn(ctx context.Context, c Certificate, people []string) (Certificate, error) {
	if c.State == Waiting {
		held, err := s.o.Store.Holdings(ctx, people)
		if err != nil {
			return c, err
		}
		if held.LiveCalls > 0 {
			return c, nil
		}
		c.Erased, c.State = held, Begun
		if err := s.save(c); err != nil {
			return c, err
		}
	}
	c, err := s.finish(ctx, c, people)
	if err != nil {
		return c, fmt.Errorf("erasure %s is begun and goes on by itself: %w", c.ID, err)
	}
	s.log.Info("a person was erased", "erasure", c.ID, "calls", c.Erased.Calls)
	return c, nil
}

// finish does all that follows the wish; every step may be repeated.
func (s *Service) finish(ctx context.Context, c Certificate, people []string) (Certificate, error) {
	if err := s.o.Store.DestroyKeys(people); err != nil {
		return c, err
	}
	calls, err := s.o.Store.OwnedCalls(ctx, people)
	if err != nil {
		return c, err
	}
	if err := s.unsearch(ctx, calls); err != nil {
		return c, err
	}
	for _, call := range calls {
		was, err := s.o.Audio.Destroy(call)
		if err != nil {
			return c, err
		}
		if was {
			c.Recordings++
		}
	}
	if err := s.save(c); err != nil { // what was counted cannot be counted again
		return c, err
	}
	if err := s.o.Letters.Forget(people); err != nil {
		return c, err
	}
	if err := s.deleteRows(ctx, calls, people); err != nil {
		return c, err
	}
	return s.certify(ctx, c, people)
}

// unsearch takes calls out of what is derived from the log.
func (s *Service) unsearch(ctx context.Context, calls []string) error {
	said, err := s.o.Store.SaidOn(ctx, calls)
	if err != nil {
		return err
	}
	// What was read from the log before the keys went may still be on its way
	// into the index.
	head, err := s.o.Store.LastSeq(ctx)
	if err != nil {
		return err
	}
	if err := s.o.Index.Forget(ctx, head, calls, said); err != nil {
		return err
	}
	return s.o.Themes.Forget(ctx, calls)
}

func (s *Service) deleteRows(ctx context.Context, calls, people []string) error {
	for _, call := range calls {
		if err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.EraseCall(call) }); err != nil {
			return err
		}
	}
	for _, p := range people {
		if err := s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.ErasePerson(p) }); err != nil {
			return err
		}
	}
	if err := s.o.Store.ForgetReads(ctx, people, calls); err != nil {
		return err
	}
	if err := s.o.Store.ForgetReplies(ctx, append(append([]string{}, people...), calls...)); err != nil {
		return err
	}
	return s.o.Store.Settle(ctx)
}

// certify tries to read the person, chains the certificate and tells of it.
func (s *Service) certify(ctx context.Context, c Certificate, people []string) (Certificate, error) {
	for _, p := range people {
		if _, err := s.o.Store.Profile(ctx, p); !errors.Is(err, store.ErrErased) {
			return c, fmt.Errorf("a trial reading of %s gave %w", p, errors.Join(errors.New("no refusal"), err))
		}
	}
	if c.ErasedAt == nil { // the moment stays when this is repeated
		at := s.now()
		c.ErasedAt = &at
		if err := s.save(c); err != nil {
			return c, err
		}
	}
	prev, err := s.lastHash(ctx)
	if err != nil {
		return c, err
	}
	c.State = Done
	if c, err = c.sealed(prev); err != nil {
		return c, err
	}
	e, err := event.New(event.ProfileErased, *c.ErasedAt, event.About{Subject: c.Subject}, c)
	if err != nil {
		return c, err
	}
	// One event an erasure, also when the last step is repeated.
	e.ID = c.ID
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Append(e) })
	if err != nil && !errors.Is(err, store.ErrDuplicate) {
		return c, err
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return c, fmt.Errorf("erasure %s: %w", c.ID, err)
	}
	return c, s.o.Store.FinishErasure(c.ID, string(c.State), raw)
}

// lastHash is the end of the chain of certificates.
func (s *Service) lastHash(ctx context.Context) (string, error) {
	e, err := s.o.Store.LastErasure(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	last, err := read(e)
	return last.Hash, err
}

// Certificate gives an erasure by its id, or [store.ErrNotFound].
func (s *Service) Certificate(ctx context.Context, id string) (Certificate, error) {
	e, err := s.o.Store.Erasure(ctx, id)
	if err != nil {
		return Certificate{}, err
	}
	return read(e)
}

// Certificates gives a page of erasures, the latest first, and the mark of the
// next page.
func (s *Service) Certificates(ctx context.Context, after string, limit int) (list []Certificate, next string, err error) {
	found, next, err := s.o.Store.Erasures(ctx, "", after, limit)
	if err != nil {
		return nil, "", err
	}
	list = make([]Certificate, len(found))
	for i, e := range found {
		if list[i], err = read(e); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// Lift takes an identifier, in its normal form, again because its owner agreed
// anew. It says whether it was suppressed.
func (s *Service) Lift(typ, value string) (bool, error) { return s.o.Store.Lift(typ, value) }
