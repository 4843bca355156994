package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

func callsFound(k *kit) {
	ctx := k.Context()
	over := someCall(2)
	ended := at(90)
	over.Status, over.EndedAt, over.CustomerID, over.Duration = event.CallOver, &ended, "anna", 88.125
	web := someCall(3)
	web.Platform, web.PlatformCall = "web", "" // a platform without ids
	web2 := someCall(4)
	web2.Platform, web2.PlatformCall = "web", ""
	k.write(func(tx *store.Tx) error {
		return errors.Join(tx.SaveCall(someCall(1)), tx.SaveCall(over), tx.SaveCall(web), tx.SaveCall(web2))
	})
	same(k, "by id", got(k.Call(ctx, over.ID))(k), over)
	same(k, "by platform", got(k.CallByPlatform(ctx, "twilio", "CA002"))(k), over)
	for _, miss := range [][2]string{{"twilio", "CA9"}, {"vonage", "CA002"}, {"web", ""}} {
		if _, err := k.CallByPlatform(ctx, miss[0], miss[1]); !errors.Is(err, store.ErrNotFound) {
			k.Errorf("call by platform %v gave %v, want ErrNotFound", miss, err)
		}
	}
	same(k, "open", ids(got(k.OpenCalls(ctx))(k)), []string{"call-001", "call-003", "call-004"})
	clash := someCall(5)
	clash.PlatformCall = "CA002"
	if err := k.Write(ctx, func(tx *store.Tx) error { return tx.SaveCall(clash) }); !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a second call of one platform id gave %v, want ErrDuplicate", err)
	}
	changed := someCall(1)
	changed.Status, changed.CustomerID = event.CallRecovered, "bert"
	k.write(func(tx *store.Tx) error { return tx.SaveCall(changed) })
	same(k, "changed", got(k.Call(ctx, changed.ID))(k), changed)
	same(k, "open", ids(got(k.OpenCalls(ctx))(k)), []string{"call-003", "call-004"})
}

// numbersOfCalls: what was called, and what was called from.
func numbersOfCalls(k *kit) {
	k.write(func(tx *store.Tx) error {
		var errs []error
		for i, set := range []struct{ platform, direction, from, to string }{
			{"twilio", "inbound", "+31612345678", "+12025550199"},
			{"twilio", "outbound", "+12025550199", "+31612345678"},
			{"twilio", "inbound", "+31612345678", "+12025550100"},
			{"web", "inbound", "", "+12025550199"},
			{"web", "inbound", "+31612345678", ""},
		} {
			c := someCall(10 + i)
			c.Platform, c.Direction, c.From, c.To = set.platform, set.direction, set.from, set.to
			errs = append(errs, tx.SaveCall(c))
		}
		return errors.Join(errs...)
	})
	same(k, "numbers", got(k.Numbers(k.Context(), at(0), 100))(k), []store.Number{
		{Platform: "twilio", Number: "+12025550199", Calls: 2, Last: at(11)},
		{Platform: "twilio", Number: "+12025550100", Calls: 1, Last: at(12)},
		{Platform: "web", Number: "+12025550199", Calls: 1, Last: at(13)},
	})
	same(k, "numbers of the latest", got(k.Numbers(k.Context(), at(12), 2))(k), []store.Number{{Platform: "web", Number: "+12025550199", Calls: 1, Last: at(13)}})
}

func ids(calls []event.Call) []string {
	var out []string
	for _, c := range calls {
		out = append(out, c.ID)
	}
	return out
}

// callsPage checks that the pages of any filter, joined, are the filtered
// list, also when calls began in the same millisecond.
func callsPage(k *kit) {
	var all []event.Call
	k.write(func(tx *store.Tx) error {
		for i := range 40 {
			c := someCall(i)
			c.StartedAt = at(i % 7)
			c.Status = []event.CallStatus{event.CallLive, event.CallOver}[i%2]
			c.CustomerID = []string{"", "anna", "bert"}[i%3]
			all = append(all, c)
			if err := tx.SaveCall(c); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b event.Call) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(b.ID, a.ID))
	})
	rapid.Check(k.T, func(rt *rapid.T) {
		q := store.CallQuery{
			Status:     rapid.SampledFrom([]event.CallStatus{"", event.CallLive, event.CallOver}).Draw(rt, "status"),
			CustomerID: rapid.SampledFrom([]string{"", "anna", "nobody"}).Draw(rt, "customer"),
			Limit:      rapid.IntRange(1, 45).Draw(rt, "limit"),
		}
		var want []string
		for _, c := range all {
			if (q.Status == "" || c.Status == q.Status) && (q.CustomerID == "" || c.CustomerID == q.CustomerID) {
				want = append(want, c.ID)
			}
		}
		if found := walkCalls(k, q); !slices.Equal(found, want) {
			rt.Fatalf("pages of %+v: %v, want %v", q, found, want)
		}
	})
	same(k, "by the platform's id", walkCalls(k, store.CallQuery{PlatformCall: "CA007", Limit: 1}), []string{"call-007"})
}

