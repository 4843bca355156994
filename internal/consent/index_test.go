package consent_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/consent"
)

// spokenRows draws a ledger in which some rows are provisional and some lift
// earlier ones.
func spokenRows(name string) *rapid.Generator[[]consent.Row] {
	return rapid.Custom(func(t *rapid.T) []consent.Row {
		all := rows().Draw(t, name)
		for i := range all {
			all[i].ID = fmt.Sprint(name, i)
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				all[i].Provisional = true
			case 1:
				if i > 0 {
					all[i].State, all[i].Lifts = consent.Unknown, all[rapid.IntRange(0, i-1).Draw(t, "lifts")].ID
				}
			}
		}
		return all
	})
}

func joint(t *rapid.T) (members []consent.Member, all []consent.Row) {
	for i := range rapid.IntRange(1, 3).Draw(t, "members") {
		m := consent.Member{Rows: spokenRows(fmt.Sprint("m", i)).Draw(t, "ledger")}
		if i > 0 {
			m.Since = on(float64(rapid.IntRange(0, 9).Draw(t, "since")))
		}
		members = append(members, m)
	}
	return members, consent.Joined(members)
}

func TestTheIndexAnswersAsTheLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, all := joint(t)
		x := consent.NewIndex(all)
		cell := asked
		if rapid.Bool().Draw(t, "wide") {
			cell = consent.Cell{Purpose: consent.Marketing, Channel: "email"}
		}
		for valid := range 12 {
			if a, b := x.Now(cell, on(float64(valid))), consent.Now(all, cell, on(float64(valid))); a.State != b.State {
				t.Fatalf("day %d: the index says %s, the ledger %s", valid, a.State, b.State)
			}
			for known := range 12 {
				v, k := on(float64(valid)), on(float64(known))
				if a, b := x.AsOf(cell, v, k), consent.AsOf(all, cell, v, k); a.State != b.State {
					t.Fatalf("day %d known on day %d: the index says %s, the ledger %s", valid, known, a.State, b.State)
				}
			}
		}
		if x.AsOf(cell, on(3), time.Time{}).State != consent.Unknown {
			t.Fatal("known at no time")
		}
	})
}

var strict = map[consent.State]int{consent.Granted: 0, consent.Unknown: 1, consent.Expired: 2, consent.Denied: 3, consent.Withdrawn: 4}

// A join opens nothing that a member had closed, and parting gives each
// ledger back as it was.
func TestAJoinWidensNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := consent.Member{Rows: spokenRows("a").Draw(t, "a")}
		b := consent.Member{Rows: spokenRows("b").Draw(t, "b"), Since: on(12)} // after all that was recorded
		before := fmt.Sprintf("%+v %+v", a.Rows, b.Rows)
		all := consent.Joined([]consent.Member{a, b})
		for d := range 14 {
			at := on(float64(d))
			one, two, both := consent.Now(a.Rows, asked, at), consent.Now(b.Rows, asked, at), consent.Now(all, asked, at)
			for _, alone := range []consent.Answer{one, two} {
				if alone.Row != nil && strict[both.State] < strict[alone.State] {
					t.Fatalf("day %d: alone %s and %s, together %s", d, one.State, two.State, both.State)
				}
			}
			if both.State == consent.Granted && one.State != consent.Granted && two.State != consent.Granted {
				t.Fatalf("day %d: opened by the join", d)
			}
		}
		if after := fmt.Sprintf("%+v %+v", a.Rows, b.Rows); after != before {
			t.Fatal("a member's ledger was changed")
		}
	})
}

// What is said after a join counts for all that are joined.
func TestAWordAfterAJoinCountsForAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := spokenRows("a").Draw(t, "a")
		b := spokenRows("b").Draw(t, "b")
		said := row(consent.State(rapid.SampledFrom([]string{"granted", "withdrawn"}).Draw(t, "said")), "email", "news", "a@example.com", 20)
		said.ID = "said"
		all := consent.Joined([]consent.Member{{Rows: append(a, said)}, {Rows: b, Since: on(12)}})
		if got := consent.Now(all, asked, on(21)).State; got != said.State {
			t.Fatalf("%s was said, the answer is %s", said.State, got)
		}
	})
}

func TestWhatWasHeardAndNotConfirmed(t *testing.T) {
	t.Parallel()
	yes := row(consent.Granted, "email", "", "", 1)
	no := row(consent.Withdrawn, "email", "", "", 2)
	no.Provisional = true
	lift := recorded(row(consent.Unknown, "email", "", "", 4), 4)
	lift.Lifts = no.ID
	maybe := row(consent.Granted, "sms", "", "", 2)
	maybe.Provisional = true
	email, sms := consent.Cell{Purpose: consent.Marketing, Channel: "email"}, consent.Cell{Purpose: consent.Marketing, Channel: "sms"}
	heard, all := []consent.Row{yes, no}, []consent.Row{yes, no, lift}
	for name, c := range map[string]struct{ got, want consent.State }{
		"a no closes at once":         {consent.Now(heard, email, on(3)).State, consent.Withdrawn},
		"a yes does not open":         {consent.Now([]consent.Row{maybe}, sms, on(3)).State, consent.Unknown},
		"lifted, it never was":        {consent.Now(all, email, on(3)).State, consent.Granted},
		"what we knew before stays":   {consent.AsOf(all, email, on(3), on(3)).State, consent.Withdrawn},
		"and what was true is mended": {consent.AsOf(all, email, on(3), on(5)).State, consent.Granted},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", name, c.got, c.want)
		}
	}
	if n := len(consent.Open(heard)); n != 1 {
		t.Errorf("%d rows wait for an answer, want 1", n)
	}
	if n := len(consent.Open(all)); n != 0 {
		t.Errorf("%d rows wait after it was taken back", n)
	}
}

// long is a ledger of 10,000 changes.
func long() []consent.Row {
	all := make([]consent.Row, 10_000)
	for i := range all {
		states := []consent.State{consent.Granted, consent.Withdrawn}
		all[i] = row(states[i%2], []string{"", "email", "sms"}[i%3], "", "", float64(i)/100)
	}
	return all
}

// BenchmarkAnswers asks a ledger of 10,000 changes (budgets: now 1 ms, as-of
// 20 ms).
func BenchmarkAnswers(b *testing.B) {
	all := long()
	x := consent.NewIndex(all)
	for name, ask := range map[string]func() consent.Answer{
		"now":         func() consent.Answer { return x.Now(asked, on(200)) },
		"as-of":       func() consent.Answer { return x.AsOf(asked, on(50), on(60)) },
		"plain-now":   func() consent.Answer { return consent.Now(all, asked, on(200)) },
		"plain-as-of": func() consent.Answer { return consent.AsOf(all, asked, on(50), on(60)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = ask()
			}
		})
	}
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			_ = consent.NewIndex(all)
		}
	})
}
