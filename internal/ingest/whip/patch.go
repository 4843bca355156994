package whip

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/pion/webrtc/v4"

	"heed/internal/ingest/wire"
)

// patch takes what a publisher learns of ICE after its offer: further
// candidates, or a restart.
func (d *Door) patch(w http.ResponseWriter, r *http.Request) *wire.Problem {
	s, p := d.theirs(r)
	if p != nil {
		return p
	}
	raw, p := d.readBody(w, r, d.limits.FragmentBytes)
	if p != nil {
		return p
	}
	if strings.TrimSpace(raw) == "" && r.Header.Get("If-Match") == "" {
		w.WriteHeader(http.StatusNoContent) // some publishers say so that there is nothing more
		return nil
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != fragmentType {
		w.Header().Set("Accept-Patch", fragmentType)
		return wire.Refuse(http.StatusUnsupportedMediaType, "type", "A patch is "+fragmentType+".")
	}
	f, ok := readFragment(raw)
	if !ok {
		return wire.Refuse(http.StatusBadRequest, "fragment", "The patch is no SDP fragment, or has too many candidates.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch match := r.Header.Values("If-Match"); {
	case len(match) == 0:
		return wire.Refuse(http.StatusPreconditionRequired, "match", "Send If-Match with the ETag of the session, or * for a restart.")
	case !matches(match, s.etag):
		return wire.Refuse(http.StatusPreconditionFailed, "match", "ICE was restarted meanwhile: If-Match is not the ETag of the session.")
	}
	if f.ufrag != "" && f.ufrag != s.remote.ufrag {
		return d.restart(w, r, s, f)
	}
	s.trickle(f)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// matches compares strongly: a weak tag never fits.
func matches(headers []string, tag string) bool {
	for _, h := range headers {
		for one := range strings.SplitSeq(h, ",") {
			if one = strings.TrimSpace(one); one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}

// trickle hands candidates on. Those that are of no use are passed over
// silently, as the protocol wants it.
func (s *session) trickle(f fragment) {
	for _, c := range f.candidates {
		if s.candidates++; s.candidates > maxAllCandidates {
			return
		}
		if usable(c) {
			_ = s.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c, SDPMLineIndex: new(uint16)})
		}
	}
}

// restart has ICE begin anew, as after a change of network. DTLS, and with it
// the stream, goes on.
func (d *Door) restart(w http.ResponseWriter, r *http.Request, s *session, f fragment) *wire.Problem {
	if f.pwd == "" {
		return wire.Refuse(http.StatusBadRequest, "fragment", "A restart needs a=ice-ufrag and a=ice-pwd.")
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.limits.OpenWithin)
	defer cancel()
	text, err := answer(ctx, s.pc, restarted(s.offer, f.credentials))
	if wrong := (*errOffer)(nil); errors.As(err, &wrong) {
		return wire.Refuse(http.StatusUnprocessableEntity, "restart", "ICE cannot be restarted so.")
	}
	if err != nil {
		d.log.Error("ICE could not be restarted", "error", err)
		return later(http.StatusServiceUnavailable, "internal", "ICE could not be restarted.")
	}
	s.remote, s.etag, s.candidates = f.credentials, newTag(), 0
	s.trickle(f)
	w.Header().Set("Content-Type", fragmentType)
	w.Header().Set("ETag", s.etag)
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, writeFragment(text)) // a publisher that is gone does not need it
	return nil
}
