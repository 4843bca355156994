package app

import (
	"context"
	"maps"
	"path/filepath"

	"heed/internal/ingest/whip"
	"heed/internal/ingest/whip/softphone"
	"heed/internal/ingest/wire"
)

// whipKeyFile holds what the tokens of publishers are sealed with. Losing it
// ends those that are out.
const whipKeyFile = "whip.key"

// whipDoor lets in who has a token, and what carries an API key.
func (a *App) whipDoor(ctx context.Context, meters *wire.Meters) error {
	key, err := secretFile(filepath.Join(a.o.Config.Data, whipKeyFile), whip.KeySize)
	if err != nil {
		return err
	}
	tokens, err := whip.NewTokens(key, a.o.Now)
	if err != nil {
		return err
	}
	c := a.o.Config.WHIP
	d, err := whip.New(ctx, whip.Options{
		Calls: a.parts.calls, Tokens: tokens, Allow: a.mayIngest,
		Listen: c.Address(a.o.Config.Listen), PublicIPs: c.PublicIPs, PublicURL: a.o.Config.PublicURL, Origins: c.Origins,
		Relay: whip.Relay{URLs: c.Relay.URLs, User: c.Relay.User, Password: c.Relay.Password, Key: c.Relay.Key}, BuiltinOpus: c.Opus == "builtin", Logger: a.log,
		Meters: meters, Registerer: a.registry, Limits: whip.Limits{Sessions: a.o.Config.SocketsAtOnce()},
	})
	if err != nil {
		return err
	}
	a.ends.add("port of calls over WebRTC", d.Close) // it is bound already
	a.parts.entrances.routes = append(a.parts.entrances.routes, whip.Routes(tokens))
	a.parts.entrances.add(d.Close, d.Handlers())
	maps.Copy(a.parts.entrances.handlers, softphone.Handlers())
	return nil
}
