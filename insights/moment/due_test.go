package moment

import (
	"testing"
	"time"

	"heed/insights"
	"heed/insights/entity"
)

// TestByWhen reads by when promises are to be kept, on a call late on a
// wednesday in New York, which is thursday in Greenwich.
func TestByWhen(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	moments, err := New(Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	chain := insights.Chain{entity.New(entity.Options{Zone: zone}), moments}
	for say, want := range map[string][2]string{
		"i will call you back tomorrow":                              {"tomorrow", "2026-11-05"},
		"we will send you a replacement by friday":                   {"by friday", "2026-11-06"},
		"you will get the refund within two working days":            {"within two working days", "2026-11-06"},
		"you will get the refund within three business days":         {"within three business days", "2026-11-09"},
		"i will send it within 24 hours":                             {"within 24 hours", "2026-11-05"},
		"we will refund you in the next two days":                    {"in the next two days", "2026-11-06"},
		"i will call you in an hour":                                 {"in an hour", "2026-11-04"},
		"i will ring you back at nine tomorrow morning":              {"at nine tomorrow", "2026-11-05"},
		"we will refund you by next week":                            {"by next week", "2026-W46"},
		"you will have it by the end of the week":                    {"by the end of the week", "2026-W45"},
		"i will send you the form by the end of next month":          {"by the end of next month", "2026-12-31"},
		"i will call you on november twentieth":                      {"on november twentieth", "2026-11-20"},
		"we will send it on 2026-12-01":                              {"on 2026-12-01", "2026-12-01"},
		"i will email you the form right away":                       {"right away", ""},
		"we will credit it on your next bill":                        {"next bill", ""},
		"we will send you a voucher":                                 {"", ""},
		"we will give you twenty percent off for two weeks":          {"", ""},
		"since friday it is broken and i will call you back tonight": {"tonight", "2026-11-04"},
	} {
		u := insights.Utterance{ID: "u1", Text: say, Speaker: insights.Agent, Start: 1, End: 4, Language: "en"}
		call := insights.Call{
			StartedAt: time.Date(2026, 11, 5, 3, 0, 0, 0, time.UTC),
			Insights:  []insights.Insight{{Kind: insights.Entity, Name: entity.Date, Text: "2020-01-01", UtteranceID: "u0", Evidence: []insights.Span{{To: 30}}}},
		}
		var got *insights.Insight
		for _, in := range chain.Analyze(&u, &call) {
			if in.Name == Promise {
				got = &in
			}
		}
		if got == nil || got.Due != want[0] || got.DueOn != want[1] {
			t.Errorf("%q: %+v, want due %q", say, got, want)
		}
	}
}

// TestNoDayWithoutACallsDay has the words alone where the call's day is not
// known, or dates were not looked for.
func TestNoDayWithoutACallsDay(t *testing.T) {
	moments, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	u := insights.Utterance{ID: "u1", Text: "i will call you back within two days", Speaker: insights.Agent}
	for name, a := range map[string]insights.Analyzer{"no day": insights.Chain{entity.New(entity.Options{}), moments}, "no dates": moments} {
		found := a.Analyze(&u, &insights.Call{})
		if last := found[len(found)-1]; last.Due != "within two days" || last.DueOn != "" {
			t.Errorf("%s: %+v", name, last)
		}
	}
	if found := moments.Analyze(&u, nil); len(found) != 1 || found[0].Due == "" {
		t.Errorf("no call: %+v", found)
	}
}
