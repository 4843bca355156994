package app

import (
	"heed/insights/talk"
	"heed/internal/desk"
	"heed/internal/identity"
	"heed/internal/mount"
)

// identityRoutes are the part of the API that is about who customers are.
func (a *App) identityRoutes() func(mount.Kit) {
	return identity.Routes(a.parts.store, a.parts.brain, desk.New(a.parts.store, a.o.Now, talk.Measure))
}
