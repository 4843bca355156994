package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/alerts"
	"heed/internal/brain"
	"heed/internal/campaigns"
	campaignsapi "heed/internal/campaigns/api"
	"heed/internal/config"
	"heed/internal/consent"
	"heed/internal/money"
	"heed/internal/mount"
	"heed/internal/numbers"
	"heed/internal/spend"
	spendapi "heed/internal/spend/api"
	"heed/internal/store"
	"heed/internal/themes"
	"heed/internal/watch"
	watchapi "heed/internal/watch/api"
)

// market is what marketing asks, and who supervises.
type market struct {
	themes    *themes.Themes
	alerts    *alerts.Service
	spend     *spend.Service
	campaigns *campaigns.Service
	numbers   *numbers.Keeper
	watch     *watch.Service
}

// LoadNumbers reads which number stands in which advertisement; without a file
// none does.
func LoadNumbers(c config.Config) (*numbers.Pool, error) {
	if c.Campaigns.Numbers == "" {
		return &numbers.Pool{}, nil
	}
	zone, err := time.LoadLocation(c.Calls.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("calls-time-zone: %w", err)
	}
	return numbers.Read(c.Campaigns.Numbers, c.Calls.Region, zone)
}

// makeMarket joins what tells of campaigns.
func (a *App) makeMarket(ctx context.Context) error {
	c := a.o.Config.Campaigns
	currency, err := money.Parse(c.Currency)
	if err != nil {
		return fmt.Errorf("campaigns-currency: %w", err)
	}
	zone, err := time.LoadLocation(a.o.Config.Calls.TimeZone)
	if err != nil {
		return fmt.Errorf("calls-time-zone: %w", err)
	}
	pool, err := LoadNumbers(a.o.Config)
	if err != nil {
		return fmt.Errorf("campaigns-numbers: %w", err)
	}
	a.parts.numbers, err = numbers.New(ctx, numbers.Options{Pool: pool, Store: a.parts.store, Told: a.parts.callEvents, Region: a.o.Config.Calls.Region})
	if err != nil {
		return err
	}
	if a.parts.spend, err = spend.New(ctx, spend.Options{Store: a.parts.store, Currency: currency, Now: a.o.Now}); err != nil {
		return err
	}
	a.parts.campaigns = campaigns.New(campaigns.Options{
		Store: a.parts.store, Currency: currency, Zone: zone, LookBack: c.LookBack, Wishes: a.wishes, Now: a.o.Now,
		Rule:        campaigns.Rule{Least: c.Qualified, Intents: c.QualifiedIntents, Outcomes: c.QualifiedOutcomes},
		Conversions: campaigns.Conversions{Order: c.OrderConversion, Call: c.CallConversion},
	})
	return nil
}

// startMarket follows what campaigns are made of.
func (a *App) startMarket(ctx context.Context) {
	a.follow(ctx, a.parts.numbers, numbers.Types()...)
	orders := campaigns.NewOrders(a.parts.store)
	a.follow(ctx, orders, orders.Types()...)
}

// marketRoutes are the routes of campaigns in the API.
func (a *App) marketRoutes() []func(mount.Kit) {
	return []func(mount.Kit){spendapi.Routes(a.parts.spend), campaignsapi.Routes(a.parts.campaigns), watchapi.Routes(a.parts.watch, a.o.Now)}
}

// wishes says what may be made of where a person's calls came from.
func (a *App) wishes(ctx context.Context, person string) (campaigns.Wishes, error) {
	p, err := brain.Read(ctx, a.parts.store, person)
	if errors.Is(err, store.ErrNotFound) {
		return campaigns.Wishes{}, nil // nobody is known, and nothing allowed
	}
	if err != nil {
		return campaigns.Wishes{}, err
	}
	is := func(purpose consent.Purpose) consent.Answer {
		return consent.Now(p.Ledger, consent.Cell{Purpose: purpose}, a.o.Now())
	}
	return campaigns.Wishes{
		Untracked: is(consent.Tracking).Denies() || is(consent.Processing).Denies(),
		Share:     is(consent.Sale).State == consent.Granted,
	}, nil
}
