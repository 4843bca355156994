package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/config"
	"heed/internal/engines"
	"heed/internal/event"
	"heed/internal/model"
	"heed/internal/web"
	"heed/transcribe"
	"heed/transcribe/audio"
)

// Engine is what hears the calls of a server. The zero value hears nothing:
// calls are then recorded only.
type Engine struct {
	// For gives the engine for one party of a call and its name, or none and
	// why; see session.Options.Engine. What takes no part in a chain need not
	// look at failed.
	For  func(c event.Call, who insights.Speaker, failed []string) (engine transcribe.Engine, name string)
	Info transcribe.Info
	// Pool is what For chooses from; nil when it is not one of the server's own.
	Pool *engines.Pool
}

// Close ends the engines.
func (e Engine) Close() error {
	if e.Pool == nil {
		return nil
	}
	return e.Pool.Close()
}

// NoEngine records and hears nothing.
func NoEngine() Engine {
	return Engine{Info: transcribe.Info{Name: "none", Note: "no speech engine: calls are recorded and not heard"}}
}

// ModelDirs is where models are looked for, in order.
func ModelDirs(c config.Config) []string {
	return append(append([]string{}, c.Speech.Models...), filepath.Join(c.Data, "models"))
}

// RuntimeDirs is where the speech runtime is looked for, in order.
func RuntimeDirs(c config.Config) []string {
	dirs := []string{filepath.Join(c.Data, "runtime")}
	if c.Speech.Runtime != "" {
		dirs = append([]string{c.Speech.Runtime}, dirs...)
	}
	if exe, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(exe), "lib"))
	}
	return dirs
}

// ModelsInUse gives the embedded engine's model of each language, by BCP 47
// base: as chosen, or as the settings say.
func ModelsInUse(c config.Config) (map[string]string, error) {
	dirs := ModelDirs(c)
	inUse, err := model.InUse(dirs)
	if err != nil || c.Speech.Model == "" {
		return inUse, err
	}
	for _, m := range model.Known(dirs) {
		if m.Name == c.Speech.Model {
			inUse[transcribe.BaseLanguage(m.Language)] = m.Name
			return inUse, nil
		}
	}
	return nil, fmt.Errorf("speech-model: %w: %q", model.ErrUnknown, c.Speech.Model)
}

// FindEngine makes the engines that the settings ask for. With "auto" it is
// the best on this machine, and what was passed over is said in the log.
func FindEngine(_ context.Context, c config.Config, log *slog.Logger, reg prometheus.Registerer) (Engine, error) {
	m, err := newMaker(c, log, reg)
	if err != nil {
		return Engine{}, err
	}
	o, err := m.options()
	if err != nil {
		return Engine{}, errors.Join(err, m.close())
	}
	if len(o.Entries) == 0 {
		return NoEngine(), nil
	}
	pool, err := engines.New(o)
	if err != nil {
		return Engine{}, errors.Join(err, m.close())
	}
	info := o.Entries[0].Info
	for _, e := range o.Entries {
		if len(o.Default) > 0 && e.Name == o.Default[0] {
			info = e.Info
		}
	}
	return Engine{Pool: pool, Info: info, For: func(c event.Call, _ insights.Speaker, failed []string) (transcribe.Engine, string) {
		return pool.For(engines.Ask{Call: c.ID, Language: c.Language, Failed: failed, Live: c.Status == event.CallLive})
	}}, nil
}

func (a *App) status(ctx context.Context) web.Status {
	var v web.Status
	v.Engine, v.Engines, v.Room = a.engineStatus()
	v.Calls.Live, v.Calls.Max = a.parts.sessions.Live(), a.o.Config.Calls.Max
	v.Models = a.parts.history.Models()
	v.Search.State = string(a.parts.index.State(ctx))
	last, err := a.parts.store.LastSeq(ctx)
	if err != nil {
		a.log.Error("status", "error", err)
	}
	v.Store.LastSeq = last
	if seen, err := a.parts.index.Cursor(ctx); err == nil {
		v.Search.Lag = max(0, last-seen)
	}
	if v.Store.Bytes, err = a.parts.store.Size(); err != nil {
		a.log.Error("status", "error", err)
	}
	if v.Outcomes.Awaited, v.Outcomes.Parked, err = a.parts.store.Unanswered(ctx); err != nil {
		a.log.Error("status", "error", err)
	}
	v.Recipients, v.Recordings = a.recipientStatus(ctx), a.recordingsStatus(ctx)
	if KeyBeside(a.o.Config) != "" {
		v.Advice = append(v.Advice, "The master key lies in the data folder, so that a copy of the folder can be read by whoever has it. Run heed doctor to see how to keep it elsewhere.")
	}
	if alarm, err := a.parts.levers.Alarm(ctx); err != nil {
		a.log.Error("status", "error", err)
	} else if alarm != nil {
		v.Advice = append(v.Advice, alarm.Why)
	}
	return v
}

// engineStatus tells of the engine that is asked first, of all, and of how
// much this machine can hear.
func (a *App) engineStatus() (web.EngineStatus, []web.EngineStatus, *web.Room) {
	e := a.o.Engine
	first := web.EngineStatus{Name: e.Info.Name, Model: e.Info.Model, Note: e.Info.Note, State: "none"}
	if e.Pool == nil {
		if e.For != nil {
			first.State = "ready"
		}
		return first, nil, nil
	}
	var all []web.EngineStatus
	for _, s := range e.Pool.States() {
		all = append(all, web.EngineStatus{
			Name: s.Name, Model: s.Model, Note: s.Note, State: s.State, Restarts: s.Restarts, Remote: s.Remote, Languages: s.Uses,
		})
	}
	r := e.Pool.Room()
	return all[0], all, &web.Room{Streams: r.Streams, Source: r.Source, Calls: r.Calls, Turned: r.Turned, Policy: string(r.Policy)}
}

// watchEvery is how often the capacity is corrected.
const watchEvery = 10 * time.Second

// sizeUp measures how much this machine hears in time, with the speech of a
// recorded call, and corrects that while the server runs.
func (a *App) sizeUp(ctx context.Context, pool *engines.Pool) {
	pcm, rate, err := sample()
	if err == nil {
		err = pool.Measure(ctx, pcm, rate)
	}
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		a.log.Warn("how much speech this machine hears in time is guessed", "error", err)
	}
	r := pool.Room()
	a.log.Info("speech capacity", "streams", r.Streams, "calls", r.Streams/2, "source", r.Source, "beyond", r.Policy)
	pool.Watch(ctx, watchEvery)
}

// sample is ten seconds of a recorded call's speech.
func sample() ([]int16, int, error) {
	f, err := fixtures.Calls().Open("cancel-competitor.wav")
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = f.Close() }() // read only
	wav, err := audio.ReadWAV(f)
	if err != nil {
		return nil, 0, err
	}
	agent := wav.Channels[0]
	return agent[:min(len(agent), 10*wav.Rate)], wav.Rate, nil
}

// languageOf guesses a call's language from the country of the customer's
// number, among those that some engine knows.
func (a *App) languageOf(number string) string {
	if a.o.Engine.Pool == nil {
		return ""
	}
	return engines.LanguageOf(number, a.o.Engine.Pool.Knows)
}
