package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights/assent"
	"heed/internal/brain"
	"heed/internal/config"
	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/law"
	"heed/internal/law/api"
	"heed/internal/law/calllist"
	"heed/internal/law/follow"
	"heed/internal/mount"
	"heed/internal/session"
	"heed/internal/store"
)

// legal is what keeps the law.
type legal struct {
	rules     *law.Rules
	lists     *calllist.Lists
	untracked prometheus.Counter
}

// LoadLaw reads the built-in rules of law and those of the settings.
func LoadLaw(c config.Config) (*law.Rules, error) {
	rules, err := law.Default()
	if err != nil {
		return nil, err
	}
	if c.Law.Rules == "" {
		return rules, nil
	}
	data, err := os.ReadFile(c.Law.Rules)
	if err != nil {
		return nil, fmt.Errorf("legal rules: %w", err)
	}
	return rules.Extend(c.Law.Rules, data)
}

func (a *App) makeLaw(context.Context) error {
	rules, err := LoadLaw(a.o.Config)
	if err != nil {
		return err
	}
	key, err := a.masterKey()
	if err != nil {
		return err
	}
	a.parts.law = legal{
		rules: rules,
		lists: calllist.New(a.parts.store, key, a.o.Config.Calls.Region, a.o.Now),
		untracked: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "heed_events_untracked_total", Help: "Events that were not kept, because their person does not want to be tracked.",
		}),
	}
	a.registry.MustRegister(a.parts.law.untracked)
	return nil
}

// assentTo says how a call may be kept: what its customer said before, and
// what the law of their place and the settings want. When the customer cannot
// be looked up nothing is kept before a yes.
func (a *App) assentTo(c event.Call) session.Assent {
	number := c.From
	if c.Direction == "outbound" {
		number = c.To
	}
	wanted := law.Assent(a.o.Config.Law.Recording)
	p, rows, err := a.customerOf(c)
	if err != nil {
		a.log.Error("nothing is recorded before a yes: the customer cannot be looked up", "call", c.ID, "error", err)
		return session.Assent{How: string(law.Ask)}
	}
	how, _ := a.parts.law.rules.Recording(wanted, p, number)
	out := session.Assent{How: string(how)}
	switch s := consent.Now(rows, consent.Cell{Purpose: consent.Recording}, a.o.Now()); {
	case s.Denies():
		out.Answer = "no"
	case s.State == consent.Granted:
		out.Answer = "yes"
	}
	// Who said yes or no before has heard it: nothing is left to announce.
	if how == law.Announce && out.Answer == "" && !a.o.Config.Law.Announced {
		out.Announce = a.o.Config.Law.Announcement
	}
	return out
}

// customerOf gives where the customer of a call is and what they allow.
func (a *App) customerOf(c event.Call) ([]law.Evidence, []consent.Row, error) {
	ctx := context.Background() // the call is stored: its look-up must not depend on the platform's patience
	p, err := brain.Read(ctx, a.parts.store, c.CustomerID)
	if err != nil {
		return nil, nil, err
	}
	return decide.Whereabouts(&p.Profile, a.o.Now()), p.Ledger, nil
}

// answers reads what people say about being recorded.
type answers struct{}

func (answers) Asks(text string) bool                       { return assent.Asks(text) }
func (answers) Read(text string, asked bool) (yes, no bool) { return assent.Read(text, asked) }

// followRecording carries what the ledger says of recording to live calls.
func (a *App) followRecording(ctx context.Context) {
	after, _ := a.parts.store.LastSeq(ctx) // never fails: it is in memory
	live := func(ctx context.Context, customerID string) ([]string, error) {
		calls, _, err := a.parts.store.Calls(ctx, store.CallQuery{CustomerID: customerID, Limit: 10})
		var ids []string
		for _, c := range calls {
			if c.Status == event.CallLive {
				ids = append(ids, c.ID)
			}
		}
		return ids, err
	}
	a.follow(ctx, follow.New(after, a.record, live), follow.Types()...)
}

// record changes what is kept of a live call.
func (a *App) record(ctx context.Context, callID, order, by string) error {
	return a.parts.sessions.Recording(ctx, callID, session.Order(order), by)
}

// lawRoutes are the routes of the law in the API.
func (a *App) lawRoutes() func(mount.Kit) {
	return api.Routes(api.Parts{
		Rules: a.parts.law.rules, Lists: a.parts.law.lists, Law: a.parts.brain.Law,
		Record:   a.record,
		Conflict: func(err error) bool { return errors.Is(err, ingest.ErrOver) || errors.Is(err, session.ErrRefused) },
	})
}
