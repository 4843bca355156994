package consent_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/consent"
)

var day0 = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// on gives a moment so many days after the first.
func on(days float64) time.Time { return day0.Add(time.Duration(days * float64(24*time.Hour))) }

// row writes a ledger row: "channel/topic/address state day".
func row(state consent.State, channel, topic, address string, day float64) consent.Row {
	return consent.Row{
		ID: fmt.Sprintf("%s-%s-%v", state, channel, day), CustomerID: "c", State: state, At: on(day), RecordedAt: on(day), Source: "test", Actor: "customer",
		Cell: consent.Cell{Purpose: consent.Marketing, Channel: channel, Topic: topic, Address: address},
	}
}

func expiring(r consent.Row, day float64) consent.Row {
	r.Expires = on(day)
	return r
}

func recorded(r consent.Row, day float64) consent.Row {
	r.RecordedAt = on(day)
	return r
}

func TestWhichRowDecides(t *testing.T) {
	t.Parallel()
	const G, D, W, U, X = consent.Granted, consent.Denied, consent.Withdrawn, consent.Unknown, consent.Expired
	email := consent.Cell{Purpose: consent.Marketing, Channel: "email", Topic: "news", Address: "a@example.com"}
	cases := []struct {
		name string
		rows []consent.Row
		cell consent.Cell
		want consent.State
	}{
		{"nothing recorded", nil, email, U},
		{"granted for all", []consent.Row{row(G, "", "", "", 1)}, email, G},
		{"another channel", []consent.Row{row(G, "sms", "", "", 1)}, email, U},
		{"another topic", []consent.Row{row(G, "email", "phones", "", 1)}, email, U},
		{"another address", []consent.Row{row(G, "email", "", "b@example.com", 1)}, email, U},
		{"another purpose", []consent.Row{{CustomerID: "c", State: G, At: on(1), Cell: consent.Cell{Purpose: consent.Research}}}, email, U},
		{"a narrow yes does not open the wide question", []consent.Row{row(G, "email", "", "", 1)}, consent.Cell{Purpose: consent.Marketing}, U},
		{"the later counts", []consent.Row{row(G, "", "", "", 1), row(W, "", "", "", 2)}, email, W},
		{"and may open again", []consent.Row{row(W, "", "", "", 1), row(G, "", "", "", 2)}, email, G},
		{"written late, happened early", []consent.Row{row(W, "", "", "", 2), row(G, "", "", "", 1)}, email, W},
		{"same moment: the stricter", []consent.Row{row(D, "", "", "", 1), row(G, "", "", "", 1)}, email, D},
		{"same moment, recorded later: the later", []consent.Row{row(D, "", "", "", 1), recorded(row(G, "", "", "", 1), 2)}, email, G},
		{"a narrow no stands against a later wide yes", []consent.Row{row(D, "email", "", "", 1), row(G, "", "", "", 2)}, email, D},
		{"a later narrow yes opens against a wide no", []consent.Row{row(D, "", "", "", 1), row(G, "email", "", "", 2)}, email, G},
		{"a later wide no closes a narrow yes", []consent.Row{row(G, "email", "news", "", 1), row(W, "", "", "", 2)}, email, W},
		{"at the same moment too, whatever was recorded later", []consent.Row{recorded(row(G, "email", "", "", 1), 3), row(W, "", "", "", 1)}, email, W},
		{"the wide no does not touch what is narrower later", []consent.Row{row(G, "email", "", "", 1), row(W, "", "", "", 2), row(G, "email", "", "", 3)}, email, G},
		{"not yet", []consent.Row{row(G, "", "", "", 11)}, email, U},
		{"expired", []consent.Row{expiring(row(G, "", "", "", 1), 5)}, email, X},
		{"expires at that very moment", []consent.Row{expiring(row(G, "", "", "", 1), 10)}, email, X},
		{"a pause that is over", []consent.Row{row(G, "", "", "", 1), expiring(row(D, "", "", "", 2), 5)}, email, G},
		{"a pause that is not", []consent.Row{row(G, "", "", "", 1), expiring(row(D, "", "", "", 2), 15)}, email, D},
		{"a reset closes a yes", []consent.Row{row(G, "", "", "", 1), row(U, "", "", "", 2)}, email, U},
		{"a reset does not lift a no", []consent.Row{row(D, "", "", "", 1), row(U, "", "", "", 2)}, email, D},
		{"nor does an expiry", []consent.Row{row(W, "", "", "", 1), row(X, "", "", "", 2)}, email, W},
		{"a state that nobody knows", []consent.Row{row("yes", "", "", "", 1)}, email, U},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := consent.Now(c.rows, c.cell, on(10))
			if got.State != c.want {
				t.Errorf("got %s by %+v, want %s", got.State, got.Row, c.want)
			}
			if (got.Row == nil) != (got.State == U && got.Row == nil) {
				t.Error("a known state names its row")
			}
			if got.Denies() != (c.want == D || c.want == W) {
				t.Errorf("denies %v", got.Denies())
			}
		})
	}
}

