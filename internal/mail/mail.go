// Package mail carries messages to customers and to those who work with Heed:
// by SMTP, or into a folder of .eml files that something else sends, which is
// what happens when nothing is configured.
//
// It writes no text of its own and keeps nothing else of a message. It does
// not retry: whoever asked for a message asks again, and an [*Error] says whether
// there is a point in it. Nothing of a message or of its address is in an error.
package mail

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is one to a customer, or to one of those who work with Heed.
type Message struct {
	// ID makes the Message-ID, so that a second attempt is known for what it is;
	// empty makes one.
	ID         string
	CustomerID string
	// Kind is "email" or "phone".
	Kind string
	// To is an e-mail address or a number in E.164.
	To      string
	Subject string // of an e-mail
	Text    string
	HTML    string // says the same as Text; may be empty
	// Language of the text, BCP 47.
	Language string
	// Leave is the address by which its reader wants no more of them, with one
	// click (RFC 8058); may be empty.
	Leave string
}

// ErrRefused is returned for a message that can never be sent as it is: its
// address is none.
var ErrRefused = errors.New("the address cannot be written to")

// Error is why a mail server did not take a message.
type Error struct {
	Why string
	// Vain says that it would not take it later either.
	Vain bool
}

func (e *Error) Error() string { return "mail server: " + e.Why }

// Later says whether there is a point in another attempt, and how long the
// server asks to wait, which it never says.
func (e *Error) Later() (time.Duration, bool) { return 0, !e.Vain }

// Check refuses what is no plain e-mail address, with ErrRefused.
func Check(address string) error {
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > longestAddress || gomail.NewMsg().To(address) != nil {
		return ErrRefused
	}
	return nil
}

// longestAddress is that of RFC 5321.
const longestAddress = 254

// smsDomain makes an address of a number: a text message waits in the folder
// as mail to NUMBER@sms.invalid, a name that is nobody's for ever.
const smsDomain = "@sms.invalid"

// compose makes the MIME form of a message.
func compose(from string, m Message) (*gomail.Msg, error) {
	to := m.To
	if m.Kind != "email" {
		to = m.To + smsDomain
	}
	mime := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := mime.From(from); err != nil {
		return nil, fmt.Errorf("mail-from: %w", err)
	}
	// The address is personal: it stays out of the error.
	if mime.To(to) != nil {
		return nil, fmt.Errorf("a message by %s: %w", m.Kind, ErrRefused)
	}
	mime.Subject(cmp.Or(m.Subject, "Text message"))
	mime.SetGenHeader("Content-Language", m.Language)
	mime.SetGenHeader("Auto-Submitted", "auto-generated")
	mime.SetDate()
	mime.SetMessageID()
	if m.ID != "" {
		mime.SetMessageIDWithValue(m.ID + "@" + domainOf(from))
	}
	if m.Leave != "" {
		mime.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Leave+">")
		mime.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	mime.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		mime.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return mime, nil
}

// domainOf is where messages come from.
func domainOf(from string) string {
	if parsed, err := netmail.ParseAddress(from); err == nil {
		return parsed.Address[strings.LastIndex(parsed.Address, "@")+1:]
	}
	return "heed.invalid"
}

// Outbox writes each message as a file that only the owner may read. Its
// fields are set before the first use.
type Outbox struct {
	Dir  string // made when needed
	From string
}

// Send writes a message to the folder, whole or not at all. One that has an ID
// and is there already is put in the place of itself.
func (o Outbox) Send(_ context.Context, m Message) error {
	mime, err := compose(o.From, m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	f, err := os.CreateTemp(o.Dir, time.Now().UTC().Format("20060102T150405.000")+"-"+nameOf(m.CustomerID)+"-*.part")
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	_, err = mime.WriteTo(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("outbox: %w", errors.Join(err, os.Remove(f.Name())))
	}
	name := f.Name()[:len(f.Name())-len(filepath.Ext(f.Name()))] + ".eml"
	if m.ID != "" {
		name = filepath.Join(o.Dir, filepath.Base(m.ID)+".eml")
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// Forget destroys the messages to people that wait or waited in the folder.
func (o Outbox) Forget(people []string) error {
	var errs []error
	for _, p := range people {
		files, err := filepath.Glob(filepath.Join(o.Dir, "*-"+nameOf(p)+"-*"))
		errs = append(errs, err)
		for _, f := range files {
			if err := os.Remove(f); !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// nameOf stands for a customer in the name of a file, whatever their id is.
func nameOf(customerID string) string {
	sum := sha256.Sum256([]byte(customerID))
	return hex.EncodeToString(sum[:8])
}

// Security says how a connection to a mail server is made secure.
type Security string

// Auto is TLS at once on port 465 and STARTTLS on the others, which a server
// must offer. Clear is for a server on this machine or beside it: without TLS
// there is no password either.
const (
	Auto     Security = "auto"
	AtOnce   Security = "tls"
	StartTLS Security = "starttls"
	Clear    Security = "none"
)

// SMTP sends e-mail by a server, over TLS unless it is told otherwise, and
// leaves the rest to Other. Its fields are set before the first use.
type SMTP struct {
	Address        string   // host:port
	Security       Security // empty is Auto
	User, Password string   // both may be empty
	From           string
	TLS            *tls.Config   // nil means the system's authorities
	Within         time.Duration // bounds the whole conversation; 0 is 20 s
	// Other takes what is no e-mail.
	Other interface {
		Send(ctx context.Context, m Message) error
	}
}

const sendTimeout = 20 * time.Second

// implicitTLS is the port on which mail servers speak TLS from the first byte.
const implicitTLS = 465

// Send blocks until the server has taken the message.
func (s SMTP) Send(ctx context.Context, m Message) error {
	if m.Kind != "email" {
		return s.Other.Send(ctx, m)
	}
	mime, err := compose(s.From, m)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return fmt.Errorf("mail-smtp: %w", err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("mail-smtp: %w", err)
	}
	within := cmp.Or(s.Within, sendTimeout)
	client, err := gomail.NewClient(host, s.options(n, within)...)
	if err != nil {
		return fmt.Errorf("mail-smtp: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, mime); err != nil {
		return reason(err)
	}
	return nil
}

func (s SMTP) options(port int, within time.Duration) []gomail.Option {
	policy := gomail.TLSMandatory
	if s.Security == Clear {
		policy = gomail.NoTLS
	}
	o := []gomail.Option{gomail.WithPort(port), gomail.WithTLSPolicy(policy), gomail.WithTimeout(within)}
	if s.Security == AtOnce || port == implicitTLS && s.Security != StartTLS && s.Security != Clear {
		o = append(o, gomail.WithSSL())
	}
	if s.TLS != nil {
		o = append(o, gomail.WithTLSConfig(s.TLS))
	}
	if s.User != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return o
}

// reason says what went wrong without the server's words, which often repeat
// the address. Only a refusal for good (RFC 5321, 4.2.1) is in vain.
func reason(err error) error {
	if sending, ok := errors.AsType[*gomail.SendError](err); ok && sending.ErrorCode() != 0 {
		code := sending.ErrorCode()
		return &Error{Why: fmt.Sprintf("refused with code %d", code), Vain: code >= 500}
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return &Error{Why: "its name was not found"}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return &Error{Why: "not reached (" + op.Op + ")"}
	}
	return &Error{Why: "it did not take the message; check the mail settings"}
}
