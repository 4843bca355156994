//go:build !linux

package rtp

import "net"

// KernelDrops is not known here.
func KernelDrops(...*net.UDPConn) float64 { return 0 }

// ReceiveBytes is not known here.
func ReceiveBytes(...*net.UDPConn) float64 { return 0 }
