package decide_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/strict"
)

// with is oneAction with more lines, decided for somebody who asked for it.
func with(t *testing.T, lines string, change func(*decide.Request)) decide.Decision {
	t.Helper()
	cat, err := loadText(asIs, strings.Replace(oneAction, "    prior:", lines+"\n    prior:", 1))
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: cat})
	if err != nil {
		t.Fatal(err)
	}
	r := request(cus("c"), grant(consent.Marketing), "intent.upgrade_interest")
	change(&r)
	return d.Decide("x", r)
}

// TestValuesAreWorkedOut: the constant holds whenever the expression does not
// know, fails or is no number, and nothing leaves its bounds.
func TestValuesAreWorkedOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		margin string
		fee    any
		want   float64 // V: margin x 0.9 + 1
	}{
		{`trait("fee") * 12.0`, 10.0, 109},
		{`trait("fee") * 12.0`, nil, 37}, // of the constant 40
		{`trait("fee") * 12.0`, "much", 37},
		{`trait("fee") / 0.0`, 1.0, 37}, // infinite
		{`0.0 / trait("fee")`, 0.0, 37}, // not a number
		{`10 / int(trait("fee"))`, 0.0, 37},
		{`count("page.product", days(7)) + 5`, nil, 5.5},
		{`trait("fee")`, 1e12, 900001},
		{`trait("fee")`, -5.0, 1},
	} {
		cat, err := loadText(asIs, strings.Replace(oneAction, "margin: 40,", "margin: 40, margin_of: '"+c.margin+"',", 1))
		if err != nil {
			t.Fatal(err)
		}
		d, err := decide.New(decide.Options{Catalogue: cat})
		if err != nil {
			t.Fatal(err)
		}
		r := request(cus("c"), grant(consent.Marketing), "intent.upgrade_interest")
		if c.fee != nil {
			r.Profile.Traits = []customer.Trait{{Name: "fee", Value: c.fee, At: noon.Add(-time.Hour)}}
		}
		got := d.Decide("x", r)
		if len(got.Actions) != 1 || math.Abs(got.Actions[0].V-c.want) > 1e-6 {
			t.Errorf("%s of %v: %+v, want V %v", c.margin, c.fee, got.Actions, c.want)
		}
	}
}

func TestBudgetsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		budget string
		taken  decide.Taken
		gone   bool
	}{
		{"{per_day: 2}", decide.Taken{Today: 1, Ever: 90}, false},
		{"{per_day: 2}", decide.Taken{Today: 2, Ever: 2}, true},
		{"{total: 3}", decide.Taken{Ever: 3}, true},
		{"{total: 3}", decide.Taken{Ever: 2}, false},
		{"{money: 100, each: 40}", decide.Taken{Ever: 1}, false},
		{"{money: 100, each: 40}", decide.Taken{Ever: 2}, true}, // a third would cost 120
		{"{}", decide.Taken{Today: 1e6, Ever: 1e6}, false},
	} {
		got := with(t, "    budget: "+c.budget, func(r *decide.Request) {
			r.Taken = map[string]decide.Taken{"up.fibre": c.taken}
		})
		if gone := len(got.NotChosen) == 1 && got.NotChosen[0].Rule == "catalogue.budget" && got.NotChosen[0].Step == 3; gone != c.gone {
			t.Errorf("%s with %+v: %+v", c.budget, c.taken, got.NotChosen)
		}
	}
}

