package discover

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// spoken makes n turns of 40 themes with 12 words each, among 1,500 others.
func spoken(n int) []Turn {
	rng := rand.New(rand.NewPCG(9, 9))
	word := func(i int) string { return fmt.Sprintf("w%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676) }
	turns := make([]Turn, n)
	for i := range turns {
		theme := rng.IntN(40)
		var b strings.Builder
		for range 3 + rng.IntN(4) {
			b.WriteString(word(theme*12+rng.IntN(12)) + " please the ")
		}
		for range 3 + rng.IntN(6) {
			b.WriteString(word(480+int(1500*rng.Float64()*rng.Float64())) + " ")
		}
		turns[i] = Turn{ID: fmt.Sprint(i), CallID: fmt.Sprint(i / 3), Text: b.String()}
	}
	return turns
}

func BenchmarkDiscover(b *testing.B) {
	for _, n := range []int{100, 1500, 20000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			turns := spoken(n)
			b.ReportAllocs()
			for b.Loop() {
				discover(b, turns, Options{Encoder: hashed(96)})
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/1e6, "heap-MB")
		})
	}
}
