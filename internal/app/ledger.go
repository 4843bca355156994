package app

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"path/filepath"

	"heed/fixtures"
	"heed/internal/ledger"
	"heed/internal/notice"
	"heed/internal/web"
)

// makeLedger joins what answers for consent.
func (a *App) makeLedger(context.Context) error {
	texts, err := notice.Load(contentFS(a.o.Config.Content.Notice, fixtures.Consent))
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	seed, err := secretFile(filepath.Join(a.o.Config.Data, "ledger.key"), ed25519.SeedSize)
	if err != nil {
		return err
	}
	a.parts.ledger = ledger.New(ledger.Options{
		Store: a.parts.store, Writer: a.parts.brain, Notice: texts, Key: ed25519.NewKeyFromSeed(seed), Logger: a.log, Now: a.o.Now,
	})
	return nil
}

// recipientStatus says how far the systems are behind with what they are to
// know.
func (a *App) recipientStatus(ctx context.Context) []web.RecipientStatus {
	all, err := a.parts.ledger.Recipients(ctx)
	if err != nil {
		a.log.Error("status of recipients", "error", err)
		return nil
	}
	out := make([]web.RecipientStatus, len(all))
	for i, r := range all {
		out[i] = web.RecipientStatus{
			Name: r.Name, State: "ok", Waiting: r.Waiting, Late: r.Late, Overdue: r.Overdue, Mismatch: r.Mismatch, Asked: r.Asked, Oldest: r.Oldest,
		}
		switch {
		case r.Overdue > 0:
			out[i].State = "overdue"
		case r.Late > 0:
			out[i].State = "late"
		case r.Mismatch > 0:
			out[i].State = "mismatch"
		case r.Waiting > 0:
			out[i].State = "behind"
		}
	}
	return out
}
