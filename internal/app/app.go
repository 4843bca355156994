// Package app wires the parts of Heed into one server. It is the only package
// that may import all of them, and holds no logic of its own: each part is
// made, joined to those it needs, and its end is registered at once.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"heed/insights"
	"heed/insights/offer"
	"heed/insights/redact"
	"heed/insights/search"
	"heed/insights/talk"
	"heed/internal/accounts"
	"heed/internal/accounts/provider"
	alertsapi "heed/internal/alerts/api"
	"heed/internal/audit"
	"heed/internal/brain"
	"heed/internal/callevents"
	eventsapi "heed/internal/callevents/api"
	"heed/internal/catalogue"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/correct"
	"heed/internal/counters"
	"heed/internal/decide"
	"heed/internal/demo"
	"heed/internal/desk"
	"heed/internal/door"
	doorapi "heed/internal/door/api"
	"heed/internal/erase"
	"heed/internal/event"
	"heed/internal/find"
	"heed/internal/gate"
	"heed/internal/hub"
	"heed/internal/intake"
	intakeapi "heed/internal/intake/api"
	"heed/internal/ledger"
	ledgerapi "heed/internal/ledger/api"
	"heed/internal/mount"
	"heed/internal/reanalyze"
	"heed/internal/rehearse"
	"heed/internal/retention"
	retentionapi "heed/internal/retention/api"
	"heed/internal/session"
	"heed/internal/store"
	"heed/internal/summaries"
	themesapi "heed/internal/themes/api"
	"heed/internal/trial"
	"heed/internal/web"
	"heed/internal/web/examples"
	"heed/ui"
)

// Options is what a server is made from.
type Options struct {
	Config config.Config
	Logger *slog.Logger
	// Version is shown on the status page.
	Version string
	// Engine chooses what hears the calls; see [FindEngine].
	Engine Engine
	// Analyzer reads the utterances; nil means [NewAnalyzer].
	Analyzer insights.Analyzer
	// Registry takes the metrics; the engine's are in it already.
	Registry *prometheus.Registry
	Now      func() time.Time // nil means time.Now
}

// App is one server. Use it in the order New, Start, Stop.
type App struct {
	o        Options
	log      *slog.Logger
	registry *prometheus.Registry
	listener *gate.Gate
	parts    parts
	ends     ends
	work     work
	key      string // of the commands on this machine
	policy   redact.Policy
}

// parts are the running pieces.
type parts struct {
	store *store.Store
	hub   *hub.Hub
	deciding
	encoder   TextEncoder
	index     *search.Index
	summaries *summaries.Keeper
	sessions  *session.Manager
	history   *reanalyze.Service
	web       *web.Server
	http      *http.Server
	entrances entrances
	rights
	market
	arrivals

	consumers *event.Metrics
}

// arrivals are the parts that take what comes beside the audio of live calls.
type arrivals struct {
	callEvents *callevents.Keeper
	intake     *intake.Service
	calls      *rehearse.Calls // where doors open streams
	rehearsals *rehearse.Service
	demo       demo.Player
}

// rights are the parts that stand for the customers.
type rights struct {
	erase  *erase.Service
	ledger *ledger.Service
	own    *door.Door // their own pages
	audit  *audit.Service
	aging  *retention.Service
	law    legal
	stock  *catalogue.Service
	access
}

// access is what lets people in.
type access struct {
	accounts *accounts.Service
	provider *provider.Provider // nil: none is set up
}

