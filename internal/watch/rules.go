package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// MostRules may there be.
const MostRules = 100

// ErrTooMany says that there are as many rules as may be.
var ErrTooMany = errors.New("there are as many rules as may be; delete one that is not needed any more")

// ErrNotYours says that a rule is somebody else's.
var ErrNotYours = errors.New("the rule is somebody else's; ask them or an administrator")

// admin changes what others have made.
const admin = "admin"

// Person is who acts.
type Person struct{ ID, Name, Role string }

// Rules gives all rules, in order of their making.
func (s *Service) Rules(ctx context.Context) ([]store.WatchRule, error) {
	return s.o.Store.WatchRules(ctx)
}

// Make keeps a new rule. It watches from now on.
func (s *Service) Make(ctx context.Context, by Person, w store.WatchWanted) (store.WatchRule, error) {
	r := store.WatchRule{ID: event.NewID(), Owner: by.ID, Created: s.o.Now().UTC(), WatchWanted: w}
	r.By, r.Changed = by.Name, r.Created
	if err := s.check(&r.WatchWanted); err != nil {
		return r, err
	}
	return r, s.save(ctx, func(tx *store.Tx) error {
		if err := roomForOne(tx); err != nil {
			return err
		}
		return tx.SaveWatchRule(r)
	})
}

// roomForOne is [ErrTooMany] when there is no room for one more rule.
func roomForOne(tx *store.Tx) error {
	n, err := tx.CountWatchRules()
	if err == nil && n >= MostRules {
		err = ErrTooMany
	}
	return err
}

func (s *Service) check(w *store.WatchWanted) error {
	if err := Check(w); err != nil {
		return err
	}
	if err := sent("mail", w.Mail, s.o.CheckMail); err != nil {
		return err
	}
	if err := sent("webhook", w.Webhook, s.o.Check); err != nil {
		return err
	}
	switch {
	case w.Webhook == "":
		w.Secret = ""
	case w.Secret == "":
		w.Secret = s.o.Secret()
	}
	return nil
}

// sent says why nothing can be sent to an address; none is fine.
func sent(field, address string, check func(string) error) error {
	if address == "" {
		return nil
	}
	if check == nil {
		return &Invalid{field, "expected nothing: nothing is sent this way here"}
	}
	if err := check(address); err != nil {
		return &Invalid{field, err.Error()}
	}
	return nil
}

// Change puts another wish in the place of a rule's. Its Changed is that of the
// rule which was read: when somebody has changed the rule since, it is
// [store.ErrConflict]; zero asks for no such thing. A webhook that was switched
// off is tried again.
func (s *Service) Change(ctx context.Context, by Person, id string, w store.WatchWanted) (store.WatchRule, error) {
	return s.edit(ctx, by, id, func(_ *store.Tx, r *store.WatchRule) error {
		if !w.Changed.IsZero() && !w.Changed.Equal(r.Changed) {
			return fmt.Errorf("rule %s: %w", id, store.ErrConflict)
		}
		wanted := w
		wanted.By, wanted.Secret = r.By, r.Secret
		r.WatchWanted = wanted
		return s.check(&r.WatchWanted)
	})
}

// Delete ends a rule, which can be brought back for 30 days.
func (s *Service) Delete(ctx context.Context, by Person, id string) error {
	_, err := s.edit(ctx, by, id, func(_ *store.Tx, r *store.WatchRule) error { r.Deleted = s.o.Now().UTC(); return nil })
	return err
}

// Restore brings a rule back, where there is room for it.
func (s *Service) Restore(ctx context.Context, by Person, id string) (store.WatchRule, error) {
	return s.edit(ctx, by, id, func(tx *store.Tx, r *store.WatchRule) error {
		if r.Deleted.IsZero() {
			return nil
		}
		r.Deleted = time.Time{}
		return roomForOne(tx)
	})
}