func walkCalls(k *kit, q store.CallQuery) []string {
	var out []string
	for {
		page, next, err := k.Calls(k.Context(), q)
		k.must(err)
		out = append(out, ids(page)...)
		if next == "" {
			return out
		}
		if len(page) != q.Limit {
			k.Fatalf("a page of %d that is not the last, want %d", len(page), q.Limit)
		}
		q.After = next
	}
}

func marksChecked(k *kit) {
	k.write(func(tx *store.Tx) error {
		for i := range 3 {
			if err := tx.SaveCall(someCall(i)); err != nil {
				return err
			}
		}
		return nil
	})
	for _, bad := range []string{"x", "!!!", "MTIz", "IGE", "' OR 1=1", string(make([]byte, 4096))} {
		if _, _, err := k.Calls(k.Context(), store.CallQuery{After: bad}); !errors.Is(err, store.ErrBadPage) {
			k.Errorf("calls after %.20q gave %v, want ErrBadPage", bad, err)
		}
		if _, _, err := k.Profiles(k.Context(), "", bad, 10); !errors.Is(err, store.ErrBadPage) {
			k.Errorf("profiles after %.20q gave %v, want ErrBadPage", bad, err)
		}
	}
	for limit, want := range map[int]int{-5: 1, 0: 3, 1: 1, 2: 2, 1 << 30: 3} {
		page, _, err := k.Calls(k.Context(), store.CallQuery{Limit: limit})
		k.must(err)
		same(k, fmt.Sprintf("calls with limit %d", limit), len(page), want)
	}
}

func somethingSaid(seq int, who insights.Speaker, start insights.Seconds) insights.Utterance {
	return insights.Utterance{
		ID: fmt.Sprintf("u-%s-%v", who, start), CallID: "call-001", Seq: seq, Speaker: who,
		Start: start, End: start + 1.5, Text: "I want to cancel", Confidence: 0.9, Engine: "scripted",
		Words: []insights.Word{{Text: "I", Start: start, End: start + 0.1, Confidence: 1}},
	}
}

func utterancesOnce(k *kit) {
	ctx := k.Context()
	first, second := somethingSaid(1, insights.Customer, 0.9), somethingSaid(2, insights.Agent, 0.9)
	add := func(u insights.Utterance) error {
		return k.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddUtterance(u); err != nil {
				return err
			}
			return tx.Append(someEvent(u.ID, event.UtteranceSpoken, u.CallID))
		})
	}
	if err := add(first); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("an utterance of no call gave %v, want ErrNotFound", err)
	}
	k.write(func(tx *store.Tx) error { return tx.SaveCall(someCall(1)) })
	k.must(add(first))
	k.must(add(second)) // both may speak at once
	again := somethingSaid(3, insights.Customer, 0.9)
	again.ID, again.Text = "u-new-id", "heard a little differently"
	sameID := somethingSaid(3, insights.Customer, 7)
	sameID.ID = first.ID
	taken := somethingSaid(2, insights.Customer, 7)
	for _, c := range []struct {
		name string
		u    insights.Utterance
		want error
	}{{"same side and time", again, store.ErrDuplicate}, {"same id", sameID, store.ErrDuplicate}, {"number taken", taken, store.ErrConflict}} {
		if err := add(c.u); !errors.Is(err, c.want) {
			k.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if err := add(insights.Utterance{ID: "x", CallID: "call-001"}); err == nil {
		k.Error("an utterance without a number was taken")
	}
	same(k, "utterances", got(k.Utterances(ctx, "call-001"))(k), []insights.Utterance{first, second})
	same(k, "events", got(k.LastSeq(ctx))(k), 2)
	k.write(func(tx *store.Tx) error {
		n, err := tx.NextUtterance("call-001")
		same(k, "next number", n, 3)
		return err
	})
}

func insightsReplace(k *kit) {
	of := func(kind insights.Kind, name string, value float64, u string) insights.Insight {
		return insights.Insight{
			Kind: kind, Name: name, Value: value, Confidence: 0.8, Speaker: insights.Customer,
			Start: 1.25, Model: "m/1", UtteranceID: u, Evidence: []insights.Span{{From: 1, To: 4}},
		}
	}
	add := func(in ...insights.Insight) {
		k.write(func(tx *store.Tx) error { return tx.AddInsights("call-001", in) })
	}
	if err := k.Write(k.Context(), func(tx *store.Tx) error {
		return tx.AddInsights("call-001", []insights.Insight{of(insights.Talk, "ratio", 1, "")})
	}); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("insights of no call gave %v, want ErrNotFound", err)
	}
	k.write(func(tx *store.Tx) error { return tx.SaveCall(someCall(1)) })
	add(of(insights.Entity, "amount", 1, "u1"), of(insights.Entity, "amount", 2, "u1"))
	add(of(insights.Talk, "ratio", 0.4, ""))
	add(of(insights.Talk, "ratio", 0.6, "")) // measured again after a recovery
	same(k, "insights", got(k.Insights(k.Context(), "call-001"))(k), []insights.Insight{
		of(insights.Entity, "amount", 1, "u1"), of(insights.Entity, "amount", 2, "u1"), of(insights.Talk, "ratio", 0.6, ""),
	})
}