// New opens the data folder, binds the address and joins the parts. Nothing
// is served before Start. When it fails, what it had opened is closed.
func New(ctx context.Context, o Options) (_ *App, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &App{o: o, log: o.Logger, registry: o.Registry}
	if a.registry == nil {
		a.registry = prometheus.NewRegistry()
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.ends.run(context.WithoutCancel(ctx), o.Logger))
		}
	}()
	for _, step := range []func(context.Context) error{
		a.listen, a.openStore, a.makeLaw, a.makeBrain, a.makeCatalogue, a.openSearch, a.makeThemes, a.makeWatch, a.makeSessions, a.makeRehearsals, a.makeIntake, a.makeTold, a.makeMarket, a.makeSummaries, a.makeLedger, a.makeErase, a.makeAccess, a.makeAudit, a.makeDoor, a.makeSlots, a.makeAlerts, a.makeWeb,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// listen binds first: a port that is taken must not touch the data.
func (a *App) listen(ctx context.Context) error {
	a.ends.add("engine", func(context.Context) error { return a.o.Engine.Close() })
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.o.Config.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with --listen", a.o.Config.Listen, err)
	}
	c := a.o.Config.Limits
	a.listener = gate.New(l, gate.Limits{Open: c.Connections, Waiting: c.Waiting, PerAddress: c.PerAddress}, a.registry)
	a.ends.add("listener", func(context.Context) error {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return nil
}

func (a *App) openStore(ctx context.Context) error {
	s, err := store.Open(ctx, store.Options{
		Path: a.o.Config.Data, Logger: a.log, Registerer: a.registry, Now: a.o.Now, Master: MasterKey(a.o.Config),
	})
	if err != nil {
		return err
	}
	a.parts.store = s
	a.ends.add("store", func(context.Context) error { return s.Close() })
	a.parts.consumers = event.NewMetrics(a.registry)
	a.parts.hub = hub.New(a.registry)
	s.OnCommit(a.parts.hub.Publish)
	a.ends.add("screens", func(context.Context) error { a.parts.hub.Close(); return nil })
	return nil
}

func (a *App) makeBrain(ctx context.Context) error {
	catalogue, err := decide.LoadCatalogue(contentFS(a.o.Config.Content.Actions, builtinActions))
	if err != nil {
		return fmt.Errorf("actions: %w", err)
	}
	plan, err := a.experiments()
	if err != nil {
		return err
	}
	model, err := a.makeModel()
	if err != nil {
		return err
	}
	features, err := LoadFeatures(a.o.Config)
	if err != nil {
		return err
	}
	a.parts.decider, err = decide.New(decide.Options{
		Catalogue: catalogue, Law: a.parts.law.rules, Propensity: model, Features: features,
		Explore: a.explore(), Experiments: plan, Models: map[string]decide.Propensity{"fixed": decide.Fixed{}},
	})
	if err != nil {
		return fmt.Errorf("actions: %w", err)
	}
	if a.policy, err = NewPolicy(a.o.Config); err != nil {
		return err
	}
	a.parts.brain = brain.New(brain.Options{
		Store: a.parts.store, Decider: a.parts.decider, Logger: a.log,
		Region: a.o.Config.Calls.Region, Blocked: a.o.Config.Content.Nobody, Language: a.o.Config.Calls.Language, LanguageOf: a.languageOf,
		Wording: correct.WordingUnder(a.policy), Hearing: offer.Read, Now: a.o.Now, Listed: a.parts.law.lists.Listed, Untracked: a.parts.law.untracked.Inc,
	})
	a.makeWhatIf()
	a.parts.trial = trial.New(a.parts.store, a.parts.decider, a.log, a.o.Now)
	if err := a.makeLearner(ctx, model); err != nil {
		return err
	}
	return a.parts.trial.Resume(ctx)
}

func (a *App) openSearch(context.Context) error {
	index, err := search.Open(filepath.Join(a.o.Config.Data, "search"), search.Options{
		Logger: a.log, Registerer: a.registry, Head: a.parts.store.LastSeq,
		Language: a.o.Config.Calls.Language,
	})
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	a.parts.index = index
	a.ends.add("search index", func(context.Context) error { return index.Close() })
	return nil
}

func (a *App) makeWeb(ctx context.Context) error {
	if err := a.makeDoors(ctx); err != nil {
		return err
	}
	events, err := a.segmentDoor()
	if err != nil {
		return err
	}
	described, err := examples.Read()
	if err != nil {
		return err
	}
	d := desk.New(a.parts.store, a.o.Now, talk.Measure)
	s, err := web.New(web.Options{
		Store: a.parts.store, Brain: a.parts.brain, Desk: d,
		Hub: a.parts.hub, Reads: a.parts.audit,
		More: append(slices.Concat(a.decidingRoutes(), a.marketRoutes(), a.parts.entrances.routes),
			themesapi.Routes(a.parts.themes), ledgerapi.Routes(a.parts.ledger, a.o.Now), doorapi.Routes(a.parts.own), a.phoneRoutes(), events.Routes, a.demoRoutes(), find.Routes(a.parts.index, a.parts.store, d),
			a.eraseRoutes(), a.lawRoutes(), a.identityRoutes(), eventsapi.Routes(a.parts.store), intakeapi.Routes(a.parts.intake), a.exportRoutes(d), a.excerptRoutes(d), a.commentRoutes(), a.auditRoutes(), a.rehearsalRoutes(), retentionapi.Routes(a.parts.aging, a.parts.store, a.o.Now), alertsapi.Routes(a.parts.alerts), a.accountRoutes(), a.trialRoutes(d),
			func(k mount.Kit) { described.Attach(k.API.OpenAPI()) },
		),
		Recordings: recordings{a.recordingDir(), a.parts.store.Vault()}, Status: a.status, History: a.parts.history,
		Doors: a.doors(events), App: ui.Files(), Gatherer: a.registry, Logger: a.log, Version: a.o.Version, Now: a.o.Now,
		Secure: strings.HasPrefix(a.o.Config.PublicURL, "https://"),
	})
	if err != nil {
		return err
	}
	a.parts.web = s
	a.parts.http = &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: a.o.Config.Limits.HeaderWait, IdleTimeout: 2 * time.Minute, ConnState: a.listener.Changed,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	return a.makeCommandKey(ctx)
}

// URL is the server's address as a browser on this machine opens it.
func (a *App) URL() string {
	host, port, err := net.SplitHostPort(a.listener.Addr().String())
	if err != nil {
		return "http://" + a.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Addr is the bound address, useful when the port was 0.
func (a *App) Addr() net.Addr { return a.listener.Addr() }

// Key is the API key of role admin that commands on this machine use.
func (a *App) Key() string { return a.key }

// Start serves, takes up the calls that a crash left open, and starts the
// consumers. It returns at once; Stop ends all of it.
func (a *App) Start(ctx context.Context) error {
	ctx = a.work.begin(context.WithoutCancel(ctx))
	a.ends.add("background work", a.work.end)
	a.ends.add("calls", a.endCalls)
	a.ends.add("doors", a.parts.entrances.close)
	a.ends.add("customers' door", a.parts.own.Close)
	a.ends.add("http", a.endHTTP)
	a.follow(ctx, a.parts.index)
	a.follow(ctx, a.parts.themes.Counter(), append(event.Readings(), event.CallForgotten)...)
	a.follow(ctx, counters.New(a.parts.store), counters.Types()...)
	a.work.do(func() { a.parts.themes.Run(ctx) })
	a.startAudit(ctx)
	a.startAlerts(ctx)
	a.startWatch(ctx)
	a.startErase(ctx)
	a.follow(ctx, a.parts.summaries, summaries.Types()...)
	a.startLearning(ctx)
	a.startSlots(ctx)
	a.startDemo(ctx) // before anybody can ask for it
	a.work.do(func() {
		if err := a.parts.http.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("serving ended", "error", err)
		}
	})
	a.parts.entrances.run(a.work.do, a.log)
	a.startTold(ctx)
	a.startMarket(ctx)
	a.followRecording(ctx)
	a.work.do(func() { a.parts.sessions.Tend(ctx) })
	a.work.do(func() { a.parts.history.Work(ctx) })
	a.work.do(func() { a.parts.intake.Work(ctx) })
	a.work.do(func() { a.parts.whatif.Simulate.Work(ctx) })
	a.work.do(func() { a.parts.ledger.Run(ctx) })
	a.follow(ctx, a.parts.trial, trial.Types()...)
	a.work.do(func() { a.parts.trial.Run(ctx) })
	a.follow(ctx, ledger.People{Service: a.parts.ledger}, ledger.PeopleTypes()...)
	if pool := a.o.Engine.Pool; pool != nil {
		a.work.do(func() { a.sizeUp(ctx, pool) })
	}
	path := filepath.Join(a.o.Config.Data, client.AddressFile)
	if err := os.WriteFile(path, []byte(a.URL()+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the server's address: %w", err)
	}
	return nil
}

// endHTTP closes the screens' streams first, which would otherwise never end.
func (a *App) endHTTP(ctx context.Context) error {
	a.parts.hub.Close()
	a.parts.slots.Close()
	a.parts.watch.Close()
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := a.parts.http.Shutdown(ctx); err != nil {
		return a.parts.http.Close()
	}
	return nil
}

// Drain refuses new calls and waits for the live ones or for ctx.
func (a *App) Drain(ctx context.Context) error { return a.parts.sessions.Drain(ctx) }

// endCalls leaves time for what ends after the calls, should an engine hang.
func (a *App) endCalls(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return a.parts.sessions.Close(ctx)
}

// Stop ends everything in reverse order of its start. Live calls are cut
// after what was heard of them is committed; use Drain before to let them
// finish. It may be called more than once.
func (a *App) Stop(ctx context.Context) error { return a.ends.run(ctx, a.log) }
