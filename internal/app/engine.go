package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/config"
	"heed/internal/event"
	"heed/internal/model"
	"heed/internal/web"
	"heed/transcribe"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

// Engine is what hears the calls of a server. The zero value hears nothing:
// calls are then recorded only.
type Engine struct {
	// For gives the engine for one party of a call, and its name.
	For func(c event.Call, who insights.Speaker) (engine transcribe.Engine, name string)
	// State is ready, restarting or none, and how often it was restarted.
	State func() (state string, restarts int)
	Info  transcribe.Info
	close func() error
}

// Close ends the engine's worker, if it has one.
func (e Engine) Close() error {
	if e.close == nil {
		return nil
	}
	return e.close()
}

// NoEngine records and hears nothing.
func NoEngine() Engine {
	return Engine{
		Info:  transcribe.Info{Name: "none", Note: "no speech engine: calls are recorded and not heard"},
		State: func() (string, int) { return "none", 0 },
	}
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

// FindEngine makes the engine that the settings ask for. With "auto" it is
// the best that is there, and what was passed over is said in the log.
func FindEngine(ctx context.Context, c config.Config, log *slog.Logger, reg prometheus.Registerer) (Engine, error) {
	switch c.Speech.Engine {
	case "none":
		return NoEngine(), nil
	case "pocketsphinx":
		return pocketsphinxEngine(log)
	case "sherpa":
		return sherpaEngine(ctx, c, log, reg)
	}
	e, err := sherpaEngine(ctx, c, log, reg)
	if err == nil {
		return e, nil
	}
	log.Warn("the speech engine sherpa is not available; \"heed doctor\" says what to do", "error", err)
	if e, err = pocketsphinxEngine(log); err == nil {
		log.Warn("using pocketsphinx, the last resort: about one word in two is wrong on the telephone")
		return e, nil
	}
	log.Warn("no speech engine: calls are recorded and not heard", "error", err)
	return NoEngine(), nil
}

func sherpaEngine(_ context.Context, c config.Config, log *slog.Logger, reg prometheus.Registerer) (Engine, error) {
	m, err := model.Find(ModelDirs(c), model.SmallEnglish)
	if err != nil {
		return Engine{}, err
	}
	runtime, err := model.FindRuntime(RuntimeDirs(c))
	if err != nil {
		return Engine{}, err
	}
	exe, err := os.Executable()
	if err != nil {
		return Engine{}, fmt.Errorf("find this program: %w", err)
	}
	e, err := sherpa.New(sherpa.Options{
		Runtime: runtime, Model: m.Dir, ModelName: m.Name, Command: []string{exe, "stt-worker"}, Logger: log, Metrics: reg,
	})
	if err != nil {
		return Engine{}, err
	}
	return Engine{
		For:  func(event.Call, insights.Speaker) (transcribe.Engine, string) { return e, "sherpa" },
		Info: e.Info(),
		State: func() (string, int) {
			s := e.State()
			if s.Phase != sherpa.Ready {
				return "restarting", s.Restarts
			}
			return "ready", s.Restarts
		},
		close: e.Close,
	}, nil
}

func pocketsphinxEngine(log *slog.Logger) (Engine, error) {
	if err := pocketsphinx.Find(); err != nil {
		return Engine{}, err
	}
	e, err := pocketsphinx.New(pocketsphinx.Options{Logger: log})
	if err != nil {
		return Engine{}, err
	}
	return Engine{
		For:   func(event.Call, insights.Speaker) (transcribe.Engine, string) { return e, "pocketsphinx" },
		Info:  e.Info(),
		State: func() (string, int) { return "ready", 0 },
	}, nil
}

func (a *App) status(ctx context.Context) web.Status {
	var v web.Status
	e := a.o.Engine
	v.Engine = web.EngineStatus{Name: e.Info.Name, Model: e.Info.Model, Note: e.Info.Note}
	v.Engine.State = "none"
	if e.State != nil {
		v.Engine.State, v.Engine.Restarts = e.State()
	}
	v.Calls.Live, v.Calls.Max = a.parts.sessions.Live(), a.o.Config.Calls.Max
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
	return v
}
