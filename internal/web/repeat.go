package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"heed/internal/mount"
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
		if key == "" || !known || r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		switch how, ours := s.repeatOf(r); {
		case !ours || how == mount.Secret || how == mount.Streamed:
			next.ServeHTTP(w, r)
			return
		case how == mount.Resumed:
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

// repeatOf says how the answer to a request is treated; ours is false for what
// is no operation of the API, such as a platform's door.
func (s *Server) repeatOf(r *http.Request) (how mount.Repeat, ours bool) {
	_, pattern := s.mux.Handler(r)
	method, path, _ := strings.Cut(pattern, " ")
	item := s.paths[path]
	if item == nil {
		return "", false
	}
	for _, op := range operations(item) {
		if op.Method == method {
			how, _ = op.Metadata[mount.RepeatKey].(mount.Repeat)
			return how, true
		}
	}
	return "", false
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
