package engines

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sony/gobreaker/v2"

	"heed/transcribe"
)

// Entry is one engine of a pool.
type Entry struct {
	// Name is what chains, people and utterances call it. Unique.
	Name   string
	Engine transcribe.Engine
	Info   transcribe.Info
	// Remote engines run elsewhere: they have a breaker, and cost this
	// machine nothing.
	Remote bool
	// Health says whether it works: "ready", "restarting", and how often it
	// was started again. Nil is always ready.
	Health func() (state string, restarts int)
	// Load is what an engine on this machine has used so far; nil when it
	// does not know.
	Load func() Load
	// Close ends it; nil when there is nothing to end.
	Close func() error
}

// Load is what an engine has used since its start, and how it is doing.
type Load struct {
	CPU   time.Duration
	Audio time.Duration // heard with it
	// Behind is how much audio the stream that lies back most has waiting.
	Behind time.Duration
}

// Options make a pool.
type Options struct {
	Entries []Entry
	// Default names the engines for every language that they know, in order
	// of preference.
	Default []string
	// Languages gives single languages (BCP 47 base, such as "de") a chain of
	// their own.
	Languages map[string][]string
	// Capacity bounds the live streams of the engines on this machine.
	Capacity *Capacity
	Logger   *slog.Logger
	// Trip is how many failures in a row open a breaker, and Rest for how long;
	// zero values are 3 and 30 s.
	Trip int
	Rest time.Duration
}

// Pool is the engines of a node. It is safe for use by many goroutines.
type Pool struct {
	chains   map[string][]*member // by language; "" is the default
	members  []*member
	capacity *Capacity
	log      *slog.Logger
}

// member is an engine with what is known of how it does.
type member struct {
	Entry

	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

// Ask is a question for an engine.
type Ask struct {
	Call     string   // its id
	Language string   // BCP 47; empty is the default
	Failed   []string // engines that asked to be replaced just now
	// Live calls go on: their words are wanted now. What is not live waits.
	Live bool
}

// New checks that every chain's engines are there. The pool owns the engines
// from then on: Close ends them.
func New(o Options) (*Pool, error) {
	o.Trip, o.Rest = cmp.Or(o.Trip, 3), cmp.Or(o.Rest, 30*time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Capacity == nil {
		o.Capacity = Unbounded()
	}
	p := &Pool{chains: map[string][]*member{}, capacity: o.Capacity, log: o.Logger.With("component", "engines")}
	for _, e := range o.Entries {
		if p.find(e.Name) != nil {
			return nil, fmt.Errorf("engines: two are named %q", e.Name)
		}
		p.members = append(p.members, p.member(e, o))
	}
	chains := map[string][]string{"": o.Default}
	for language, names := range o.Languages {
		chains[transcribe.BaseLanguage(language)] = names
	}
	for language, names := range chains {
		for _, name := range names {
			m := p.find(name)
			if m == nil {
				return nil, fmt.Errorf("engines: no engine is named %q", name)
			}
			p.chains[language] = append(p.chains[language], m)
		}
	}
	return p, nil
}

func (p *Pool) member(e Entry, o Options) *member {
	m := &member{Entry: e}
	if !e.Remote {
		return m
	}
	m.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: e.Name, MaxRequests: 1, Timeout: o.Rest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= o.Trip },
		OnStateChange: func(name string, from, to gobreaker.State) {
			p.log.Warn("speech engine's breaker", "engine", name, "from", from.String(), "to", to.String())
		},
	})
	return m
}

func (p *Pool) find(name string) *member {
	for _, m := range p.members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// speaks tells whether an engine knows a language; one that names none knows
// all.
func (m *member) speaks(language string) bool {
	return language == "" || len(m.Info.Languages) == 0 ||
		slices.ContainsFunc(m.Info.Languages, func(l string) bool { return transcribe.BaseLanguage(l) == language })
}

// down tells whether the engine's service is known not to work now.
func (m *member) down() bool { return m.breaker != nil && m.breaker.State() == gobreaker.StateOpen }

// For gives the engine that is to hear a party of a call, and its name: the
// first of the language's chain that did not fail and is not down. Without one
// that has not failed it gives nil and no name: ask again after a rest. When
// none was asked yet it gives nil only for good, with a sentence that says why:
// no engine knows the language, or a live call is one too many for this
// machine.
func (p *Pool) For(a Ask) (transcribe.Engine, string) {
	language := transcribe.BaseLanguage(a.Language)
	chain := p.chain(language)
	if len(chain) == 0 {
		return nil, p.without(language)
	}
	left := slices.DeleteFunc(slices.Clone(chain), func(m *member) bool { return slices.Contains(a.Failed, m.Name) })
	if len(left) == 0 {
		return nil, ""
	}
	for _, m := range left {
		if !m.down() && (m.Remote || !a.Live || p.capacity.grant(a.Call)) {
			return p.engine(m, a), m.Name
		}
	}
	if len(a.Failed) > 0 {
		return nil, ""
	}
	// None would be for good, and a service may be back soon: it refuses until
	// its rest is over, and is asked again then.
	if i := slices.IndexFunc(left, (*member).down); i >= 0 {
		return p.engine(left[i], a), left[i].Name
	}
	return nil, p.capacity.refusal()
}

// chain is the language's own, or what the default has for it.
func (p *Pool) chain(language string) []*member {
	if own := p.chains[language]; len(own) > 0 {
		return own
	}
	return slices.DeleteFunc(slices.Clone(p.chains[""]), func(m *member) bool { return !m.speaks(language) })
}

// Knows tells whether some engine hears a language (BCP 47).
func (p *Pool) Knows(language string) bool {
	return len(p.chain(transcribe.BaseLanguage(language))) > 0
}

func (p *Pool) without(language string) string {
	if len(p.members) == 0 {
		return "there is no speech engine"
	}
	return fmt.Sprintf("no speech engine for the language %q", language)
}

// engine gives a member for one party.
func (p *Pool) engine(m *member, a Ask) transcribe.Engine {
	w := watched{member: m, inner: m.Engine, held: func() func() { return func() {} }}
	if !a.Live {
		w.inner = transcribe.Batch(m.Engine)
	} else if !m.Remote {
		w.held = func() func() { return p.capacity.hold(a.Call) }
	}
	return w
}

// Named gives an engine by its name, for work that can wait, and what tells of
// what it has used, nil where nobody can; false when there is none.
func (p *Pool) Named(name string) (e transcribe.Engine, load func() Load, there bool) {
	m := p.find(name)
	if m == nil {
		return nil, nil, false
	}
	return p.engine(m, Ask{}), m.Load, true
}

// Admits tells whether a further live call would be heard. With a policy of
// recording, or an engine elsewhere to go on with, it always is taken.
func (p *Pool) Admits() bool {
	for _, m := range p.chains[""] {
		if m.Remote {
			return true
		}
	}
	return p.capacity.admits()
}

// Close ends the engines.
func (p *Pool) Close() error {
	var errs []error
	for _, m := range p.members {
		if m.Close != nil {
			errs = append(errs, m.Close())
		}
	}
	return errors.Join(errs...)
}
