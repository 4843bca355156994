package config

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"
)

// Limits bounds what strangers and senders may take of the server at once, and
// what may be taken out of it.
// What is over a bound is refused and counted.
type Limits struct {
	Connections int           // TCP connections of the server's address
	Waiting     int           // of those, that have not sent a whole request yet
	PerAddress  int           // of the waiting ones, from one address
	HeaderWait  time.Duration // for a request's header to arrive in full
	Sockets     int           // media connections of each door; 0 goes by calls-max
	Pings       int           // a second on one media socket, on average
	ExportRows  int           // of one exported file
	Clip        time.Duration // of a recording that is taken out at once
}

func (l *Limits) bind(fs *pflag.FlagSet) {
	fs.IntVar(&l.Connections, "limits-connections", 20_000, "most connections at once")
	fs.IntVar(&l.Waiting, "limits-waiting", 2000, "most of them that have not sent a whole request yet")
	fs.IntVar(&l.PerAddress, "limits-per-address", 500, "most of the waiting ones from one address; a proxy before the server is one")
	fs.DurationVar(&l.HeaderWait, "limits-header-wait", 5*time.Second, "time for a request's header to arrive in full")
	fs.IntVar(&l.Sockets, "limits-sockets", 0, "most media sockets, or WebRTC sessions, at each door; 0 is four times calls-max, and 512 at least")
	fs.IntVar(&l.Pings, "limits-pings", 10, "most pings a second on one media socket, on average")
	fs.IntVar(&l.ExportRows, "limits-export-rows", 1_000_000, "most rows of one exported file")
	fs.DurationVar(&l.Clip, "limits-clip", 10*time.Minute, "longest clip of a recording that is taken out at once")
}

func (l *Limits) validate(add func(string, error)) {
	for name, v := range map[string]struct{ n, least, most int }{
		"limits-connections": {l.Connections, 10, 1_000_000},
		"limits-waiting":     {l.Waiting, 10, 1_000_000},
		"limits-per-address": {l.PerAddress, 1, 1_000_000},
		"limits-sockets":     {l.Sockets, 0, 1_000_000},
		"limits-pings":       {l.Pings, 1, 1000},
		"limits-export-rows": {l.ExportRows, 1, 100_000_000},
	} {
		if v.n < v.least || v.n > v.most {
			add(name, fmt.Errorf("%d is not between %d and %d", v.n, v.least, v.most))
		}
	}
	if l.HeaderWait < 100*time.Millisecond || l.HeaderWait > time.Minute {
		add("limits-header-wait", fmt.Errorf("%s is not between 100ms and 1m", l.HeaderWait))
	}
	if l.Clip < time.Second || l.Clip > time.Hour {
		add("limits-clip", fmt.Errorf("%s is not between 1s and 1h", l.Clip))
	}
}

// SocketsAtOnce is how many media sockets each door takes: a call may have one
// for each party, and one that takes over from another.
func (c *Config) SocketsAtOnce() int {
	if c.Limits.Sockets > 0 {
		return c.Limits.Sockets
	}
	return max(512, 4*c.Calls.Max)
}
