package config

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

func TestLimitsAreWithinReason(t *testing.T) {
	for name, change := range map[string]func(*Limits){
		"limits-connections": func(l *Limits) { l.Connections = 0 },
		"limits-waiting":     func(l *Limits) { l.Waiting = -1 },
		"limits-per-address": func(l *Limits) { l.PerAddress = 0 },
		"limits-sockets":     func(l *Limits) { l.Sockets = 2_000_000 },
		"limits-pings":       func(l *Limits) { l.Pings = 0 },
		"limits-export-rows": func(l *Limits) { l.ExportRows = 0 },
		"limits-clip":        func(l *Limits) { l.Clip = 2 * time.Hour },
		"limits-header-wait": func(l *Limits) { l.HeaderWait = time.Hour },
	} {
		c := Bind(pflag.NewFlagSet("test", pflag.ContinueOnError))
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		change(&c.Limits)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSocketsGoByTheCalls(t *testing.T) {
	for _, c := range []struct{ calls, sockets, want int }{{10, 0, 512}, {1000, 0, 4000}, {1000, 7, 7}} {
		var cfg Config
		cfg.Calls.Max, cfg.Limits.Sockets = c.calls, c.sockets
		if got := cfg.SocketsAtOnce(); got != c.want {
			t.Errorf("%d calls, %d set: %d sockets, want %d", c.calls, c.sockets, got, c.want)
		}
	}
}
