package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/entity"
	"heed/insights/intent"
	"heed/insights/moment"
	"heed/insights/redact"
	"heed/insights/sentiment"
	"heed/insights/talk"
	"heed/insights/theme"
	"heed/insights/written"
	"heed/internal/archive"
	"heed/internal/client"
	"heed/internal/config"
	"heed/internal/engines"
	"heed/internal/event"
	"heed/internal/hub"
	"heed/internal/phrases"
	"heed/internal/recording"
	"heed/internal/session"
	"heed/internal/vault"
	"heed/transcribe"
	"heed/transcribe/sound"
)

// makeSessions joins the ears (engine), the understanding (analyzers) and the
// brain in the manager of live calls.
func (a *App) makeSessions(context.Context) error {
	analyzer := a.o.Analyzer
	if analyzer == nil {
		var err error
		if analyzer, err = NewAnalyzer(a.o.Config, a.parts.encoder); err != nil {
			return err
		}
		a.o.Analyzer = analyzer
	}
	key, err := a.masterKey()
	if err != nil {
		return err
	}
	hints, err := newHints(a.o.Config.Content.Phrases)
	if err != nil {
		return err
	}
	c := a.o.Config.Calls
	a.parts.sessions, err = session.New(session.Options{
		Brain: a.parts.brain, Captions: captions{a.parts.hub, a.parts.watch.Heard}, Engine: a.engineFor, Analyzer: analyzer,
		Redactor: func() session.Redactor { return redact.New(a.policy) },
		Hints:    hints, Extras: session.Extras{Writer: a.writerFor, Country: a.countryOf, Sounds: newSoundDetector, Measure: talk.Measure, Assent: a.assentTo, Answer: answers{}},
		Dir: a.recordingDir(), Key: key,
		Limits: session.Limits{MaxCalls: c.Max, Admit: a.admit, Grace: c.Grace, SilentAfter: c.SilentAfter, Keys: session.Keys{Pause: c.PauseKeys, Resume: c.ResumeKeys}},
		Logger: a.log, Registerer: a.registry, World: session.World{Now: a.o.Now},
	})
	if err != nil {
		return err
	}
	a.parts.history, err = a.newHistory(analyzer, a.parts.sessions.Live)
	return err
}

// NewWriter makes what writes out, as people write it, what is heard on calls
// as the configuration describes them. People are full names that are likely.
func NewWriter(c config.Config, people ...string) func(*insights.Utterance) (string, []int) {
	return written.New(written.Options{
		Language: c.Calls.Language, Region: c.Calls.Region, Names: competitors(c.Content), People: people,
	}).Write
}

// competitors gives the names that count as one.
func competitors(c config.Content) []string {
	if c.Competitors == nil {
		return moment.Fictional()
	}
	return c.Competitors
}

// writerFor makes what writes a call out for people, with the names that are
// likely in it.
func (a *App) writerFor(c event.Call) func(*insights.Utterance) (string, []int) {
	return NewWriter(a.o.Config, c.CustomerName, c.Agent)
}

// countryOf gives the country of the customer's number, or the one of numbers
// without a country.
func (a *App) countryOf(c event.Call) string {
	number := c.From
	if c.Direction == "outbound" {
		number = c.To
	}
	return cmp.Or(engines.CountryOf(number), a.o.Config.Calls.Region)
}

// newSoundDetector makes what finds music and tones on a line; nil at a rate
// that it does not know.
func newSoundDetector(rate int, called bool) transcribe.SoundDetector {
	d, err := sound.New(sound.Options{Rate: rate, Called: called})
	if err != nil {
		return nil
	}
	return d
}

func (a *App) recordingDir() string { return filepath.Join(a.o.Config.Data, archive.Folder) }

// engineFor asks for the engine of a party; without a pool there is one only.
func (a *App) engineFor(c event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
	if a.o.Engine.For == nil {
		return nil, "there is no speech engine"
	}
	e, name := a.o.Engine.For(c, who, failed)
	if slices.Contains(failed, name) {
		return nil, ""
	}
	return e, name
}

// admit tells whether another call would be heard, or is taken all the same.
func (a *App) admit() bool { return a.o.Engine.Pool == nil || a.o.Engine.Pool.Admits() }

// newHints reads the organisation's phrases, or those that are built in, and
// gives what the engines of a party are told: these, the names of both
// parties, and the call's language.
func newHints(dir string) (func(event.Call, insights.Speaker) transcribe.Hints, error) {
	set, err := phrases.Load(contentFS(dir, fixtures.Phrases))
	if err != nil {
		return nil, fmt.Errorf("phrases: %w", err)
	}
	return func(c event.Call, _ insights.Speaker) transcribe.Hints {
		h := set.Hints(c.CustomerName, c.Agent)
		h.Language = c.Language
		return h
	}, nil
}

// NewPolicy reads the policy of what is removed from calls, or gives the
// built-in one.
func NewPolicy(c config.Config) (redact.Policy, error) {
	file := c.Redact.Policy
	if file == "" {
		return redact.Default(), nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return redact.Policy{}, fmt.Errorf("redaction policy: %w", err)
	}
	policy, err := redact.ParsePolicy(file, data)
	if err != nil {
		return redact.Policy{}, fmt.Errorf("redaction policy: %w", err)
	}
	return policy, nil
}

