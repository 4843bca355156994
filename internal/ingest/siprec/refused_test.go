package siprec

import (
	"context"
	"crypto/md5" //nolint:gosec // what SIP's digest is
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
)

// A refusal has its code and leaves nothing behind.
func TestRefusals(t *testing.T) {
	t.Parallel()
	busy := func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = ingest.ErrBusy }
	deep := strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)
	for _, c := range []struct {
		name    string
		change  func(*Options)
		method  string // INVITE by default
		body    string
		headers []string
		text    func(string) string // changes the message
		status  int
		says    string // in one of the headers
	}{
		{name: "no offer", status: 488, says: "without an offer"},
		{name: "metadata alone", body: metadataType + "\n" + document, status: 488},
		{name: "no SDP", body: plain("hello"), status: 400, says: "SDP"},
		{name: "no lines", body: plain(head), status: 488},
		{name: "too many lines", body: plain(head + strings.Repeat(opening, maxLines+1)), status: 488},
		{name: "no codec that is known", body: plain(head + "m=audio 9 RTP/AVP 9 96\r\na=rtpmap:96 opus/48000/2\r\n"), status: 488, says: "PCMU"},
		{name: "PCMU at another rate", body: plain(head + "m=audio 9 RTP/AVP 96\r\na=rtpmap:96 PCMU/16000\r\n"), status: 488},
		{name: "keys alone", body: plain(head + "m=audio 9 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"), status: 488},
		{name: "SRTP", body: plain(swap(two, "RTP/AVP", "RTP/SAVP")), status: 488},
		{name: "another type", body: "text/plain\nhello", status: 415, says: "rs-metadata"},
		{name: "a type that is none", body: ";;\nhello", status: 415},
		{name: "compressed", body: plain(two), headers: []string{"Content-Encoding: gzip"}, status: 415, says: "identity"},
		{name: "no boundary", body: "multipart/mixed\n" + two, status: 400},
		{name: "a multipart body that is cut off", body: strings.TrimSuffix(mixed(two, document), "\r\n--unique-boundary-1--\r\n"), status: 400},
		{name: "too many parts", body: "multipart/mixed;boundary=b\n" + strings.Repeat("--b\r\n\r\nx\r\n", 9) + "--b--\r\n", status: 400},
		{name: "metadata that is cut off", body: mixed(two, document[:300]), status: 400, says: "well-formed"},
		{name: "metadata that is none", body: mixed(two, "hello"), status: 400},
		{name: "an entity", body: mixed(two, `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><recording>&x;</recording>`), status: 400, says: "document type"},
		{name: "an entity that is not declared", body: mixed(two, "<recording>&x;</recording>"), status: 400},
		{name: "metadata too deep", body: mixed(two, deep), status: 400, says: "deep"},
		{name: "metadata too long", body: mixed(two, "<recording>"+strings.Repeat("<a/>", maxElements)+"</recording>"), status: 400},
		{name: "an extension that is not known", body: plain(two), headers: []string{"Require: siprec, 100rel"}, status: 420, says: "100rel"},
		{name: "too short a timer", body: plain(two), headers: []string{"Session-Expires: 30"}, status: 422, says: "90"},
		{name: "a timer that is none", body: plain(two), headers: []string{"Session-Expires: soon"}, status: 400},
		{name: "no Contact", body: plain(two), text: func(s string) string { return strings.Replace(s, "Contact:", "X-Contact:", 1) }, status: 400},
		{name: "no tag", body: plain(two), text: func(s string) string { return strings.Replace(s, ";tag=f1", "", 1) }, status: 400},
		{name: "another CSeq", body: plain(two), text: func(s string) string { return strings.Replace(s, "1 INVITE\r\n", "1 BYE\r\n", 1) }, status: 400},
		{name: "a dialog that is not there", body: plain(two), text: func(s string) string { return strings.Replace(s, "example.com>", "example.com>;tag=x", 1) }, status: 481},
		{name: "BYE without a call", method: "BYE", status: 481},
		{name: "UPDATE without a call", method: "UPDATE", status: 481},
		{name: "CANCEL without a call", method: "CANCEL", status: 481},
		{name: "REGISTER", method: "REGISTER", status: 405, says: "INVITE"},
		{name: "MESSAGE", method: "MESSAGE", status: 405},
		{name: "no more calls", change: busy, body: mixed(two, document), status: 503, says: "10"},
		{name: "the call is not opened", change: func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = net.ErrClosed }, body: plain(two), status: 503},
		{name: "stopping", change: func(o *Options) { o.Calls.(*ingesttest.Calls).Refuse = ingest.ErrStopping }, body: plain(two), status: 503},
		{name: "no dialogs", change: func(o *Options) { o.Limits.Calls = -1 }, body: plain(two), status: 503},
		{name: "too many at once", change: func(o *Options) { o.Limits.Starts = -1 }, body: plain(two), status: 503},
		{name: "no ports", change: func(o *Options) { o.Ports = Range{20500, 20501} }, body: plain(two), status: 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, c.change)
			s := g.dial(t, "udp")
			s.cseq++
			if c.method == "" {
				c.method = "INVITE"
			}
			raw := s.text(c.method, c.body, c.headers...)
			if c.text != nil {
				raw = c.text(raw)
			}
			s.write(raw)
			r := s.answer(c.status)
			said := ""
			for _, name := range []string{"Warning", "Accept", "Accept-Encoding", "Unsupported", "Min-SE", "Allow", "Retry-After"} {
				if h := r.GetHeader(name); h != nil {
					said += h.Value() + "\n"
				}
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("said %q, want %q", said, c.says)
			}
			if n := g.calls.Count(); n != 0 || g.door.calls.len() != 0 || len(g.door.calls.opening) != 0 {
				t.Errorf("it left %d streams, %d dialogs", n, len(g.door.calls.opening))
			}
		})
	}
}

