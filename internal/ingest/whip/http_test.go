package whip

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
)

// offerOf is an offer that is taken, without candidates.
func offerOf(change ...string) string {
	lines := []string{
		"v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
		"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA", "a=setup:actpass",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0", "a=mid:0", "a=sendonly", "a=rtcp-mux",
		"a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv",
		"a=rtpmap:111 OPUS/48000/2", "a=rtpmap:0 PCMU/8000", "a=msid:s t", "a=ssrc:1234 cname:x", "",
	}
	return strings.NewReplacer(change...).Replace(strings.Join(lines, "\r\n"))
}

func TestOffersThatAreRefusedChangeNothing(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.OfferBytes = 4000 })
	token := "Bearer " + g.token(t, Grant{Call: "c", Party: Customer})
	video := "m=video 9 UDP/TLS/RTP/SAVPF 120\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\na=rtpmap:120 VP8/90000\r\n"
	data := "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sctp-port:5000\r\n"
	second := "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\n"
	for _, c := range []struct {
		name, auth, kind, body string
		status                 int
		says                   string
	}{
		{"without a token", "", sdpType, offerOf(), 401, "POST /v1/whip/tokens"},
		{"with a strange token", "Bearer abc", sdpType, offerOf(), 401, "POST /v1/whip/tokens"},
		{"with a key that names no call", "Bearer key", sdpType, offerOf(), 400, "call is missing"},
		{"of another type", token, "text/plain", offerOf(), 415, sdpType},
		{"without a type", token, "", offerOf(), 415, sdpType},
		{"that is too long", token, sdpType, offerOf() + strings.Repeat("a=x\r\n", 1000), 413, "4000 bytes"},
		{"that is no SDP", token, sdpType, "hello", 400, "session description"},
		{"that is empty", token, sdpType, "", 400, "session description"},
		{"without audio", token, sdpType, strings.Split(offerOf(), "m=audio")[0], 422, "no audio"},
		{"with video", token, sdpType, offerOf() + video, 422, "Video"},
		{"with data", token, sdpType, offerOf() + data, 422, "Data"},
		{"with two audios", token, sdpType, offerOf() + second, 422, "not 2"},
		{"of a receiver", token, sdpType, offerOf("a=sendonly", "a=recvonly"), 422, "sendonly"},
		{"of nobody", token, sdpType, offerOf("a=sendonly", "a=inactive"), 422, "sendonly"},
		{"switched off", token, sdpType, offerOf("m=audio 9", "m=audio 0"), 422, "port 0"},
		{"without rtcp-mux", token, sdpType, offerOf("a=rtcp-mux\r\n", ""), 422, "rtcp-mux"},
		{"without credentials", token, sdpType, offerOf("a=ice-ufrag:abcd\r\n", ""), 422, "ICE credentials"},
		{"of codecs that are unknown", token, sdpType, offerOf("111 OPUS/48000/2", "111 G729/8000", "a=rtpmap:0 PCMU/8000\r\n", "", "SAVPF 111 0", "SAVPF 111"), 422, "Opus, PCMU or PCMA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, body := g.ask(t, "POST", Path, c.body, "Authorization", c.auth, "Content-Type", c.kind)
			if a.StatusCode != c.status || !strings.Contains(body, c.says) {
				t.Errorf("answered %d, want %d saying %q: %s", a.StatusCode, c.status, c.says, body)
			}
			if a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Location") != "" {
				t.Errorf("a refusal came with %v", a.Header)
			}
		})
	}
	g.door.mu.Lock()
	defer g.door.mu.Unlock()
	if g.door.taken != 0 || len(g.door.byToken) != 0 || g.calls.Count() != 0 {
		t.Errorf("refusals left %d slots, %d tokens and %d calls", g.door.taken, len(g.door.byToken), g.calls.Count())
	}
}

// What publishers that exist do against the letter is taken.
func TestOddOffersAreTaken(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	for name, offer := range map[string]string{
		"lower case":             offerOf("OPUS", "opus"),
		"no bundle":              offerOf("a=group:BUNDLE 0\r\n", ""),
		"a bundle without it":    offerOf("BUNDLE 0", "BUNDLE"),
		"no mid":                 offerOf("a=group:BUNDLE 0\r\n", "", "a=mid:0\r\n", ""),
		"sendrecv":               offerOf("sendonly", "sendrecv"),
		"no direction":           offerOf("a=sendonly\r\n", ""),
		"a name for a candidate": offerOf("a=msid", "a=candidate:1 1 udp 2113937151 3f1c7a1e-0000-4000-8000-000000000000.local 50000 typ host\r\na=msid"),
		"payload type 96":        offerOf("SAVPF 111 0", "SAVPF 96", "rtpmap:111", "rtpmap:96", "a=rtpmap:0 PCMU/8000\r\n", ""),
		"attributes above":       offerOf("a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n", "", "a=setup", "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=setup"),
	} {
		a, body := g.ask(t, "POST", Path+"?call=c&party=agent", offer, "Authorization", "Bearer key", "Content-Type", "application/sdp; charset=utf-8")
		if a.StatusCode != 201 || strings.Contains(body, "m=audio 0 ") || !strings.Contains(body, "a=candidate:") || !strings.Contains(body, "a=recvonly") {
			t.Errorf("%s: answered %d: %s", name, a.StatusCode, body)
			continue
		}
		tag := a.Header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || a.Header.Get("Content-Type") != sdpType || !strings.HasPrefix(a.Header.Get("Location"), Path+"/") {
			t.Errorf("%s: headers %v", name, a.Header)
		}
	}
}

