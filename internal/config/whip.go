package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/spf13/pflag"
)

// WHIP configures the door for audio over WebRTC.
type WHIP struct {
	Listen    string   // host:port for audio, UDP; empty is a free port where listen is
	PublicIPs []string // under which that port is reached from outside
	Origins   []string // of pages elsewhere that may publish; "*" is all
	Relay     Relay
	Opus      string // auto or builtin: what decodes it
}

// Relay names STUN and TURN servers that publishers are told of.
type Relay struct {
	URLs     []string
	User     string
	Password string // secret
	Key      string // secret; of servers that take credentials of a day
}

func (w *WHIP) bind(fs *pflag.FlagSet) {
	fs.StringVar(&w.Listen, "whip-listen", "", "host:port on which the audio of all WebRTC calls comes, by UDP, such as 0.0.0.0:8189; by default a free port on the host of listen")
	fs.StringSliceVar(&w.PublicIPs, "whip-public-ips", nil, "addresses under which that port is reached from outside, where there is a NAT before it")
	fs.StringSliceVar(&w.Origins, "whip-origins", nil, "origins of pages elsewhere that may publish, such as https://softphone.example.com; * is all")
	fs.StringVar(&w.Opus, "whip-opus", "auto", "what decodes Opus: auto takes the system's libopus where it is installed, builtin never does")
	fs.StringSliceVar(&w.Relay.URLs, "whip-relay-urls", nil, "STUN and TURN servers that publishers are told of, such as turn:turn.example.com:3478?transport=udp")
	fs.StringVar(&w.Relay.User, "whip-relay-user", "", "user of those TURN servers")
	fs.StringVar(&w.Relay.Password, "whip-relay-password", "", "password of those TURN servers; every publisher is told it")
	fs.StringVar(&w.Relay.Key, "whip-relay-key", "", "secret shared with those TURN servers (static-auth-secret of coturn), in place of user and password: each publisher gets its own for a day")
}

// Address is where audio comes in, given where the server listens.
func (w *WHIP) Address(listen string) string {
	if w.Listen != "" {
		return w.Listen
	}
	host, _, _ := net.SplitHostPort(listen) // was validated
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || ip.Zone() != "") {
		host = "" // a name; the audio comes on every address then
	}
	return net.JoinHostPort(host, "0")
}

func (w *WHIP) validate(add func(string, error)) {
	if w.Listen != "" {
		if _, _, err := net.SplitHostPort(w.Listen); err != nil {
			add("whip-listen", fmt.Errorf("%q: write host:port", w.Listen))
		}
	}
	add("whip-opus", oneOf(w.Opus, "auto", "builtin"))
	for _, ip := range w.PublicIPs {
		if _, err := netip.ParseAddr(ip); err != nil {
			add("whip-public-ips", fmt.Errorf("%q is not an IP address", ip))
		}
	}
	for _, o := range w.Origins {
		if o != "*" {
			add("whip-origins", checkURL(o))
		}
	}
	if w.Relay.Key != "" && w.Relay.Password != "" {
		add("whip-relay-key", errors.New("give a password or a key, not both"))
	}
}
