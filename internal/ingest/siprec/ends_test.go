package siprec

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
)

// However a call ends, it ends once, and a caller who did not end it is told.
func TestHowACallEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(*Options)
		headers []string
		unacked bool // the caller never acknowledges
		last    func(*testing.T, *rig, *sbc)
		why     ingest.Reason
	}{
		{name: "the caller hangs up", last: func(_ *testing.T, _ *rig, s *sbc) { s.bye() }, why: ingest.Stopped},
		{
			name: "silence", change: func(o *Options) { o.Limits.SilentAfter = 100 * time.Millisecond }, why: ingest.Silent,
			last: func(_ *testing.T, _ *rig, s *sbc) { s.ask(sip.BYE) },
		},
		{
			name: "a caller who is gone", why: ingest.Silent,
			change: func(o *Options) { o.Limits.SilentAfter, o.Limits.ByeWithin = 100*time.Millisecond, 50*time.Millisecond },
			last:   func(*testing.T, *rig, *sbc) {},
		},
		{
			name: "a pause that never ends", why: ingest.Silent,
			change: func(o *Options) { o.Limits.HeldFor = 100 * time.Millisecond },
			last: func(_ *testing.T, _ *rig, s *sbc) {
				s.request("UPDATE", plain(swap(two, "sendonly", "inactive")))
				s.answer(200)
				s.ask(sip.BYE)
			},
		},
		{
			name: "no acknowledgement", change: func(o *Options) { o.Limits.T1, o.Limits.ByeWithin = 5*time.Millisecond, 50*time.Millisecond }, unacked: true, why: ingest.Broken,
			last: func(t *testing.T, _ *rig, s *sbc) {
				again := 0
				for m := s.next(); ; m = s.next() {
					if r, is := m.(*sip.Response); is && r.StatusCode == 200 {
						again++
						continue
					}
					break
				}
				if again < 3 {
					t.Errorf("the answer came again %d times", again)
				}
			},
		},
		{
			name: "no refresh", change: func(o *Options) { o.Limits.MinExpires = time.Second }, why: ingest.Broken,
			headers: []string{"Session-Expires: 1"}, last: func(_ *testing.T, _ *rig, s *sbc) { s.ask(sip.BYE) },
		},
		{
			name: "a caller who does not know the call any more", change: func(o *Options) { o.Limits.MinExpires = time.Second }, why: ingest.Broken,
			headers: []string{"Session-Expires: 1;refresher=uas"}, last: func(t *testing.T, _ *rig, s *sbc) {
				r := s.next().(*sip.Request)
				if r.Method != sip.UPDATE || !strings.HasPrefix(r.GetHeader("Session-Expires").Value(), "1;") {
					t.Errorf("asked\n%s", r)
				}
				s.write(sip.NewResponseFromRequest(r, 481, "Gone", nil).String())
				s.ask(sip.BYE)
			},
		},
		{
			name: "too long", change: func(o *Options) { o.Limits.Longest = 100 * time.Millisecond }, why: ingest.Completed,
			last: func(_ *testing.T, _ *rig, s *sbc) { s.ask(sip.BYE) },
		},
		{
			name: "shutdown", why: ingest.Shutdown, last: func(t *testing.T, g *rig, s *sbc) {
				closed := make(chan error, 1)
				go func() { closed <- g.door.Close(context.WithoutCancel(t.Context())) }()
				s.ask(sip.BYE)
				if err := <-closed; err != nil {
					t.Error(err)
				}
			},
		},
		{
			name: "both hang up at once", change: func(o *Options) { o.Limits.SilentAfter, o.Limits.ByeWithin = 100*time.Millisecond, 10*time.Second }, why: ingest.Silent,
			last: func(t *testing.T, _ *rig, s *sbc) {
				r := s.next().(*sip.Request)
				s.request("BYE", "")
				s.answer(200)
				s.request("UPDATE", "")
				s.answer(481)
				s.write(sip.NewResponseFromRequest(r, 200, "OK", nil).String())
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, c.change)
			s := g.dial(t, "udp")
			s.request("INVITE", mixed(two, document), c.headers...)
			r := s.answer(200)
			s.to, _ = r.To().Params.Get("tag")
			if !c.unacked {
				s.request("ACK", "")
			}
			rec := g.calls.Next(t)
			c.last(t, g, s)
			if rec.Wait(t); rec.Why != c.why {
				t.Errorf("ended as %s, want %s", rec.Why, c.why)
			}
			s.request("UPDATE", "")
			if c.name != "shutdown" {
				for r, is := s.next().(*sip.Response); !is || r.StatusCode != 481; r, is = s.next().(*sip.Response) {
				}
			}
		})
	}
}

// A caller whose connection is lost is told of the end at its Contact.
func TestAConnectionThatIsLost(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.SilentAfter = 300 * time.Millisecond })
	s := g.dial(t, "tcp")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s.cseq++
	s.write(strings.Replace(s.text("INVITE", plain(two)), "Contact: <sip:sbc@"+s.conn.LocalAddr().String(), "Contact: <sip:sbc@"+l.Addr().String(), 1))
	s.agreed()
	rec := g.calls.Next(t)
	s.conn.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	newSBC(t, c, "TCP").ask(sip.BYE)
	if rec.Wait(t); rec.Why != ingest.Silent {
		t.Errorf("ended as %s", rec.Why)
	}
}

