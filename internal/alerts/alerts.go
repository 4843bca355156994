// Package alerts keeps searches by a name and watches over them and over
// themes for those who want to be told: when there are so many calls, when they
// differ from their own past, when there is something new, and each Monday what
// the week brought.
//
// What is wanted is a fact, kept with how it stands: a look at a number, the
// alert that comes of it, its event and the messages on their way are one write,
// so that a crash neither loses an alert nor tells it twice. Messages go out
// afterwards, each attempt with the same id. A number that is unfinished, because
// the index or the counters are behind, is never taken for a small one.
//
// There are counts, names and links in what is told, never what was said on a
// call nor what was searched for. The package counts by the search and the
// counters of themes, holds no SQL and no HTTP but for the page on which one
// unsubscribes, and changes nothing of a call.
package alerts

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights/search"
	"heed/internal/alerts/letter"
	"heed/internal/store"
)

// Limits of what is kept.
const (
	MostSearches      = 200  // of one owner
	MostSubscriptions = 50   // of one owner
	mostEvery         = 1000 // subscriptions of all
	// kept is how long what was deleted can be brought back.
	kept = 30 * 24 * time.Hour
)

const (
	// round is how often it is seen what is due, and looked again for what could
	// not be counted. It costs one small read when nothing is.
	round = 10 * time.Second
	// patience bounds one look at a number, and longest a round of them: what was
	// not looked at is first in the next.
	patience, longest = 15 * time.Second, 50 * time.Second
	// mostCalls are counted of a search.
	mostCalls = 100_000
)

// Who acts.
type Who struct{ ID, Role string }

// Admin sees and ends what others have asked for.
const Admin = "admin"

// index is what is needed of the search.
type index interface {
	Calls(ctx context.Context, text string, since time.Time, most int) (search.Found, error)
	Search(ctx context.Context, q search.Query) (search.Result, error)
}

// known is what is needed of themes.
type known interface {
	// Known gives a theme's title, the theme in whose numbers it is counted (or
	// "") and whether those are finished.
	Known(ctx context.Context, id string) (title, as string, complete bool, err error)
}

// carrier takes messages out of the house. An error with a method Later says
// whether and when to try again, one with Gone that nothing is wanted any more.
type carrier interface {
	// Check says why an address cannot be written to.
	Check(address string) error
	// Send makes one attempt.
	Send(ctx context.Context, p store.Post) error
}

// Options are what a Service is made from. All but the last five are needed.
type Options struct {
	Store  *store.Store
	Search index
	Themes known
	// Mail and Webhook are the ways out.
	Mail, Webhook carrier
	Letters       *letter.Writer
	// Secret makes a secret to sign webhooks with.
	Secret func() string
	// Key signs the links by which one unsubscribes, 32 bytes.
	Key []byte
	// URL is where people open Heed, without a slash at the end.
	URL func() string

	Zone       *time.Location // the organisation's; nil is UTC
	Quiet      Quiet
	Logger     *slog.Logger          // nil logs nothing
	Registerer prometheus.Registerer // nil counts nothing
	Now        func() time.Time      // nil means time.Now
}

// Service keeps and watches. It is safe for concurrent use.
type Service struct {
	o    Options
	log  *slog.Logger
	bell chan struct{} // room for one: there is something to send
	// watching is held for a round: two at once would judge the same number.
	watching sync.Mutex
	metrics  metrics
}

// New makes a Service. It starts nothing; see [Service.Run].
func New(o Options) *Service {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "alerts"), bell: make(chan struct{}, 1), metrics: newMetrics(o.Registerer)}
}

// Run watches and sends until ctx ends.
func (s *Service) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { s.carry(ctx) })
	every := time.NewTicker(round)
	defer every.Stop()
	for {
		if err := s.Watch(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("nothing was watched", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// now is the present moment on the organisation's clocks.
func (s *Service) now() time.Time { return s.o.Now().In(s.o.Zone) }

// ring has what is due sent now.
func (s *Service) ring() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// Quiet is a time of day in which nobody is written to: what comes to pass in
// it is told when it ends. The zero value is none.
type Quiet struct {
	// From and To are times of day since midnight; From may be after To.
	From, To time.Duration
}

// ends gives when somebody may be written to: a moment, or the end of the
// quiet time in which it lies, on the clocks of its zone.
func (q Quiet) ends(at time.Time) time.Time {
	if q.From == q.To {
		return at
	}
	y, m, d := at.Date()
	on := func(day int, of time.Duration) time.Time {
		return time.Date(y, m, d+day, int(of/time.Hour), int(of%time.Hour/time.Minute), 0, 0, at.Location())
	}
	for day := -1; day <= 1; day++ {
		from, to := on(day, q.From), on(day, q.To)
		if q.To < q.From {
			to = on(day+1, q.To)
		}
		if !at.Before(from) && at.Before(to) {
			return to
		}
	}
	return at
}

// Invalid says what is wrong with a field.
type Invalid struct {
	Field, Want string
	Value       any // the place in a query
	// Query says that it is one that does not parse.
	Query bool
}

func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

// ErrTooMany says that somebody has as many as may be had.
var ErrTooMany = errors.New("there are as many as may be; delete one that is not needed any more")

// metrics count what happens.
type metrics struct {
	looks  *prometheus.CounterVec
	alerts prometheus.Counter
	posts  *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) metrics {
	m := metrics{
		looks:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "heed_alert_looks_total", Help: "Numbers that were looked at for subscriptions, by what came of it."}, []string{"note"}),
		alerts: prometheus.NewCounter(prometheus.CounterOpts{Name: "heed_alerts_total", Help: "Alerts that were raised."}),
		posts:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "heed_alert_messages_total", Help: "Attempts to send alerts and digests, by way and result."}, []string{"by", "result"}),
	}
	if reg != nil {
		reg.MustRegister(m.looks, m.alerts, m.posts)
	}
	return m
}

// Leave is the page on which one unsubscribes; its pattern has a place "token".
func (s *Service) Leave() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /unsubscribe/{token}": http.HandlerFunc(s.ask), "POST /unsubscribe/{token}": http.HandlerFunc(s.leave),
	}
}

// url is a whole address of a path.
func (s *Service) url(path string) string { return cmp.Or(s.o.URL(), "") + path }
