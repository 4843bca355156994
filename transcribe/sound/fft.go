package sound

import "math"

// The transform is our own: the library's for any length takes four times as
// long, which was two thirds of what a frame cost, and keeps 20 kB of tables for
// each stream. This one is for one length: the even samples are the real parts
// of half as many complex ones and the odd samples the imaginary, a radix-4
// transform (Stockham's, which needs no reordering) goes over those, and the
// two halves are taken apart after it.

const half = windowLength / 2 // 4 to the power of 4

// Constant tables, filled at start and never written again.
var (
	hann   = hannWindow()
	turns  = roots(half)         // of the transform of half
	unfold = roots(windowLength) // of taking apart
)

func hannWindow() (w [windowLength]float64) {
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/windowLength)
	}
	return w
}

// roots are exp(-2 pi i k/n).
func roots(n int) []complex128 {
	w := make([]complex128, n)
	for k := range w {
		sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		w[k] = complex(cos, sin)
	}
	return w
}

// transform gives the power of a window's bins. Its zero value is ready.
type transform struct {
	a, b [half]complex128
}

// power fills in the power of the bins from firstBin-near to lastBin+near.
func (t *transform) power(dst *[half + 1]float64, pcm []int16) {
	pcm = pcm[:windowLength]
	for i := range t.a {
		t.a[i] = complex(float64(pcm[2*i])*hann[2*i], float64(pcm[2*i+1])*hann[2*i+1])
	}
	in, out := &t.a, &t.b
	for n, s := half, 1; n > 4; n, s = n/4, s*4 {
		stage(in, out, n, s)
		in, out = out, in
	}
	lastStage(in, out)
	for k := firstBin - near; k <= lastBin+near; k++ {
		z, c := out[k], out[half-k]
		c = complex(real(c), -imag(c))
		even, odd := z+c, (z-c)*unfold[k]
		re, im := real(even)+imag(odd), imag(even)-real(odd)
		dst[k] = (re*re + im*im) / 4
	}
}

// stage does transforms of four, of the n that are left of each of s.
func stage(in, out *[half]complex128, n, s int) {
	m := n / 4
	for p := range m {
		w1, w2, w3 := turns[p*s], turns[2*p*s], turns[3*p*s]
		a, b, c, d := in[s*p:][:s], in[s*(p+m):][:s], in[s*(p+2*m):][:s], in[s*(p+3*m):][:s]
		a1, b1, c1, d1 := out[4*s*p:][:s], out[s*(4*p+1):][:s], out[s*(4*p+2):][:s], out[s*(4*p+3):][:s]
		for q := range a {
			ap, am := a[q]+c[q], a[q]-c[q]
			bp, bm := b[q]+d[q], b[q]-d[q]
			turned := complex(-imag(bm), real(bm))
			a1[q] = ap + bp
			b1[q] = w1 * (am - turned)
			c1[q] = w2 * (ap - bp)
			d1[q] = w3 * (am + turned)
		}
	}
}

// lastStage is stage for n of 4, where nothing is turned.
func lastStage(in, out *[half]complex128) {
	const s = half / 4
	for q := range s {
		a, b, c, d := in[q], in[q+s], in[q+2*s], in[q+3*s]
		ap, am, bp, bm := a+c, a-c, b+d, b-d
		turned := complex(-imag(bm), real(bm))
		out[q], out[q+s], out[q+2*s], out[q+3*s] = ap+bp, am-turned, ap-bp, am+turned
	}
}
