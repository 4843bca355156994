package audio

import (
	"math/bits"
	"slices"
)

// Constant tables, filled at start and never written again.
var (
	mulawLinear = tableOf(mulawToLinear)
	alawLinear  = tableOf(alawToLinear)
	mulawCodes  = codesOf()
)

// codesOf tabulates the mu-law codes of samples that are not negative, of
// which four at a time have the same.
func codesOf() (t [1 << 13]byte) {
	for i := range t {
		t[i] = linearToMulaw(int16(4 * i))
	}
	return t
}

// tableOf tabulates a decoder of one byte.
func tableOf(decode func(byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = decode(byte(i))
	}
	return t
}

// mulawBias shifts the logarithmic curve so that each segment starts at a
// power of two (G.711 table 2).
const mulawBias = 0x84

// mulawToLinear expands one mu-law byte as G.711 says.
func mulawToLinear(b byte) int16 {
	b = ^b
	v := (int(b&0x0f)<<3 + mulawBias) << (b >> 4 & 7)
	if b&0x80 != 0 {
		return int16(mulawBias - v)
	}
	return int16(v - mulawBias)
}

// alawToLinear expands one A-law byte as G.711 says.
func alawToLinear(b byte) int16 {
	b ^= 0x55
	v := int(b&0x0f)<<4 + 8
	if segment := b >> 4 & 7; segment > 0 {
		v = (v + 0x100) << (segment - 1)
	}
	if b&0x80 == 0 {
		return int16(-v)
	}
	return int16(v)
}

// DecodeMulaw appends the samples of mu-law bytes to dst. Every byte is valid.
func DecodeMulaw(dst []int16, src []byte) []int16 {
	for _, b := range src {
		dst = append(dst, mulawLinear[b])
	}
	return dst
}

// DecodeAlaw appends the samples of A-law bytes to dst. Every byte is valid.
func DecodeAlaw(dst []int16, src []byte) []int16 {
	for _, b := range src {
		dst = append(dst, alawLinear[b])
	}
	return dst
}

// EncodeMulaw appends samples to dst as mu-law bytes; digital silence is 0xff.
func EncodeMulaw(dst []byte, src []int16) []byte {
	at := len(dst)
	dst = slices.Grow(dst, len(src))[:at+len(src)]
	for i, s := range src {
		v, sign := s, byte(0)
		if v < 0 {
			v, sign = -max(v, -0x7fff), 0x80
		}
		dst[at+i] = mulawCodes[v>>2] ^ sign
	}
	return dst
}

// EncodeAlaw appends samples to dst as A-law bytes; digital silence is 0xd5.
func EncodeAlaw(dst []byte, src []int16) []byte {
	for _, s := range src {
		dst = append(dst, linearToAlaw(s))
	}
	return dst
}

// linearToMulaw compresses one sample to the nearest code at or below it.
func linearToMulaw(s int16) byte {
	v, sign := int(s), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, 0x7fff-mulawBias) + mulawBias
	segment := bits.Len16(uint16(v)) - 8
	return ^(sign | byte(segment)<<4 | byte(v>>(segment+3)&0x0f))
}

// linearToAlaw compresses one sample to the nearest code at or below it.
func linearToAlaw(s int16) byte {
	v, sign := int(s), byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	segment := max(bits.Len16(uint16(v))-8, 0)
	mantissa := v >> 4 & 0x0f
	if segment > 0 {
		mantissa = v >> (segment + 3) & 0x0f
	}
	return (sign | byte(segment)<<4 | byte(mantissa)) ^ 0x55
}