// Was the e-mail of day 3 allowed? In good faith yes, in truth no: the
// withdrawal of day 2 was learnt on day 4.
func TestWhatWasTrueAndWhatWasKnown(t *testing.T) {
	t.Parallel()
	rows := []consent.Row{row(consent.Granted, "", "", "", 1), recorded(row(consent.Withdrawn, "", "", "", 2), 4)}
	cell := consent.Cell{Purpose: consent.Marketing, Channel: "email"}
	for _, c := range []struct {
		name         string
		valid, known float64
		want         consent.State
	}{
		{"in good faith", 3, 3, consent.Granted},
		{"in truth", 3, 5, consent.Withdrawn},
		{"the day before it", 1.5, 5, consent.Granted},
		{"before anything", 0, 5, consent.Unknown},
		{"before we knew anything", 3, 0.5, consent.Unknown},
	} {
		if got := consent.AsOf(rows, cell, on(c.valid), on(c.known)); got.State != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got.State, c.want)
		}
	}
	if got := consent.AsOf(rows, cell, on(3), time.Time{}); got.State != consent.Unknown {
		t.Errorf("known at no time: got %s", got.State)
	}
}

func seal(rows []consent.Row) []consent.Row {
	var out []consent.Row
	for _, r := range rows {
		out = append(out, consent.Seal(out, r))
	}
	return out
}

func TestTheChainShowsEveryChange(t *testing.T) {
	t.Parallel()
	ledger := func() []consent.Row {
		return seal([]consent.Row{row(consent.Granted, "", "", "", 1), row(consent.Denied, "email", "", "", 2), row(consent.Withdrawn, "sms", "", "", 3)})
	}
	if err := consent.Verify(ledger()); err != nil {
		t.Fatal(err)
	}
	if err := consent.Verify(nil); err != nil {
		t.Fatal(err)
	}
	tamper := map[string]func(rows []consent.Row) []consent.Row{
		"state":    func(r []consent.Row) []consent.Row { r[1].State = consent.Granted; return r },
		"time":     func(r []consent.Row) []consent.Row { r[0].At = r[0].At.Add(time.Millisecond); return r },
		"wording":  func(r []consent.Row) []consent.Row { r[2].Wording = "x"; return r },
		"hash":     func(r []consent.Row) []consent.Row { r[2].Hash = r[1].Hash; return r },
		"removed":  func(r []consent.Row) []consent.Row { return append(r[:1], r[2:]...) },
		"first":    func(r []consent.Row) []consent.Row { return r[1:] },
		"swapped":  func(r []consent.Row) []consent.Row { r[0], r[1] = r[1], r[0]; return r },
		"repeated": func(r []consent.Row) []consent.Row { return append(r, r[2]) },
		"somebody else's": func(r []consent.Row) []consent.Row {
			other := r[2]
			other.CustomerID = "d"
			return append(r, consent.Seal(r, other))
		},
	}
	for name, change := range tamper {
		if err := consent.Verify(change(ledger())); !errors.Is(err, consent.ErrBroken) {
			t.Errorf("%s: got %v, want a broken ledger", name, err)
		}
	}
}

