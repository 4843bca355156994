package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"heed/internal/store"
)

const (
	// remembered is how long a repeated key gets the first answer.
	remembered = 24 * time.Hour
	// largestBody bounds what a write with a key may hold, in bytes.
	largestBody = 1 << 20
)

// repeats makes writes with an Idempotency-Key safe to send again: the same
// key with the same request gets the first answer and changes nothing; the
// same key with another request is refused. Keys of different callers do not
// meet.
func (s *Server) repeats(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		who, known := callerOf(r.Context())
		if key == "" || !known || r.Method == http.MethodGet || r.Method == http.MethodHead || secretive(r.URL.Path) || streamed(r) {
			next.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/v1/decisions/batch" { // a stream is not kept in memory
			s.problem(w, r, http.StatusUnprocessableEntity, "a selection goes on by the last after of its answer, and takes no Idempotency-Key")
			return
		}
		if len(key) > 200 {
			s.problem(w, r, http.StatusUnprocessableEntity, "Idempotency-Key is longer than 200 characters")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if err != nil {
			s.problem(w, r, http.StatusRequestEntityTooLarge, "the body is larger than 1 MiB")
			return
		}
		s.once(w, r, who.ID+" "+key, body, next)
	})
}

// streamed says that a body is not held in memory: its route looks after the
// key itself.
func streamed(r *http.Request) bool {
	return r.URL.Path == "/v1/recordings" || r.URL.Path == "/v1/spend"
}

// secretive names the routes whose answers hold a secret that is shown once
// and never stored, as those of the doors of platforms do. They are not
// remembered.
func secretive(path string) bool {
	return slices.Contains([]string{
		"/v1/keys", "/v1/links", "/v1/session", "/v1/consent/recipients", "/v1/ingest/tokens", "/v1/whip/tokens",
	}, path) || slices.ContainsFunc([][2]string{
		{"/ingest/", ""},
		{"/v1/session/", ""},
		{"/v1/me/", ""},
		{"/v1/users/", "/link"},
		{"/v1/subscriptions/", "/secret"},
		{"/v1/keys/", "/rotate"},
		{"/v1/live/rules/", "/secret"},
	}, func(of [2]string) bool { return strings.HasPrefix(path, of[0]) && strings.HasSuffix(path, of[1]) })
}

// once answers from memory, or runs the request and remembers its answer when
// it succeeded.
func (s *Server) once(w http.ResponseWriter, r *http.Request, key string, body []byte, next http.Handler) {
	sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"), body...))
	hash := hex.EncodeToString(sum[:])
	reply, err := s.o.Store.Recalled(r.Context(), key, hash)
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(reply.Status)
		_, _ = w.Write(reply.Body) // the caller may have gone
		return
	case !errors.Is(err, store.ErrNotFound):
		status, detail := verdict(err)
		s.problem(w, r, status, detail)
		return
	}
	if _, running := s.inFlight.LoadOrStore(key, true); running {
		s.problem(w, r, http.StatusConflict, "the same request is being answered now; ask again in a moment")
		return
	}
	defer s.inFlight.Delete(key)
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(answer, r)
	if answer.status >= 300 {
		return
	}
	// Remembered also for a caller that has hung up: it will ask again.
	err = s.o.Store.Write(context.WithoutCancel(r.Context()), func(tx *store.Tx) error {
		return tx.Remember(key, hash, answer.body.Bytes(), answer.status, remembered)
	})
	if err != nil {
		s.log.Error("answer not remembered", "path", r.URL.Path, "error", err)
	}
}

// recorder keeps a copy of the answer.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}