// TestNewActionsReachFewAtFirst: 2 % of the people, the same ones, and all
// once 200 have said yes; never less of those who call us.
func TestNewActionsReachFewAtFirst(t *testing.T) {
	t.Parallel()
	reached := func(channel string, positives int, i int) bool {
		got := with(t, "    reach: true", func(r *decide.Request) {
			r.Profile, r.Channel, r.CallID = cus(fmt.Sprint("person", i)), channel, ""
			r.Taken = map[string]decide.Taken{"up.fibre": {Yes: positives}}
		})
		for _, e := range got.NotChosen {
			if e.Rule == "catalogue.reach" {
				return false
			}
		}
		return true
	}
	few := 0
	for i := range 300 {
		if first := reached("email", 0, i); first {
			few++
			if !reached("email", 100, i) {
				t.Error("somebody who was in the share left it")
			}
		}
		if !reached("email", 200, i) || !reached("agent", 0, i) {
			t.Errorf("person %d is held back", i)
		}
	}
	if few < 1 || few > 15 {
		t.Errorf("%d of 300 at first, want about 6", few)
	}
}

func TestAnswersOfAnAction(t *testing.T) {
	t.Parallel()
	slots := asIs + `slots: [{slot: agent.call, channel: agent}, {slot: slow, wait: 2h}, {slot: quick, channel: web}, {slot: forever, wait: 0s}]
`
	cat, err := loadText(slots, strings.Replace(oneAction, "    prior:", "    answers: {email: {positive: [converted], timeout: 240h}, agent: {timeout: 0s}}\n    prior:", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ action, channel, slot, want string }{
		{"up.fibre", "email", "", "[converted] [opted_out] 240h0m0s"},
		{"up.fibre", "email", "slow", "[converted] [opted_out] 240h0m0s"},
		{"up.fibre", "sms", "", "[clicked converted] [opted_out] 72h0m0s"},
		{"up.fibre", "agent", "agent.call", "[accepted converted] [rejected] 0s"},
		{"up.fibre", "web", "slow", "[clicked converted] [dismissed] 2h0m0s"},
		{"up.fibre", "web", "quick", "[clicked converted] [dismissed] 30m0s"},
		{"nobody", "web", "for ever", "[clicked converted] [dismissed] 30m0s"},
		{"nobody", "web", "forever", "[clicked converted] [dismissed] 0s"},
		{"nobody", "call", "", "[accepted converted] [rejected] 0s"},
		{"nobody", "pigeon", "", "[] [] 0s"},
	} {
		p, n, d := cat.Answering(c.action, c.channel, c.slot)
		if got := fmt.Sprint(p, n, d); got != c.want {
			t.Errorf("%s by %s in %q: %s, want %s", c.action, c.channel, c.slot, got, c.want)
		}
	}
}

func TestTermsAreRefused(t *testing.T) {
	t.Parallel()
	for lines, field := range map[string]string{
		"    answers: {pigeon: {timeout: 1h}}":                               "answers.pigeon",
		"    answers: {web: {timeout: 9000h}}":                               "answers.web.timeout",
		"    answers: {web: {positive: [winked]}}":                           "answers.web",
		"    answers: {web: {positive: [dismissed], negative: [dismissed]}}": "answers.web",
		"    budget: {total: -1}":                                            "budget",
		"    budget: {money: 5}":                                             "budget.each",
		"    budget: {money: .inf, each: 1}":                                 "budget.money",
		"    prior_like: up.none":                                            "prior_like",
		"    prior_like: up.fibre":                                           "prior_like",
	} {
		_, err := loadText(asIs, strings.Replace(oneAction, "    prior:", lines+"\n    prior:", 1))
		if p, ok := errors.AsType[*strict.Problem](err); !ok || p.Field != "actions[0]."+field {
			t.Errorf("%s gave %v", lines, err)
		}
	}
	for text, want := range map[string]string{`"much"`: "not a number", `true`: "not a number", `signal("luck")`: "no signal", `1 +`: "does not check"} {
		_, err := loadText(asIs, strings.Replace(oneAction, "margin: 40,", "margin: 40, margin_of: '"+text+"',", 1))
		if p, ok := errors.AsType[*strict.Problem](err); !ok || p.Field != "actions[0].value.margin_of" || !strings.Contains(p.Reason, want) {
			t.Errorf("%s gave %v", text, err)
		}
	}
}
