package whip

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/pion/sdp/v3"

	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

const (
	sdpType      = "application/sdp"
	fragmentType = "application/trickle-ice-sdpfrag"
)

// Handlers gives the door's handlers by the pattern of their route.
func (d *Door) Handlers() map[string]http.Handler {
	one := Path + "/{id}"
	all := map[string]http.Handler{
		"POST " + Path: d.from(d.publish), "GET " + Path: d.from(d.nothing), "OPTIONS " + Path: http.HandlerFunc(d.preflight),
		"PATCH " + one: d.from(d.patch), "DELETE " + one: d.from(d.end), "GET " + one: d.from(d.show), "OPTIONS " + one: http.HandlerFunc(d.preflight),
	}
	return all
}

// from looks at the origin before anything else, and answers with the problem
// that a handler gives.
func (d *Door) from(handle func(http.ResponseWriter, *http.Request) *wire.Problem) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		p := d.origin(w, r)
		if p == nil {
			p = handle(w, r)
		}
		if p != nil {
			p.Send(w, d.counts.Counts)
		}
	})
}

// preflight answers a browser's question, which carries no token.
func (d *Door) preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Accept-Post", sdpType)
	h.Set("Accept-Patch", fragmentType)
	if d.origin(w, r) == nil && h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", "POST, GET, PATCH, DELETE, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Heed-Call, Heed-Party, Heed-Customer, Heed-Direction, Heed-From, Heed-To, Heed-Agent, Heed-Language")
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusOK)
}

// nothing answers a look at the endpoint.
func (d *Door) nothing(w http.ResponseWriter, r *http.Request) *wire.Problem {
	if _, _, p := d.identify(r); p != nil {
		return p
	}
	w.Header().Set("Accept-Post", sdpType)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// show answers a look at a session.
func (d *Door) show(w http.ResponseWriter, r *http.Request) *wire.Problem {
	if _, p := d.theirs(r); p != nil {
		return p
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// publish takes an offer and begins a session.
func (d *Door) publish(w http.ResponseWriter, r *http.Request) *wire.Problem {
	by, grant, p := d.mayPublish(r)
	if p != nil {
		return p
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != sdpType {
		w.Header().Set("Accept-Post", sdpType)
		return wire.Refuse(http.StatusUnsupportedMediaType, "type", "An offer is "+sdpType+".")
	}
	if !d.starts.Allow() {
		return later(http.StatusTooManyRequests, "rate", "Too many sessions are begun at once.")
	}
	raw, p := d.readBody(w, r, d.limits.OfferBytes)
	if p != nil {
		return p
	}
	offer, err := readOffer(raw)
	if err != nil {
		return d.unfit(err)
	}
	if p := d.reserve(by); p != nil {
		return p
	}
	s, text, err := d.begin(r.Context(), grant, by, offer)
	if err != nil {
		d.release(by)
		return d.unfit(err)
	}
	d.track(s)
	go s.run(context.WithoutCancel(r.Context())) // ends with the session; Close waits for it
	h := w.Header()
	h.Set("Content-Type", sdpType)
	h.Set("Location", d.prefix+Path+"/"+s.id)
	h.Set("ETag", s.etag)
	h.Set("Accept-Patch", fragmentType)
	for _, link := range d.options.Relay.links(s.id, time.Now()) {
		h.Add("Link", link)
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, text) // a publisher that is gone never connects
	return nil
}

// begin makes a session and its whole answer.
func (d *Door) begin(ctx context.Context, g Grant, by bearer, offer *sdp.SessionDescription) (*session, string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.limits.OpenWithin)
	defer cancel()
	raw, err := offer.Marshal()
	if err != nil {
		return nil, "", unfit("The offer cannot be understood.")
	}
	s, err := d.newSession(g, by, offer)
	if err != nil {
		return nil, "", err
	}
	text, err := answer(ctx, s.pc, string(raw))
	if err == nil {
		text, err = whole(text, g.Party == Stereo)
	}
	if err != nil {
		return nil, "", errors.Join(err, s.pc.GracefulClose())
	}
	return s, text, nil
}

// unfit answers an offer or a fragment that cannot be taken.
func (d *Door) unfit(err error) *wire.Problem {
	wrong := (*errOffer)(nil)
	switch {
	case !errors.As(err, &wrong):
		d.log.Error("session could not be made", "error", err)
		return later(http.StatusServiceUnavailable, "internal", "The session could not be made.")
	case wrong.malformed:
		return wire.Refuse(http.StatusBadRequest, "sdp", wrong.why)
	}
	return wire.Refuse(http.StatusUnprocessableEntity, "offer", wrong.why)
}

// end ends a session; a second time there is none. If-Match means nothing
// here.
func (d *Door) end(w http.ResponseWriter, r *http.Request) *wire.Problem {
	s, p := d.theirs(r)
	if p != nil {
		return p
	}
	s.end(ingest.Stopped)
	select {
	case <-s.done:
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// readBody reads a body of a bounded size, which must come quickly.
func (d *Door) readBody(w http.ResponseWriter, r *http.Request, most int64) (string, *wire.Problem) {
	raw, p := wire.Limits{BodyBytes: most, WriteWithin: d.limits.OpenWithin}.Body(w, r)
	return strings.ToValidUTF8(string(raw), ""), p
}

// later refuses what may be tried again.
func later(status int, reason, detail string) *wire.Problem {
	p := wire.Refuse(status, reason, detail)
	p.Retry = 5
	return p
}