// A refresh keeps a call open, whoever sends it.
func TestSessionTimers(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.MinExpires = time.Second })
	theirs, ours := g.dial(t, "udp"), g.dial(t, "tcp")
	theirs.request("INVITE", plain(two), "Session-Expires: 1")
	r := theirs.answer(200)
	theirs.to, _ = r.To().Params.Get("tag")
	theirs.request("ACK", "")
	if h := r.GetHeader("Session-Expires"); h == nil || h.Value() != "1;refresher=uac" || r.GetHeader("Require") == nil {
		t.Errorf("answered\n%s", r)
	}
	ours.invite(plain(two), "Session-Expires: 1;refresher=uas")
	for range 3 { // each at half time
		ours.ask(sip.UPDATE)
		theirs.request("UPDATE", "", "Session-Expires: 1;refresher=uac")
		theirs.answer(200)
	}
	theirs.request("INVITE", "", "Session-Expires: 1;refresher=uac")
	if a := theirs.agreed(); len(a.MediaDescriptions) != 2 {
		t.Errorf("the answer to an INVITE without an offer is %v", a)
	}
	theirs.bye()
	ours.bye()
	for range 2 {
		if rec := g.calls.Next(t).Wait(t); rec.Why != ingest.Stopped {
			t.Errorf("ended as %s", rec.Why)
		}
	}
}

// slow opens calls when it is told to.
type slow struct {
	*ingesttest.Calls

	asked, open chan struct{}
}

func (c *slow) Open(ctx context.Context, s ingest.Start) (ingest.Stream, error) {
	close(c.asked)
	<-c.open
	return c.Calls.Open(ctx, s)
}

func TestACallThatIsTakenBack(t *testing.T) {
	t.Parallel()
	c := &slow{ingesttest.New(), make(chan struct{}), make(chan struct{})}
	g := newRig(t, func(o *Options) { o.Calls = c })
	s := g.dial(t, "udp")
	s.request("INVITE", mixed(two, document))
	<-c.asked
	s.request("CANCEL", "")
	s.answer(200)
	s.answer(487)
	s.request("ACK", "")
	close(c.open)
	if rec := c.Next(t).Wait(t); rec.Why != ingest.Stopped || g.door.calls.len() != 0 {
		t.Errorf("ended as %s", rec.Why)
	}
}

// The same INVITE again is the same call, and one that came another way is none.
func TestAnINVITEThatComesAgain(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.T1 = time.Hour })
	s := g.dial(t, "udp")
	s.request("INVITE", mixed(two, document))
	first := s.answer(200)
	s.write(s.text("INVITE", mixed(two, document)))
	s.write(strings.Replace(s.last, "branch=z9hG4bK", "branch=z9hG4bK-other", 1))
	s.answer(482)
	s.to, _ = first.To().Params.Get("tag")
	s.request("UPDATE", "")
	s.answer(491) // nothing was acknowledged yet
	s.cseq = 1
	s.request("ACK", "")
	s.cseq++
	s.write(strings.Replace(s.text("UPDATE", ""), "branch=z9hG4bK", "branch=z9hG4bK-other", 1))
	s.answer(500) // its CSeq was there before
	s.cseq = 7
	s.bye()
	if rec := g.calls.Next(t).Wait(t); rec.Why != ingest.Stopped || g.calls.Count() != 1 {
		t.Errorf("ended as %s, %d calls", rec.Why, g.calls.Count())
	}
}

// A call whose id another one had goes on as one of its own.
func TestAnIDOfACallThatIsOver(t *testing.T) {
	t.Parallel()
	c := &over{ingesttest.New()}
	g := newRig(t, func(o *Options) { o.Calls = c })
	s := g.dial(t, "udp")
	s.invite(mixed(two, document))
	rec := c.Next(t)
	s.bye()
	if rec.Wait(t); rec.Start.Call != "ab30317f1a784dc48ff824d0d3715d86/"+rec.Start.Stream {
		t.Errorf("the call is %s", rec.Start.Call)
	}
}

type over struct{ *ingesttest.Calls }

func (c *over) Open(ctx context.Context, s ingest.Start) (ingest.Stream, error) {
	if !strings.Contains(s.Call, "/") {
		return nil, ingest.ErrOver
	}
	return c.Calls.Open(ctx, s)
}

func TestACallOverTLS(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	g := newRig(t, func(o *Options) {
		o.Listen = ""
		o.TLS = TLS{"127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}
	})
	pool := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	c, err := (&tls.Dialer{Config: &tls.Config{RootCAs: pool}}).DialContext(t.Context(), "tcp", g.door.SecureAddress())
	if err != nil {
		t.Fatal(err)
	}
	s := newSBC(t, c, "TLS")
	a := s.invite(mixed(two, document))
	voiceTo(t, a, 1).speak(5, 0)
	rec := g.calls.Next(t)
	rec.Reach(t, agent, 100*time.Millisecond)
	s.bye()
	if rec.Wait(t); rec.Why != ingest.Stopped {
		t.Errorf("ended as %s", rec.Why)
	}
}
