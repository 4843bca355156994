package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"heed/internal/brain"
	"heed/internal/door"
	"heed/internal/door/known"
	"heed/internal/door/pass"
	"heed/internal/door/texts"
	"heed/internal/door/told"
	"heed/internal/erase"
	"heed/internal/mail"
	"heed/internal/store"
)

const (
	// doorKeyFile holds what the links and codes of customers are signed with.
	// Losing it ends those that are open.
	doorKeyFile = "door.key"
	doorKeySize = 32
	outboxDir   = "outbox"
)

// makeDoor joins the customers' own pages.
func (a *App) makeDoor(context.Context) error {
	zone, err := time.LoadLocation(a.o.Config.Calls.TimeZone)
	if err != nil {
		return fmt.Errorf("calls-time-zone: %w", err)
	}
	secret, err := secretFile(filepath.Join(a.o.Config.Data, doorKeyFile), doorKeySize)
	if err != nil {
		return err
	}
	words, err := texts.Builtin()
	if err != nil {
		return err
	}
	a.parts.told = told.New(words, zone)
	reader := known.Options{Store: a.parts.store, Now: a.o.Now}
	if a.o.Config.Door.Recordings {
		reader.Recordings = recordings{a.recordingDir(), a.parts.store.Vault()}
	}
	sender, err := a.post(a.outbox())
	if err != nil {
		return err
	}
	a.parts.own, err = door.New(door.Options{
		Keeper: pass.New(a.parts.store, secret, a.o.Now), Reader: known.New(reader), Words: door.Words{Texts: words, Teller: a.parts.told},
		Acts: a.parts.brain, Untrue: brain.ErrInvalid, Receipts: a.parts.ledger, Eraser: forgetter{a.parts.erase}, Sender: sender, Company: a.o.Config.Door.Company,
		URL:    a.publicURL,
		Region: a.o.Config.Calls.Region, Zone: zone, Secure: strings.HasPrefix(a.o.Config.PublicURL, "https://"),
		Logger: a.log, Now: a.o.Now,
	})
	return err
}

// outbox is where messages wait that no server takes.
func (a *App) outbox() mail.Outbox {
	return mail.Outbox{Dir: filepath.Join(a.o.Config.Data, outboxDir), From: a.o.Config.Mail.From}
}

// forgetter lets customers have themselves erased.
type forgetter struct{ *erase.Service }

func (f forgetter) Forget(ctx context.Context, customerID, by string) (string, error) {
	c, err := f.Service.Forget(ctx, customerID, by)
	return c.ID, err
}

func (f forgetter) Certificate(ctx context.Context, id string) (text string, done bool, err error) {
	c, err := f.Service.Certificate(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", false, known.ErrNotTheirs
	}
	return c.Text(), c.State == erase.Done, err
}
