// Package door is the customer's own door: pages on which a person sees what
// is known about them and why, says yes or no to each use of it, corrects it,
// takes a copy of everything, and is forgotten. It also sends the links that
// lead there.
//
// The pages are plain HTML and need no script. Nobody is let in but by an
// address of theirs, nobody sees anything of anybody else, and a stranger does
// not learn whether an address is known. What people do here is committed by
// others; the package holds no rule about consent and no SQL.
package door

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"heed/internal/consent"
	"heed/internal/door/known"
	"heed/internal/door/pass"
	"heed/internal/door/texts"
	"heed/internal/ledger"
	"heed/internal/mail"
)

// Options is what a door needs. Optional fields say so.
type Options struct {
	Keeper *pass.Keeper
	Reader *known.Reader
	Words
	Acts     acts
	Untrue   error // with which Acts says that what was typed cannot be right
	Sender   sender
	Receipts receipts
	// Eraser forgets people; without one the door does not offer it.
	Eraser eraser
	// Company is the name on the pages; may be empty.
	Company string
	URL     func() string  // of this server as customers reach it, without a slash at the end
	Region  string         // of numbers written without a country
	Zone    *time.Location // of the times on the pages
	Secure  bool           // browsers reach the server by HTTPS only
	Logger  *slog.Logger
	Now     func() time.Time
}

// Words are what a door says.
type Words struct {
	Texts  *texts.Set
	Teller teller // of suggestions
}

// acts commits what a person does here.
type acts interface {
	// SetConsent adds a row to the ledger.
	SetConsent(ctx context.Context, r consent.Row) (consent.Row, error)
	// Declare records what the person says of themselves.
	Declare(ctx context.Context, customerID, name string, value any) error
	// Prove records that the person holds an address of theirs.
	Prove(ctx context.Context, customerID, typ, value string) error
	objections
}

// objections commits what a person says of a decision.
type objections interface {
	// Contest records that the person does not agree with a decision.
	Contest(ctx context.Context, customerID, decisionID, words string) error
	// AnswerContest records what the company says to that.
	AnswerContest(ctx context.Context, decisionID, answer, by string) error
	// Refuse records, once, that a suggestion of a decision does not fit the person.
	Refuse(ctx context.Context, decisionID, action string) error
}

// teller words why a person sees the suggestions of a decision.
type teller interface {
	Tell(l *texts.Language, d known.Decision) []known.Told
}

// sender carries messages.
type sender interface {
	Send(ctx context.Context, m mail.Message) error
}

// receipts makes a person's record of consent.
type receipts interface {
	Receipt(ctx context.Context, customerID, language string) (ledger.Receipt, error)
}

// eraser forgets a person for good.
type eraser interface {
	Forget(ctx context.Context, customerID, by string) (certificateID string, err error)
	// Certificate gives the proof of it, which tells nothing of the person;
	// done is false as long as a call of theirs goes on. [known.ErrNotTheirs]
	// when there is none.
	Certificate(ctx context.Context, id string) (text string, done bool, err error)
}

// Door answers under /my. It is made by New; Close ends it.
type Door struct {
	o     Options
	log   *slog.Logger
	pages *pages
	mux   *http.ServeMux

	asked   *pass.Limit // codes by address
	clients *pass.Limit // what strangers do, by where they are
	copies  *pass.Limit // copies by person
	invited *pass.Limit // links by person
	sending sync.WaitGroup
	queue   chan struct{} // holds a place for each message on its way
}

// How much is let through. A code can be tried five times: a stranger who asks
// for all the codes there are for an address guesses one in 4,000 a day.
const (
	codesAtOnce    = 3
	codesEvery     = 30 * time.Minute
	strangersBurst = 30
	strangersEvery = 10 * time.Second
	copiesAtOnce   = 3
	copiesEvery    = 10 * time.Minute
	linksAtOnce    = 5
	linksEvery     = 10 * time.Minute
	mostSending    = 32
)