// The library answers what it cannot read, or drops it; the door goes on.
func TestWhatIsNoSIP(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"udp", "tcp"} {
		g := newRig(t, nil)
		half := g.dial(t, network)
		half.cseq++
		whole := half.text("INVITE", plain(two))
		half.write(whole[:len(whole)/2])
		for _, raw := range []string{"\r\n\r\n", "\x00\x01\x02", "INVITE sip:x SIP/2.0\r\n\r\n", strings.Repeat("x", 60_000)} {
			s := g.dial(t, network)
			s.write(raw)
			s.conn.Close()
		}
		s := g.dial(t, network)
		s.request("OPTIONS", "")
		r := s.answer(200)
		if r.GetHeader("Allow") == nil || r.Contact() == nil || !r.Contact().Params.Has("+sip.srs") {
			t.Errorf("OPTIONS are answered with\n%s", r)
		}
	}
}

func TestAPasswordThatIsAskedFor(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Users = map[string]string{"sbc": "secret"} })
	respond := func(s *sbc, r *sip.Response, user, password string) string {
		c, err := digest.ParseChallenge(r.GetHeader("WWW-Authenticate").Value())
		if err != nil {
			t.Fatal(err)
		}
		cred, err := digest.Digest(c, digest.Options{Method: "INVITE", URI: "sip:heed@x", Username: user, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		return "Authorization: " + cred.String()
	}
	ask := func(s *sbc, header ...string) *sip.Response {
		s.request("INVITE", plain(two), header...)
		r := s.answer(401)
		s.request("ACK", "")
		return r
	}
	s := g.dial(t, "udp")
	r := ask(s)
	good := respond(s, r, "sbc", "secret")
	for name, header := range map[string]string{
		"another user": respond(s, r, "root", "secret"), "another password": respond(s, r, "sbc", "guess"),
		"no digest": "Authorization: Basic c2JjOnNlY3JldA==", "a nonce of nobody": strings.Replace(good, `nonce="`, `nonce="0`, 1),
		"another realm": strings.Replace(good, `realm="heed"`, `realm="x"`, 1),
	} {
		if r := ask(s, header); strings.Contains(r.String(), "stale") != (name == "a nonce of nobody") {
			t.Errorf("%s is answered\n%s", name, r)
		}
	}
	s.invite(plain(two), good)
	g.calls.Next(t)
	s.bye()
	again := g.dial(t, "udp")
	if r := ask(again, good); !strings.Contains(r.String(), "stale=true") {
		t.Errorf("an answer was taken twice:\n%s", r)
	}
	// RFC 2069: without qop, as old ones do.
	r = ask(again)
	c, err := digest.ParseChallenge(r.GetHeader("WWW-Authenticate").Value())
	if err != nil {
		t.Fatal(err)
	}
	sum := func(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) } //nolint:gosec // as above
	old := fmt.Sprintf(`Authorization: Digest username="sbc", realm="heed", nonce="%s", uri="sip:x", response="%s"`,
		c.Nonce, sum(sum("sbc:heed:secret")+":"+c.Nonce+":"+sum("INVITE:sip:x")))
	again.invite(plain(two), old)
	again.bye()
	if n := g.calls.Count(); n != 2 {
		t.Errorf("%d calls were opened, want 2", n)
	}
}

