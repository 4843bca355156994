package search

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// The bench corpus: 100,000 utterances of words drawn as language draws them,
// a few very often, most seldom.
const benchSize = 100_000

func benchEvents(from, n int) []event.Event {
	random := rand.New(rand.NewPCG(uint64(from), 9))
	zipf := rand.NewZipf(random, 1.07, 3, 8000)
	intents := []string{"cancel", "refund", "order_status", "praise", ""}
	events := make([]event.Event, n)
	for i := range events {
		words := make([]string, 4+random.IntN(12))
		for j := range words {
			words[j] = fmt.Sprintf("w%d", zipf.Uint64())
		}
		who := insights.Customer
		if random.IntN(2) == 0 {
			who = insights.Agent
		}
		e := spoken(int64(from+i+1), who, strings.Join(words, " "), intent(intents[random.IntN(len(intents))]))
		events[i] = e
	}
	return events
}

func benchIndex(b *testing.B) *Index {
	b.Helper()
	x, err := Open(filepath.Join(b.TempDir(), "search"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	})
	started := time.Now()
	for from := 0; from < benchSize; from += 500 {
		if err := x.Handle(b.Context(), benchEvents(from, 500)); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d utterances in %v: %.0f/s", benchSize, time.Since(started), benchSize/time.Since(started).Seconds())
	return x
}

func BenchmarkSearch(b *testing.B) {
	x := benchIndex(b)
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string { return fmt.Sprintf("w%d", random.IntN(400)) }
	for _, c := range []struct {
		name string
		text func() string
	}{
		{"word", word},
		{"two words", func() string { return word() + " " + word() }},
		{"phrase", func() string { return `"` + word() + " w1" + `"` }},
		{"prefix", func() string { return fmt.Sprintf("w%d*", 10+random.IntN(80)) }},
		{"word and fields", func() string { return word() + " speaker:customer intent:cancel date:2026-11-02..2026-12-01" }},
		{"newest of an intent", func() string { return "intent:cancel" }},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				text := c.text()
				started := time.Now()
				if _, err := x.Search(b.Context(), Query{Text: text}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(started))
			}
			report(b, took)
		})
	}
	b.Run("live batch of 10 found", func(b *testing.B) {
		var took []time.Duration
		next := benchSize
		for b.Loop() {
			events := benchEvents(next, 10)
			next += 10
			started := time.Now()
			if err := x.Handle(b.Context(), events); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(started))
		}
		report(b, took)
	})
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}
