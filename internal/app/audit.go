package app

import (
	"context"

	"heed/internal/audit"
	auditapi "heed/internal/audit/api"
	"heed/internal/mount"
	"heed/internal/recording"
	"heed/internal/retention"
)

// makeAudit makes what notes who reads what, and what deletes what is too old.
func (a *App) makeAudit(context.Context) error {
	a.parts.audit = audit.New(a.parts.store, a.log, a.o.Now)
	dir := a.recordingDir()
	a.parts.aging = retention.New(retention.Options{
		Store: a.parts.store, Audio: tapes{dir}, Stored: func(id string) bool { return recording.Stored(dir, id) },
		Words: a.parts.brain, Index: a.parts.index, Themes: a.parts.themes, Logger: a.log, Now: a.o.Now,
	})
	return nil
}

// auditRoutes are the routes of the audit.
func (a *App) auditRoutes() func(mount.Kit) {
	return auditapi.Routes(auditapi.Options{
		Audit: a.parts.store, Flush: a.parts.audit.Flush,
		Note: a.parts.store.NoteTaken, Rows: int64(a.o.Config.Limits.ExportRows),
	})
}

// startAudit begins to write counts and the last use of keys down. It ends
// after the screens have gone.
func (a *App) startAudit(ctx context.Context) {
	a.work.do(func() { a.parts.audit.Run(ctx) })
	a.work.do(func() { a.parts.web.Run(ctx) })
	a.work.do(func() { a.parts.aging.Run(ctx) })
}
