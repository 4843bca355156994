package web

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/store"
)

// audit keeps who read what of a customer.
type audit interface {
	// Note returns when the readings are written down.
	Note(ctx context.Context, reads ...store.Read) error
}

// The kinds of reading that this package notes; the last word of a path is one
// too where it is of a call or a customer.
const (
	readCall      = "call"
	readRecording = "recording"
	readLive      = "live"
	readExport    = "export"
	readCustomer  = "customer"
)

// kindOf says what a route shows of whom: of the call or the customer that its
// path names, or of many where both are false.
func kindOf(method, path string) (kind string, call, person bool) {
	words := strings.Split(path, "/")
	switch {
	case method != http.MethodGet || len(words) < 4:
		return "", false, false
	case words[len(words)-1] == "export":
		return readExport, false, false
	case words[3] != "{id}":
		return "", false, false
	case words[2] == "calls":
		return lastWord(words, readCall), true, false
	case words[2] == "customers":
		return lastWord(words, readCustomer), false, true
	}
	return "", false, false
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
// forgotten follows from the path: a new route of a call is noted too.
func (s *Server) noted(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		kind, call, person := kindOf(ctx.Operation().Method, ctx.Operation().Path)
		if kind == "" {
			next(ctx)
			return
		}
		r := store.Read{Kind: kind, Why: ctx.Header("Heed-Reason")}
		switch id := ctx.Param("id"); {
		case len(id) > maxID || len(r.Why) > maxReason:
			_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, "an id has at most 64 letters and a Heed-Reason 200")
			return
		case call:
			r.Call = id
		case person:
			r.About = id
		}
		if err := s.note(ctx.Context(), r); err != nil {
			ctx.SetHeader("Retry-After", "5")
			_ = huma.WriteErr(api, ctx, http.StatusServiceUnavailable, unnoted)
			return
		}
		next(ctx)
	}
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

// may notes a reading outside of the API framework, or refuses it.
func (s *Server) may(w http.ResponseWriter, r *http.Request, read store.Read) bool {
	if s.note(r.Context(), read) == nil {
		return true
	}
	w.Header().Set("Retry-After", "5")
	s.problem(w, r, http.StatusServiceUnavailable, unnoted)
	return false
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
