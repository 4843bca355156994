package siprec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	pion "github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"go.uber.org/goleak"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/wire"
	"heed/transcribe/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	// patience is how long a test waits for what should come at once.
	patience = 10 * time.Second
	// resend is after which a request is sent again over UDP.
	resend = 500 * time.Millisecond
)

var loopback = wire.Networks{netip.MustParsePrefix("127.0.0.1/32")}

// rig is a door that listens.
type rig struct {
	door  *Door
	calls *ingesttest.Calls
}

func newRig(t *testing.T, change func(*Options)) *rig {
	t.Helper()
	g := &rig{calls: ingesttest.New()}
	o := Options{Calls: g.calls, Listen: "127.0.0.1:0", Ports: Range{20000, 20999}, Peers: loopback}
	if change != nil {
		change(&o)
	}
	var err error
	if g.door, err = New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- g.door.Serve() }()
	t.Cleanup(func() {
		if err := g.door.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		if n := len(g.door.ports.used); n > 0 {
			t.Errorf("%d pairs of ports were not given back", n)
		}
	})
	return g
}

// sbc is a border controller that records one call, message by message.
type sbc struct {
	t        *testing.T
	conn     net.Conn // connected UDP, TCP or TLS
	kind     string   // of transport
	messages chan sip.Message
	call     string
	to       string // our tag, once there is one
	cseq     int
	headers  []string // beside those that each request has
	last     string   // request that was sent
}

// dial connects as one does on a transport: udp or tcp.
func (g *rig) dial(t *testing.T, network string) *sbc {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), network, g.door.Address())
	if err != nil {
		t.Fatal(err)
	}
	return newSBC(t, c, strings.ToUpper(network))
}

var calls struct {
	sync.Mutex
	n int
}

func newSBC(t *testing.T, c net.Conn, kind string) *sbc {
	t.Helper()
	calls.Lock()
	calls.n++
	id := fmt.Sprintf("call-%d@sbc.example", calls.n)
	calls.Unlock()
	s := &sbc{t: t, conn: c, kind: kind, messages: make(chan sip.Message, 256), call: id}
	var reading sync.WaitGroup
	reading.Go(s.read)
	t.Cleanup(func() {
		c.Close()
		reading.Wait()
	})
	return s
}

// read takes what the door says until the connection is closed.
func (s *sbc) read() {
	defer close(s.messages)
	p := sip.NewParser()
	stream := p.NewSIPStream()
	b := make([]byte, 65535)
	for {
		n, err := s.conn.Read(b)
		if err != nil {
			return
		}
		if s.kind != "UDP" {
			if err := stream.ParseSIPStream(b[:n], func(m sip.Message) { s.messages <- m }); err != nil && !errors.Is(err, sip.ErrParseSipPartial) {
				s.t.Errorf("the door said %q: %v", b[:n], err)
			}
			continue
		}
		m, err := p.ParseSIP(b[:n])
		if err != nil {
			s.t.Errorf("the door said %q: %v", b[:n], err)
			continue
		}
		s.messages <- m
	}
}

func (s *sbc) write(raw string) {
	s.t.Helper()
	s.last = raw
	if _, err := io.WriteString(s.conn, raw); err != nil {
		s.t.Fatal(err)
	}
}

// request writes a request of the dialog. lines are its own headers; a body has
// its type first, with a newline behind it.
func (s *sbc) request(method, body string, lines ...string) {
	s.t.Helper()
	if method != "ACK" && method != "CANCEL" {
		s.cseq++
	}
	s.write(s.text(method, body, lines...))
}