func TestSealedRowsSurviveStorage(t *testing.T) {
	t.Parallel()
	r := row(consent.Granted, "email", "", "a@example.com", 1)
	r.At = r.At.Add(1234567 * time.Nanosecond).In(time.FixedZone("x", 3600))
	r.CallSecond = 12.34567
	rows := seal([]consent.Row{r, row(consent.Denied, "", "", "", 2)})
	raw, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	var back []consent.Row
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if err := consent.Verify(back); err != nil {
		t.Error(err)
	}
}

// rows draws a ledger with small days, so that ties and overlaps are common.
func rows() *rapid.Generator[[]consent.Row] {
	pick := func(of ...string) *rapid.Generator[string] { return rapid.SampledFrom(of) }
	one := rapid.Custom(func(t *rapid.T) consent.Row {
		state := consent.State(pick("granted", "denied", "withdrawn", "expired", "unknown").Draw(t, "state"))
		r := row(state, pick("", "email", "sms").Draw(t, "channel"), pick("", "news").Draw(t, "topic"),
			pick("", "a@example.com").Draw(t, "address"), float64(rapid.IntRange(0, 6).Draw(t, "at")))
		r.RecordedAt = r.At.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "late")) * 24 * time.Hour)
		if rapid.IntRange(0, 3).Draw(t, "expires") == 0 {
			r.Expires = r.At.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "for")) * 24 * time.Hour)
		}
		return r
	})
	return rapid.SliceOfN(one, 0, 8)
}

var asked = consent.Cell{Purpose: consent.Marketing, Channel: "email", Topic: "news", Address: "a@example.com"}

func TestTheOrderOfWritingDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rows().Draw(t, "rows")
		other := rapid.Permutation(all).Draw(t, "order")
		for d := range 12 {
			if a, b := consent.Now(all, asked, on(float64(d))).State, consent.Now(other, asked, on(float64(d))).State; a != b {
				t.Fatalf("day %d: %s and %s", d, a, b)
			}
		}
	})
}

// A new no closes at once, whatever stands in the ledger, and only a grant
// ever opens.
func TestANoAlwaysClosesAndOnlyAYesOpens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rows().Draw(t, "rows")
		at := on(20)
		wide := rapid.Bool().Draw(t, "wide")
		no := row(consent.Withdrawn, "email", "news", "a@example.com", 20)
		if wide {
			no.Cell = consent.Cell{Purpose: consent.Marketing}
		}
		if got := consent.Now(append(all, no), asked, at); got.State == consent.Granted {
			t.Fatalf("still open by %+v", got.Row)
		}
		if got := consent.Now(all, asked, at); got.State == consent.Granted && got.Row.State != consent.Granted {
			t.Fatalf("opened by %+v", got.Row)
		}
		closed := make([]consent.Row, 0, len(all))
		for _, r := range all {
			if r.State != consent.Granted {
				closed = append(closed, r)
			}
		}
		if got := consent.Now(closed, asked, at); got.State == consent.Granted {
			t.Fatalf("opened without a grant by %+v", got.Row)
		}
	})
}

// The past does not change: rows of later days never alter what was known.
func TestWhatWasKnownStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rows().Draw(t, "rows")
		before := consent.AsOf(all, asked, on(4), on(9)).State
		later := rows().Draw(t, "later")
		for i := range later {
			later[i].RecordedAt = on(10).Add(time.Duration(i) * time.Hour)
		}
		if after := consent.AsOf(append(all, later...), asked, on(4), on(9)).State; after != before {
			t.Fatalf("was %s, is %s", before, after)
		}
	})
}
