// Package mail carries messages to customers: by SMTP, or into a folder of
// .eml files that something else sends, which is what happens when nothing is
// configured.
//
// It writes no text of its own and keeps nothing else of a message. It does
// not retry: whoever asked for a message asks again.
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
	"os"
	"path/filepath"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is one to a customer.
type Message struct {
	CustomerID string
	// Kind is "email" or "phone".
	Kind string
	// To is an e-mail address or a number in E.164.
	To      string
	Subject string // of an e-mail
	Text    string
	// Language of the text, BCP 47.
	Language string
}

// ErrRefused is returned for a message that can never be sent as it is: its
// address is none.
var ErrRefused = errors.New("the address cannot be written to")

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
	mime.SetBodyString(gomail.TypeTextPlain, m.Text)
	return mime, nil
}

// Outbox writes each message as a file that only the owner may read. Its
// fields are set before the first use.
type Outbox struct {
	Dir  string // made when needed
	From string
}

// Send writes a message to the folder, whole or not at all.
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

// SMTP sends e-mail by a server, over TLS only, and leaves the rest to Other.
// Its fields are set before the first use.
type SMTP struct {
	Address        string // host:port; port 465 speaks TLS at once, the others by STARTTLS
	User, Password string // both may be empty
	From           string
	TLS            *tls.Config // nil means the system's authorities
	// Other takes what is no e-mail.
	Other interface {
		Send(ctx context.Context, m Message) error
	}
}

// sendTimeout bounds the whole conversation with the server.
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
	client, err := gomail.NewClient(host, s.options(n)...)
	if err != nil {
		return fmt.Errorf("mail-smtp: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, mime); err != nil {
		return fmt.Errorf("mail server: %s", reason(err))
	}
	return nil
}

func (s SMTP) options(port int) []gomail.Option {
	o := []gomail.Option{
		gomail.WithPort(port), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTimeout(sendTimeout),
	}
	if port == implicitTLS {
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
// the address.
func reason(err error) string {
	if sending, ok := errors.AsType[*gomail.SendError](err); ok {
		return fmt.Sprintf("refused with code %d", sending.ErrorCode())
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "its name was not found"
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return "not reached (" + op.Op + ")"
	}
	return "it did not take the message; check mail-smtp, mail-user and mail-password"
}
