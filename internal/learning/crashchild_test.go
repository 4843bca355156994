package learning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing/fstest"
	"time"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/ingest/segment"
	"heed/internal/propensity"
	"heed/internal/slots"
	"heed/internal/store"
)

// crashGoods are two actions whose answers are waited for so short a time that
// many come too late.
const crashGoods = `version: 1
actions:
  - {id: sell, issue: sales, group: g, purpose: marketing, title: T, say: S, channels: [web, email], value: {margin: 4000}, prior: {p: 0.2}, answers: {web: {timeout: 30ms}, email: {timeout: 30ms}}}
  - {id: thank, issue: care, group: c, purpose: marketing, title: T, say: S, channels: [web, email], value: {margin: 3000}, prior: {p: 0.3}, answers: {web: {timeout: 30ms}, email: {timeout: 30ms}}}
`

// crashServer is the part of a server through which outcomes come: the store,
// the brain, open slots, the door of events, the learner and the sweep.
type crashServer struct {
	store   *store.Store
	brain   *brain.Brain
	decider *decide.Decider
	slots   *slots.Service
	learner *Learner
	work    sync.WaitGroup
	stop    context.CancelFunc
}

func crashModel() (*propensity.Model, error) { return propensity.New(propensity.Options{Bits: 10}) }

func newCrashServer(ctx context.Context, dir string, now func() time.Time) (*crashServer, error) {
	s, log := &crashServer{}, slog.New(slog.DiscardHandler)
	var err error
	if s.store, err = store.Open(ctx, store.Options{Path: dir}); err != nil {
		return nil, err
	}
	c, err := decide.LoadCatalogue(fstest.MapFS{"goods.yaml": &fstest.MapFile{Data: []byte(crashGoods)}})
	if err != nil {
		return nil, err
	}
	model, err := crashModel()
	if err != nil {
		return nil, err
	}
	if s.decider, err = decide.New(decide.Options{Catalogue: c, Propensity: model, Explore: decide.Explore{Uniform: 0.5}}); err != nil {
		return nil, err
	}
	s.brain = brain.New(brain.Options{Store: s.store, Decider: s.decider, Logger: log, Region: "US", Now: now})
	s.slots, err = slots.New(ctx, slots.Options{
		Store: s.store, Brain: s.brain, Decisions: decisions.New(decisions.Options{Brain: s.brain, Store: s.store, Rules: s.decider}), Decider: s.decider, Logger: log, Now: now,
	})
	if err != nil {
		return nil, err
	}
	s.learner, err = New(Options{Store: s.store, Model: model, File: filepath.Join(dir, "learner"), Logger: log})
	return s, err
}

