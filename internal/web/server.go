// Package web is the HTTP face of Heed: the API with its OpenAPI description,
// the live streams, who calls, the doors of the platforms, and the app.
//
// Each route states who may call it. The package holds no business rule and
// no SQL: it checks, asks, and answers in JSON or problem details.
package web

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/brain"
	"heed/internal/desk"
	"heed/internal/hub"
	"heed/internal/mount"
	"heed/internal/store"
)

// Options is what the server needs. Optional fields say so.
type Options struct {
	Store *store.Store
	Brain *brain.Brain
	Desk  *desk.Desk
	Hub   *hub.Hub
	// Recordings opens what was kept of a call's audio.
	Recordings recordings
	// Reads notes who reads what of a customer before it is answered.
	Reads audit
	// History reads what was said again, with the present analyzers.
	History history
	// Status gives the state of the parts that the server does not know.
	Status func(context.Context) Status
	// Doors are the platforms' handlers by path, such as
	// "POST /ingest/twilio/voice". They check their callers themselves.
	Doors map[string]http.Handler
	// More adds routes of other packages to the API; may be empty.
	More []func(mount.Kit)
	// App holds the built web app, index.html at its root.
	App      fs.FS
	Gatherer prometheus.Gatherer
	Logger   *slog.Logger
	Version  string
	// Secure says that browsers reach the server by HTTPS only.
	Secure bool
	Now    func() time.Time // optional
}

// recordings is what the call page needs of the kept audio.
type recordings interface {
	// Open gives a WAV; the caller closes it. fs.ErrNotExist when nothing is kept.
	Open(callID string) (io.ReadSeekCloser, time.Time, error)
	// Peaks gives loudness 0..1 at perSecond points a second for each party.
	Peaks(callID string) (agent, customer []float64, perSecond int, err error)
}

// Server answers HTTP. It is made by New.
type Server struct {
	o       Options
	log     *slog.Logger
	now     func() time.Time
	started time.Time
	handler http.Handler
	mux     *http.ServeMux
	paths   map[string]*huma.PathItem // the API's operations, for who must know of them before they are called
	// inFlight holds the idempotency keys of requests being answered.
	inFlight sync.Map
	uses     uses
}

// New builds the routes.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{o: o, log: o.Logger.With("component", "web"), now: o.Now, started: o.Now()}
	mux := http.NewServeMux()
	api := humago.New(mux, s.apiConfig())
	api.UseMiddleware(s.permit(api), s.noted(api))
	s.callRoutes(api)
	s.correctionRoutes(api)
	s.customerRoutes(api)
	s.decisionRoutes(api)
	s.keyRoutes(api)
	s.statusRoutes(api)
	s.historyRoutes(api)
	for _, add := range o.More {
		add(mount.Kit{
			API: api, Operation: operation, Fail: s.fail, Caller: callerName, ID: callerID, Role: callerRole, Still: s.callerStill,
			Session: callerSession, Cookie: s.sessionCookie, Read: s.readCalls,
		})
	}

	describe(api.OpenAPI())
	s.mux, s.paths = mux, api.OpenAPI().Paths
	mux.HandleFunc("GET /v1/calls/{id}/events", s.only(people, mount.CallsRead, s.followCall))
	mux.HandleFunc("GET /v1/events", s.only(people, mount.CallsRead, s.followAll))
	mux.HandleFunc("GET /v1/calls/{id}/recording", s.only(people, mount.CallsRead, s.recording))
	mux.HandleFunc("GET /healthz", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /metrics", s.metrics())
	for pattern, door := range o.Doors {
		mux.Handle(pattern, door)
	}
	app, err := newApp(o.App)
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /", app)
	s.handler = s.outer(mux)
	return s, nil
}

// Handler gives the whole server.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) apiConfig() huma.Config {
	c := huma.DefaultConfig("Heed", s.o.Version)
	c.Info.Description = "Live calls, what was understood of them, the customer, and the next best action."
	c.DocsPath = "" // the reference page is part of the app: no script from elsewhere
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":     {Type: "http", Scheme: "bearer", Description: "An API key"},
		"session": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "Set by signing in"},
	}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.CreateHooks = nil // no $schema links in answers
	return c
}

// schemaName names a type of the API after its package and itself, so that two
// packages may use one word: the List of erasures is EraseList.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	of := path.Base(strings.TrimSuffix(t.PkgPath(), "/api"))
	if t.Name() == "" || !strings.HasPrefix(t.PkgPath(), "heed/") || of == "web" || strings.HasPrefix(strings.ToLower(name), of) {
		return name
	}
	return strings.ToUpper(of[:1]) + of[1:] + name
}

// outer is what every request passes: the caller is recognised, writes from
// other sites are refused, and the answer's headers are set.
func (s *Server) outer(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	// The platforms' doors take no cookie, which is what a page elsewhere could
	// abuse, and look at origins themselves.
	crossOrigin.AddInsecureBypassPattern("/ingest/")
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusForbidden, "this request came from another site; open Heed itself")
	}))
	return secured(s.recognise(crossOrigin.Handler(s.repeats(next))))
}

// secured sets the headers that every answer carries.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

// operation describes a route of the API and who may call it.
func operation(id, method, path, summary string, allowed []string) huma.Operation {
	scope := scopeOf(method, path)
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary,
		Tags:     []string{strings.Split(path, "/")[2]},
		Security: []map[string][]string{{"key": {string(scope)}}, {"session": {}}},
		Metadata: map[string]any{rolesKey: allowed, scopeKey: scope, shownKey: shownBy(method, path)},
		Errors:   []int{http.StatusUnauthorized, http.StatusForbidden},
	}
}

// ByID is the input of operations on one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

type out[T any] struct{ Body T }
