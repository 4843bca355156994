package whip

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	pion "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/rtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// wait gives a stream once it has ended.
func wait(t *testing.T, r *ingesttest.Recording) *ingesttest.Recording {
	t.Helper()
	r.Wait(t)
	for rate, n := range r.Rates {
		if rate != 8000 && rate != 16000 {
			t.Errorf("%d frames were of %d Hz, which no codec has", n, rate)
		}
	}
	return r
}

// rig is a door behind a real server.
type rig struct {
	door   *Door
	calls  *ingesttest.Calls
	tokens *Tokens
	url    string // http://127.0.0.1:port
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	tokens, err := NewTokens(make([]byte, KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := ingesttest.New()
	o := Options{
		Calls: c, Tokens: tokens, Listen: "127.0.0.1:0",
		Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer key" },
	}
	if change != nil {
		change(&o)
	}
	d, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range d.Handlers() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Errorf("close door: %v", err)
		}
		server.Close()
	})
	return &rig{door: d, calls: c, tokens: tokens, url: server.URL}
}

func (g *rig) token(t *testing.T, grant Grant) string {
	t.Helper()
	token, _, err := g.tokens.Mint(grant, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (g *rig) stream(t *testing.T) *ingesttest.Recording {
	t.Helper()
	return g.calls.Next(t)
}

// ask sends a request and gives the answer with its body.
func (g *rig) ask(t *testing.T, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, g.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	raw, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(raw)
}

// publisher is the other end of a session: pion, as a browser would do it.
type publisher struct {
	t       *testing.T
	g       *rig
	pc      *webrtc.PeerConnection
	track   *webrtc.TrackLocalStaticRTP
	token   string
	session string // path
	etag    string
	answer  string
	up      chan struct{}
	bare    bool // offers no more than some publishers do: no bundle, no source
}

// capability is a codec as the publisher names it.
func capability(c rtp.Codec) webrtc.RTPCodecCapability {
	switch c { //nolint:exhaustive // Opus is the rest
	case rtp.PCMU:
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}
	case rtp.PCMA:
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}
	}
	return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}
}

// newPublisher makes a peer that offers one audio track of a codec.
func newPublisher(t *testing.T, g *rig, token string, c rtp.Codec) *publisher {
	t.Helper()
	media := &webrtc.MediaEngine{}
	if err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capability(c), PayloadType: 96}, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	settings := webrtc.SettingEngine{LoggerFactory: loggers()}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	p := &publisher{t: t, g: g, pc: pc, token: token, up: make(chan struct{})}
	var once sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(p.up) })
		}
	})
	if p.track, err = webrtc.NewTrackLocalStaticRTP(capability(c), "audio", "stream"); err != nil {
		t.Fatal(err)
	}
	if _, err := pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		t.Fatal(err)
	}
	return p
}

// offer makes the publisher's offer, candidates included.
func (p *publisher) offer() string {
	p.t.Helper()
	o, err := p.pc.CreateOffer(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(o); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	return p.pc.LocalDescription().SDP
}

// publish posts an offer and waits for the connection.
func (p *publisher) publish(query string) *publisher {
	p.t.Helper()
	offer := p.offer()
	if p.bare {
		offer = regexp.MustCompile(`a=(group|ssrc|msid|msid-semantic|extmap).*\r\n`).ReplaceAllString(offer, "")
	}
	a, body := p.g.ask(p.t, "POST", Path+query, offer, "Content-Type", sdpType, "Authorization", "Bearer "+p.token)
	if a.StatusCode != http.StatusCreated {
		p.t.Fatalf("the offer was answered %d: %s", a.StatusCode, body)
	}
	p.session, p.etag, p.answer = a.Header.Get("Location"), a.Header.Get("ETag"), body
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: body}); err != nil {
		p.t.Fatalf("the answer is none: %v\n%s", err, body)
	}
	select {
	case <-p.up:
	case <-time.After(patience):
		p.t.Fatal("no connection")
	}
	return p
}

// send sends one packet.
func (p *publisher) send(seq uint16, stamp uint32, payload []byte) {
	p.t.Helper()
	r := &pion.Packet{Header: pion.Header{Version: 2, SequenceNumber: seq, Timestamp: stamp}, Payload: payload}
	if err := p.track.WriteRTP(r); err != nil {
		p.t.Fatal(err)
	}
}

// end ends the session as a publisher does.
func (p *publisher) end() {
	p.t.Helper()
	if a, body := p.g.ask(p.t, "DELETE", p.session, "", "Authorization", "Bearer "+p.token); a.StatusCode != http.StatusOK {
		p.t.Errorf("DELETE was answered %d: %s", a.StatusCode, body)
	}
}
