package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path"
	"strings"

	"github.com/spf13/pflag"
)

// SIPREC configures the door for border controllers, which have no API key.
type SIPREC struct {
	Listen      string   // host:port of SIP over UDP and TCP; empty takes none
	TLSListen   string   // host:port of SIP over TLS; empty takes none
	TLSCert     string   // file
	TLSKeyFile  string   // file
	PublicIP    string   // under which the machine is reached, before a NAT
	RTPPorts    string   // 20000-20999
	Peers       []string // networks that may call, as 10.0.0.0/8
	Users       []string // secret; NAME:PASSWORD
	Agents      []string // patterns of agents' addresses and names
	CallHeaders []string // that carry the platform's id of the call
}

func (s *SIPREC) bind(fs *pflag.FlagSet) {
	fs.StringVar(&s.Listen, "siprec-listen", "", "address to take recording sessions of border controllers on, SIP over UDP and TCP, host:port; empty takes none")
	fs.StringVar(&s.TLSListen, "siprec-tls-listen", "", "the same for SIP over TLS, such as 0.0.0.0:5061; the audio is not encrypted")
	fs.StringVar(&s.TLSCert, "siprec-tls-cert", "", "file of the certificate for it, PEM")
	fs.StringVar(&s.TLSKeyFile, "siprec-tls-key-file", "", "file of its private key, PEM")
	fs.StringVar(&s.PublicIP, "siprec-public-ip", "", "address under which this machine is reached by border controllers, where there is a NAT before it")
	fs.StringVar(&s.RTPPorts, "siprec-rtp-ports", "20000-20999", "UDP ports of the audio, two for each line of a call")
	fs.StringSliceVar(&s.Peers, "siprec-peers", nil, "networks whose recording sessions are taken, such as 10.0.0.5/32; without one the door stays shut")
	fs.StringSliceVar(&s.Users, "siprec-users", nil, "NAME:PASSWORD of border controllers that must show a password; without any none must")
	fs.StringSliceVar(&s.Agents, "siprec-agents", nil, "patterns of the addresses and names of agents, such as 2??? or *@agents.example.com; by default who is called is the agent")
	fs.StringSliceVar(&s.CallHeaders, "siprec-call-headers", nil, "headers that carry the platform's id of the call, such as X-Call-ID,Cisco-Guid; by default the session's own")
}

func (s *SIPREC) validate(add func(string, error)) {
	for name, address := range map[string]string{"siprec-listen": s.Listen, "siprec-tls-listen": s.TLSListen} {
		if address != "" {
			add(name, checkAddress(address))
		}
	}
	add("siprec-tls-listen", s.validateTLS())
	if s.PublicIP != "" {
		_, err := netip.ParseAddr(s.PublicIP)
		add("siprec-public-ip", err)
	}
	_, err := prefixes(s.Peers)
	add("siprec-peers", err)
	if (s.Listen != "" || s.TLSListen != "") && len(s.Peers) == 0 {
		add("siprec-peers", errors.New("must name who may call"))
	}
	_, err = s.Passwords()
	add("siprec-users", err)
	for _, p := range s.Agents {
		if _, err := path.Match(p, ""); err != nil {
			add("siprec-agents", fmt.Errorf("%q is no pattern such as 2???", p))
		}
	}
}

// checkAddress wants an IP address of this machine, or none, and a port.
func checkAddress(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q: write host:port", address)
	}
	if _, err := netip.ParseAddr(host); host != "" && err != nil {
		return fmt.Errorf("%q: the host must be an IP address", address)
	}
	return nil
}

func (s *SIPREC) validateTLS() error {
	if wanted := s.TLSListen != ""; wanted != (s.TLSCert != "") || wanted != (s.TLSKeyFile != "") {
		return errors.New("the address, the certificate and its key belong together")
	}
	return nil
}

// TLSConfig reads the certificate; nil when TLS is not wanted.
func (s *SIPREC) TLSConfig() (*tls.Config, error) {
	if s.TLSListen == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKeyFile)
	if err != nil {
		return nil, fmt.Errorf("siprec-tls-cert: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}, nil
}

// Passwords are those of the users, by name.
func (s *SIPREC) Passwords() (map[string]string, error) {
	out := make(map[string]string, len(s.Users))
	for _, u := range s.Users {
		name, password, ok := strings.Cut(u, ":")
		if !ok || name == "" || password == "" {
			return nil, errors.New("an entry is not of the form NAME:PASSWORD")
		}
		out[name] = password
	}
	return out, nil
}

// Prefixes are the networks of the peers.
func (s *SIPREC) Prefixes() ([]netip.Prefix, error) { return prefixes(s.Peers) }
