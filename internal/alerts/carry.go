package alerts

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"heed/internal/store"
)

// atOnce is how many messages are on their way at the same time: a receiver that
// hangs holds up few others.
const atOnce = 4

// pauses between attempts are those that Standard Webhooks suggests; after the
// last one a message is given up.
var pauses = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// carry sends what is due until ctx ends.
func (s *Service) carry(ctx context.Context) {
	every := time.NewTicker(pauses[0])
	defer every.Stop()
	for {
		if err := s.Send(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("alerts were not sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		case <-s.bell:
		}
	}
}

// Send makes one attempt for each message that is due.
func (s *Service) Send(ctx context.Context) error {
	due, err := s.o.Store.PostsDue(ctx, s.o.Now(), 100)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	free := make(chan struct{}, atOnce)
	for _, p := range due {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-free }()
			if err := s.attempt(ctx, p); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// attempt sends one message and notes what became of it. What was sent and not
// noted, because of a crash, is sent again with the same id.
func (s *Service) attempt(ctx context.Context, p store.Post) error {
	way := s.o.Mail
	if p.By == ByWebhook {
		way = s.o.Webhook
	}
	err := way.Send(ctx, p)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // an attempt that we broke off is none
	}
	p.Tries++
	over := s.became(&p, err)
	s.metrics.posts.WithLabelValues(p.By, string(p.State)).Inc()
	if p.State != store.PostSent {
		s.log.Warn("an alert was not taken", "by", p.By, "subscription", p.Subscription, "attempt", p.Tries, "state", string(p.State), "reason", p.Why)
	}
	return s.o.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.SetPost(p); err != nil || !over {
			return err
		}
		return tx.RefusePosts(p, s.o.Now())
	})
}

// became says what became of a message; over that its receiver wants no more.
func (s *Service) became(p *store.Post, err error) (over bool) {
	now := s.o.Now()
	if err == nil {
		p.State, p.Why, p.Due = store.PostSent, "", now
		return false
	}
	p.State, p.Why = store.PostWaiting, err.Error()
	wait, again := time.Duration(0), true
	var later interface{ Later() (time.Duration, bool) }
	if errors.As(err, &later) {
		wait, again = later.Later()
	}
	if !again || p.Tries > len(pauses) {
		p.State, p.Due = store.PostFailed, now
	} else {
		pause := pauses[p.Tries-1]
		pause += rand.N(pause/10 + 1) // so that those who failed together do not come back together
		p.Due = now.Add(max(pause, wait))
	}
	var gone interface{ Gone() bool }
	return errors.As(err, &gone) && gone.Gone()
}
