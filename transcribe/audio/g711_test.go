package audio

import (
	"math"
	"testing"
)

func TestMulawKnownCodes(t *testing.T) {
	// From the tables of G.711: the ends, the middle and the segment borders.
	for code, want := range map[byte]int16{
		0x00: -32124, 0x80: 32124, 0x7f: 0, 0xff: 0, 0xfe: 8, 0x7e: -8,
		0xef: 132, 0xf0: 120, 0x8f: 16764, 0x90: 15996, 0x0f: -16764,
	} {
		if got := DecodeMulaw(nil, []byte{code}); got[0] != want {
			t.Errorf("mu-law %#02x = %d, want %d", code, got[0], want)
		}
	}
}

func TestAlawKnownCodes(t *testing.T) {
	for code, want := range map[byte]int16{
		0xd5: 8, 0x55: -8, 0xaa: 32256, 0x2a: -32256, 0xd4: 24, 0x54: -24, 0xc5: 264, 0xda: 248,
	} {
		if got := DecodeAlaw(nil, []byte{code}); got[0] != want {
			t.Errorf("A-law %#02x = %d, want %d", code, got[0], want)
		}
	}
}

func TestEveryCodeSurvives(t *testing.T) {
	for code := range 256 {
		b := []byte{byte(code)}
		if got := EncodeAlaw(nil, DecodeAlaw(nil, b)); got[0] != b[0] {
			t.Errorf("A-law %#02x came back as %#02x", b[0], got[0])
		}
		got := EncodeMulaw(nil, DecodeMulaw(nil, b))
		// Both zeros of mu-law become the positive one.
		if got[0] != b[0] && (b[0] != 0x7f || got[0] != 0xff) {
			t.Errorf("mu-law %#02x came back as %#02x", b[0], got[0])
		}
	}
}

func TestEverySampleStaysNear(t *testing.T) {
	for s := math.MinInt16; s <= math.MaxInt16; s++ {
		in := []int16{int16(s)}
		for name, out := range map[string]int16{
			"mu-law": DecodeMulaw(nil, EncodeMulaw(nil, in))[0],
			"A-law":  DecodeAlaw(nil, EncodeAlaw(nil, in))[0],
		} {
			// A step is 1/16 of its segment: the error is at most half of that
			// and, at the top of mu-law, what cannot be represented.
			off := math.Abs(float64(out) - float64(s))
			if limit := max(math.Abs(float64(s))/32+4, 8); off > limit && off > 644 {
				t.Fatalf("%s: %d became %d", name, s, out)
			}
		}
	}
}

func TestSilenceIsTheUsualByte(t *testing.T) {
	if got := EncodeMulaw(nil, []int16{0}); got[0] != 0xff {
		t.Errorf("mu-law silence %#02x", got[0])
	}
	if got := EncodeAlaw(nil, []int16{0}); got[0] != 0xd5 {
		t.Errorf("A-law silence %#02x", got[0])
	}
}

func TestDecodingAFrameAllocatesNothing(t *testing.T) {
	src, dst, back := make([]byte, 160), make([]int16, 0, 160), make([]byte, 0, 160)
	if n := testing.AllocsPerRun(100, func() {
		DecodeMulaw(dst, src)
		DecodeAlaw(dst, src)
		EncodeMulaw(back, dst[:160])
		EncodeAlaw(back, dst[:160])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDecodeMulawFrame(b *testing.B) {
	src, dst := make([]byte, 160), make([]int16, 0, 160)
	for b.Loop() {
		DecodeMulaw(dst, src)
	}
}
