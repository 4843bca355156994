package app

import (
	"context"
	"fmt"
	"time"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/compare"
	"heed/internal/desk"
	"heed/internal/engines"
	"heed/internal/model"
	"heed/internal/mount"
	"heed/internal/sidebyside"
	sidebysideapi "heed/internal/sidebyside/api"
	"heed/internal/store"
	"heed/transcribe"
)

// trialRoutes are trials of two engines on one recording.
func (a *App) trialRoutes(d *desk.Desk) func(mount.Kit) {
	trials := sidebyside.New(sidebyside.Options{
		Choices: a.engineChoices, Open: a.openForTrial, Logger: a.log, Now: a.o.Now,
		Redactor: func() func(insights.Utterance) insights.Utterance {
			r := redact.New(a.policy)
			return func(u insights.Utterance) insights.Utterance {
				u, _, _ = r.Final(u)
				return u
			}
		},
	})
	a.ends.add("engine trial", trials.Close)
	return sidebysideapi.Routes(sidebysideapi.Options{
		Trials:    trials,
		Call:      a.mayBeTried,
		Recording: func(ctx context.Context, id string) (sidebyside.Source, error) { return a.trialSource(ctx, d, id) },
	})
}

// mayBeTried refuses a call that is not there, and one whose words are not kept
// any more: a trial would bring them back.
func (a *App) mayBeTried(ctx context.Context, id string) error {
	if _, err := a.parts.store.Call(ctx, id); err != nil {
		return err //nolint:wrapcheck // it names the call
	}
	gone, err := a.parts.store.IsAged(ctx, store.KeptTranscripts, id)
	if err == nil && gone {
		err = fmt.Errorf("call %s: %w", id, store.ErrAged)
	}
	return err
}

// engineChoices are the engines of this server, and the embedded one with every
// other model that is installed.
func (a *App) engineChoices() []sidebyside.Choice {
	var all []sidebyside.Choice
	used := map[string]bool{}
	if a.o.Engine.Pool != nil {
		for _, s := range a.o.Engine.Pool.States() {
			used[s.Model] = true
			all = append(all, sidebyside.Choice{Name: s.Name, Model: s.Model, Note: s.Note, Languages: s.Uses, Remote: s.Remote, Loaded: true})
		}
	}
	if _, err := model.FindRuntime(RuntimeDirs(a.o.Config)); err != nil {
		return all // the embedded engine does not run here
	}
	for _, m := range model.List(ModelDirs(a.o.Config)) {
		if m.Dir != "" && m.Problem == "" && !used[m.Name] {
			all = append(all, sidebyside.Choice{Name: "sherpa/" + m.Name, Model: m.Name, Languages: []string{m.Language}})
		}
	}
	return all
}

// openForTrial gives an engine of this server, or starts the embedded one with
// another model.
func (a *App) openForTrial(_ context.Context, name string) (sidebyside.Engine, error) {
	if pool := a.o.Engine.Pool; pool != nil {
		if e, load, there := pool.Named(name); there {
			return a.loaded(name, e, load), nil
		}
	}
	m, err := newMaker(a.o.Config, a.log, nil)
	if err != nil {
		return sidebyside.Engine{}, err
	}
	if err := m.make(name); err != nil {
		return sidebyside.Engine{}, fmt.Errorf("start the engine: %w", err)
	}
	e := m.made[0]
	return sidebyside.Engine{
		Model: e.Info.Model, Engine: e.Engine, Close: m.close,
		Load: func() (cpu, heard time.Duration) { l := e.Load(); return l.CPU, l.Audio },
	}, nil
}

// loaded is an engine of this server.
func (a *App) loaded(name string, e transcribe.Engine, load func() engines.Load) sidebyside.Engine {
	one := sidebyside.Engine{Engine: e}
	for _, s := range a.o.Engine.Pool.States() {
		if s.Name == name {
			one.Model = s.Model
		}
	}
	if load != nil {
		one.Load = func() (cpu, heard time.Duration) { l := load(); return l.CPU, l.Audio }
	}
	return one
}

// trialSource is the kept recording of a call and, where people corrected it,
// what was said.
func (a *App) trialSource(ctx context.Context, d *desk.Desk, id string) (sidebyside.Source, error) {
	src := sidebyside.Source{Call: id}
	f, _, err := recordings{a.recordingDir(), a.parts.store.Vault()}.Open(id)
	if err != nil {
		return src, err
	}
	defer func() { _ = f.Close() }() // read only
	if src.Wav, src.Cut, err = sidebyside.Read(f); err != nil {
		return src, err //nolint:wrapcheck // it says what it read
	}
	corrections, err := a.parts.store.CorrectionsOf(ctx, id)
	if err != nil || len(corrections) == 0 {
		return src, err //nolint:wrapcheck // it names the call
	}
	said, err := d.Said(ctx, id)
	if err != nil {
		return src, err //nolint:wrapcheck // it names the call
	}
	corrected := make(map[string]string, len(corrections))
	for _, c := range corrections {
		corrected[c.UtteranceID] = c.Plain
	}
	src.Said = &compare.Script{}
	for _, u := range said {
		if u.Start.Duration() >= sidebyside.Longest {
			continue
		}
		text, by := corrected[u.ID]
		if by {
			src.Corrected++
		} else {
			text = u.Text
		}
		src.Said.Turns = append(src.Said.Turns, compare.Turn{Role: string(u.Speaker), Text: text, Start: float64(u.Start), End: float64(u.End)})
	}
	return src, nil
}
