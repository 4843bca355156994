package whip

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
)

// receiveBuffer is what is asked of the kernel for each socket, in bytes: all
// calls share it, and a pause of this process of half a second at a hundred
// calls must fit. The kernel gives net.core.rmem_max at most.
const receiveBuffer = 4 << 20

// sockets are the UDP sockets of one port: one of the address that was asked
// for, or of each address of the machine.
type sockets struct {
	conns []*net.UDPConn
	mux   ice.UDPMux
	loop  bool // only reachable from this machine
	stray strays
}

// listenUDP binds the port at once, so that one that is taken shows at start.
func listenUDP(ctx context.Context, address string) (_ *sockets, err error) {
	hosts, port, err := addresses(address)
	if err != nil {
		return nil, err
	}
	s := &sockets{loop: true, stray: strays{LeveledLogger: silent}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	var muxes []ice.UDPMux
	for _, host := range hosts {
		var lc net.ListenConfig
		c, err := lc.ListenPacket(ctx, "udp", net.JoinHostPort(host.String(), strconv.Itoa(port)))
		if err != nil {
			return nil, fmt.Errorf("whip: listen for audio: %w", err)
		}
		conn := c.(*net.UDPConn) //nolint:forcetypeassert // what "udp" gives
		s.conns = append(s.conns, conn)
		s.loop = s.loop && host.IsLoopback()
		if err := conn.SetReadBuffer(receiveBuffer); err != nil {
			return nil, fmt.Errorf("whip: receive buffer: %w", err)
		}
		muxes = append(muxes, ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: &s.stray}))
	}
	if s.mux = muxes[0]; len(muxes) > 1 {
		s.mux = ice.NewMultiUDPMuxDefault(muxes...)
	}
	return s, nil
}

func (s *sockets) close() error {
	var errs []error
	if s.mux != nil {
		errs = append(errs, s.mux.Close())
	}
	for _, c := range s.conns {
		if err := c.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// addresses gives what to bind for host:port. Without a host, or with 0.0.0.0,
// that is every address of the machine that others reach, and the loopback
// alone where there is none: an answer names each by itself.
func addresses(address string) ([]netip.Addr, int, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, fmt.Errorf("whip: audio address %q: write host:port", address)
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, 0, fmt.Errorf("whip: audio address %q: the port is no number", address)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if host != "" {
		ip, err := netip.ParseAddr(host)
		if err != nil {
			return nil, 0, fmt.Errorf("whip: audio address %q: the host must be an IP address", address)
		}
		if !ip.IsUnspecified() {
			return []netip.Addr{ip}, int(port), nil
		}
	}
	all, err := reached(host == "0.0.0.0")
	return all, int(port), err
}

// reached gives the addresses at which others reach this machine.
func reached(only4 bool) ([]netip.Addr, error) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("whip: addresses of this machine: %w", err)
	}
	var all []netip.Addr
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && prefix.Addr().IsGlobalUnicast() && (!only4 || prefix.Addr().Is4()) {
			all = append(all, prefix.Addr())
		}
	}
	if len(all) == 0 {
		all = append(all, netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	}
	return all, nil
}

// strays counts what comes to the port and is of no session: the library throws
// it away and says so to its log, once a packet.
type strays struct {
	logging.LeveledLogger

	n atomic.Uint64
}

// Trace, Tracef, Warn and Warnf count.
func (s *strays) Trace(string)          { s.n.Add(1) }
func (s *strays) Tracef(string, ...any) { s.n.Add(1) }
func (s *strays) Warn(string)           { s.n.Add(1) }
func (s *strays) Warnf(string, ...any)  { s.n.Add(1) }
