package wire

import (
	"net"
	"net/netip"
)

// Networks are those that a door without authentication takes something from.
type Networks []netip.Prefix

// Contain says whether an address, of which the port does not count, is in one
// of them. What is no address is in none.
func (n Networks) Contain(a net.Addr) bool {
	return n.Has(AddressOf(a))
}

// Has says whether an address is in one of them.
func (n Networks) Has(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range n {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// AddressOf gives the address of a connection's end, without its port; the
// invalid one when it has none.
func AddressOf(a net.Addr) netip.Addr {
	if a == nil {
		return netip.Addr{}
	}
	return AddressOfHost(a.String())
}

// AddressOfHost reads host:port; the invalid address when the host is none.
func AddressOfHost(s string) netip.Addr {
	at, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}
