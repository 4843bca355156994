package campaigns

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/attribution"
	"heed/internal/event"
	"heed/internal/money"
	"heed/internal/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)

// rig is a service over a real store, with people of whom what they allow is
// told by their names.
type rig struct {
	testing.TB
	*Service
	db *store.Store
}

func newRig(t testing.TB) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	eur, err := money.Parse("EUR")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t, New(Options{
		Store: db, Currency: eur, Zone: berlin, LookBack: 90 * 24 * time.Hour, Rule: Rule{Least: time.Minute, Intents: []string{"buy"}, Outcomes: []string{"accepted"}},
		Wishes: func(_ context.Context, person string) (Wishes, error) {
			if person == "gone" {
				return Wishes{}, store.ErrNotFound
			}
			return Wishes{Untracked: strings.HasPrefix(person, "shy"), Share: strings.HasPrefix(person, "open")}, nil
		},
		Conversions: Conversions{Order: "Heed order", Call: "Heed qualified call"}, Now: func() time.Time { return noon },
	}), db}
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// call stores a call with where it came from and, at wish, an intent.
func (r *rig) call(id, person string, at time.Time, seconds float64, o event.Origin, intents ...string) {
	r.Helper()
	c := event.Call{
		ID: id, Platform: "twilio", PlatformCall: "CA-" + id, Direction: "inbound", From: "+14155550100", To: "+12025550199",
		CustomerID: person, Status: event.CallOver, StartedAt: at, Duration: insights.Seconds(seconds),
	}
	r.ok(r.db.Write(r.Context(), func(tx *store.Tx) error {
		err := errors.Join(tx.SaveCall(c), tx.SaveOrigin(id, o))
		for i, name := range intents {
			err = errors.Join(err, tx.AddInsights(id, []insights.Insight{{Kind: insights.Intent, Name: name, Speaker: insights.Customer, Start: insights.Seconds(i)}}))
		}
		return err
	}))
}

func from(source, campaign string) event.Origin {
	return event.Origin{Attribution: event.Attribution{Touch: event.Touch{Source: source, Campaign: campaign}}}
}

// fact is an event of a shop.
func fact(t testing.TB, id, name, person string, at time.Time, props string) event.Event {
	t.Helper()
	e, err := event.New(event.FactObserved, at, event.About{Subject: person}, json.RawMessage(fmt.Sprintf(`{"name": %q, "said": {"properties": %s}}`, name, props)))
	if err != nil {
		t.Fatal(err)
	}
	e.ID = id
	return e
}

