package sound

import "time"

// mask is which samples are not speech: the latest stretches, in order of
// their end.
type mask struct {
	stretches [256]Stretch
	n         int // stretches that were ever added
	fresh     []Stretch
	decided   time.Duration
}

// add masks a stretch, joined to the last one where they touch.
func (m *mask) add(s Stretch) {
	if s.End <= s.Start {
		return
	}
	m.fresh = append(m.fresh, s)
	if m.n > 0 {
		last := &m.stretches[(m.n-1)%len(m.stretches)]
		if s.Start <= last.End && s.End >= last.Start {
			last.Start, last.End = min(last.Start, s.Start), max(last.End, s.End)
			return
		}
	}
	m.stretches[m.n%len(m.stretches)] = s
	m.n++
}

func (m *mask) has(at time.Duration) bool { return m.touches(at, at+1) }

func (m *mask) touches(from, to time.Duration) bool {
	for i := m.n - 1; i >= max(0, m.n-len(m.stretches)); i-- {
		if s := m.stretches[i%len(m.stretches)]; s.Start < to && from < s.End {
			return true
		}
	}
	return false
}

func (m *mask) clear(pcm []int16, rate int, at time.Duration) bool {
	touched := false
	for i := m.n - 1; i >= max(0, m.n-len(m.stretches)); i-- {
		s := m.stretches[i%len(m.stretches)]
		from, to := sampleAt(s.Start-at, rate, len(pcm)), sampleAt(s.End-at, rate, len(pcm))
		if from < to {
			clear(pcm[from:to])
			touched = true
		}
	}
	return touched
}

// sampleAt is the number of samples in d, within 0..n.
func sampleAt(d time.Duration, rate, n int) int {
	if d <= 0 {
		return 0
	}
	if d >= time.Duration(n)*time.Second/time.Duration(rate) {
		return n
	}
	return min(n, int(d*time.Duration(rate)/time.Second))
}