func TestPatches(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.FragmentBytes = 2000 })
	token := "Bearer " + g.token(t, Grant{Call: "c", Party: Customer})
	a, _ := g.ask(t, "POST", Path, offerOf(), "Authorization", token, "Content-Type", sdpType)
	at, tag := a.Header.Get("Location"), a.Header.Get("ETag")
	other := "Bearer " + g.token(t, Grant{Call: "c", Party: Agent})
	candidate := "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"
	again := strings.ReplaceAll(candidate, "abcd", "efgh")
	for _, c := range []struct {
		name, auth, kind, match, body string
		status                        int
	}{
		{"a candidate", token, fragmentType, tag, candidate, 204},
		{"the end of candidates", token, fragmentType, tag, "a=end-of-candidates\r\n", 204},
		{"a candidate of a name, and no candidate", token, fragmentType, tag, "a=candidate:1 1 udp 1 x.local 9 typ host\r\na=candidate:nonsense\r\n", 204},
		{"nothing at all, as some do", token, "", "", "", 204},
		{"without If-Match", token, fragmentType, "", candidate, 428},
		{"with a stale If-Match", token, fragmentType, `"old"`, candidate, 412},
		{"with a weak If-Match", token, fragmentType, "W/" + tag, candidate, 412},
		{"with one of several tags", token, fragmentType, `"old", ` + tag, candidate, 204},
		{"of another type", token, "application/json", tag, candidate, 415},
		{"that is none", token, fragmentType, tag, "hello", 400},
		{"with bad credentials", token, fragmentType, "*", "a=ice-ufrag:%%%%\r\n", 400},
		{"a restart without a password", token, fragmentType, "*", "a=ice-ufrag:efgh\r\n", 400},
		{"that is too long", token, fragmentType, tag, strings.Repeat("a=x\r\n", 1000), 413},
		{"by a stranger", "", fragmentType, tag, candidate, 401},
		{"by the other party", other, fragmentType, tag, candidate, 404},
		{"with an API key", "Bearer key", fragmentType, tag, candidate, 204},
		{"a restart", token, fragmentType, "*", again, 200},
		{"with the tag from before it", token, fragmentType, tag, again, 412},
	} {
		h := []string{"Authorization", c.auth, "Content-Type", c.kind}
		if c.match != "" {
			h = append(h, "If-Match", c.match)
		}
		a, body := g.ask(t, "PATCH", at, c.body, h...)
		if a.StatusCode != c.status {
			t.Errorf("%s: answered %d, want %d: %s", c.name, a.StatusCode, c.status, body)
		}
		if c.status == 204 && (body != "" || a.Header.Get("ETag") != "") {
			t.Errorf("%s: came with ETag %q and %q", c.name, a.Header.Get("ETag"), body)
		}
		if c.status == 200 && (a.Header.Get("ETag") == "" || a.Header.Get("ETag") == tag || a.Header.Get("Content-Type") != fragmentType ||
			!strings.Contains(body, "a=ice-ufrag:") || !strings.Contains(body, "a=candidate:")) {
			t.Errorf("%s: came with %v and %q", c.name, a.Header, body)
		}
	}
	for _, c := range []struct {
		method, path, auth string
		status             int
	}{
		{"GET", Path, token, 204},
		{"GET", Path, "", 401},
		{"GET", at, token, 204},
		{"GET", at, other, 404},
		{"GET", Path + "/none", token, 404},
		{"PUT", at, token, 405},
		{"DELETE", at, other, 404},
		{"DELETE", at, token, 200},
		{"PATCH", at, token, 404},
	} {
		if a, body := g.ask(t, c.method, c.path, "", "Authorization", c.auth, "If-Match", `"whatever"`); a.StatusCode != c.status {
			t.Errorf("%s %s: answered %d, want %d: %s", c.method, c.path, a.StatusCode, c.status, body)
		}
	}
}

