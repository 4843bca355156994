package customer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/customer"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func said(label string, confidence float64) insights.Signal {
	return insights.Signal{Label: label, Confidence: confidence, Speaker: insights.Customer, CallID: "call_1", At: 12}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) < 0.005) {
		t.Errorf("%s: got %.4f, want %.4f", what, got, want)
	}
}

func TestChurnRiskOfExampleA(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	near(t, "start", p.Value(customer.ChurnRisk, noon), 0.10)
	for i := range 3 {
		p.Observe(customer.Fact{EventID: fmt.Sprint("v", i), Name: "page.cancel", At: noon.Add(time.Duration(i) * time.Minute)})
	}
	at := noon.Add(3 * time.Minute)
	near(t, "three views", p.Value(customer.ChurnRisk, at), 0.75)
	p.Observe(customer.Fact{EventID: "buy", Name: "purchase", At: at})
	near(t, "purchase", p.Value(customer.ChurnRisk, at), 0.20)
}

func TestSignalsFadeByTheirHalfLife(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	p.Hear(said("intent.cancel", 1), "e1", noon)
	near(t, "at once", p.Value(customer.ChurnRisk, noon), 1/(1+math.Exp(2.2-2)))
	near(t, "after 14 days", p.Value(customer.ChurnRisk, noon.Add(14*day)), 1/(1+math.Exp(2.2-1)))
	near(t, "after 28 days", p.Value(customer.ChurnRisk, noon.Add(28*day)), 1/(1+math.Exp(2.2-0.5)))
	near(t, "asked for a moment before it", p.Value(customer.ChurnRisk, noon.Add(-time.Hour)), 1/(1+math.Exp(2.2-2)))
}

func TestWhatMovesWhat(t *testing.T) {
	t.Parallel()
	agent := said("intent.cancel", 0.9)
	agent.Speaker = insights.Agent
	happy, sad := said("sentiment", 0.9), said("sentiment", 0.9)
	happy.Value, sad.Value = 0.7, -0.7
	odd := said("sentiment", 0.9)
	odd.Value = math.NaN()
	cases := []struct {
		name   string
		signal insights.Signal
		moves  string // the signal that moves, "" for none
		up     bool
	}{
		{"wish to cancel", said("intent.cancel", 0.9), customer.ChurnRisk, true},
		{"competitor", said("moment.competitor_named", 0.9), customer.ChurnRisk, true},
		{"complaint", said("intent.complaint", 0.9), customer.ChurnRisk, true},
		{"price question", said("intent.price_question", 0.9), customer.BuyingIntent, true},
		{"upgrade", said("intent.upgrade_interest", 0.9), customer.BuyingIntent, true},
		{"happy words", happy, customer.Mood, true},
		{"sad words", sad, customer.Mood, false},
		{"the agent's own words", agent, "", false},
		{"not sure enough", said("intent.cancel", 0.49), "", false},
		{"unknown label", said("theme.weather", 0.9), "", false},
		{"neutral words", said("sentiment", 0.9), "", false},
		{"not a number", odd, "", false},
		{"confidence is not a number", said("intent.cancel", math.NaN()), "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := customer.New("c", noon)
			before := p.Readings(noon)
			if got := p.Hear(c.signal, "e1", noon); got != (c.moves != "") {
				t.Fatalf("moved %v", got)
			}
			for i, r := range p.Readings(noon) {
				switch {
				case r.Name != c.moves && r.Value != before[i].Value:
					t.Errorf("%s moved from %v to %v", r.Name, before[i].Value, r.Value)
				case r.Name == c.moves && (r.Value > before[i].Value) != c.up:
					t.Errorf("%s went from %v to %v", r.Name, before[i].Value, r.Value)
				}
			}
		})
	}
}

func TestBadEventsChangeNothing(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	big := map[string]any{}
	for i := range 100 {
		big[fmt.Sprint(i)] = true
	}
	for _, moved := range []bool{
		p.Hear(said("intent.cancel", 1), "", noon),
		p.Hear(said("intent.cancel", 1), "e", time.Time{}),
		p.Observe(customer.Fact{Name: "purchase", At: noon}),
		p.Observe(customer.Fact{EventID: "e", At: noon}),
		p.Observe(customer.Fact{EventID: "e", Name: "purchase"}),
		p.Observe(customer.Fact{EventID: "e", Name: "purchase", At: noon, Props: big}),
	} {
		if moved {
			t.Error("a bad event moved something")
		}
	}
	if diff := cmp.Diff(customer.New("c", noon), p); diff != "" {
		t.Error(diff)
	}
}

