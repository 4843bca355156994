// Package accounts keeps who may use Heed and lets them in: by a password, a
// passkey, a provider of identities, or a link that works once.
//
// Every change of a user is an event of the log, with who did it. The last
// administrator can be neither suspended nor given another role. The package
// makes no cookies and knows no routes; passwords, signatures and tokens are
// checked by the packages below it.
package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"heed/internal/accounts/pace"
	"heed/internal/accounts/passkey"
	"heed/internal/accounts/password"
	"heed/internal/event"
	"heed/internal/store"
)

var (
	// ErrWrong says that nobody is known by what was given. It does not tell
	// which part of it was wrong.
	ErrWrong = errors.New("the user name or the password is not right")
	// ErrSpent is a link that was used, is too old, or never was.
	ErrSpent = errors.New("this sign-in link was used already or has expired")
	// ErrSuspended is somebody who proved who they are and may not come in.
	ErrSuspended = errors.New("this account is suspended; ask an administrator")
	// ErrLastAdmin keeps a house from locking itself out.
	ErrLastAdmin = errors.New("this is the last administrator: give somebody else that role first")
	// ErrProof asks a person to show again who they are.
	ErrProof = errors.New("give your present password, or sign in again and do it within half an hour")
	// ErrBusy says that too many passwords are being checked.
	ErrBusy = password.ErrBusy
	// ErrPasskey says that a device's answer proves nothing, or came too late.
	ErrPasskey = passkey.ErrRefused
	// ErrCopied says that the device's counter went back.
	ErrCopied = passkey.ErrCopied
	// ErrNoPasskeys says that Heed is reached by a number: passkeys need a name.
	ErrNoPasskeys = errors.New("there are no passkeys here: Heed is reached by a number, and they need a name (public-url)")
	// ErrOwnPassword is a present password that is not the one.
	ErrOwnPassword = errors.New("the present password is not right")
)

// Invalid is a value that cannot be kept. Code names the reason for a screen
// that says it in the reader's language.
type Invalid struct{ Field, Want, Code string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

// Wait is how long somebody has to wait before the next try.
type Wait struct{ For time.Duration }

func (e *Wait) Error() string {
	return fmt.Sprintf("too many tries: wait %s", e.For.Round(time.Second))
}

// The lives of links, and of the proof that signing in gives.
const (
	linkLife  = 24 * time.Hour
	askedLife = 72 * time.Hour // of an invitation
	proofLife = 30 * time.Minute
)

// Options is what a service is made from.
type Options struct {
	Store  *store.Store
	Hasher *password.Hasher
	Pace   *pace.Pace
	// Keys checks passkeys; nil where Heed's address can have none.
	Keys *passkey.Keeper
	// Life is how long a session lasts at most, and Idle how long after it was
	// last used; 0 is no bound of that kind.
	Life, Idle time.Duration
	Now        func() time.Time
	Logger     *slog.Logger
}

// Service is safe for concurrent use.
type Service struct {
	o   Options
	now func() time.Time
}

// New makes a service.
func New(o Options) *Service { return &Service{o: o, now: o.Now} }

// HasPasskeys says whether there can be passkeys.
func (s *Service) HasPasskeys() bool { return s.o.Keys != nil }

// By is who does something: a user or a key.
type By = event.By

// secret gives 260 random bits in text that stands in an address.
func secret() string { return rand.Text() + rand.Text() }

// note writes down what became of a user.
func (s *Service) note(tx *store.Tx, t event.Type, by By, c event.UserChange) error {
	c.By, c.ByID = by.Name, by.ID
	e, err := event.New(t, s.now(), event.About{}, c)
	if err != nil {
		return err
	}
	return tx.Append(e)
}

// changed notes what a person did to their own account.
func (s *Service) changed(tx *store.Tx, u store.User, what ...string) error {
	return s.note(tx, event.UserChanged, By{ID: u.ID, Name: u.Name}, event.UserChange{UserID: u.ID, What: what, Role: u.Role})
}

// nameOf reads a name of a person.
func nameOf(text string) (string, error) {
	name := strings.Join(strings.Fields(text), " ")
	hidden := func(r rune) bool { return unicode.Is(unicode.C, r) }
	if n := utf8.RuneCountInString(name); n < 1 || n > 80 || !utf8.ValidString(name) || strings.ContainsFunc(name, hidden) {
		return "", &Invalid{"name", "1 to 80 characters that can be seen", "name"}
	}
	return name, nil
}

// loginOf reads what somebody signs in with, and how it is compared (RFC 8265,
// UsernameCaseMapped); both are empty for an empty text.
func loginOf(text string) (login, key string, err error) {
	bad := &Invalid{"login", "an e-mail address or a user name of up to 254 characters, without spaces", "login"}
	text = strings.TrimSpace(text)
	if text == "" {
		return "", "", nil
	}
	if len(text) > 254 {
		return "", "", bad
	}
	key, err = precis.UsernameCaseMapped.CompareKey(text)
	if err != nil {
		return "", "", bad
	}
	return text, key, nil
}

// Users gives a page of the users, the oldest first, and where the next begins.
func (s *Service) Users(ctx context.Context, after string, limit int) (page []store.User, next string, err error) {
	return s.o.Store.UsersPage(ctx, after, limit)
}

// User gives a user.
func (s *Service) User(ctx context.Context, id string) (store.User, error) {
	return s.o.Store.User(ctx, id)
}
