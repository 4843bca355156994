package app_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// badNetwork stands between a browser and the server: what the browser sends
// by UDP is lost or late, and the server's answers name its port as the
// server's. Nothing else gets through to the server by UDP.
type badNetwork struct {
	conn   *net.UDPConn
	loss   float64
	jitter time.Duration
	server atomic.Pointer[netip.AddrPort]
	lost   atomic.Int64
	ended  atomic.Pointer[time.Time] // when the browser ended its session

	mu      sync.Mutex
	rnd     *rand.Rand
	links   map[netip.AddrPort]*net.UDPConn // by the browser's address
	closed  bool
	readers sync.WaitGroup
}

func newBadNetwork(t *testing.T, loss float64, jitter time.Duration) *badNetwork {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	n := &badNetwork{conn: conn, loss: loss, jitter: jitter, rnd: rand.New(rand.NewPCG(3, 4)), links: map[netip.AddrPort]*net.UDPConn{}}
	n.readers.Go(n.forward)
	t.Cleanup(func() {
		n.mu.Lock()
		n.closed = true
		for _, c := range n.links {
			c.Close()
		}
		n.mu.Unlock()
		conn.Close()
		n.readers.Wait()
	})
	return n
}

// forward carries what the browser sends.
func (n *badNetwork) forward() {
	b := make([]byte, 2000)
	for {
		size, from, err := n.conn.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		link, delay, lost := n.link(from)
		if link == nil || lost {
			continue
		}
		packet := bytes.Clone(b[:size])
		time.AfterFunc(delay, func() { _, _ = link.Write(packet) })
	}
}

// link gives the socket by which the server knows the browser's address, and
// what becomes of a packet.
func (n *badNetwork) link(from netip.AddrPort) (link *net.UDPConn, delay time.Duration, lost bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	server := n.server.Load()
	if n.closed || server == nil {
		return nil, 0, true
	}
	link = n.links[from]
	if link == nil {
		var err error
		if link, err = net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(*server)); err != nil {
			return nil, 0, true
		}
		n.links[from] = link
		n.readers.Go(func() {
			b := make([]byte, 2000)
			for {
				size, err := link.Read(b)
				if err != nil {
					return
				}
				_, _ = n.conn.WriteToUDPAddrPort(b[:size], from)
			}
		})
	}
	if lost = n.rnd.Float64() < n.loss; lost {
		n.lost.Add(1)
	}
	return link, time.Duration(n.rnd.Float64() * float64(n.jitter)), lost
}

var candidate = regexp.MustCompile(`(a=candidate:\S+ \d+ udp \d+ )(\S+) (\d+)( typ host)`)

// front is the server as the browser sees it over this network.
func (n *badNetwork) front(t *testing.T, server string) *httptest.Server {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(a *http.Response) error {
			if a.StatusCode != http.StatusCreated || a.Header.Get("Content-Type") != "application/sdp" {
				return nil
			}
			raw, err := io.ReadAll(a.Body)
			if err != nil {
				return err
			}
			m := candidate.FindSubmatch(raw)
			real, err := netip.ParseAddrPort(string(m[2]) + ":" + string(m[3]))
			if err != nil {
				return err
			}
			n.server.Store(&real)
			port := n.conn.LocalAddr().(*net.UDPAddr).Port
			raw = candidate.ReplaceAll(raw, []byte("${1}127.0.0.1 "+strconv.Itoa(port)+"${4}"))
			a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
			a.Header.Set("Content-Length", strconv.Itoa(len(raw)))
			return nil
		},
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch { // the server must not learn a way around
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if r.Method == http.MethodDelete {
			now := time.Now()
			n.ended.Store(&now)
		}
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/ingest/whip") {
			raw, _ := io.ReadAll(r.Body)
			raw = regexp.MustCompile(`a=candidate:.*\r\n`).ReplaceAll(raw, nil)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}
