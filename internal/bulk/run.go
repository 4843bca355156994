package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"heed/internal/intake"
	"heed/internal/media"
)

// Status is what became of a recording so far.
type Status struct {
	ID, State, Call, Note string
	Length                time.Duration // of its call
}

// over says that nothing more will become of it.
func (s Status) over() bool { return s.State == "done" || s.State == "failed" }

// ErrFile is what is wrong with one file: the others go on.
var ErrFile = errors.New("not imported")

// Queue takes recordings and makes calls of them.
type Queue interface {
	// Known gives the recording that has these bytes, by their SHA-256 in hex;
	// an empty id is none.
	Known(ctx context.Context, hash string) (Status, error)
	// Bring takes a recording; what is wrong with it is ErrFile.
	Bring(ctx context.Context, s intake.Submission, body io.Reader) (Status, error)
	// Look gives what became of one by now.
	Look(ctx context.Context, id string) (Status, error)
}

// Outcome is what became of an item.
type Outcome struct {
	Item

	Status
	Before bool  // it was there before
	Err    error // is ErrFile
}

// Options say how an import runs.
type Options struct {
	Jobs int           // recordings on their way at once
	Poll time.Duration // how often a queue is asked
	Dry  bool          // bring nothing; look only whether it is a recording
}

// Run imports all recordings of a source and tells what became of each, from
// one goroutine at a time. The error is that of the queue or of ctx; asked for
// again, the import passes over what is there.
func Run(ctx context.Context, s *Source, q Queue, o Options, tell func(Outcome)) error {
	outer := ctx
	group, ctx := errgroup.WithContext(outer)
	group.SetLimit(max(o.Jobs, 1))
	var mu sync.Mutex
	for i, err := range s.Items() {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			out := Outcome{Item: i}
			switch {
			case err != nil:
				out.Err = fmt.Errorf("%w: %w", ErrFile, err)
			case o.Dry:
				out.Err = look(i)
			default:
				out.Status, out.Before, out.Err = bring(ctx, i, q, o.Poll)
			}
			if out.Err != nil && !errors.Is(out.Err, ErrFile) {
				return fmt.Errorf("%s: %w", i.Name, out.Err)
			}
			mu.Lock()
			defer mu.Unlock()
			tell(out)
			return nil
		})
	}
	return errors.Join(group.Wait(), outer.Err())
}

// look says what is wrong with a file at first sight.
func look(i Item) error {
	f, err := i.open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer func() { _ = f.Close() }() // read only
	head := make([]byte, media.HeadBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	switch media.KindOf(head[:n]) {
	case "":
		return fmt.Errorf("%w: it is none of WAV, MP3, M4A, Ogg and FLAC, whatever its name says", ErrFile)
	case media.WAV:
		return nil
	case media.MP3, media.MP4, media.Ogg, media.FLAC, media.AAC:
	}
	if err := media.Ready(media.Options{}); err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	return nil
}

// bring brings one recording and waits until it is a call.
func bring(ctx context.Context, i Item, q Queue, poll time.Duration) (s Status, before bool, err error) {
	f, err := i.open()
	if err != nil {
		return s, false, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer func() { _ = f.Close() }() // read only
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return s, false, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if s, err = q.Known(ctx, hex.EncodeToString(sum.Sum(nil))); err != nil {
		return s, false, err
	}
	before = s.ID != "" && s.State != "failed" // one that failed is tried again
	if !before {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return s, false, fmt.Errorf("%w: %w", ErrFile, err)
		}
		if s, err = q.Bring(ctx, i.Submission, f); err != nil {
			return s, false, err
		}
	}
	before = before && s.over()
	s, err = await(ctx, s, q, poll)
	return s, before, err
}

// await waits until a recording is a call or has failed.
func await(ctx context.Context, s Status, q Queue, poll time.Duration) (Status, error) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for !s.over() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return s, ctx.Err()
		}
		var err error
		if s, err = q.Look(ctx, s.ID); err != nil {
			return s, err
		}
	}
	if s.State == "failed" {
		return s, fmt.Errorf("%w: %s", ErrFile, s.Note)
	}
	return s, nil
}
