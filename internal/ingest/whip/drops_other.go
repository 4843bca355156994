//go:build !linux

package whip

// kernelDrops is not known here.
func (*sockets) kernelDrops() float64 { return 0 }

// receiveBytes is not known here.
func (*sockets) receiveBytes() float64 { return receiveBuffer }
