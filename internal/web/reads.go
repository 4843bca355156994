package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/store"
)

// audit keeps who read what of a customer.
type audit interface {
	// Note returns when the readings are written down.
	Note(ctx context.Context, reads ...store.Read) error
}

// The kinds of reading that this package notes; the last word of a path is one
// too where it is of a call or a customer, and else the first.
const (
	readCall      = "call"
	readRecording = "recording"
	readLive      = "live"
	readExport    = "export"
	readCustomer  = "customer"
)

// impersonal gives the parts of the API, by the first word of their paths, of
// which nothing tells of a single call or customer. What is read of any other
// part is noted.
func impersonal() []string {
	return []string{
		"actions", "alerts", "attribution", "audit", "catalogue", "counters", "do-not-call", "experiments", "ingest", "keys", "law", "levers",
		"me", "muted", "platforms", "policies", "reanalyze", "searches", "session", "simulations", "sources", "spend", "status", "subscriptions",
		"team", "users",
	}
}

// unnamed are routes of the other parts that tell of nobody either, and those
// that note by themselves which calls they are about to show.
func unnamed() []string {
	return []string{
		"/v1/consent/recipients", "/v1/consent/verify", "/v1/consent/wordings", "/v1/live/rules", "/v1/retention/{class}/preview",
		"/v1/search/complete", "/v1/themes", "/v1/themes/{id}/trend",
		"/v1/engines/trials", "/v1/engines/trials/{id}", "/v1/search", "/v1/themes/emerged", "/v1/themes/{id}",
	}
}

// shown is what a route shows of whom.
type shown struct {
	kind string // empty: it shows nothing of anybody, or notes that itself
	// call and person say whose id the path has; both are false where it shows
	// many, or something else of theirs.
	call, person bool
}

// shownBy says what a route shows. A route that nobody thought of is noted.
func shownBy(method, path string) shown {
	words := strings.Split(path, "/")
	one := len(words) > 3 && words[3] == "{id}"
	switch part, last := words[2], words[len(words)-1]; {
	case method != http.MethodGet:
		return shown{}
	case last == "export" && part != "catalogue":
		return shown{kind: readExport}
	case slices.Contains(impersonal(), part) || slices.Contains(unnamed(), path):
		return shown{}
	case one && part == "calls":
		return shown{kind: lastWord(words, readCall), call: true}
	case one && part == "customers":
		return shown{kind: lastWord(words, readCustomer), person: true}
	default:
		return shown{kind: part}
	}
}

// lastWord gives the word of a path that says what of a thing is read.
func lastWord(words []string, whole string) string {
	for _, w := range slices.Backward(words[4:]) {
		if !strings.HasPrefix(w, "{") {
			return w
		}
	}
	return whole
}

// noted writes down who reads what before the operation answers. That none is
// forgotten follows from [shownBy]: a new route is noted too.
func (s *Server) noted(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		of, _ := ctx.Operation().Metadata[shownKey].(shown)
		if of.kind == "" {
			next(ctx)
			return
		}
		r := store.Read{Kind: of.kind, Why: ctx.Header("Heed-Reason")}
		if len(ctx.Param("id")) > maxID || len(r.Why) > maxReason {
			_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, "an id has at most 64 letters and a Heed-Reason 200")
			return
		}
		err := s.whose(ctx, of, &r)
		if err == nil {
			err = s.note(ctx.Context(), r)
		}
		if err != nil {
			ctx.SetHeader("Retry-After", "5")
			_ = huma.WriteErr(api, ctx, http.StatusServiceUnavailable, unnoted)
			return
		}
		next(huma.WithValue(ctx, readingKey{}, s.reading(r)))
	}
}

// whose says in a reading of which call or customer it is, as far as the
// request tells.
func (s *Server) whose(ctx huma.Context, of shown, r *store.Read) error {
	id := ctx.Param("id")
	switch {
	case of.call:
		r.Call = id
	case of.person:
		r.About = id
	case of.kind == "decisions" && id != "":
		d, err := s.o.Store.Decision(ctx.Context(), id)
		r.About = d.Subject
		return unlessGone(err)
	case of.kind == "slots" && id != "":
		slot, err := s.o.Store.Slot(ctx.Context(), id)
		r.About = slot.CustomerID
		return unlessGone(err)
	}
	return nil
}

// unlessGone forgives that there is nothing to read.
func unlessGone(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrErased) {
		return nil
	}
	return err
}

// reading is what a request reads, and the time in which that was noted last.
type reading struct {
	of   store.Read
	slot atomic.Int64
}

type readingKey struct{}

// reading remembers what was noted of a request, for as long as it is answered.
func (s *Server) reading(of store.Read) *reading {
	r := &reading{of: of}
	r.slot.Store(s.slot())
	return r
}

func (s *Server) slot() int64 { return s.now().UnixMilli() / store.ReadSlot.Milliseconds() }

// callerStill says whether who began a request may still get more of its
// answer; what is read for long is noted again in each slot.
func (s *Server) callerStill(ctx context.Context) bool {
	if c, ok := callerOf(ctx); !ok || !c.still() {
		return false
	}
	r, _ := ctx.Value(readingKey{}).(*reading)
	if slot := s.slot(); r != nil && r.slot.Swap(slot) != slot {
		return s.note(ctx, r.of) == nil
	}
	return true
}

const (
	maxID     = 64
	maxReason = 200 // bytes
	unnoted   = "who reads this could not be written down, so it is not shown; try again"
)

// note writes readings of the caller down and logs when it cannot.
func (s *Server) note(ctx context.Context, reads ...store.Read) error {
	c, known := callerOf(ctx)
	if s.o.Reads == nil || !known || len(reads) == 0 {
		return nil
	}
	for i := range reads {
		reads[i].Reader = store.Reader{Who: c.ID, Name: c.Name, Role: c.Role, Origin: c.Origin}
	}
	err := s.o.Reads.Note(ctx, reads...)
	if err != nil {
		s.log.Error("a reading is refused: it could not be noted", "error", err)
	}
	return err
}

// readCalls notes that words of calls are shown, each call once.
func (s *Server) readCalls(ctx context.Context, kind string, calls ...string) error {
	reads := make([]store.Read, 0, len(calls))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(calls))) {
		if id != "" {
			reads = append(reads, store.Read{Kind: kind, Call: id})
		}
	}
	if s.note(ctx, reads...) != nil {
		return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(unnoted), http.Header{"Retry-After": {"5"}})
	}
	return nil
}

// may notes a reading outside of the API framework and gives the request that
// remembers it, or refuses it with nil.
func (s *Server) may(w http.ResponseWriter, r *http.Request, read store.Read) *http.Request {
	if s.note(r.Context(), read) == nil {
		return r.WithContext(context.WithValue(r.Context(), readingKey{}, s.reading(read)))
	}
	w.Header().Set("Retry-After", "5")
	s.problem(w, r, http.StatusServiceUnavailable, unnoted)
	return nil
}

// reason gives why a request says that it reads, cut to what is kept.
func reason(r *http.Request) string {
	why := r.Header.Get("Heed-Reason")
	return strings.ToValidUTF8(why[:min(len(why), maxReason)], "")
}

// originOf classes the address of a request; the address itself is not kept.
func originOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	switch {
	case r.Header.Get("X-Forwarded-For") != "":
		return "proxied"
	case err != nil || ip == nil:
		return "unknown"
	case ip.IsLoopback():
		return "local"
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return "private"
	}
	return "public"
}
