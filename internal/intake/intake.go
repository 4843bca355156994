package intake

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/media"
	"heed/internal/recording"
	"heed/internal/store"
	"heed/transcribe"
)

// Write takes a frame of one party of a recording.
type Write = func(who insights.Speaker, f transcribe.Frame) error

// Past makes a call of what fill writes; known says that the platform's call is
// another one that is stored. See session.Manager.Past.
type Past func(ctx context.Context, c event.Call, fill func(Write) error) (_ event.Call, known bool, _ error)

// Fetcher brings the bytes behind an address of a platform.
type Fetcher interface {
	// Check says why an address would never be fetched.
	Check(platform, address string) error
	// Fetch brings what is there. An error with a method Later says when to try
	// again, or that it is in vain.
	Fetch(ctx context.Context, platform, address string, to io.Writer) error
}

// later is an error that knows when to try again.
type later interface {
	error
	// Later is how long to wait at least; false when it is in vain.
	Later() (time.Duration, bool)
}

// Options are what a Service needs. Store, Past, Dir, Key and Logger are
// required.
type Options struct {
	Store *store.Store
	Past  Past
	// Fetch may be nil: then nothing can be asked for. Fetches says for which
	// platforms their webhooks may ask.
	Fetch   Fetcher
	Fetches func(platform string) bool
	Dir     string // that of the recordings
	Key     []byte // of its spools
	Media   media.Options
	Limits

	Logger *slog.Logger
	Now    func() time.Time // nil means time.Now
}

// Limits bound what is taken and what is done at once.
type Limits struct {
	Largest int64 // bytes of a recording; 0 is 1 GiB
	// Together is how many are heard at once while no call lives; 0 is half of
	// the cores, for each has two parties.
	Together int
	// Live counts the live calls; nil is none.
	Live func() int
	// Ready says whether anything can be heard; nil is always.
	Ready func() bool
}

// Service is the queue. It is safe for concurrent use; one Work runs at a time.
type Service struct {
	o     Options
	log   *slog.Logger
	fetch lane
	hear  lane
	// coming holds the ids of recordings whose bytes come in just now.
	coming sync.Map
}

// New makes a Service.
func New(o Options) *Service {
	o.Largest = cmp.Or(o.Largest, 1<<30)
	o.Together = cmp.Or(o.Together, max(1, runtime.GOMAXPROCS(0)/2))
	if o.Live == nil {
		o.Live = func() int { return 0 }
	}
	if o.Ready == nil {
		o.Ready = func() bool { return true }
	}
	if o.Fetches == nil {
		o.Fetches = func(string) bool { return false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Service{o: o, log: o.Logger.With("component", "intake")}
	s.fetch = newLane(s.fetchOne, func() int { return fetchedAtOnce }, store.IncomingWanted)
	s.hear = newLane(s.hearOne, s.room, store.IncomingHearing, store.IncomingFetched)
	return s
}

func (s *Service) files() recording.Options { return recording.Options{Dir: s.o.Dir, Key: s.o.Key} }

// Add takes a recording. It gives what it has become by now, and false when its
// bytes or its platform's id were known. ErrRefused and ErrTooLarge say that
// nothing was taken.
func (s *Service) Add(ctx context.Context, sub Submission, body io.Reader) (_ store.Incoming, taken bool, err error) {
	now := s.o.Now()
	if sub, err = sub.checked(now); err != nil {
		return store.Incoming{}, false, err
	}
	in := bufio.NewReaderSize(body, 4096)
	if err := s.sniff(in); err != nil {
		return store.Incoming{}, false, err
	}
	i := sub.incoming(event.NewID(), now)
	s.coming.Store(i.ID, true)
	defer s.coming.Delete(i.ID)
	if i.Hash, i.Bytes, err = s.pack(i.ID, func(w io.Writer) error { _, err := io.Copy(w, in); return err }); err != nil {
		return i, false, err
	}
	i.State = store.IncomingFetched
	known, err := s.put(ctx, i, sub.Key)
	if err != nil || known.ID != i.ID {
		return known, false, errors.Join(err, recording.DestroyParcel(s.o.Dir, i.ID))
	}
	s.hear.look()
	return i, true, nil
}

// sniff looks at the first bytes.
func (s *Service) sniff(in *bufio.Reader) error {
	head, err := in.Peek(media.HeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("receive a recording: %w", err)
	}
	return s.readable(head)
}

// readable refuses by its first bytes what cannot be read here.
func (s *Service) readable(head []byte) error {
	switch kind := media.KindOf(head); kind {
	case "":
		return fmt.Errorf("%w: it is none of WAV, MP3, M4A, Ogg and FLAC, whatever its name says", ErrRefused)
	case media.WAV:
		return nil
	default:
		if err := media.Ready(s.o.Media); err != nil {
			return fmt.Errorf("%w: this is %s: %w", ErrRefused, kind, err)
		}
	}
	return nil
}

// pack seals what fill writes, and gives its hash and size. After an error
// nothing is left of it.
func (s *Service) pack(id string, fill func(io.Writer) error) (hash string, size int64, err error) {
	p, err := recording.CreateParcel(s.files(), id)
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	w := &counted{to: io.MultiWriter(p, sum), left: s.o.Largest}
	if err = fill(w); err != nil {
		err = errors.Join(err, p.Abandon())
	} else {
		err = p.Close()
	}
	if err != nil {
		return "", 0, errors.Join(err, recording.DestroyParcel(s.o.Dir, id))
	}
	return hex.EncodeToString(sum.Sum(nil)), s.o.Largest - w.left, nil
}

// sniffed lets through what is readable by its first bytes.
type sniffed struct {
	to    io.Writer
	check func(head []byte) error
	head  []byte // until there is enough of it
	open  bool
}

func (w *sniffed) Write(b []byte) (int, error) {
	if w.open {
		return w.to.Write(b)
	}
	if w.head = append(w.head, b...); len(w.head) < media.HeadBytes {
		return len(b), nil
	}
	return len(b), w.end()
}

// end lets through what there is.
func (w *sniffed) end() error {
	if w.open {
		return nil
	}
	if err := w.check(w.head); err != nil {
		return err
	}
	w.open = true
	_, err := w.to.Write(w.head)
	return err
}

// counted refuses more bytes than are taken.
type counted struct {
	to   io.Writer
	left int64
}

func (c *counted) Write(b []byte) (int, error) {
	if c.left -= int64(len(b)); c.left < 0 {
		return 0, ErrTooLarge
	}
	return c.to.Write(b)
}

// repeatable is how long a repeated key gets the first answer.
const repeatable = 24 * time.Hour

// put stores a new recording, or gives the one that has its bytes or its
// platform's id. One that failed makes room for another try.
func (s *Service) put(ctx context.Context, i store.Incoming, key string) (store.Incoming, error) {
	what := cmp.Or(i.Hash, i.Platform+" "+i.Source+" "+i.About.URL)
	if key != "" {
		r, err := s.o.Store.Recalled(ctx, key, what)
		if err == nil {
			return s.o.Store.Incoming(ctx, string(r.Body))
		}
		if !errors.Is(err, store.ErrNotFound) {
			return i, err
		}
	}
	old, err := s.known(ctx, i)
	if err != nil || old.ID != "" && old.State != store.IncomingFailed {
		return old, err
	}
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if old.ID != "" {
			if err := tx.DropIncoming(old.ID); err != nil {
				return err
			}
		}
		if err := tx.PutIncoming(i); err != nil || key == "" {
			return err
		}
		return tx.Remember(key, what, []byte(i.ID), 202, repeatable)
	})
	if errors.Is(err, store.ErrDuplicate) { // somebody else brought it just now
		if old, err := s.known(ctx, i); err != nil || old.ID != "" {
			return old, err
		}
	}
	return i, err
}

