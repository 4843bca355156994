package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSIPREC(t *testing.T) {
	c, set, err := load(t, "siprec: {listen: '10.0.0.5:5060', peers: [10.0.0.7/24], agents: ['2???'], call_headers: [X-Call-ID]}\n", nil, "--siprec-users=sbc:sword:fish")
	if err != nil {
		t.Fatal(err)
	}
	peers, err := c.SIPREC.Prefixes()
	if err != nil || len(peers) != 1 || peers[0].String() != "10.0.0.0/24" {
		t.Errorf("peers %v: %v", peers, err)
	}
	users, err := c.SIPREC.Passwords()
	if err != nil || users["sbc"] != "sword:fish" || c.SIPREC.RTPPorts != "20000-20999" {
		t.Errorf("users %v: %v", users, err)
	}
	for _, s := range set {
		if strings.Contains(s.Value, "fish") {
			t.Errorf("%s is %s", s.Name, s.Value)
		}
	}
	if tls, err := c.SIPREC.TLSConfig(); tls != nil || err != nil {
		t.Errorf("TLS that nobody wants: %v", err)
	}
}

func TestSIPRECThatIsWrong(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--siprec-listen=:5060", "must name who may call"},
		{"--siprec-listen=here --siprec-peers=10.0.0.0/8", "write host:port"},
		{"--siprec-listen=sbc.example:5060 --siprec-peers=10.0.0.0/8", "must be an IP address"},
		{"--siprec-peers=10.0.0.1", "no network such as"},
		{"--siprec-users=secret", "NAME:PASSWORD"},
		{"--siprec-users=:secret", "NAME:PASSWORD"},
		{"--siprec-agents=[", "no pattern such as"},
		{"--siprec-public-ip=here", "siprec-public-ip"},
		{"--siprec-tls-listen=:5061 --siprec-peers=10.0.0.0/8", "belong together"},
		{"--siprec-tls-cert=x", "belong together"},
	} {
		_, _, err := load(t, "", nil, strings.Fields(c.args)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want it to contain %q", c.args, err, c.want)
		}
	}
	file := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(file, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := SIPREC{TLSListen: ":5061", TLSCert: file, TLSKeyFile: file}
	if _, err := s.TLSConfig(); err == nil || !strings.Contains(err.Error(), "siprec-tls-cert") {
		t.Errorf("a certificate that is none: %v", err)
	}
}
