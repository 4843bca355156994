package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"heed/internal/mount"
)

// Status is the state of the parts, for people and for readiness.
type Status struct {
	Version string         `json:"version"`
	Engine  EngineStatus   `json:"engine" doc:"The speech engine that is asked first"`
	Engines []EngineStatus `json:"engines,omitempty" doc:"All of them"`
	Room    *Room          `json:"room,omitempty" doc:"How much speech this machine hears and could hear in time"`
	Models  []string       `json:"models" doc:"Analyzers that understand what is said, and their versions"`
	Calls   struct {
		Live int `json:"live"`
		Max  int `json:"max"`
	} `json:"calls"`
	Search struct {
		State string `json:"state" doc:"complete, or partial while the index is built"`
		Lag   int64  `json:"lag_events" doc:"Events not yet indexed"`
	} `json:"search"`
	Store struct {
		LastSeq int64  `json:"last_seq"`
		Bytes   int64  `json:"bytes"`
		State   string `json:"state"`
	} `json:"store"`
	Outcomes struct {
		Awaited int `json:"awaited" doc:"Suggestions that were shown and whose answer is waited for" example:"120"`
		Parked  int `json:"parked" doc:"Outcomes put aside for at most a day, because their decision is not known" example:"0"`
	} `json:"outcomes"`
	Recordings RecordingsStatus `json:"recordings"`
	// Recipients are the systems that are told of changes of consent.
	Recipients []RecipientStatus `json:"recipients,omitempty"`
	Advice     []string          `json:"advice,omitempty" doc:"What the operator should mend although everything works, in sentences"`

	Uptime float64 `json:"uptime_s"`
}

// RecordingsStatus is how many recordings of calls that are over are where on
// their way.
type RecordingsStatus struct {
	Wanted  int `json:"wanted" doc:"To be fetched"`
	Waiting int `json:"waiting" doc:"To be heard"`
	Hearing int `json:"hearing" doc:"Being heard now"`
	Done    int `json:"done"`
	Failed  int `json:"failed"`
}

// RecipientStatus says how far a system is behind with what it is to know.
type RecipientStatus struct {
	Name     string    `json:"name"`
	State    string    `json:"state" doc:"ok, behind, mismatch (it sees something else), late (a withdrawal waits over an hour) or overdue (over a day)"`
	Waiting  int       `json:"waiting" doc:"Changes that it has not confirmed"`
	Late     int       `json:"late"`
	Overdue  int       `json:"overdue"`
	Mismatch int       `json:"mismatch"`
	Asked    time.Time `json:"asked,omitzero" doc:"When it last asked"`
	Oldest   time.Time `json:"oldest,omitzero" doc:"Since when the oldest withdrawal waits"`
}

// EngineStatus says what turns speech into text now.
type EngineStatus struct {
	Name      string   `json:"name"`
	Model     string   `json:"model,omitempty"`
	Note      string   `json:"note,omitempty" doc:"What a user must know, such as \"last resort\""`
	State     string   `json:"state" doc:"ready, restarting, down (its service failed several times) or none"`
	Restarts  int      `json:"restarts"`
	Remote    bool     `json:"remote,omitempty" doc:"It runs elsewhere: audio leaves this machine"`
	Languages []string `json:"languages,omitempty" doc:"BCP 47; none means any"`
}

// Room is the capacity of the engines on this machine.
type Room struct {
	Streams int    `json:"streams" doc:"Live streams heard in time, two a call; 0 is no bound"`
	Source  string `json:"source" doc:"guessed, measured at the start, corrected while running, or fixed by the operator"`
	Calls   int    `json:"calls" doc:"Live calls that are heard now"`
	Turned  int64  `json:"turned" doc:"Calls since the start that found no room"`
	Policy  string `json:"policy" doc:"What happens to those: record, and hear afterwards, or refuse"`
}

func (s *Server) statusRoutes(api huma.API) {
	huma.Register(api, operation("status", http.MethodGet, "/v1/status", "State of the parts", mount.Staff()), s.status)
}

func (s *Server) status(ctx context.Context, _ *struct{}) (*out[Status], error) {
	return &out[Status]{s.current(ctx)}, nil
}

func (s *Server) current(ctx context.Context) Status {
	v := s.o.Status(ctx)
	v.Version = s.o.Version
	v.Uptime = s.now().Sub(s.started).Round(time.Second).Seconds()
	v.Store.State = "ok"
	if err := s.o.Store.Check(ctx); err != nil {
		v.Store.State = "failing"
		s.log.Error("store check", "error", err)
	}
	return v
}

// healthy says that the process answers.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

type readiness struct {
	Status string            `json:"status"` // ready or not ready
	Checks map[string]string `json:"checks"`
}

// ready says whether calls can be taken: the store must work; a missing
// engine is shown but does not make a server unready, for it still records.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	v := s.current(r.Context())
	engine := strings.TrimSpace(v.Engine.State + ": " + v.Engine.Name + " " + v.Engine.Model)
	body := readiness{"ready", map[string]string{"store": v.Store.State, "engine": engine, "search": v.Search.State}}
	status := http.StatusOK
	if v.Store.State != "ok" {
		body.Status, status = "not ready", http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// metrics serves Prometheus to this machine and to signed-in people.
func (s *Server) metrics() http.HandlerFunc {
	inner := promhttp.HandlerFor(s.o.Gatherer, promhttp.HandlerOpts{})
	guarded := s.only(people, mount.AnyScope, inner.ServeHTTP)
	return func(w http.ResponseWriter, r *http.Request) {
		if loopback(r) {
			inner.ServeHTTP(w, r)
			return
		}
		guarded(w, r)
	}
}
