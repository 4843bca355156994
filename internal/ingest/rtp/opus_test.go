package rtp

import (
	"bytes"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/pion/opus/pkg/oggreader"
)

// spoken gives packets of speech as browsers make them: those of the bench.
func spoken(t testing.TB) [][]byte {
	t.Helper()
	raw, err := os.ReadFile("../../bench/testdata/speech.opus")
	if err != nil {
		t.Fatal(err)
	}
	pages, _, err := oggreader.NewWith(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for {
		p, _, err := pages.ParseNextPacket()
		if err != nil {
			break
		}
		if !bytes.HasPrefix(p, []byte("OpusTags")) {
			all = append(all, slices.Clone(p))
		}
	}
	if len(all) < 500 {
		t.Fatalf("%d packets", len(all))
	}
	return all
}

// withLibrary says whether the system's library is there; a machine that must
// have everything must have it.
func withLibrary(t testing.TB) {
	t.Helper()
	if _, err := newLibDecoder(unit, 1); err != nil {
		if os.Getenv("HEED_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// decoded is everything of one channel.
func decoded(t *testing.T, packets [][]byte, channels int, builtin bool) []int16 {
	t.Helper()
	d, err := newOpus(channels, builtin)
	if err != nil {
		t.Fatal(err)
	}
	var all []int16
	for i, p := range packets {
		out, err := d.decode(p)
		if err != nil || len(out) != channels || len(out[0]) != unit/50 {
			t.Fatalf("packet %d: %d channels, %v", i, len(out), err)
		}
		all = append(all, out[channels-1]...)
	}
	return all
}

// TestTheLibraryHearsTheSame holds the two decoders to each other: what differs
// is 40 dB below the speech.
func TestTheLibraryHearsTheSame(t *testing.T) {
	withLibrary(t)
	packets := spoken(t)
	for _, channels := range []int{1, 2} {
		ours, theirs := decoded(t, packets, channels, true), decoded(t, packets, channels, false)
		var signal, noise float64
		for i := range ours {
			signal += float64(ours[i]) * float64(ours[i])
			noise += math.Pow(float64(ours[i])-float64(theirs[i]), 2)
		}
		if snr := 10 * math.Log10(signal/max(noise, 1)); snr < 40 {
			t.Errorf("%d channels: they differ by %.1f dB", channels, snr)
		}
	}
}

func TestTheLibraryRefusesWhatIsNoPacket(t *testing.T) {
	withLibrary(t)
	d, err := newOpus(1, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, lib := d.from.(*libDecoder); !lib {
		t.Fatal("the library is there and not used")
	}
	for _, p := range [][]byte{nil, {}, {0xff}, {0x03}, bytes.Repeat([]byte{0xff}, 3)} {
		if out, err := d.decode(p); err == nil && len(p) == 0 {
			t.Errorf("%x gave %d samples", p, len(out[0]))
		}
	}
	if out, err := d.decode(spoken(t)[0]); err != nil || len(out[0]) != unit/50 {
		t.Errorf("after those: %v", err)
	}
}

// TestDecodingAllocatesLittle: a call into the library has its arguments in one
// slice.
func TestDecodingAllocatesLittle(t *testing.T) {
	packets := spoken(t)
	for name, builtin := range map[string]bool{"as by default": false, "built in": true} {
		d, err := newOpus(1, builtin)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		step := func() {
			if _, err := d.decode(packets[i%len(packets)]); err != nil {
				t.Fatal(err)
			}
			i++
		}
		for range len(packets) { // buffers grow
			step()
		}
		if n := testing.AllocsPerRun(100, step); n > 1 || builtin && n > 0 {
			t.Errorf("%s: %v allocations a packet", name, n)
		}
	}
}

func BenchmarkOpus(b *testing.B) {
	packets := spoken(b)
	for name, builtin := range map[string]bool{"library": false, "builtin": true} {
		b.Run(name, func(b *testing.B) {
			d, err := newOpus(1, builtin)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := d.decode(packets[i%len(packets)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
