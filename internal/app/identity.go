package app

import (
	"heed/insights/talk"
	"heed/internal/brain"
	"heed/internal/desk"
	doorapi "heed/internal/door/api"
	"heed/internal/identity"
	"heed/internal/mount"
	"heed/internal/store"
)

// identityRoutes are the part of the API that is about who customers are.
func (a *App) identityRoutes() func(mount.Kit) {
	return identity.Routes(a.parts.store, a.parts.brain, desk.New(a.parts.store, a.o.Now, talk.Measure))
}

// phoneRoutes are the routes by which callers prove who they are.
func (a *App) phoneRoutes() func(mount.Kit) {
	return doorapi.PhoneRoutes(a.parts.own, struct {
		*store.Store
		*brain.Brain
	}{a.parts.store, a.parts.brain})
}