func TestNoncesEnd(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPasswords(map[string]string{"a": "b"}, func() time.Time { return now })
	n := p.nonce(now)
	if !p.ours(n) || p.ours(n[:len(n)-1]) || p.ours(strings.Replace(n, n[:4], "ffff", 1)) {
		t.Error("ours is not told from others")
	}
	if now = now.Add(nonceLife); p.ours(n) {
		t.Error("it never ends")
	}
}

// What strangers send costs a live call nothing, and they are told no as often
// as the door has time for.
func TestStrangers(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	s := g.dial(t, "udp")
	a := s.invite(mixed(two, document))
	rec := g.calls.Next(t)
	v := voiceTo(t, a, 0)
	stranger := func(network string) *sbc {
		d := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 2)}}
		if network == "tcp" {
			d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}
		}
		c, err := d.DialContext(t.Context(), network, g.door.Address())
		if err != nil {
			t.Fatal(err)
		}
		return newSBC(t, c, strings.ToUpper(network))
	}
	byTCP := stranger("tcp")
	byTCP.request("INVITE", mixed(two, document))
	byTCP.answer(403)
	x := stranger("udp")
	for range 500 {
		v.speak(1, 0)
		x.request("INVITE", mixed(two, document), "Require: siprec")
		x.write("ACK sip:x SIP/2.0\r\n\r\n")
	}
	rec.Reach(t, customer, 10*time.Second)
	if n := len(x.messages); n < 1 || n > 3*noes {
		t.Errorf("%d answers to 500 strangers", n)
	}
	x.answer(403)
	other := voiceTo(t, a, 0) // from an address that may, and one that may not
	other.conn.Close()
	c, err := (&net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext(t.Context(), "udp", v.conn.RemoteAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	other.conn = c
	other.speak(50, 0x55)
	v.speak(50, 0)
	rec.Reach(t, customer, 11*time.Second)
	s.bye()
	if rec.Wait(t); g.calls.Count() != 1 || len(rec.Faults) > 0 || rec.Gaps[customer] > 1 {
		t.Errorf("%d calls, faults %v, gaps %v", g.calls.Count(), rec.Faults, rec.Gaps)
	}
}

func TestADoorThatIsShut(t *testing.T) {
	t.Parallel()
	d, err := New(t.Context(), Options{Calls: ingesttest.New()})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Serve(); err != nil || d.Address() != "" || d.SecureAddress() != "" {
		t.Errorf("it listens: %v", err)
	}
	if err := d.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if _, err := New(t.Context(), Options{Calls: ingesttest.New(), Listen: "192.0.2.1:0"}); err == nil {
		t.Error("it listens on an address of nobody")
	}
	if _, err := New(t.Context(), Options{}); err == nil {
		t.Error("it needs no calls")
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Range{
		"20000-20999": {20000, 20999}, "20001 - 20004": {20002, 20004}, "20000": {}, "20000-20000": {}, "20001-20002": {}, "10-20": {}, "x-y": {}, "20000-70000": {},
	} {
		if got, err := ParseRange(s); got != want || (err == nil) != (want != Range{}) {
			t.Errorf("%s is %v, %v", s, got, err)
		}
	}
	p := newPorts(loopback[0].Addr(), Range{31000, 31005})
	var open []*pair
	for range 3 {
		one, err := p.open(t.Context())
		if err != nil {
			t.Fatalf("ports 31000 to 31005: %v", err)
		}
		open = append(open, one)
	}
	if _, err := p.open(t.Context()); err == nil {
		t.Error("a fourth pair was given out")
	}
	freed := open[1].port
	open[1].close()
	again, err := p.open(t.Context())
	if err != nil || again.port != freed {
		t.Errorf("%v, %v", again, err)
	}
	for _, one := range []*pair{open[0], again, open[2]} {
		one.close()
	}
}
