package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heed/internal/alerts"
	"heed/internal/alerts/letter"
	"heed/internal/event"
	"heed/internal/mail"
	"heed/internal/outbound"
	"heed/internal/store"
	"heed/internal/themes"
)

const (
	// alertsKeyFile holds what the links are signed with by which one unsubscribes.
	alertsKeyFile = "alerts.key"
	alertsKeySize = 32
	// mailDir is where alerts wait that no mail server takes.
	mailDir = "mail"
)

// makeAlerts joins what keeps searches and tells of them.
func (a *App) makeAlerts(context.Context) error {
	zone, err := time.LoadLocation(a.o.Config.Calls.TimeZone)
	if err != nil {
		return fmt.Errorf("calls-time-zone: %w", err)
	}
	key, err := secretFile(filepath.Join(a.o.Config.Data, alertsKeyFile), alertsKeySize)
	if err != nil {
		return err
	}
	letters, err := letter.New(zone)
	if err != nil {
		return err
	}
	var quiet alerts.Quiet
	if quiet.From, quiet.To, err = a.o.Config.Alerts.Hours(); err != nil {
		return fmt.Errorf("alerts-quiet: %w", err)
	}
	post, err := a.post(mail.Outbox{Dir: filepath.Join(a.o.Config.Data, mailDir), From: a.o.Config.Mail.From})
	if err != nil {
		return err
	}
	hooks := outbound.New(outbound.Options{})
	a.ends.add("webhooks out", func(context.Context) error { return hooks.Close() })
	a.parts.alerts = alerts.New(alerts.Options{
		Store: a.parts.store, Search: a.parts.index, Themes: knownThemes{a.parts.themes}, Mail: byMail{post}, Webhook: byWebhook{hooks},
		Letters: letters, Secret: outbound.NewSecret, Key: key, URL: a.publicURL, Zone: zone, Quiet: quiet, Logger: a.log, Registerer: a.registry, Now: a.o.Now,
	})
	return nil
}

// publicURL is where people open Heed and platforms reach it.
func (a *App) publicURL() string {
	return strings.TrimSuffix(cmp.Or(a.o.Config.PublicURL, a.URL()), "/")
}

// startAlerts watches, and tells of themes as they emerge.
func (a *App) startAlerts(ctx context.Context) {
	a.follow(ctx, a.parts.alerts.Emerged(), event.ThemeEmerged)
	a.work.do(func() { a.parts.alerts.Run(ctx) })
}

// knownThemes tells alerts what they need of themes.
type knownThemes struct{ *themes.Themes }

func (k knownThemes) Known(ctx context.Context, id string) (title, as string, complete bool, err error) {
	known, err := k.Themes.Known(ctx, id)
	return known.Title, known.CountsAs, known.Complete, err
}

// byMail sends messages by mail.
type byMail struct{ poster }

// Check says why an address is none.
func (byMail) Check(address string) error { return mail.Check(address) }

// Send makes one attempt.
func (b byMail) Send(ctx context.Context, p store.Post) error {
	if err := mail.Check(p.To); err != nil {
		return &mail.Error{Why: err.Error(), Vain: true}
	}
	return b.poster.Send(ctx, mail.Message{
		ID: p.Message, Kind: "email", To: p.To, Subject: p.Subject, Text: p.Body, HTML: p.HTML, Language: p.Language, Leave: p.Leave,
	})
}

// byWebhook sends messages as webhooks.
type byWebhook struct{ *outbound.Client }

// Check says why an address is none that is written to.
func (byWebhook) Check(address string) error { return outbound.Check(address) }

// Send makes one attempt.
func (b byWebhook) Send(ctx context.Context, p store.Post) error {
	return b.Client.Send(ctx, outbound.Message{ID: p.Message, Address: p.To, Secret: p.Secret, Body: []byte(p.Body)})
}

// poster carries messages.
type poster interface {
	Send(ctx context.Context, m mail.Message) error
}

// post carries messages to the mail server, or into a folder.
func (a *App) post(folder mail.Outbox) (poster, error) {
	c := a.o.Config.Mail
	if c.SMTP == "" {
		return folder, nil
	}
	if c.PasswordFile != "" {
		raw, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("mail-password-file: %w", err)
		}
		c.Password = string(bytes.TrimRight(raw, "\r\n"))
	}
	return mail.SMTP{Address: c.SMTP, Security: mail.Security(c.TLS), User: c.User, Password: c.Password, From: c.From, Other: folder}, nil
}
