package intent

import "math"

// addTo adds the scores of a row to z, without the bias.
//
//go:norace
func (m *machine) addTo(z []float32, r *row) {
	for _, e := range r.features {
		addTimes(z, m.column(e.id), e.val)
	}
	for i, x := range r.meaning {
		addTimes(z, m.meant(i), x)
	}
}

// column gives the weights of one feature, by class.
func (m *machine) column(id int32) []float32 {
	at := int(id) * m.classes
	return m.weights[at : at+m.classes]
}

// meant gives the weights of one dimension of the encoder, by class.
func (m *machine) meant(d int) []float32 {
	return m.meanings[d*m.classes : (d+1)*m.classes]
}

// normalise turns logits into probabilities.
//
//go:norace
func normalise(z []float32) {
	top := z[0]
	for _, x := range z {
		top = max(top, x)
	}
	var sum float32
	for c, x := range z {
		z[c] = float32(math.Exp(float64(x - top)))
		sum += z[c]
	}
	for c := range z {
		z[c] /= sum
	}
}

// dot is the dot product, in four sums that need not wait for each other.
//
//go:norace
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	for len(a) >= 4 {
		x, y := (*[4]float32)(a), (*[4]float32)(b)
		s[0] += x[0] * y[0]
		s[1] += x[1] * y[1]
		s[2] += x[2] * y[2]
		s[3] += x[3] * y[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s[0] += v * b[i]
	}
	return s[0] + s[1] + s[2] + s[3]
}

// addTimes adds factor times x to y, eight at a time: it is where training
// spends its time.
//
//go:norace
func addTimes(y, x []float32, factor float32) {
	y = y[:len(x)]
	for len(x) >= 8 {
		a, b := (*[8]float32)(y), (*[8]float32)(x)
		a[0] += factor * b[0]
		a[1] += factor * b[1]
		a[2] += factor * b[2]
		a[3] += factor * b[3]
		a[4] += factor * b[4]
		a[5] += factor * b[5]
		a[6] += factor * b[6]
		a[7] += factor * b[7]
		y, x = y[8:], x[8:]
	}
	for i, v := range x {
		y[i] += factor * v
	}
}
