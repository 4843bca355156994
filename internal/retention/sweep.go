package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// dropping is how what is of a class goes.
type dropping struct {
	class store.Kept
	// rows deletes what is in the tables of a call, or is [store.ErrKept].
	rows func(ctx context.Context, call string, days int) error
	// rest deletes what else there is of calls, and gives those of which nothing
	// is left and how many failed. It may be repeated.
	rest func(ctx context.Context, calls []string) (gone []string, failed int)
}

// Sweep deletes what is too old now. A call that fails is passed over; the error
// is of all that did.
func (s *Service) Sweep(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(
		s.sweep(ctx, dropping{Recordings, s.recordingRows, s.destroy}),
		s.sweep(ctx, dropping{Transcripts, s.transcriptRows, s.unsearch}),
	)
}

func (s *Service) sweep(ctx context.Context, d dropping) error {
	done, failed := 0, 0
	for after := (store.OldCall{}); ; {
		days, err := s.o.Store.RetentionDays(ctx, d.class) // somebody may change it meanwhile
		if err != nil || days == 0 {
			return err
		}
		page, err := s.o.Store.OldCalls(ctx, d.class, s.before(days), after, batch)
		if err != nil {
			return fmt.Errorf("%s: %w", d.class, err)
		}
		if len(page) == 0 {
			break
		}
		n, bad := s.drop(ctx, d, page, days)
		done, failed = done+n, failed+bad
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // the end, not a fault
		}
		after = page[len(page)-1]
	}
	if done > 0 {
		s.log.Info("deleted for its age", "class", d.class, "calls", done)
	}
	if failed > 0 {
		return fmt.Errorf("%s: %d calls could not be deleted", d.class, failed)
	}
	return nil
}

// drop deletes what is of a class of some calls, and counts those that are done
// and those that failed.
func (s *Service) drop(ctx context.Context, d dropping, page []store.OldCall, days int) (done, failed int) {
	var begun []string
	for _, c := range page {
		if !c.Begun {
			err := d.rows(ctx, c.ID, days)
			if errors.Is(err, store.ErrKept) {
				continue
			}
			if err != nil {
				s.log.Error("a call is not deleted for its age; it is tried again", "class", d.class, "call", c.ID, "error", err)
				failed++
				continue
			}
		}
		begun = append(begun, c.ID)
	}
	gone, bad := d.rest(ctx, begun)
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range gone {
			if err := tx.SettleAged(d.class, id, s.o.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.log.Error("what is deleted for its age is not noted; it is tried again", "class", d.class, "calls", len(gone), "error", err)
		return 0, failed + len(begun)
	}
	return len(gone), failed + bad
}

func (s *Service) recordingRows(ctx context.Context, call string, days int) error {
	there := s.o.Stored(call)
	why := fmt.Sprintf("The recording was deleted after %d days, for that long recordings are kept.", days)
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.AgeRecording(call, there, why, s.before(days), s.o.Now())
	})
}

// destroy destroys recordings, each by itself. A hold that was laid since the
// rows went saves the file still.
func (s *Service) destroy(ctx context.Context, calls []string) (gone []string, failed int) {
	for _, id := range calls {
		held, err := s.o.Store.IsHeld(ctx, id)
		if held {
			continue
		}
		if err == nil {
			_, err = s.o.Audio.Destroy(id)
		}
		if err != nil {
			s.log.Error("a recording is not destroyed; it is tried again", "call", id, "error", err)
			failed++
			continue
		}
		gone = append(gone, id)
	}
	return gone, failed
}

func (s *Service) transcriptRows(ctx context.Context, call string, days int) error {
	return s.o.Words.AgeTranscript(ctx, call, s.before(days))
}

// unsearch takes what was said out of what is derived from the log.
func (s *Service) unsearch(ctx context.Context, calls []string) (gone []string, failed int) {
	if len(calls) == 0 {
		return nil, 0
	}
	if err := s.underive(ctx, calls); err != nil {
		s.log.Error("words may still be found; it is tried again", "calls", len(calls), "error", err)
		return nil, len(calls)
	}
	return calls, 0
}

func (s *Service) underive(ctx context.Context, calls []string) error {
	var said []string
	for _, id := range calls {
		ids, err := s.saidOn(ctx, id)
		if err != nil {
			return err
		}
		said = append(said, ids...)
	}
	head, err := s.o.Store.LastSeq(ctx)
	if err != nil {
		return err
	}
	return errors.Join(s.o.Index.Forget(ctx, head, calls, said), s.o.Themes.Forget(ctx, calls))
}

// saidOn gives the ids of what was said on a call, which the log has when
// nothing else has them any more.
func (s *Service) saidOn(ctx context.Context, call string) (said []string, err error) {
	events, err := s.o.Store.Events(ctx, store.EventQuery{Call: call, Types: []event.Type{event.CallForgotten}})
	for _, e := range events {
		var f event.Forgotten
		if err := json.Unmarshal(e.Data, &f); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		said = append(said, f.Utterances...)
	}
	return said, err
}

func (s *Service) before(days int) time.Time { return s.o.Now().AddDate(0, 0, -days) }