func TestOneCallCountsTheSameThingOnceAndALittle(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	p.Hear(said("moment.competitor_named", 0.9), "e0", noon)
	once := logit(p.Value(customer.ChurnRisk, noon)) + 2.2
	for i := range 50 {
		p.Hear(said("moment.competitor_named", 0.9), fmt.Sprint("e", i+1), noon)
		p.Hear(said("intent.competitor", 0.9), fmt.Sprint("i", i+1), noon)
	}
	many := logit(p.Value(customer.ChurnRisk, noon)) + 2.2
	if !(many > once && many < 2*once) {
		t.Errorf("said 100 times it weighs %.2f, said once %.2f", many, once)
	}
	other := said("moment.competitor_named", 0.9)
	other.CallID = "call_2"
	p.Hear(other, "next call", noon)
	if again := logit(p.Value(customer.ChurnRisk, noon)) + 2.2; math.Abs(again-many-once) > 0.01 {
		t.Errorf("another call adds %.2f, want %.2f", again-many, once)
	}
}

func TestMoodFollowsTheCall(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	for i, v := range []float64{-0.8, -0.8, -0.7, 0.6, 0.7, 0.8} {
		s := said("sentiment", 0.9)
		s.Value = v
		p.Hear(s, fmt.Sprint("e", i), noon.Add(time.Duration(i)*time.Second))
		if i == 2 && p.Value(customer.Mood, noon.Add(time.Minute)) > -0.6 {
			t.Errorf("angry caller reads %v", p.Value(customer.Mood, noon))
		}
	}
	if v := p.Value(customer.Mood, noon.Add(time.Minute)); v < 0.3 {
		t.Errorf("calmed caller reads %v", v)
	}
}

func TestHighEntersAndLeavesAtDifferentLevels(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	if p.High(customer.ChurnRisk, noon) {
		t.Error("high at the start")
	}
	p.Hear(said("intent.cancel", 1), "e1", noon)
	if p.High(customer.ChurnRisk, noon) {
		t.Errorf("high at %.2f", p.Value(customer.ChurnRisk, noon))
	}
	p.Hear(said("moment.competitor_named", 1), "e2", noon)
	if !p.High(customer.ChurnRisk, noon) {
		t.Errorf("not high at %.2f", p.Value(customer.ChurnRisk, noon))
	}
	// 0.73 fades through 0.60 and stays high until it is below 0.40.
	between, below := noon.Add(8*day), noon.Add(20*day)
	if v := p.Value(customer.ChurnRisk, between); v >= 0.6 || v < 0.4 || !p.High(customer.ChurnRisk, between) {
		t.Errorf("at %.2f on the way down high is %v", v, p.High(customer.ChurnRisk, between))
	}
	if v := p.Value(customer.ChurnRisk, below); v >= 0.4 || p.High(customer.ChurnRisk, below) {
		t.Errorf("at %.2f high is %v", v, p.High(customer.ChurnRisk, below))
	}
	if p.High(customer.ChurnRisk, noon.Add(-time.Minute)) {
		t.Error("high before it happened")
	}
	if p.High(customer.Mood, noon) || p.High("nonsense", noon) {
		t.Error("a signal without thresholds is never high")
	}
}

func TestReadingsNameTheirEvidence(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	for i := range 20 {
		p.Observe(customer.Fact{EventID: fmt.Sprint("v", i), Name: "page.cancel", At: noon.Add(-time.Duration(i) * time.Hour)})
	}
	r := p.Read(customer.ChurnRisk, noon)
	if len(r.Evidence) != 8 || r.Evidence[0].EventID != "v0" {
		t.Errorf("evidence %+v", r.Evidence)
	}
	if r := p.Read("nonsense", noon); r.Value != 0 || r.Evidence != nil {
		t.Errorf("unknown signal reads %+v", r)
	}
	names := customer.SignalNames()
	for i, r := range p.Readings(noon) {
		if r.Name != names[i] {
			t.Errorf("reading %d is %s, want %s", i, r.Name, names[i])
		}
	}
}

func TestFatigueCountsOurContacts(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	p.Observe(customer.Fact{EventID: "1", Name: "contact.email", At: noon})
	p.Observe(customer.Fact{EventID: "2", Name: "contact.call", At: noon.Add(-7 * day)})
	near(t, "fatigue", p.Value(customer.Fatigue, noon), 1.5)
	if n := p.Count("contact.*", 7*day, noon); n != 2 {
		t.Errorf("%d contacts", n)
	}
	if n := p.Count("contact.email", day, noon.Add(-time.Hour)); n != 0 {
		t.Errorf("%d contacts before the first", n)
	}
}

