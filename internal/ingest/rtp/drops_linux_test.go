package rtp

import (
	"net"
	"strings"
	"testing"
)

const udpTable = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 00000000:1FFD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 12
  101: 0100007F:1FFD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 30
  102: 0100007F:1FFE 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0000000000000000 500
nonsense
`

func TestDropsOfOurSockets(t *testing.T) {
	if got := dropsOf(strings.NewReader(udpTable), map[string]bool{"4711": true, "4712": true}); got != 42 {
		t.Errorf("%d drops, want 42", got)
	}
}

// A socket that nobody reads overflows, and the kernel's count shows it.
func TestTheKernelsDropsAreSeen(t *testing.T) {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	if n := KernelDrops(c); n != 0 {
		t.Fatalf("%v drops before there was a packet", n)
	}
	if n := ReceiveBytes(c); n <= 0 || n > 1<<16 {
		t.Errorf("a receive buffer of %v bytes", n)
	}
	to, err := net.Dial("udp", c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	for range 200 {
		if _, err := to.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if n := KernelDrops(c); n < 100 {
		t.Errorf("%v drops after 200 packets that nobody read", n)
	}
}
