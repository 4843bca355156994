package sound

import (
	"syscall"
	"testing"
	"time"
)

// BenchmarkFrame is 20 ms of music, the dearest kind, at telephone and wide
// band rates. It also gives the CPU time, which a busy machine does not spoil.
func BenchmarkFrame(b *testing.B) {
	l := timbres[5].melody(timbres[4].chords(line{}.rest(10), 0.5), 0.25)
	for _, c := range []struct {
		name string
		rate int
	}{{"8k", 8000}, {"16k", 16000}, {"48k", 48000}} {
		b.Run(c.name, func(b *testing.B) {
			pcm := l.pcm()
			d, err := New(Options{Rate: c.rate})
			if err != nil {
				b.Fatal(err)
			}
			n := c.rate / 50
			b.ReportAllocs()
			began := cpu(b)
			for i := 0; b.Loop(); i++ {
				at := i * n % (len(pcm) - n)
				d.Process(pcm[at : at+n])
			}
			b.ReportMetric(float64(cpu(b)-began)/float64(b.N), "cpu-ns/op")
		})
	}
}

// cpu is the CPU time that this process has had.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestProcessAllocatesNothing(t *testing.T) {
	pcm := drums(timbres[2].chords(line{}.rest(4), 0.5), 0.5, 3000).press(4, 0.5, 3000, 0, 0).tone(1, 3000, 425).pcm()
	for _, rate := range []int{8000, 16000, 44100, 48000} {
		d, err := New(Options{Rate: rate, Called: true})
		if err != nil {
			t.Fatal(err)
		}
		n, at := rate/50, 0
		step := func() {
			d.Process(pcm[at : at+n])
			at = (at + n) % (len(pcm) - n)
		}
		for range 2000 { // buffers grow
			step()
		}
		if allocs := testing.AllocsPerRun(100, func() {
			for range 10 {
				step()
			}
		}); allocs > 0 {
			t.Errorf("%d Hz: %v allocations in ten frames", rate, allocs)
		}
	}
}
