package password

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/semaphore"
)

// ErrBusy says that too many passwords are being checked.
var ErrBusy = errors.New("too many passwords are being checked at once")

// Hasher hashes and checks passwords, so many at once. It is safe for
// concurrent use.
type Hasher struct {
	cost    Cost
	atOnce  *semaphore.Weighted
	waiting *semaphore.Weighted
	nobody  hash // what the password of nobody is checked against
}

// NewHasher makes a hasher that computes atOnce hashes at the same time and
// lets sixteen times as many wait.
func NewHasher(c Cost, atOnce int) *Hasher {
	return &Hasher{
		cost: c, atOnce: semaphore.NewWeighted(int64(atOnce)), waiting: semaphore.NewWeighted(int64(atOnce) * 17),
		nobody: c.make("nobody's"),
	}
}

// Make gives the PHC form of a password's hash.
func (h *Hasher) Make(ctx context.Context, password string) (string, error) {
	var made hash
	err := h.work(ctx, func() { made = h.cost.make(password) })
	if err != nil {
		return "", err
	}
	return made.String(), nil
}

// Check says whether a password is the one that a PHC string was made of, and
// whether that string should be made anew because the cost is another today.
// An empty string is of nobody: no password is right, which takes as long to
// find out.
func (h *Hasher) Check(ctx context.Context, phc, password string) (right, anew bool, err error) {
	kept := h.nobody
	if phc != "" {
		if kept, err = parse(phc); err != nil {
			return false, false, err
		}
	}
	err = h.work(ctx, func() { right = kept.matches(password) })
	return right && phc != "", kept.Cost != h.cost, err
}

func (h *Hasher) work(ctx context.Context, do func()) error {
	if !h.waiting.TryAcquire(1) {
		return ErrBusy
	}
	defer h.waiting.Release(1)
	if err := h.atOnce.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("hash a password: %w", err)
	}
	defer h.atOnce.Release(1)
	do()
	return nil
}