// New makes a door. The error is about the pages or the texts in the binary.
func New(o Options) (*Door, error) {
	p, err := newPages(o)
	if err != nil {
		return nil, err
	}
	d := &Door{
		o: o, log: o.Logger.With("component", "door"), pages: p,
		asked:   pass.NewLimit(codesAtOnce, codesEvery, o.Now),
		clients: pass.NewLimit(strangersBurst, strangersEvery, o.Now),
		copies:  pass.NewLimit(copiesAtOnce, copiesEvery, o.Now),
		invited: pass.NewLimit(linksAtOnce, linksEvery, o.Now),
		queue:   make(chan struct{}, mostSending),
	}
	d.routes()
	return d, nil
}

// Close waits until the messages on their way were handed over, or for ctx.
func (d *Door) Close(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		d.sending.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Door) routes() {
	d.mux = http.NewServeMux()
	d.mux.HandleFunc("GET /my", d.front)
	d.mux.HandleFunc("GET /my/{$}", d.front)
	d.mux.HandleFunc("GET /my/style.css", d.style)
	d.mux.HandleFunc("POST /my/ask", d.stranger(d.ask))
	d.mux.HandleFunc("GET /my/code", d.codePage)
	d.mux.HandleFunc("POST /my/code", d.stranger(d.code))
	d.mux.HandleFunc("GET /my/open", d.openPage)
	d.mux.HandleFunc("POST /my/open", d.stranger(d.open))
	d.mux.HandleFunc("GET /my/language", d.language)
	d.mux.HandleFunc("GET /my/known", d.guest(d.known))
	d.mux.HandleFunc("POST /my/known/correct", d.guest(d.correct))
	d.mux.HandleFunc("GET /my/choices", d.guest(d.choices))
	d.mux.HandleFunc("POST /my/choices", d.guest(d.choose))
	d.mux.HandleFunc("POST /my/choices/stop", d.guest(d.stop))
	d.mux.HandleFunc("POST /my/choices/undo", d.guest(d.undo))
	d.mux.HandleFunc("GET /my/history", d.guest(d.history))
	d.mux.HandleFunc("GET /my/calls", d.guest(d.calls))
	d.mux.HandleFunc("GET /my/calls/{id}", d.guest(d.call))
	d.mux.HandleFunc("GET /my/calls/{id}/recording", d.guest(d.recording))
	d.mux.HandleFunc("GET /my/offers", d.guest(d.offers))
	d.mux.HandleFunc("POST /my/offers/{id}/contest", d.guest(d.contest))
	d.mux.HandleFunc("POST /my/offers/{id}/unfit", d.guest(d.unfit))
	d.mux.HandleFunc("GET /my/copy", d.guest(d.copyPage))
	d.mux.HandleFunc("POST /my/copy", d.guest(d.copy))
	d.mux.HandleFunc("POST /my/leave", d.guest(d.leave))
	if d.o.Eraser != nil {
		d.mux.HandleFunc("GET /my/forget", d.guest(d.forgetPage))
		d.mux.HandleFunc("POST /my/forget", d.guest(d.forget))
		d.mux.HandleFunc("GET /my/certificate/{id}", d.stranger(d.certificate))
	}
	d.mux.HandleFunc("GET /my/", func(w http.ResponseWriter, r *http.Request) { d.refuse(w, r, http.StatusNotFound) })
	d.mux.HandleFunc("POST /my/", func(w http.ResponseWriter, r *http.Request) { d.refuse(w, r, http.StatusNotFound) })
}

// largestForm bounds a form, in bytes.
const largestForm = 16 << 10

// ServeHTTP answers every request under /my. Nothing of it is kept by browsers
// or what is between.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/x-www-form-urlencoded" {
			d.refuse(w, r, http.StatusUnsupportedMediaType)
			return
		}
		if err := r.ParseForm(); err != nil {
			d.refuse(w, r, http.StatusRequestEntityTooLarge)
			return
		}
	}
	d.mux.ServeHTTP(w, r)
}

// stranger lets nobody try too much from one place.
func (d *Door) stranger(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.clients.Allow(pass.Client(r)) {
			w.Header().Set("Retry-After", "60")
			d.refuse(w, r, http.StatusTooManyRequests)
			return
		}
		next(w, r)
	}
}
