package config

import (
	"net/netip"
	"strings"
	"testing"
)

func TestSamples(t *testing.T) {
	c, set, err := load(t, "audiosocket: {listen: '10.0.0.5:9092', networks: [10.1.2.3/8]}\n", nil, "--vonage-signatures=a1=sword=fish,b2=shark")
	if err != nil {
		t.Fatal(err)
	}
	networks, err := c.AudioSocket.Prefixes()
	if err != nil || len(networks) != 1 || networks[0] != netip.MustParsePrefix("10.0.0.0/8") {
		t.Errorf("networks %v: %v", networks, err)
	}
	secrets, err := c.Vonage.Secrets()
	if err != nil || len(secrets) != 2 || secrets["a1"] != "sword=fish" || secrets["b2"] != "shark" {
		t.Errorf("secrets %v: %v", secrets, err)
	}
	for _, s := range set {
		if strings.Contains(s.Value, "fish") || s.Name == "vonage-signatures" && s.Value != "(set, not shown)" {
			t.Errorf("%s is %s", s.Name, s.Value)
		}
	}
}

func TestSamplesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--audiosocket-listen=here", "audiosocket-listen"},
		{"--audiosocket-networks=10.0.0.1", "no network such as"},
		{"--audiosocket-listen=:1 --audiosocket-networks=", "must name who may connect"},
		{"--vonage-signatures=secret", "APIKEY=SECRET"},
		{"--vonage-signatures==secret", "APIKEY=SECRET"},
	} {
		_, _, err := load(t, "", nil, strings.Fields(c.args)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "=secret") {
			t.Errorf("%s: %v, want it to contain %q", c.args, err, c.want)
		}
	}
}
