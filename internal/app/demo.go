package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strings"
	"time"

	"heed/fixtures"
	"heed/internal/demo"
	"heed/internal/mount"
	"heed/internal/play"
	"heed/internal/seed"
	"heed/internal/web"
)

// demoPause is how long the demo waits between two calls.
const demoPause = 8 * time.Second

// DemoSecret makes the secret that the demo shares with its own Twilio door.
func DemoSecret() string { return web.NewSecret() }

// Demo plants the demo customers and plays the recorded calls one after the
// other into this server's own Twilio door, signed as Twilio would. It
// returns when all were played or ctx ends.
func (a *App) Demo(ctx context.Context) error {
	people, err := seed.Load(fixtures.Customers(), a.o.Now())
	if err != nil {
		return fmt.Errorf("demo customers: %w", err)
	}
	for _, p := range people {
		if err := a.parts.brain.Plant(ctx, p.Profile, p.Consent); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	names, err := demoCalls()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := a.demoCall(ctx, name, "Dana"); err != nil {
			return err
		}
		if err := rest(ctx, demoPause); err != nil {
			return err
		}
	}
	return nil
}

// demoRoutes is what the demo adds to the API.
func (a *App) demoRoutes() func(mount.Kit) {
	a.parts.demo.On = a.o.Config.Demo
	return demo.Routes(&a.parts.demo)
}

// startDemo has the demo call played for people who ask for it.
func (a *App) startDemo(ctx context.Context) {
	a.parts.demo.Play = func(agent string, done func()) error {
		names, err := demoCalls()
		if err != nil {
			return err
		}
		a.work.do(func() {
			defer done()
			if err := a.demoCall(ctx, names[0], agent); err != nil && ctx.Err() == nil {
				a.log.Error("the demo call ended", "error", err)
			}
		})
		return nil
	}
}

// demoCalls gives the recorded calls, the one that shows most first.
func demoCalls() ([]string, error) {
	names, err := fs.Glob(fixtures.Calls(), "*.wav")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("demo: no recorded calls: %w", err)
	}
	slices.SortFunc(names, func(x, y string) int {
		return strings.Compare(rank(x)+x, rank(y)+y)
	})
	return names, nil
}

func rank(name string) string {
	if strings.HasPrefix(name, "cancel") {
		return "0"
	}
	return "1"
}

// caller is the number in the transcript beside a recording, one of the demo
// customers'.
func caller(name string) (string, error) {
	raw, err := fs.ReadFile(fixtures.Calls(), strings.TrimSuffix(name, ".wav")+".json")
	if err != nil {
		return "", err
	}
	var script struct{ Caller string }
	return script.Caller, json.Unmarshal(raw, &script)
}

func (a *App) demoCall(ctx context.Context, name, agent string) error {
	from, err := caller(name)
	if err != nil {
		return fmt.Errorf("demo call %s: %w", name, err)
	}
	raw, err := fs.ReadFile(fixtures.Calls(), name)
	if err != nil {
		return fmt.Errorf("demo call %s: %w", name, err)
	}
	recording, err := play.Read(bytes.NewReader(raw), play.Right)
	if err != nil {
		return fmt.Errorf("demo call %s: %w", name, err)
	}
	a.log.Info("demo call", "recording", name)
	o := play.Options{
		Recording: recording, URL: "http://" + dialable(a.listener.Addr().String()), Speed: 1,
		AuthToken: a.o.Config.Twilio.AuthToken,
		Caller:    play.Caller{From: from, To: "+12025550199", Agent: agent},
	}
	if a.o.Config.PublicURL != "" {
		o.AuthToken, o.Key = "", a.key // the signature would be over another address
	}
	_, err = play.Call(ctx, o)
	if err != nil {
		return fmt.Errorf("demo call %s: %w", name, err)
	}
	return nil
}

// rest waits, or gives the error of a context that ended.
func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// dialable turns an address that listens everywhere into one to connect to.
func dialable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