func (s *sbc) text(method, body string, lines ...string) string {
	var b strings.Builder
	at := s.conn.LocalAddr().String()
	fmt.Fprintf(&b, "%s sip:heed@%s SIP/2.0\r\n", method, s.conn.RemoteAddr())
	fmt.Fprintf(&b, "Via: SIP/2.0/%s %s;branch=z9hG4bK-%s-%d-%s;rport\r\n", s.kind, at, s.call, s.cseq, strings.ReplaceAll(method, "CANCEL", "INVITE"))
	to := "<sip:heed@example.com>"
	if s.to != "" {
		to += ";tag=" + s.to
	}
	fmt.Fprintf(&b, "From: \"SBC\" <sip:+14155550100@sbc.example>;tag=f1\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\n", to, s.call, s.cseq, method)
	if method == "INVITE" || method == "UPDATE" {
		fmt.Fprintf(&b, "Contact: <sip:sbc@%s;transport=%s>;+sip.src\r\nSupported: timer, siprec\r\n", at, strings.ToLower(s.kind))
	}
	for _, h := range append(s.headers, lines...) {
		b.WriteString(h + "\r\n")
	}
	kind, body, _ := strings.Cut(body, "\n")
	if body != "" {
		b.WriteString("Content-Type: " + kind + "\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// next gives what the door says next.
func (s *sbc) next() sip.Message {
	s.t.Helper()
	for again := range int(patience / resend) {
		select {
		case m, open := <-s.messages:
			if !open {
				s.t.Fatal("the connection is closed")
			}
			return m
		case <-time.After(resend):
			if s.kind == "UDP" && again%4 == 0 { // it may have been lost
				s.write(s.last)
			}
		}
	}
	s.t.Fatalf("the door said nothing to %.40q", s.last)
	return nil
}

// answer gives the door's final answer and checks its status.
func (s *sbc) answer(status int) *sip.Response {
	s.t.Helper()
	for {
		r, is := s.next().(*sip.Response)
		if !is {
			s.t.Fatalf("the door asks instead of answering %.40q", s.last)
		}
		if r.StatusCode < 200 {
			continue
		}
		if r.StatusCode != status {
			s.t.Fatalf("answered %d, want %d, to\n%s\nwith\n%s", r.StatusCode, status, s.last, r)
		}
		return r
	}
}

// ask gives the door's next request, answered with 200.
func (s *sbc) ask(method sip.RequestMethod) *sip.Request {
	s.t.Helper()
	for {
		r, is := s.next().(*sip.Request)
		if !is {
			continue // an answer sent again
		}
		if r.Method != method {
			s.t.Fatalf("the door asks %s, want %s", r.Method, method)
		}
		res := sip.NewResponseFromRequest(r, 200, "OK", nil)
		if _, err := io.WriteString(s.conn, res.String()); err != nil {
			s.t.Fatal(err)
		}
		return r
	}
}

// answerAny gives the status of the door's next final answer.
func (s *sbc) answerAny() int {
	s.t.Helper()
	for {
		if r, is := s.next().(*sip.Response); is && r.StatusCode >= 200 {
			return r.StatusCode
		}
	}
}

// invite begins the call, acknowledges it and gives the door's SDP.
func (s *sbc) invite(body string, lines ...string) *sdp.SessionDescription {
	s.t.Helper()
	s.request("INVITE", body, lines...)
	return s.agreed()
}

// again is a re-INVITE.
func (s *sbc) agreed() *sdp.SessionDescription {
	s.t.Helper()
	r := s.answer(200)
	s.to, _ = r.To().Params.Get("tag")
	s.request("ACK", "")
	return sdpOf(s.t, r)
}

func sdpOf(t *testing.T, r *sip.Response) *sdp.SessionDescription {
	t.Helper()
	var a sdp.SessionDescription
	if err := a.Unmarshal(r.Body()); err != nil {
		t.Fatalf("%v:\n%s", err, r)
	}
	return &a
}

// bye ends the call.
func (s *sbc) bye() {
	s.t.Helper()
	s.request("BYE", "")
	s.answer(200)
}

// voice sends a line's audio.
type voice struct {
	t    *testing.T
	conn net.Conn
	from uint32 // SSRC
	seq  uint16
}

// voiceTo sends to the port of a media line.
func voiceTo(t *testing.T, a *sdp.SessionDescription, line int) *voice {
	t.Helper()
	port := a.MediaDescriptions[line].MediaName.Port.Value
	c, err := (&net.Dialer{}).DialContext(t.Context(), "udp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &voice{t: t, conn: c, from: uint32(line) + 1}
}

// port is where it sends to.
func (v *voice) port() int { return v.conn.RemoteAddr().(*net.UDPAddr).Port }

// speak sends n packets of 20 ms, all of one sample.
func (v *voice) speak(n int, sample byte) {
	v.t.Helper()
	for range n {
		v.packet(0, uint32(v.seq)*160, bytes.Repeat([]byte{sample}, 160))
	}
}

// packet sends one packet.
func (v *voice) packet(kind uint8, stamp uint32, payload []byte) {
	v.t.Helper()
	v.seq++
	p := pion.Packet{Header: pion.Header{Version: 2, PayloadType: kind, SequenceNumber: v.seq, Timestamp: stamp, SSRC: v.from}, Payload: payload}
	raw, err := p.Marshal()
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := v.conn.Write(raw); err != nil {
		v.t.Fatal(err)
	}
}

// The bodies that SBCs send.
const (
	head    = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
	opening = "m=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\na=label:1\r\n"
	second  = "m=audio 40002 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\na=label:2\r\n"
	two     = head + opening + second
)

// document is what RFC 7865 has an SRC say of a call from a customer to Dana.
const document = `<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
 <datamode>complete</datamode>
 <session session_id="hVpd7YQgRW2nD22h7q60JQ=="><sipSessionID>ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2</sipSessionID></session>
 <participant participant_id="p1"><nameID aor="sip:+14155550142@customer.example"><name xml:lang="en">Bob</name></nameID></participant>
 <participant participant_id="p2"><nameID aor="sip:+18005550199@agents.example"><name>Dana</name></nameID></participant>
 <stream stream_id="s1" session_id="hVpd7YQgRW2nD22h7q60JQ=="><label>1</label></stream>
 <stream stream_id="s2" session_id="hVpd7YQgRW2nD22h7q60JQ=="><label>2</label></stream>
 <participantstreamassoc participant_id="p1"><send>s1</send><recv>s2</recv></participantstreamassoc>
 <participantstreamassoc participant_id="p2"><send>s2</send><recv>s1</recv></participantstreamassoc>
</recording>`

func plain(sdp string) string { return sdpType + "\n" + sdp }

// mixed is a body of SDP and metadata.
func mixed(sdp, meta string) string { return mixedAs(metadataType, sdp, meta) }

func mixedAs(kind, sdp, meta string) string {
	return "multipart/mixed;boundary=unique-boundary-1\n--unique-boundary-1\r\nContent-Type: application/sdp\r\n\r\n" + sdp +
		"\r\n--unique-boundary-1\r\nContent-Type: " + kind + "\r\nContent-Disposition: recording-session\r\n\r\n" + meta + "\r\n--unique-boundary-1--\r\n"
}

// expand gives the sample that a byte of mu-law stands for: voices send type 0.
func expand(b byte) int16 { return audio.DecodeMulaw(nil, []byte{b})[0] }
