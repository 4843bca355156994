package rtp

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// KernelDrops counts the packets that the kernel threw away before these
// sockets were read, because the receive buffer was full.
func KernelDrops(conns ...*net.UDPConn) float64 {
	inodes := map[string]bool{}
	for _, c := range conns {
		if inode, ok := inodeOf(c); ok {
			inodes[inode] = true
		}
	}
	var sum uint64
	for _, path := range [...]string{"/proc/self/net/udp", "/proc/self/net/udp6"} {
		f, err := os.Open(path)
		if err != nil {
			continue // a kernel without that family
		}
		sum += dropsOf(f, inodes)
		_ = f.Close() // it was only read
	}
	return float64(sum)
}

func inodeOf(c *net.UDPConn) (inode string, ok bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return "", false
	}
	err = raw.Control(func(fd uintptr) {
		var stat syscall.Stat_t
		if syscall.Fstat(int(fd), &stat) == nil {
			inode, ok = strconv.FormatUint(stat.Ino, 10), true
		}
	})
	return inode, ok && err == nil
}

// The columns of /proc/net/udp that count.
const (
	inodeColumn = 9
	dropsColumn = 12
)

// dropsOf sums the last column of the sockets with these inodes.
func dropsOf(table io.Reader, inodes map[string]bool) (sum uint64) {
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) <= dropsColumn || !inodes[f[inodeColumn]] {
			continue
		}
		if n, err := strconv.ParseUint(f[dropsColumn], 10, 64); err == nil {
			sum += n
		}
	}
	return sum
}

// ReceiveBytes is how large the kernel made the smallest receive buffer; 0 when
// that is not known.
func ReceiveBytes(conns ...*net.UDPConn) float64 {
	least := 0
	for _, c := range conns {
		if n, err := bufferOf(c); err == nil && (least == 0 || n < least) {
			least = n
		}
	}
	return float64(least)
}

func bufferOf(c *net.UDPConn) (n int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("socket: %w", err)
	}
	var inner error
	err = raw.Control(func(fd uintptr) {
		n, inner = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF)
	})
	if err == nil {
		err = inner
	}
	return n, err
}
