package siprec

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest/wire"
)

// peer is the other side of a dialog, and how it is reached: where its answers go.
type peer struct {
	from, to  sip.Header // of our requests
	call      sip.Header
	target    sip.Uri // its Contact
	routes    []string
	transport string
	at        string // host:port
	contact   *sip.ContactHeader
	cseq      uint32
}

// newPeer reads the other side out of its INVITE and our answer.
func newPeer(req *sip.Request, res *sip.Response, contact *sip.ContactHeader) peer {
	from, to := res.To().AsFrom(), req.From().AsTo()
	p := peer{
		from: &from, to: &to, call: sip.HeaderClone(req.CallID()), target: *req.Contact().Address.Clone(),
		transport: req.Transport(), at: res.Destination(), contact: contact, cseq: 1,
	}
	for _, h := range req.GetHeaders("record-route") {
		p.routes = append(p.routes, h.Value())
	}
	return p
}

// request makes a request within the dialog.
func (p *peer) request(method sip.RequestMethod, headers ...sip.Header) *sip.Request {
	p.cseq++
	r := sip.NewRequest(method, p.target)
	via := &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: p.transport, Host: p.contact.Address.Host, Port: p.contact.Address.Port,
		Params: sip.HeaderParams{{K: "branch", V: sip.GenerateBranch()}},
	}
	hops := sip.MaxForwardsHeader(70)
	for _, h := range []sip.Header{via, p.from, p.to, p.call, &sip.CSeqHeader{SeqNo: p.cseq, MethodName: method}, &hops} {
		r.AppendHeader(h)
	}
	for _, route := range p.routes {
		r.AppendHeader(sip.NewHeader("Route", route))
	}
	for _, h := range headers {
		r.AppendHeader(h)
	}
	r.SetBody(nil)
	r.SetTransport(p.transport)
	r.SetDestination(p.at)
	return r
}

// send sends a request of ours and gives the final answer.
func (d *Door) send(ctx context.Context, r *sip.Request) (*sip.Response, error) {
	if d.stack.udp != nil && r.Transport() == "UDP" {
		at := d.stack.udp.LocalAddr().(*net.UDPAddr) //nolint:forcetypeassert // it is of a UDP socket
		r.Laddr = sip.Addr{IP: at.IP, Port: at.Port}
	}
	if sip.IsReliable(r.Transport()) {
		r.SetDestination(d.reach(r))
	}
	// It is complete: the library must add nothing.
	tx, err := d.stack.client.TransactionRequest(ctx, r, func(*sipgo.Client, *sip.Request) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("send %s: %w", r.Method, err)
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, errors.Join(errors.New("no answer"), tx.Err())
		case <-ctx.Done():
			return nil, ctx.Err() //nolint:wrapcheck // nobody reads it
		}
	}
}

// reach is where a request goes over TCP: on the connection that the caller has
// open, else to its Contact, when that is an address that may call.
func (d *Door) reach(r *sip.Request) string {
	c, err := d.stack.ua.TransportLayer().GetConnection(r.Transport(), r.Destination())
	if err == nil {
		_, _ = c.TryClose() // gives back what asking took
		return r.Destination()
	}
	host, err := netip.ParseAddr(r.Recipient.Host)
	if err != nil || !d.o.Peers.Has(host) {
		return r.Destination()
	}
	port := r.Recipient.Port
	if port == 0 {
		port = sip.DefaultPort(r.Transport())
	}
	return netip.AddrPortFrom(host, uint16(port)).String() //nolint:gosec // the library read it as a port
}

// hangUp sends a BYE. Where the caller does not answer it has lost the call
// already.
func (l *dialog) hangUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.door.limits.ByeWithin)
	defer cancel()
	if _, err := l.door.send(ctx, l.peer.request(sip.BYE)); err != nil {
		l.log.Debug("the caller was not told of the end", "error", err)
	}
}

// hostFor gives our address as a caller reaches it: the one that was configured,
// the one that we listen on, or that of the machine on the way to it.
func (d *Door) hostFor(ctx context.Context, to netip.Addr) (netip.Addr, error) {
	if d.o.Public.IsValid() {
		return d.o.Public, nil
	}
	if h := d.ports.host; h.IsValid() && !h.IsUnspecified() {
		return h, nil
	}
	var way net.Dialer
	c, err := way.DialContext(ctx, "udp", net.JoinHostPort(to.String(), "9")) // nothing is sent
	if err != nil {
		return netip.Addr{}, fmt.Errorf("way to the caller: %w", err)
	}
	defer c.Close() //nolint:errcheck // it was never used
	return wire.AddressOf(c.LocalAddr()), nil
}

// contactOn is where we are reached on a transport.
func (d *Door) contactOn(transport string, host netip.Addr) *sip.ContactHeader {
	port := d.Address()
	if transport == "TLS" {
		port = d.SecureAddress()
	}
	_, port, _ = net.SplitHostPort(port) // it is one of ours
	n, _ := strconv.Atoi(port)
	return &sip.ContactHeader{
		Address: sip.Uri{
			Scheme: "sip", User: realm, Host: host.String(), Port: n, UriParams: sip.HeaderParams{{K: "transport", V: strings.ToLower(transport)}},
		},
		Params: sip.HeaderParams{{K: "+sip.srs"}},
	}
}