// shop commits events and has them followed, twice: a repeat changes nothing.
func (r *rig) shop(events ...event.Event) {
	r.Helper()
	r.ok(r.db.Write(r.Context(), func(tx *store.Tx) error {
		for _, e := range events {
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	}))
	o := NewOrders(r.db)
	for range 2 {
		all, err := r.db.Events(r.Context(), event.Query{Types: o.Types(), Limit: 500})
		r.ok(err)
		r.ok(o.Handle(r.Context(), all))
		r.ok(o.Rebuild())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// spring is a small market: three campaigns, and what was bought after them.
func spring(t *testing.T) *rig {
	r := newRig(t)
	clicked := from("google", "Fibre Spring")
	clicked.Clicks = map[string]string{"gclid": "G-1"}
	clicked.Keyword, clicked.Landing = "fast fibre", "https://Example.com/fibre/?gclid=G-1"
	bing := from("bing", "Brand")
	bing.Clicks = map[string]string{"msclkid": "M-1"}
	braid := from("google", "fibre  spring")
	braid.Clicks = map[string]string{"wbraid": "=W-1"}
	r.call("a1", "open-ann", noon.AddDate(0, 0, -20), 120, clicked, "buy")
	r.call("a2", "open-ann", noon.AddDate(0, 0, -10), 30, bing, "buy")
	r.call("a3", "open-ann", noon.AddDate(0, 0, -2), 200, from("radio", "Morning"), "complaint")
	r.call("b1", "bob", noon.AddDate(0, 0, -3), 90, clicked, "buy")
	r.call("c1", "open-cem", noon.AddDate(0, 0, -3), 61, braid, "buy")
	r.call("d1", "shy-dan", noon.AddDate(0, 0, -3), 90, event.Origin{})
	r.call("old", "open-ann", noon.AddDate(0, 0, -200), 90, from("tv", "Winter"), "buy")
	r.shop(
		fact(t, "o1", "purchase", "open-ann", noon, `{"order_id": "A", "revenue": 100, "total": 119, "currency": "EUR"}`),
		fact(t, "o1b", "purchase", "open-ann", noon.Add(time.Second), `{"orderId": "A", "total": "119"}`),
		fact(t, "o2", "purchase", "bob", noon.Add(time.Minute), `{"order_id": 7, "value": "19.99"}`),
		fact(t, "o3", "purchase", "open-cem", noon.Add(time.Minute), `{"order_id": "C", "total": 30}`),
		fact(t, "r3", "order.refunded", "open-cem", noon.AddDate(0, 0, 3), `{"order_id": "C", "total": 10}`),
		fact(t, "o4", "purchase", "shy-dan", noon, `{"total": 50}`),
		fact(t, "o5", "purchase", "open-cem", noon, `{"order_id": "D", "total": 5, "currency": "USD"}`),
		fact(t, "o6", "purchase", "open-ann", noon, `{"order_id": "E", "total": 5}`),
		fact(t, "x6", "order.cancelled", "open-ann", noon, `{"order_id": "E"}`),
		fact(t, "o7", "purchase", "bob", noon, `{"order_id": "F"}`),
		fact(t, "no", "page.product", "bob", noon, `{"order_id": "G", "total": 1}`),
	)
	r.ok(r.db.Write(t.Context(), func(tx *store.Tx) error {
		n, err := tx.BeginSpend(store.SpendUpload{ID: "u", By: "Ann"})
		if err != nil {
			return err
		}
		return errors.Join(tx.AddSpend(n, []store.SpendRow{
			{Day: "2026-04-20", Source: "google", Campaign: "FIBRE SPRING", Cost: 2500},
			{Day: "2026-05-01", Source: "bing", Campaign: "Brand", Cost: 1000},
			{Day: "2026-05-02", Source: "mail", Campaign: "Letter", Cost: 700},
			{Day: "2026-05-03", Source: "bing", Campaign: "Brand", Cost: 99999},
		}), tx.FinishSpend(n, store.SpendUpload{Rows: 4}))
	}))
	return r
}

func TestResults(t *testing.T) {
	t.Parallel()
	r := spring(t)
	for _, by := range []By{ByCampaign, BySource, ByKeyword, ByLanding} {
		got, err := r.Results(t.Context(), Question{"2026-04-01", "2026-05-02", by, attribution.Linear})
		r.ok(err)
		raw, err := json.MarshalIndent(got, "", "  ")
		r.ok(err)
		golden(t, "by-"+string(by)+".json", append(raw, '\n'))
	}
}

func TestConversions(t *testing.T) {
	t.Parallel()
	r := spring(t)
	for _, a := range []Asked{
		{Format: GoogleAds, Of: OfOrders, Identify: ByClicks},
		{Format: GoogleAds, Of: OfOrders, Identify: ByNumbers},
		{Format: GoogleAds, Of: OfCalls, Identify: ByClicks},
		{Format: MicrosoftAds, Of: OfOrders, Identify: ByClicks},
		{Format: MicrosoftAds, Of: OfOrders, Identify: ByNumbers},
		{Format: MicrosoftAds, Of: OfCalls, Identify: ByNumbers},
	} {
		a.By, a.From, a.To = "Ann", "2026-04-01", "2026-05-02"
		f, err := r.Conversions(t.Context(), a)
		r.ok(err)
		var out bytes.Buffer
		n, err := f.WriteTo(&out)
		r.ok(err)
		if int(n) != out.Len() || strings.Contains(out.String(), "+1415") {
			t.Errorf("%d of %d bytes, or a number in clear", n, out.Len())
		}
		fmt.Fprintf(&out, "# unwilling %d, unknown %d, given back %d\n", f.Unwilling, f.Unknown, f.GivenBack)
		golden(t, a.Format+"-"+a.Of+"-"+a.Identify+".csv", out.Bytes())
	}
	events, err := r.db.Events(t.Context(), event.Query{Types: []event.Type{event.ConversionsExported}})
	r.ok(err)
	var e event.Export
	r.ok(json.Unmarshal(events[0].Data, &e))
	if want := (event.Export{By: "Ann", Format: GoogleAds, Of: OfOrders, Identify: ByClicks, From: "2026-04-01", To: "2026-05-02", At: noon, Rows: 1, Unwilling: 2, Unknown: 2, GivenBack: 1}); len(events) != 6 || e != want {
		t.Errorf("%d files are in the log, the first as %+v", len(events), e)
	}
}

func TestWhatIsNotAnswered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, q := range []Question{
		{"2026-04-02", "2026-04-01", ByCampaign, attribution.First},
		{"spring", "2026-04-01", ByCampaign, attribution.First},
		{"2026-04-01", "", ByCampaign, attribution.First},
		{"2020-04-02", "2026-04-01", ByCampaign, attribution.First},
		{"2026-04-01", "2026-04-01", "moon", attribution.First},
		{"2026-04-01", "2026-04-01", ByCampaign, "magic"},
	} {
		if _, err := r.Results(t.Context(), q); !errors.Is(err, ErrAsked) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	for _, a := range []Asked{{Format: "x", Of: OfCalls, Identify: ByClicks}, {Format: GoogleAds, Of: "x", Identify: ByClicks}, {Format: GoogleAds, Of: OfCalls, Identify: "x"}, {Format: GoogleAds, From: "x"}} {
		if a.From == "" {
			a.From = "2026-04-01"
		}
		a.To = "2026-04-01"
		if _, err := r.Conversions(t.Context(), a); !errors.Is(err, ErrAsked) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	got, err := r.Results(t.Context(), Question{"2026-04-01", "2026-04-01", ByCampaign, attribution.First})
	if err != nil || len(got.Rows) != 0 || got.Total.Calls != 0 {
		t.Errorf("of nothing: %+v, %v", got, err)
	}
}

// Whatever happened, every model shares out the same revenue, and the rows add
// up to the total.
func TestRowsAddUp(t *testing.T) {
	r := newRig(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		person := fmt.Sprint("p", n)
		for i := range rapid.IntRange(0, 4).Draw(rt, "calls") {
			at := noon.AddDate(0, 0, -rapid.IntRange(0, 120).Draw(rt, "ago"))
			r.call(fmt.Sprint(person, "c", i), person, at, 60, from(rapid.SampledFrom([]string{"", "google", "bing"}).Draw(rt, "source"), rapid.SampledFrom([]string{"", "A", "B"}).Draw(rt, "campaign")))
		}
		var events []event.Event
		for i := range rapid.IntRange(0, 3).Draw(rt, "orders") {
			events = append(events, fact(t, fmt.Sprint(person, "o", i), "purchase", person, noon, fmt.Sprintf(`{"total": %d.%02d}`, rapid.IntRange(0, 999).Draw(rt, "total"), rapid.IntRange(0, 99).Draw(rt, "cents"))))
		}
		if len(events) > 0 {
			r.shop(events...)
		}
		got, err := r.Results(t.Context(), Question{"2026-04-01", "2026-05-01", ByCampaign, attribution.First})
		r.ok(err)
		var sum Revenue
		calls := 0
		for _, row := range got.Rows {
			calls += row.Calls
			sum.First += row.Revenue.First
			sum.Last += row.Revenue.Last
			sum.Linear += row.Revenue.Linear
			sum.Position += row.Revenue.Position
		}
		cents := func(v float64) int64 { return int64(v*100 + 0.5) }
		all := cents(got.Total.Revenue.First)
		for model, v := range map[string]float64{
			"last": got.Total.Revenue.Last, "linear": got.Total.Revenue.Linear, "position": got.Total.Revenue.Position,
			"rows by first": sum.First, "rows by last": sum.Last, "rows by linear": sum.Linear, "rows by position": sum.Position,
		} {
			if cents(v) != all {
				rt.Fatalf("%s has %v of %d", model, v, all)
			}
		}
		if calls != got.Total.Calls {
			rt.Fatalf("%d calls in the rows of %d", calls, got.Total.Calls)
		}
	})
}
