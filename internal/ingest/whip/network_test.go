package whip

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/ingest/rtp"
	"heed/internal/ingest/wire"
)

func TestOnePortForAllCalls(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	g := newRig(t, func(o *Options) { o.Registerer, o.Meters = registry, wire.NewMeters(registry) })
	ports := map[string]bool{}
	var all []*publisher
	for _, party := range []Party{Customer, Agent} {
		p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: party}), rtp.PCMU).publish("")
		for _, m := range regexp.MustCompile(`a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host`).FindAllStringSubmatch(p.answer, -1) {
			ports[m[1]] = true
		}
		all = append(all, p)
	}
	if len(ports) != 1 {
		t.Errorf("the answers name the ports %v, want one", ports)
	}
	for i := range 10 {
		for _, p := range all {
			p.send(uint16(i), uint32(i*160), quiet)
		}
	}
	for range all {
		r := g.stream(t)
		r.Reach(t, r.Start.Parties[0], 190*time.Millisecond)
	}
	found, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]float64{}
	for _, f := range found {
		for _, m := range f.GetMetric() {
			seen[f.GetName()] += m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	if seen["heed_whip_sessions"] != 2 || seen["heed_whip_receive_buffer_bytes"] == 0 || seen["heed_door_messages_total"] < 20 {
		t.Errorf("metrics: %v", seen)
	}
}

func TestBehindANAT(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.PublicIPs = []string{"203.0.113.7"} })
	a, body := g.ask(t, "POST", Path+"?call=c&party=agent", offerOf(), "Authorization", "Bearer key", "Content-Type", sdpType)
	if a.StatusCode != 201 || !strings.Contains(body, " 203.0.113.7 ") || !strings.Contains(body, " 127.0.0.1 ") {
		t.Errorf("answered %d without both addresses: %s", a.StatusCode, body)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "here", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "example.com:1"} {
		if _, _, err := addresses(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for given, want := range map[string]string{"localhost:5": "127.0.0.1", "[::1]:5": "::1", "192.0.2.9:5": "192.0.2.9"} {
		got, port, err := addresses(given)
		if err != nil || len(got) != 1 || got[0].String() != want || port != 5 {
			t.Errorf("%s: %v, port %d, %v", given, got, port, err)
		}
	}
	for _, everywhere := range []string{":5", "0.0.0.0:5", "[::]:5"} {
		got, _, err := addresses(everywhere)
		if err != nil || len(got) == 0 {
			t.Errorf("%s: %v, %v", everywhere, got, err)
		}
		for _, a := range got {
			if a.IsUnspecified() || everywhere[0] == '0' && !a.Is4() {
				t.Errorf("%s gives %s", everywhere, a)
			}
		}
	}
}

// A server that is stopped before it served lets go of its port even when there
// is no time left.
func TestAnIdleDoorClosesAtOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := g.door.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestAPortThatIsTakenShowsAtOnce(t *testing.T) {
	t.Parallel()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if s, err := listenUDP(context.Background(), c.LocalAddr().String()); err == nil {
		_ = s.close()
		t.Error("a port was bound twice")
	}
}

func TestRelaysThatPublishersAreToldOf(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) {
		o.Relay = Relay{URLs: []string{"stun:stun.example.com:3478", "turn:turn.example.com:3478?transport=udp"}, User: "heed", Password: `a"b\c`}
	})
	a, _ := g.ask(t, "POST", Path+"?call=c&party=agent", offerOf(), "Authorization", "Bearer key", "Content-Type", sdpType)
	want := []string{
		`<stun:stun.example.com:3478>; rel="ice-server"`,
		`<turn:turn.example.com:3478?transport=udp>; rel="ice-server"; username="heed"; credential="a\"b\\c"; credential-type="password"`,
	}
	if diff := cmp.Diff(want, a.Header.Values("Link")); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	own := Relay{URLs: []string{"turns:turn.example.com"}, Key: "shared"}.links("s1", time.Unix(1_800_000_000, 0))
	mac := hmac.New(sha1.New, []byte("shared"))
	mac.Write([]byte("1800086400:s1"))
	if len(own) != 1 || !strings.Contains(own[0], `username="1800086400:s1"; credential="`+base64.StdEncoding.EncodeToString(mac.Sum(nil))+`"`) {
		t.Errorf("a publisher's own credentials: %v", own)
	}
	for _, bad := range []Relay{
		{URLs: []string{"http://x"}},
		{URLs: []string{"turn:x"}},
		{URLs: []string{"turn:x"}, User: "u", Password: "p", Key: "k"},
		{URLs: []string{"turn:x>;"}, Key: "k"},
	} {
		if bad.Validate() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// The left channel is the agent's and the right one the customer's, unless the
// token says otherwise. What is on one is not heard on the other.
func TestStereo(t *testing.T) {
	t.Parallel()
	for side, parties := range map[Side][]insights.Speaker{
		"": {insights.Agent, insights.Customer}, Left: {insights.Customer, insights.Agent},
	} {
		g := newRig(t, nil)
		p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: Stereo, Customer: side}), rtp.Opus).publish("")
		if !strings.Contains(p.answer, "stereo=1") {
			t.Errorf("the answer does not ask for two channels:\n%s", p.answer)
		}
		for i := range 20 {
			p.send(uint16(i), uint32(i*960), []byte{0xFC, 0xFF, 0xFE})
		}
		r := g.stream(t)
		for _, who := range parties {
			r.Reach(t, who, 390*time.Millisecond)
		}
		p.end()
		if wait(t, r); !slices.Equal(r.Start.Parties, parties) {
			t.Errorf("customer %q: parties %v", side, r.Start.Parties)
		}
	}
	g := newRig(t, nil)
	token := g.token(t, Grant{Call: "c", Party: Stereo})
	telephone := offerOf("SAVPF 111 0", "SAVPF 0", "a=rtpmap:111 OPUS/48000/2\r\n", "")
	if a, body := g.ask(t, "POST", Path, telephone, "Authorization", "Bearer "+token, "Content-Type", sdpType); a.StatusCode != 422 {
		t.Errorf("a telephone's one channel for two parties was answered %d: %s", a.StatusCode, body)
	}
}