// begin starts what works beside the requests, far more often than a server
// does: a kill hits the sweep and the writing of the checkpoint as well.
func (s *crashServer) begin(ctx context.Context) {
	ctx, s.stop = context.WithCancel(ctx)
	follow := func(c event.Consumer, types []event.Type) {
		s.work.Go(func() {
			_ = event.Follow(ctx, s.store, c, event.Options{Types: types, Batch: 20, Gather: -1}) // ends with ctx
		})
	}
	follow(s.learner, Types())
	follow(s.slots, slots.Types())
	s.work.Go(func() { s.slots.Run(ctx) })
	s.work.Go(func() {
		for tick := time.NewTicker(15 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			_, err := s.brain.Sweep(ctx)
			if err = errors.Join(err, s.learner.Forget(nil)); err != nil && ctx.Err() == nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	})
}

func (s *crashServer) close() error {
	if s.stop != nil {
		s.stop()
	}
	s.work.Wait()
	s.slots.Close()
	return errors.Join(s.learner.Close(), s.store.Close())
}

// crashChild serves until it is killed or its input ends, and prints its
// address.
func crashChild(dir string) int {
	ctx := context.Background()
	s, err := newCrashServer(ctx, dir, time.Now)
	if err == nil {
		s.begin(ctx)
		err = s.serve(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (s *crashServer) serve(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h := &http.Server{Handler: s.handler(), ReadHeaderTimeout: time.Minute}
	fmt.Println(l.Addr())
	s.work.Go(func() { _ = h.Serve(l) }) // ends with Shutdown
	_, _ = io.Copy(io.Discard, os.Stdin) // until the one who started it lets go
	return errors.Join(h.Shutdown(ctx), s.close())
}

// crashAsk is what is asked of the server; each way reads its own of it.
type crashAsk struct {
	Person, ID, DecisionID, Message string
	Outcome                         decide.Outcome
}

func (s *crashServer) handler() http.Handler {
	mux := http.NewServeMux()
	on := func(path string, do func(context.Context, crashAsk) (any, error)) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			var ask crashAsk
			err := json.NewDecoder(r.Body).Decode(&ask)
			var out any
			if err == nil {
				out, err = do(r.Context(), ask)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			_ = json.NewEncoder(w).Encode(out)
		})
	}
	on("/person", s.person)
	on("/decide", func(ctx context.Context, a crashAsk) (any, error) {
		return s.brain.Decide(ctx, brain.Question{Whom: brain.Whom{CustomerID: a.Person}, Slot: "web.banner", Channel: "web"})
	})
	on("/imported", s.imported)
	on("/outcome", func(ctx context.Context, a crashAsk) (any, error) {
		o, _, err := s.brain.Outcome(ctx, a.Outcome)
		if errors.Is(err, brain.ErrParked) {
			err = nil
		}
		return o, err
	})
	on("/open", func(ctx context.Context, a crashAsk) (any, error) {
		return s.slots.Open(ctx, brain.Question{Whom: brain.Whom{CustomerID: a.Person}, Slot: "outbound.email"}, time.Hour)
	})
	on("/claim", func(ctx context.Context, a crashAsk) (any, error) {
		return s.slots.Claim(ctx, a.ID, slots.Claim{DecisionID: a.DecisionID, MessageID: a.Message, By: "mailer"})
	})
	door := segment.New(segment.Options{
		Brain: s.brain, Logger: slog.New(slog.DiscardHandler),
		Sender: func(*http.Request) (segment.Sender, string, bool) {
			return segment.Sender{ID: "k", Name: "shop"}, "", true
		},
	})
	for pattern, h := range door.Handlers() {
		mux.Handle(pattern, h)
	}
	return mux
}

func (s *crashServer) person(ctx context.Context, a crashAsk) (any, error) {
	now := s.brain.Now()
	p := customer.New(a.Person, now)
	p.Seen(customer.Identifier{Type: customer.UserID, Value: a.Person, FirstSeen: now, LastSeen: now})
	p.Seen(customer.Identifier{Type: customer.Email, Value: a.Person + "@example.com", FirstSeen: now, LastSeen: now})
	row := consent.Row{Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: now, Source: "form", Actor: "customer", Evidence: "form"}
	return a.Person, s.brain.Plant(ctx, p, []consent.Row{row})
}

// imported writes a decision under an id that is given, as one that another
// system made: an outcome may have come before it.
func (s *crashServer) imported(ctx context.Context, a crashAsk) (any, error) {
	if d, err := s.store.Decision(ctx, a.ID); !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	d, err := s.brain.Decide(ctx, brain.Question{Whom: brain.Whom{CustomerID: a.Person}, Slot: "web.banner", Channel: "web", Dry: true})
	if err != nil {
		return nil, err
	}
	d.ID = a.ID
	e, err := event.New(event.DecisionMade, d.At, event.About{Subject: d.Subject}, decide.Shown(d))
	if err != nil {
		return nil, err
	}
	return d, s.store.Write(ctx, func(tx *store.Tx) error { return errors.Join(tx.AddDecision(d), tx.Append(e)) })
}