// known gives the recording that has the bytes or the platform's id of another,
// or none.
func (s *Service) known(ctx context.Context, i store.Incoming) (old store.Incoming, err error) {
	if i.Hash != "" {
		if old, err = s.o.Store.IncomingByHash(ctx, i.Hash); !errors.Is(err, store.ErrNotFound) {
			return old, err
		}
	}
	if i.Source != "" {
		if old, err = s.o.Store.IncomingBySource(ctx, i.Platform, i.Source); !errors.Is(err, store.ErrNotFound) {
			return old, err
		}
	}
	return store.Incoming{}, nil
}

// Recording is a recording that a platform's webhook tells of.
type Recording struct {
	Platform  string
	Call      string // the platform's id of the call
	ID        string // and of the recording
	URL       string
	At        time.Time // when the call began
	Channels  int
	Direction string
	From, To  string
}

// Want has a recording fetched, once, however often it is told of; it returns
// when that is durable. For a platform whose recordings are not fetched it does
// nothing.
func (s *Service) Want(ctx context.Context, r Recording) error {
	if s.o.Fetch == nil || !s.o.Fetches(r.Platform) {
		return nil
	}
	if r.ID == "" {
		return fmt.Errorf("%w: the recording has no id", ErrRefused)
	}
	_, _, err := s.Ask(ctx, Submission{Platform: r.Platform, Source: r.ID, About: store.Particulars{
		URL: r.URL, Call: r.Call, Started: r.At, Direction: r.Direction, From: r.From, To: r.To, Channels: r.Channels, First: firstOf(r),
	}})
	return err
}

// firstOf tells who is on the first of two channels: on Twilio the leg that
// came first, which is the caller's.
func firstOf(r Recording) insights.Speaker {
	if r.Platform == "twilio" && r.Direction != "outbound" {
		return insights.Customer
	}
	return ""
}

// Ask has what is behind an address fetched; see Add.
func (s *Service) Ask(ctx context.Context, sub Submission) (_ store.Incoming, taken bool, err error) {
	now := s.o.Now()
	if sub, err = sub.checked(now); err != nil {
		return store.Incoming{}, false, err
	}
	if s.o.Fetch == nil || sub.About.URL == "" {
		return store.Incoming{}, false, fmt.Errorf("%w: recordings are not fetched here", ErrRefused)
	}
	if err := s.o.Fetch.Check(sub.Platform, sub.About.URL); err != nil {
		return store.Incoming{}, false, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	i := sub.incoming(event.NewID(), now)
	i.State = store.IncomingWanted
	known, err := s.put(ctx, i, sub.Key)
	if err != nil || known.ID != i.ID {
		return known, false, err
	}
	s.fetch.look()
	return i, true, nil
}

// Get gives a recording by id.
func (s *Service) Get(ctx context.Context, id string) (store.Incoming, error) {
	return s.o.Store.Incoming(ctx, id)
}

// ByHash gives the recording that has these bytes, by their SHA-256 in hex.
func (s *Service) ByHash(ctx context.Context, hash string) (store.Incoming, error) {
	return s.o.Store.IncomingByHash(ctx, hash)
}

// List gives a page of recordings, the latest first; see store.Incomings.
func (s *Service) List(ctx context.Context, state store.IncomingState, after string, limit int) ([]store.Incoming, string, error) {
	return s.o.Store.Incomings(ctx, state, after, limit)
}

// Counts is how many recordings are in each state.
func (s *Service) Counts(ctx context.Context) (store.IncomingCounts, error) {
	return s.o.Store.CountIncoming(ctx)
}
