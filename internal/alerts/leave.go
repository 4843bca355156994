package alerts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"heed/internal/alerts/letter"
	"heed/internal/store"
)

// token is what the link of a subscription's mails carries: who holds it may
// stop the mails, and nothing else.
func (s *Service) token(subscription string) string {
	mac := hmac.New(sha256.New, s.o.Key)
	mac.Write([]byte("unsubscribe\n" + subscription))
	return subscription + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// subscriptionOf reads a token; false for one that is none of ours.
func (s *Service) subscriptionOf(token string) (string, bool) {
	id, _, _ := strings.Cut(token, ".")
	return id, hmac.Equal([]byte(token), []byte(s.token(id)))
}

// ask shows what a click will do: programs that look at links in mails must
// not end anything.
func (s *Service) ask(w http.ResponseWriter, r *http.Request) {
	id, good := s.subscriptionOf(r.PathValue("token"))
	if !good {
		s.page(w, http.StatusNotFound, s.language(r, ""), letter.Bad)
		return
	}
	s.page(w, http.StatusOK, s.language(r, id), letter.Ask)
}

// leave stops the messages of a subscription, also for a mail program that
// does it with one click (RFC 8058). To do it twice is fine.
func (s *Service) leave(w http.ResponseWriter, r *http.Request) {
	id, good := s.subscriptionOf(r.PathValue("token"))
	if !good {
		s.page(w, http.StatusNotFound, s.language(r, ""), letter.Bad)
		return
	}
	err := s.o.Store.Write(r.Context(), func(tx *store.Tx) error { return tx.PauseSubscription(id, "unsubscribed", s.o.Now()) })
	if err != nil && !errors.Is(err, store.ErrNotFound) { // purged: it is over anyway
		s.log.Error("nobody was unsubscribed", "subscription", id, "error", err)
		http.Error(w, "Heed could not do this now; try again.", http.StatusServiceUnavailable)
		return
	}
	s.page(w, http.StatusOK, s.language(r, id), letter.Done)
}

// language is that of the mails, or what the browser asks for.
func (s *Service) language(r *http.Request, id string) string {
	if sub, err := s.o.Store.Subscription(context.WithoutCancel(r.Context()), id); err == nil && sub.Language != "" {
		return sub.Language
	}
	return r.Header.Get("Accept-Language")
}

func (s *Service) page(w http.ResponseWriter, status int, language string, stage letter.Stage) {
	var page bytes.Buffer
	if err := s.o.Letters.Page(&page, language, stage); err != nil {
		s.log.Error("a page was not written", "error", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the reader may have gone
}