// NewAnalyzer makes what reads every utterance: what the customer wants, what
// it is about, what they name, what happened, and how they feel, in that order:
// what happened has its day from what was named.
// It trains the intents, which takes a second or two. A nil encoder is the one
// of the settings.
func NewAnalyzer(c config.Config, encoder TextEncoder) (insights.Analyzer, error) {
	content := c.Content
	set, err := intent.LoadFS(contentFS(content.Intents, fixtures.Intents))
	if err != nil {
		return nil, fmt.Errorf("intents: %w", err)
	}
	if encoder == nil {
		if encoder, err = NewTextEncoder(c); err != nil {
			return nil, err
		}
	}
	intents, err := intent.Train(set, intent.WithEncoder(encoder))
	if err != nil {
		return nil, fmt.Errorf("intents: %w", err)
	}
	themes, err := theme.Load(contentFS(content.Themes, fixtures.Themes))
	if err != nil {
		return nil, fmt.Errorf("themes: %w", err)
	}
	zone, err := time.LoadLocation(c.Calls.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("calls-time-zone: %w", err)
	}
	moments, err := moment.New(moment.Options{Competitors: content.Competitors, Zone: zone})
	if err != nil {
		return nil, fmt.Errorf("moments: %w", err)
	}
	moods, err := sentiment.New(moodOptions(c))
	if err != nil {
		return nil, fmt.Errorf("sentiment: %w", err)
	}
	products, err := entity.LoadProducts(contentFS(content.Products, fixtures.Products))
	if err != nil {
		return nil, err
	}
	entities := entity.New(entity.Options{Region: c.Calls.Region, Zone: zone, Products: products})
	return insights.Chain{intents, themes, entities, moments, moods}, nil
}

// moodOptions says where moods are scored: where the settings say nothing of
// countries, not where the law wants that decided first.
func moodOptions(c config.Config) sentiment.Options {
	o := sentiment.Options{Off: c.Sentiment.Default == "off", Except: c.Sentiment.Except}
	if rules, err := LoadLaw(c); err == nil && !o.Off && o.Except == nil {
		o.Except, _ = rules.NoEmotion()
	}
	return o
}

// contentFS is the operator's folder, or what is built in.
func contentFS(dir string, builtin func() fs.FS) fs.FS {
	if dir != "" {
		return os.DirFS(dir)
	}
	return builtin()
}

func builtinActions() fs.FS { return fixtures.Actions() }

// captions carries partial captions to the screens, and to who watches over
// calls that somebody speaks.
type captions struct {
	hub   *hub.Hub
	heard func(call string, who insights.Speaker, end insights.Seconds)
}

func (c captions) Partial(call string, who insights.Speaker, segment int, text string, start, end insights.Seconds) {
	if text != "" {
		c.heard(call, who, end)
	}
	c.hub.Partial(hub.Partial{Call: call, Speaker: who, Segment: segment, Text: text, Start: start, End: end})
}

// recordings reads what was kept of calls.
type recordings struct {
	dir   string
	vault *vault.Vault
}

func (r recordings) Open(callID string) (io.ReadSeekCloser, time.Time, error) {
	p, err := recording.Open(r.dir, callID, r.vault)
	if err != nil {
		return nil, time.Time{}, err
	}
	return p, p.ModTime, nil
}

func (r recordings) Peaks(callID string) (agent, customer []float64, perSecond int, err error) {
	w, err := recording.Peaks(r.dir, callID, r.vault)
	return w.Agent, w.Customer, w.PerSecond, err
}

// masterKey is the secret of this data folder.
func (a *App) masterKey() ([]byte, error) {
	return secretFile(filepath.Join(a.o.Config.Data, "master.key"), recording.KeyBytes)
}

// secretFile reads n random bytes from a file that only the owner may read,
// and makes it when it is not there.
func secretFile(path string, n int) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err == nil && len(raw) != n {
		return nil, fmt.Errorf("%s holds %d bytes, want %d: restore it from a backup; without it, calls cut off by a crash are lost", path, len(raw), n)
	}
	if err == nil {
		return raw, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read a secret: %w", err)
	}
	raw = make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand aborts the process instead
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return nil, fmt.Errorf("write a secret: %w", err)
	}
	return raw, nil
}

// makeCommandKey gives the commands on this machine a key of their own, new
// at every start, in a file that only the owner may read.
func (a *App) makeCommandKey(ctx context.Context) error {
	const name = "command line on this machine"
	keys, err := a.parts.store.Keys(ctx)
	if err != nil {
		return fmt.Errorf("command key: %w", err)
	}
	for _, k := range keys {
		if k.Name != name {
			continue
		}
		if err := a.parts.store.DropKey(ctx, k.ID); err != nil {
			return fmt.Errorf("command key: %w", err)
		}
	}
	k, err := a.parts.web.MakeKey(ctx, name, "admin")
	if err != nil {
		return fmt.Errorf("command key: %w", err)
	}
	a.key = k.Secret
	path := filepath.Join(a.o.Config.Data, client.KeyFile)
	if err := os.WriteFile(path, []byte(a.key+"\n"), 0o600); err != nil {
		return fmt.Errorf("command key: %w", err)
	}
	return nil
}
