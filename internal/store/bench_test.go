package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/event"
)

// BenchmarkWrite measures whole acknowledged writes of an utterance with its
// event, each waited for by its writer.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchWrite(b, writers) })
	}
}

func benchWrite(b *testing.B, writers int) {
	s := openAt(b, b.TempDir())
	var commits atomic.Int64
	s.OnCommit(func([]event.Event) { commits.Add(1) })
	for w := range writers {
		c := event.Call{ID: fmt.Sprint("call-", w), StartedAt: time.Now()}
		if err := s.Write(b.Context(), func(tx *Tx) error { return tx.SaveCall(c) }); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := 1; ; n++ {
				i := next.Add(1) - 1
				if i >= int64(b.N) {
					return
				}
				began := time.Now()
				if err := s.Write(b.Context(), benchFact(fmt.Sprint("call-", w), n)); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	elapsed := b.Elapsed()
	b.StopTimer()
	slices.Sort(took)
	at := func(q float64) float64 {
		return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(float64(b.N)/elapsed.Seconds(), "writes/s")
	b.ReportMetric(float64(commits.Load())/elapsed.Seconds(), "commits/s")
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

func benchFact(call string, n int) func(*Tx) error {
	return func(tx *Tx) error {
		u := insights.Utterance{
			ID: event.NewID(), CallID: call, Seq: n, Speaker: insights.Customer, Start: insights.Seconds(n),
			Text: "I was promised that the engineer would come on Tuesday and nobody came", Confidence: 0.9,
		}
		if err := tx.AddUtterance(u); err != nil {
			return err
		}
		e, err := event.New(event.UtteranceSpoken, time.Now(), event.About{Subject: call, Call: call}, u)
		if err != nil {
			return err
		}
		return tx.Append(e)
	}
}

// BenchmarkProfile measures the read that every decision begins with.
func BenchmarkProfile(b *testing.B) {
	s := openAt(b, b.TempDir())
	p := customer.New("anna", time.Now())
	p.Version = 1
	p.Identifiers = []customer.Identifier{{Type: "phone", Value: "+31612345678"}}
	for i := range 64 {
		p.Facts = append(p.Facts, customer.Fact{EventID: fmt.Sprint(i), Name: "purchase", At: time.Now()})
	}
	if err := s.Write(b.Context(), func(tx *Tx) error { return tx.SaveProfile(p) }); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.ProfileByIdentifier(b.Context(), "phone", "+31612345678"); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkFollow measures the read of everybody who follows the log: a batch
// of one type where several are asked for.
func BenchmarkFollow(b *testing.B) {
	s := openAt(b, b.TempDir())
	const many = 2000
	err := s.Write(b.Context(), func(tx *Tx) error {
		for i := range many {
			e := note(fmt.Sprint(i))
			e.Type, e.Data = event.DecisionMade, []byte(`"`+strings.Repeat("x", 3000)+`"`)
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	types := []event.Type{event.DecisionMade, event.OutcomeRecorded, event.FactObserved, event.SignalRaised, event.ConsentChanged}
	b.ResetTimer()
	for b.Loop() {
		got, err := s.Events(b.Context(), EventQuery{After: many - 200, Types: types, Limit: 500})
		if err != nil || len(got) != 200 {
			b.Fatal(len(got), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/200, "µs/event")
}
