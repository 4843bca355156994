package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"

	"github.com/spf13/pflag"
)

// Door is about the customer's own pages.
type Door struct {
	Company    string // the name on them; may be empty
	Recordings bool   // customers may listen to the recordings of their calls
}

// Mail says how messages travel, to customers and to those who work with Heed.
// Without a server they are written into the data folder, for something else to
// send.
type Mail struct {
	SMTP         string // host:port; empty writes files
	TLS          string // auto, tls, starttls or none
	User         string
	Password     string // secret
	PasswordFile string // that holds it
	From         string // address that messages come from
}

func (d *Door) bind(fs *pflag.FlagSet) {
	fs.StringVar(&d.Company, "door-company", "", "name of the company on the customers' own pages")
	fs.BoolVar(&d.Recordings, "door-recordings", true, "let customers listen to the recordings of their calls")
}

func (m *Mail) bind(fs *pflag.FlagSet) {
	fs.StringVar(&m.SMTP, "mail-smtp", "", "mail server for messages to customers and alerts, host:port; without it they are written into the data folder's outbox and mail")
	fs.StringVar(&m.TLS, "mail-tls", "auto", "how the mail server is spoken to: auto (TLS at once on port 465, else STARTTLS), tls, starttls, or none for one on this machine")
	fs.StringVar(&m.User, "mail-user", "", "user at the mail server")
	fs.StringVar(&m.Password, "mail-password", "", "password at the mail server")
	fs.StringVar(&m.PasswordFile, "mail-password-file", "", "file that holds that password")
	fs.StringVar(&m.From, "mail-from", "Heed <heed@localhost>", "address that messages come from")
}

func (m *Mail) validate(add func(string, error)) {
	if m.SMTP != "" {
		host, port, err := net.SplitHostPort(m.SMTP)
		if err == nil && (host == "" || port == "") {
			err = errors.New("must be host:port, such as smtp.example.com:587")
		}
		add("mail-smtp", err)
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		add("mail-from", fmt.Errorf("%q is no address such as Shop <hello@example.com>", m.From))
	}
	add("mail-tls", oneOf(m.TLS, "auto", "tls", "starttls", "none"))
	if m.Password != "" || m.PasswordFile != "" {
		m.validatePassword(add)
	}
}

func (m *Mail) validatePassword(add func(string, error)) {
	switch {
	case m.Password != "" && m.PasswordFile != "":
		add("mail-password-file", errors.New("give the password or its file, not both"))
	case m.SMTP == "":
		add("mail-password", errors.New("needs mail-smtp"))
	case m.TLS == "none":
		add("mail-tls", errors.New("a password is not sent without TLS"))
	}
}