// NewSecret has webhooks signed with another secret, and gives it.
func (s *Service) NewSecret(ctx context.Context, by Person, id string) (string, error) {
	r, err := s.edit(ctx, by, id, func(_ *store.Tx, r *store.WatchRule) error {
		if r.Webhook == "" {
			return &Invalid{"webhook", "expected an address: there is nothing to sign"}
		}
		r.Secret = s.o.Secret()
		return nil
	})
	return r.Secret, err
}

// edit changes a rule as it is in the write, so that of two who do so at once
// the second sees what the first did.
func (s *Service) edit(ctx context.Context, by Person, id string, change func(*store.Tx, *store.WatchRule) error) (r store.WatchRule, err error) {
	err = s.save(ctx, func(tx *store.Tx) error {
		was, err := tx.WatchRule(id)
		if err != nil {
			return err
		}
		if was.Owner != by.ID && by.Role != admin {
			return ErrNotYours
		}
		r = was
		if err := change(tx, &r); err != nil {
			return err
		}
		r.Changed, r.ChangedBy = s.o.Now().UTC(), by.Name
		return errors.Join(tx.SaveWatchRule(r), drop(tx, was, r))
	})
	return r, err
}

// drop gives up what is on its way to where a rule tells no more.
func drop(tx *store.Tx, was, is store.WatchRule) error {
	var errs error
	if is.Mail != was.Mail || !is.Deleted.IsZero() {
		errs = tx.DropPosts(is.ID, "mail")
	}
	if is.Webhook != was.Webhook || !is.Deleted.IsZero() {
		errs = errors.Join(errs, tx.DropPosts(is.ID, "webhook"))
	}
	return errs
}

// save writes, and has the rules that watch read anew.
func (s *Service) save(ctx context.Context, write func(*store.Tx) error) error {
	s.acts.Lock()
	defer s.acts.Unlock()
	if err := s.o.Store.Write(ctx, write); err != nil {
		return err
	}
	return s.readRules(ctx)
}

// readRules has the rules watch that are stored. The lock of acts is held.
func (s *Service) readRules(ctx context.Context) error {
	found, err := s.o.Store.WatchRules(ctx)
	if err != nil {
		return err
	}
	rules := make([]rule, len(found))
	for i, r := range found {
		rules[i] = ready(r)
	}
	s.mu.Lock()
	s.rules = rules
	s.mu.Unlock()
	return nil
}

// Alerts gives a page of what was told, the latest first.
func (s *Service) Alerts(ctx context.Context, open bool, after string, limit int) (page []Alert, next string, err error) {
	found, next, err := s.o.Store.WatchAlerts(ctx, s.o.Now().Add(-kept), open, after, limit)
	page = make([]Alert, len(found))
	for i, a := range found {
		page[i] = alertView(a)
	}
	return page, next, err
}

// Ack notes that somebody has seen to an alert, or that it is open again. Whoever
// was first stays.
func (s *Service) Ack(ctx context.Context, by Person, id string, done bool) (Alert, error) {
	s.acts.Lock()
	defer s.acts.Unlock()
	var a store.WatchAlert
	err := s.o.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.WatchAlert(id); err != nil || done == !a.Acked.IsZero() {
			return err
		}
		a.Acked, a.AckedBy = time.Time{}, ""
		if done {
			a.Acked, a.AckedBy = s.o.Now().UTC(), by.Name
		}
		return tx.AckWatchAlert(a)
	})
	if err != nil {
		return Alert{}, err
	}
	s.note(a)
	return alertView(a), nil
}

// raise stores an alert, with its messages where there are to be some, by what
// its rule is now: one that is gone tells nothing any more.
func (s *Service) raise(ctx context.Context, a store.WatchAlert) error {
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.WatchRule(a.Rule)
		if err != nil {
			return err
		}
		if !r.Deleted.IsZero() {
			return fmt.Errorf("rule %s is deleted: %w", r.ID, store.ErrNotFound)
		}
		if err := tx.AddWatchAlert(a); err != nil {
			return err
		}
		posts, err := s.posts(a, r)
		if err != nil {
			return err
		}
		for _, post := range posts {
			if err := tx.AddPost(post); err != nil {
				return err
			}
		}
		return nil
	})
}