func TestPagesElsewhere(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Origins = []string{"https://phone.example.com"} })
	for _, c := range []struct {
		origin, allow string
		status        int
	}{
		{"https://phone.example.com", "https://phone.example.com", 201},
		{"https://evil.example.com", "", 403},
		{"null", "", 403},
		{g.url, "", 201},
	} {
		a, _ := g.ask(t, "OPTIONS", Path, "", "Origin", c.origin, "Access-Control-Request-Method", "POST")
		h := a.Header
		if a.StatusCode != 200 || h.Get("Accept-Post") != sdpType || h.Get("Access-Control-Allow-Origin") != c.allow ||
			(c.allow != "") != strings.Contains(h.Get("Access-Control-Allow-Headers"), "If-Match") {
			t.Errorf("preflight from %s: %d %v", c.origin, a.StatusCode, h)
		}
		a, _ = g.ask(t, "POST", Path+"?call=c&party=customer", offerOf(), "Origin", c.origin, "Authorization", "Bearer key", "Content-Type", sdpType)
		h = a.Header
		if a.StatusCode != c.status || h.Get("Access-Control-Allow-Origin") != c.allow ||
			(c.allow != "") != strings.HasPrefix(h.Get("Access-Control-Expose-Headers"), "Location, ETag, Link") {
			t.Errorf("offer from %s: %d %v", c.origin, a.StatusCode, h)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits = Limits{Sessions: 1, Starts: 1} })
	post := func() *http.Response {
		a, _ := g.ask(t, "POST", Path+"?call=c&party=customer", offerOf(), "Authorization", "Bearer key", "Content-Type", sdpType)
		return a
	}
	first, second, third := post(), post(), post()
	if first.StatusCode != 201 || second.StatusCode != 503 || second.Header.Get("Retry-After") == "" {
		t.Errorf("answered %d and %d with %v", first.StatusCode, second.StatusCode, second.Header)
	}
	if third.StatusCode != 429 || third.Header.Get("Retry-After") == "" {
		t.Errorf("a flood was answered %d", third.StatusCode)
	}
}

func TestATokenIsGoodForOneSessionAtATime(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	token := g.token(t, Grant{Call: "c", Party: Customer})
	p := newPublisher(t, g, token, rtp.PCMU).publish("")
	for i := range 5 {
		p.send(uint16(i), uint32(i*160), make([]byte, 160))
	}
	g.stream(t)
	post := func() int {
		a, _ := g.ask(t, "POST", Path, offerOf(), "Authorization", "Bearer "+token, "Content-Type", sdpType)
		return a.StatusCode
	}
	if got := post(); got != 409 {
		t.Errorf("a second session was answered %d", got)
	}
	p.end()
	if one, two := post(), post(); one != 201 || two != 201 {
		t.Errorf("after the end, and over one that never connected: answered %d and %d", one, two)
	}
}

func TestRestartKeepsTheStream(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := newPublisher(t, g, g.token(t, Grant{Call: "c", Party: Customer}), rtp.PCMU).publish("")
	for i := range 10 {
		p.send(uint16(i), uint32(i*160), make([]byte, 160))
	}
	r := g.stream(t)
	r.Reach(t, insights.Customer, 190*time.Millisecond)
	o, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(o); err != nil {
		t.Fatal(err)
	}
	<-gathered
	a, body := g.ask(t, "PATCH", p.session, writeFragment(p.pc.LocalDescription().SDP),
		"Authorization", "Bearer "+p.token, "Content-Type", fragmentType, "If-Match", "*")
	if a.StatusCode != 200 {
		t.Fatalf("the restart was answered %d: %s", a.StatusCode, body)
	}
	f, ok := readFragment(body)
	if !ok {
		t.Fatalf("the answer is no fragment: %s", body)
	}
	old, err := p.pc.RemoteDescription().Unmarshal()
	if err != nil {
		t.Fatal(err)
	}
	text := restarted(old, f.credentials)
	for _, c := range f.candidates {
		text += "a=" + c + "\r\n"
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text}); err != nil {
		t.Fatal(err)
	}
	for i := 10; ; i++ {
		select {
		case <-time.After(20 * time.Millisecond):
			p.send(uint16(i), uint32(i*160), make([]byte, 160))
			if r.Length(insights.Customer) < 500*time.Millisecond && i < 500 {
				continue
			}
		case <-t.Context().Done():
		}
		break
	}
	p.end()
	if wait(t, r); r.Why != ingest.Stopped || r.Length(insights.Customer) < 500*time.Millisecond {
		t.Errorf("after the restart the stream came to %v and ended as %q", r.Length(insights.Customer), r.Why)
	}
}