func TestIssues(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	fact := func(id, name, ref string, at time.Time) {
		props := map[string]any{}
		if ref != "" {
			props["id"] = ref
		}
		p.Observe(customer.Fact{EventID: id, Name: name, At: at, Props: props})
	}
	fact("1", "complaint.opened", "A", noon)
	fact("2", "complaint.opened", "B", noon.Add(time.Hour))
	fact("3", "complaint.resolved", "A", noon.Add(2*time.Hour))
	fact("4", "payment.failed", "", noon.Add(3*time.Hour))
	got := p.Issues(noon.Add(4 * time.Hour))
	want := []customer.Issue{
		{Kind: "complaint", Ref: "A", Opened: noon, Resolved: noon.Add(2 * time.Hour)},
		{Kind: "complaint", Ref: "B", Opened: noon.Add(time.Hour)},
		{Kind: "payment", Opened: noon.Add(3 * time.Hour)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	fact("5", "complaint.resolved", "", noon.Add(5*time.Hour))
	if n := len(p.Issues(noon.Add(40 * day))); n != 1 {
		t.Errorf("%d issues after 40 days, want the payment only", n)
	}
	if n := len(p.Issues(noon.Add(-time.Hour))); n != 0 {
		t.Errorf("%d issues before the first", n)
	}
}

func TestAnUnhappyEndOfAComplaintComfortsNobody(t *testing.T) {
	t.Parallel()
	for happy, moves := range map[bool]bool{true: true, false: false} {
		p := customer.New("c", noon)
		before := p.Value(customer.ChurnRisk, noon)
		p.Observe(customer.Fact{EventID: "1", Name: "complaint.resolved", At: noon, Props: map[string]any{"happy": happy}})
		if got := p.Value(customer.ChurnRisk, noon) < before; got != moves {
			t.Errorf("happy %v: lowered %v", happy, got)
		}
	}
}

func TestTraitsKeepWhatEachSourceSays(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	p.SetTrait(customer.Trait{Name: "name", Value: "M. Keller", Source: "caller id", At: noon, Confidence: 0.3})
	p.SetTrait(customer.Trait{Name: "name", Value: "Maria Keller", Source: "crm", At: noon, Confidence: 0.9})
	p.SetTrait(customer.Trait{Name: "name", Value: "Old Name", Source: "crm", At: noon.Add(-day), Confidence: 1})
	p.SetTrait(customer.Trait{Name: "odd", Value: []string{"x"}, Source: "crm", At: noon})
	p.SetTrait(customer.Trait{Name: "odd", Value: math.Inf(1), Source: "crm", At: noon})
	p.SetTrait(customer.Trait{Value: "x", Source: "crm", At: noon})
	if p.Name() != "Maria Keller" || len(p.Traits) != 2 {
		t.Errorf("%q of %+v", p.Name(), p.Traits)
	}
	if _, ok := p.Trait("odd", noon); ok {
		t.Error("a list became a trait")
	}
	if q := customer.New("d", noon); q.Name() != "" {
		t.Errorf("a stranger is called %q", q.Name())
	}
}

func TestIdentifiersWidenAndStayVerified(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	p.Seen(customer.Identifier{Type: "phone", Value: "+12025550143", Verified: true, FirstSeen: noon, LastSeen: noon})
	p.Seen(customer.Identifier{Type: "phone", Value: "+12025550143", FirstSeen: noon.Add(-day), LastSeen: noon.Add(day)})
	p.Seen(customer.Identifier{Type: "phone", Value: " "})
	want := []customer.Identifier{{Type: "phone", Value: "+12025550143", Verified: true, FirstSeen: noon.Add(-day), LastSeen: noon.Add(day)}}
	if diff := cmp.Diff(want, p.Identifiers); diff != "" {
		t.Error(diff)
	}
}

func TestInfluenceIsBoundedAndKeptOnce(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon)
	in := customer.Influence{Scope: "action", Name: "a", Percent: 30, From: noon, Until: noon.Add(day)}
	p.Remember(in)
	p.Remember(in)
	p.Remember(customer.Influence{Scope: "action", Name: "a", Percent: math.NaN(), From: noon, Until: noon.Add(day)})
	p.Remember(customer.Influence{Scope: "action", Name: "a", Percent: 3, From: noon, Until: noon})
	if len(p.Influence) != 1 {
		t.Errorf("%+v", p.Influence)
	}
	for i := range 200 {
		p.Remember(customer.Influence{Scope: "group", Name: fmt.Sprint(i), Percent: -40, From: noon, Until: noon.Add(time.Duration(i+2) * day)})
	}
	if len(p.Influence) != 64 || p.Influence[0].Name != "136" {
		t.Errorf("%d influences, the first %s", len(p.Influence), p.Influence[0].Name)
	}
}

func TestProfileSurvivesJSON(t *testing.T) {
	t.Parallel()
	p := customer.New("c", noon.Add(123456*time.Nanosecond))
	p.Seen(customer.Identifier{Type: "phone", Value: "+12025550143", FirstSeen: noon, LastSeen: noon})
	p.SetTrait(customer.Trait{Name: "bill", Value: 54.9, Source: "crm", At: noon, Confidence: 1})
	p.Hear(said("intent.cancel", 0.8), "e1", noon.Add(7*time.Microsecond))
	p.Observe(customer.Fact{EventID: "f1", Name: "purchase", At: noon, Props: map[string]any{"product": "x", "value": 3.0}})
	for i := range 100 {
		p.Observe(customer.Fact{EventID: fmt.Sprint("v", i), Name: "page.cancel", At: noon.Add(time.Duration(i) * time.Hour)})
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back customer.Profile
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, back); diff != "" {
		t.Error(diff)
	}
}

func TestNormalizePhone(t *testing.T) {
	t.Parallel()
	cases := []struct{ raw, region, want string }{
		{"+1 (202) 555-0143", "", "+12025550143"},
		{"(202) 555-0143", "us", "+12025550143"},
		{"020 7946 0123", "GB", "+442079460123"},
		{"tel:+1-202-555-0143", "", "+12025550143"},
		{"sip:+12025550143@pbx.example.com", "", "+12025550143"},
		{"(202) 555-0143", "", ""},
		{"anonymous", "US", ""},
		{"+266696687", "", ""},
		{"", "US", ""},
		{"0", "US", ""},
		{"-1", "US", ""},
		{"911", "US", ""},
		{"+1 202 555 0143 ext. 12", "", ""},
		{"+1202555014399999999999", "", ""},
		{string(make([]byte, 500)), "US", ""},
	}
	for _, c := range cases {
		got, ok := customer.NormalizePhone(c.raw, c.region)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q in %q: got %q %v, want %q", c.raw, c.region, got, ok, c.want)
		}
	}
}

