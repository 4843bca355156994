package app

import (
	"cmp"
	"context"
	"path/filepath"

	"heed/internal/archive"
	"heed/internal/config"
	"heed/internal/customer"
	"heed/internal/erase"
	eraseapi "heed/internal/erase/api"
	"heed/internal/mount"
	"heed/internal/recording"
	"heed/internal/store"
	"heed/internal/vault"
)

// makeErase joins what makes a person forgotten.
func (a *App) makeErase(context.Context) error {
	a.parts.erase = erase.New(erase.Options{
		Store: a.parts.store, Index: a.parts.index, Themes: a.parts.themes, Audio: tapes{a.recordingDir()}, Letters: forgetters{a.outbox(), a.parts.learner},
		Subjects: a.parts.store, Recipients: a.told, Logger: a.log, Now: a.o.Now,
	})
	return nil
}

// eraseRoutes are the routes of erasure.
func (a *App) eraseRoutes() func(mount.Kit) {
	return eraseapi.Routes(a.parts.erase, func(typ, value string) string {
		switch typ {
		case "phone":
			value, _ = customer.NormalizePhone(value, a.o.Config.Calls.Region)
		case "email":
			value, _ = customer.NormalizeEmail(value)
		}
		return value
	})
}

// MasterKey says where the key is that wraps the keys of people.
func MasterKey(c config.Config) vault.Source {
	return vault.Source{Text: c.Master.Key, File: c.Master.KeyFile}
}

// KeyBeside gives the file of the master key when it lies in the data folder,
// there or still to be made: whoever copies that folder takes along the key to
// all that is sealed in it. It is empty when the key comes from elsewhere.
func KeyBeside(c config.Config) string {
	file := cmp.Or(c.Master.KeyFile, filepath.Join(c.Data, store.KeysFolder, store.MasterFile))
	inside, err := filepath.Rel(resolved(c.Data), resolved(file))
	if c.Master.Key != "" || err != nil || !filepath.IsLocal(inside) {
		return ""
	}
	return file
}

// resolved gives a path without links, as far as it is there.
func resolved(path string) string {
	path, err := filepath.Abs(path)
	if err != nil || path == filepath.Dir(path) {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Join(resolved(filepath.Dir(path)), filepath.Base(path))
}

// startErase puts recordings under their keys, and finishes erasures that a
// crash cut off or that wait for a call.
func (a *App) startErase(ctx context.Context) {
	a.follow(ctx, archive.New(a.parts.store, a.recordingDir()), archive.Types()...)
	a.work.do(func() { a.parts.erase.Run(ctx) })
}

// tapes destroys recordings.
type tapes struct{ dir string }

func (t tapes) Destroy(callID string) (bool, error) {
	was := recording.Stored(t.dir, callID)
	return was, recording.Discard(t.dir, callID)
}

// told names the systems that were told anything of people.
func (a *App) told(ctx context.Context, people []string) ([]string, error) {
	return a.parts.ledger.ToldOf(ctx, people)
}
