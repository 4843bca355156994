package app

import (
	"context"

	"heed/internal/bins"
	"heed/internal/brain"
	catalogueapi "heed/internal/catalogue/api"
	"heed/internal/decide"
	"heed/internal/decisions"
	decisionsapi "heed/internal/decisions/api"
	"heed/internal/door/told"
	handlingapi "heed/internal/handling/api"
	"heed/internal/learning"
	learningapi "heed/internal/learning/api"
	"heed/internal/levers"
	leversapi "heed/internal/levers/api"
	"heed/internal/mount"
	simulateapi "heed/internal/simulate/api"
	"heed/internal/slots"
	slotsapi "heed/internal/slots/api"
	"heed/internal/trial"
	trialapi "heed/internal/trial/api"
)

// deciding are the parts that find the next best action.
type deciding struct {
	decider *decide.Decider
	brain   *brain.Brain
	trial   *trial.Keeper
	learner *learning.Learner
	bins    *bins.Keeper
	levers  *levers.Keeper
	whatif  simulateapi.Parts

	told      *told.Teller
	decisions *decisions.Service
	slots     *slots.Service
}

// decidingRoutes are what they add to the API.
func (a *App) decidingRoutes() []func(mount.Kit) {
	return []func(mount.Kit){
		trialapi.Routes(a.parts.trial, a.o.Now), learningapi.Routes(a.parts.learner, a.o.Now), simulateapi.Routes(a.parts.whatif),
		catalogueapi.Routes(a.parts.stock, func(ctx context.Context, id, when, channel string) (decide.Expression, error) {
			return a.parts.brain.TryPolicy(ctx, brain.Whom{CustomerID: id}, when, channel)
		}), leversapi.Routes(a.parts.levers), handlingapi.Routes(a.handling()),
		decisionsapi.Routes(a.parts.decisions, a.parts.slots.Keep), slotsapi.Routes(a.parts.slots),
	}
}