func FuzzNormalizePhone(f *testing.F) {
	for _, s := range []string{"+1 202 555 0143", "tel:+44", "sip:@", "anonymous", "+", "٠١٢", "+1;ext=5"} {
		f.Add(s, "US")
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		got, ok := customer.NormalizePhone(raw, region)
		if ok != (got != "") {
			t.Fatalf("%q: %q %v", raw, got, ok)
		}
		if !ok {
			return
		}
		if again, ok := customer.NormalizePhone(got, ""); !ok || again != got {
			t.Fatalf("%q normalises to %q and that to %q", raw, got, again)
		}
	})
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func TestTheTableAnswersForItself(t *testing.T) {
	t.Parallel()
	for label, want := range map[string][]string{
		"intent.cancel": {customer.ChurnRisk}, "purchase": {customer.ChurnRisk, customer.BuyingIntent},
		"sentiment": {customer.Mood}, "contact.sms": {customer.Fatigue}, "theme.price": nil,
	} {
		if diff := cmp.Diff(want, customer.MovedBy(label)); diff != "" {
			t.Errorf("%s: %s", label, diff)
		}
	}
	if enter, leave, ok := customer.Thresholds(customer.ChurnRisk); !ok || enter != 0.60 || leave != 0.40 {
		t.Errorf("churn risk is high from %v to %v", enter, leave)
	}
	if enter, _, ok := customer.Thresholds(customer.Mood); !ok || enter != 0 {
		t.Errorf("mood has a high state at %v", enter)
	}
	if _, _, ok := customer.Thresholds("nonsense"); ok {
		t.Error("a signal that does not exist has thresholds")
	}
	if v := customer.New("c", noon).Value("nonsense", noon); v != 0 {
		t.Errorf("a signal that does not exist reads %v", v)
	}
}

// The order in which sources speak does not matter for what is believed.
func TestTheMoreCredibleAndThenTheNewerIsBelieved(t *testing.T) {
	t.Parallel()
	said := []customer.Trait{
		{Name: "plan", Value: "guess", Source: "model", At: noon.Add(day), Confidence: 0.4},
		{Name: "plan", Value: "old", Source: "shop", At: noon.Add(-day), Confidence: 0.9},
		{Name: "plan", Value: "new", Source: "crm", At: noon, Confidence: 0.9},
		{Name: "city", Value: "Springfield", Source: "crm", At: noon, Confidence: 7},
		{Name: "bill", Value: 12.0, Source: "crm", At: noon, Confidence: -1},
	}
	var first []customer.Trait
	for turn := range said {
		p := customer.New("c", noon)
		for i := range said {
			p.SetTrait(said[(i+turn)%len(said)])
		}
		if got, _ := p.Trait("plan", noon); got.Value != "new" {
			t.Errorf("believes %v", got)
		}
		if first == nil {
			first = p.Traits
		}
		if diff := cmp.Diff(first, p.Traits); diff != "" {
			t.Errorf("order %d: %s", turn, diff)
		}
	}
	for i := range 1000 {
		p := customer.Profile{Traits: first}
		p.SetTrait(customer.Trait{Name: fmt.Sprint("t", i), Value: true, Source: "crm", At: noon})
		if len(first) != 5 {
			t.Fatal("setting a trait changed an earlier profile")
		}
	}
}
