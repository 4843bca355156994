package gate

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Client gives what stands for the sender of a request in a limit: its IPv4
// address or its IPv6 /64. A proxy on this machine or in a private network is
// believed about whom it speaks for; what a stranger claims is not.
func Client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip.IsLoopback() || ip.IsPrivate() {
		all := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if said, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			ip = said
		}
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	whole, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return whole.String()
}
