package app

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/config"
	"heed/internal/engines"
	"heed/internal/model"
	"heed/transcribe"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

// guessed is how many streams one core is taken to hear until it was measured.
const guessed = 20

// maker makes the engines that the settings name, each once.
type maker struct {
	config config.Config
	log    *slog.Logger
	reg    prometheus.Registerer
	inUse  map[string]string // model by language
	made   []engines.Entry
}

func newMaker(c config.Config, log *slog.Logger, reg prometheus.Registerer) (*maker, error) {
	m := &maker{config: c, log: log, reg: reg}
	if s := c.Speech; slices.Equal(s.Engine, []string{"none"}) && len(s.Languages) == 0 && s.Model == "" {
		return m, nil // nobody hears: models may be out of reach
	}
	var err error
	m.inUse, err = ModelsInUse(c)
	return m, err
}

// options makes every engine of every chain.
func (m *maker) options() (engines.Options, error) {
	s := m.config.Speech
	o := engines.Options{Logger: m.log, Languages: map[string][]string{}}
	o.Capacity = engines.NewCapacity(engines.Policy(s.Overload), float64(runtime.NumCPU()), guessed*runtime.NumCPU(), time.Now)
	if s.Streams > 0 {
		o.Capacity.Fix(s.Streams)
	}
	chains, err := s.Chains()
	if err != nil {
		return o, err
	}
	if o.Default, err = m.chain(s.Engine); err != nil {
		return o, err
	}
	for language, names := range chains {
		if o.Languages[language], err = m.chain(names); err != nil {
			return o, err
		}
	}
	if err := m.otherModels(&o); err != nil {
		return o, err
	}
	o.Entries = m.made
	return o, nil
}

// otherModels gives languages that have a model in use, and no chain of their
// own, the embedded engine with it.
func (m *maker) otherModels(o *engines.Options) error {
	if !slices.Contains(o.Default, "sherpa") {
		return nil
	}
	for language, name := range m.inUse {
		if language == m.language() || o.Languages[language] != nil {
			continue
		}
		if err := m.make("sherpa/" + name); err != nil {
			return err
		}
		o.Languages[language] = append([]string{"sherpa/" + name}, slices.DeleteFunc(slices.Clone(o.Default), func(n string) bool { return n == "sherpa" })...)
	}
	return nil
}

// language is the usual one of calls, its BCP 47 base.
func (m *maker) language() string {
	return transcribe.BaseLanguage(m.config.Calls.Language)
}

// chain makes the engines of one chain; "auto" is the best on this machine.
func (m *maker) chain(names []string) ([]string, error) {
	switch names[0] {
	case "none":
		return nil, nil
	case "auto":
		return m.auto(), nil
	}
	for _, name := range names {
		if err := m.make(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return names, nil
}

func (m *maker) auto() []string {
	err := m.make("sherpa")
	if err == nil {
		return []string{"sherpa"}
	}
	m.log.Warn("the speech engine sherpa is not available; \"heed doctor\" says what to do", "error", err)
	if err = m.make("pocketsphinx"); err == nil {
		m.log.Warn("using pocketsphinx, the last resort: about one word in two is wrong on the telephone")
		return []string{"pocketsphinx"}
	}
	m.log.Warn("no speech engine: calls are recorded and not heard", "error", err)
	return nil
}

// make makes an engine unless it was made before.
func (m *maker) make(name string) error {
	if slices.ContainsFunc(m.made, func(e engines.Entry) bool { return e.Name == name }) {
		return nil
	}
	e, err := m.entry(name)
	if err != nil {
		return err
	}
	e.Name = name
	if d, ok := e.Engine.(transcribe.Describer); ok && e.Info.Name == "" {
		e.Info = d.Info()
	}
	m.made = append(m.made, e)
	return nil
}

func (m *maker) entry(name string) (engines.Entry, error) {
	if chosen, ok := strings.CutPrefix(name, "sherpa/"); ok {
		return m.sherpa(chosen)
	}
	switch name {
	case "sherpa":
		return m.sherpa(m.inUse[m.language()])
	case "pocketsphinx":
		e, err := pocketsphinx.New(pocketsphinx.Options{Logger: m.log})
		return engines.Entry{Engine: e}, err
	}
	return m.hosted(name)
}

func (m *maker) sherpa(name string) (engines.Entry, error) {
	if name == "" {
		return engines.Entry{}, fmt.Errorf("%w: none is in use for the language %q; \"heed model list\" shows what there is", model.ErrNotInstalled, m.language())
	}
	found, err := model.Find(ModelDirs(m.config), name)
	if err != nil {
		return engines.Entry{}, err
	}
	runtimeDir, err := model.FindRuntime(RuntimeDirs(m.config))
	if err != nil {
		return engines.Entry{}, err
	}
	exe, err := os.Executable()
	if err != nil {
		return engines.Entry{}, fmt.Errorf("find this program: %w", err)
	}
	tuning := sherpa.DefaultTuning()
	tuning.Second = sherpa.Second(m.config.Speech.Second)
	reg := m.reg
	if reg != nil {
		reg = prometheus.WrapRegistererWith(prometheus.Labels{"model": name}, reg)
	}
	e, err := sherpa.New(sherpa.Options{
		Runtime: runtimeDir, Model: found.Dir, ModelName: found.Name, Language: found.Language,
		Command: []string{exe, "stt-worker"}, Tuning: &tuning, Logger: m.log, Metrics: reg,
	})
	if err != nil {
		return engines.Entry{}, err
	}
	return engines.Entry{
		Engine: e, Close: e.Close,
		Health: func() (string, int) {
			s := e.State()
			if s.Phase != sherpa.Ready {
				return "restarting", s.Restarts
			}
			return "ready", s.Restarts
		},
		Load: func() engines.Load {
			u := e.Usage()
			return engines.Load{CPU: u.CPU, Audio: u.Audio, Behind: u.Behind}
		},
	}, nil
}

// close ends what was made, when the rest could not be.
func (m *maker) close() error {
	var errs []error
	for _, e := range m.made {
		if e.Close != nil {
			errs = append(errs, e.Close())
		}
	}
	return errors.Join(errs...)
}
