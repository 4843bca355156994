//go:build linux && (amd64 || arm64)

package rtp

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// libopus is the reference decoder of the system, where it is installed: the
// built-in one takes twice as long and more, which is most of what a session
// costs. Browsers give it the bytes of strangers, too.
type libopus struct {
	size, init, decode uintptr // the C functions
}

// theLibrary is loaded once, with the first decoder, and stays loaded.
var theLibrary = sync.OnceValues(func() (*libopus, error) {
	handle, err := purego.Dlopen("libopus.so.0", purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load libopus: %w", err)
	}
	lib := new(libopus)
	for name, at := range map[string]*uintptr{
		"opus_decoder_get_size": &lib.size, "opus_decoder_init": &lib.init, "opus_decode": &lib.decode,
	} {
		if *at, err = purego.Dlsym(handle, name); err != nil {
			return nil, fmt.Errorf("find %s in libopus: %w", name, err)
		}
	}
	return lib, nil
})

// libDecoder is a decoder of the library. Its state is memory of ours, of which
// the library keeps no address, so that nothing has to be freed.
type libDecoder struct {
	lib   *libopus
	state []uint64 // aligned as C has it
	width int
}

var _ opusSource = (*libDecoder)(nil)

// newLibDecoder makes a decoder for output at a rate, or says why there is none.
func newLibDecoder(rate, channels int) (*libDecoder, error) {
	lib, err := theLibrary()
	if err != nil {
		return nil, err
	}
	size, _, _ := purego.SyscallN(lib.size, uintptr(channels)) //nolint:gosec // 1 or 2
	d := &libDecoder{lib: lib, state: make([]uint64, (int(int32(size))+7)/8), width: channels}
	if len(d.state) == 0 {
		return nil, fmt.Errorf("libopus: no decoder of %d channels", channels)
	}
	//nolint:gosec // the addresses are used during the call only
	if code, _, _ := purego.SyscallN(lib.init, uintptr(unsafe.Pointer(unsafe.SliceData(d.state))), uintptr(rate), uintptr(channels)); int32(code) != 0 {
		return nil, fmt.Errorf("libopus: error %d", int32(code))
	}
	return d, nil
}

// DecodeToInt16 gives how many samples of each channel a packet has put into
// out.
func (d *libDecoder) DecodeToInt16(packet []byte, out []int16) (int, error) {
	if len(packet) == 0 { // the library would make up for a loss
		return 0, errEmptyPacket
	}
	//nolint:gosec // the addresses are used during the call only
	n, _, _ := purego.SyscallN(d.lib.decode, uintptr(unsafe.Pointer(unsafe.SliceData(d.state))),
		uintptr(unsafe.Pointer(unsafe.SliceData(packet))), uintptr(len(packet)),
		uintptr(unsafe.Pointer(unsafe.SliceData(out))), uintptr(len(out)/d.width), 0)
	runtime.KeepAlive(packet)
	runtime.KeepAlive(out)
	if int32(n) < 0 { //nolint:gosec // a C int
		return 0, fmt.Errorf("libopus: error %d", int32(n)) //nolint:gosec // a C int
	}
	return int(int32(n)), nil //nolint:gosec // a C int
}
