package decide

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"heed/fixtures"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/strict"
)

var begun = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

// TestThePolicyThatShips says what holds without it: every number of the file
// is one of the defaults.
func TestThePolicyThatShips(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../fixtures/actions/" + PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	g, err := readPolicy(PolicyFile, raw)
	if err != nil {
		t.Fatal(err)
	}
	if g.version != standing.version {
		t.Errorf("the file differs from the defaults:\n%v\n%v", flat(g.figures), flat(standing.figures))
	}
	for field := range flat(standing.figures) {
		name := field[strings.LastIndex(field, ".")+1:]
		if !strings.Contains(string(raw), name+":") {
			t.Errorf("%s is not in the file", field)
		}
	}
	bare, err := readPolicy(PolicyFile, []byte("version: 1\n"))
	if err != nil || bare.version != standing.version {
		t.Errorf("an empty policy is not the defaults: %v", err)
	}
}

func TestAPolicyThatIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                                                         "policy.yaml: is empty",
		"value: {gamma: 0.5}":                                                      "policy.yaml:1: version: must be 1",
		"version: 1\nvalue: {gama: 0.5}":                                           "policy.yaml:2: value.gama: is not a known key (did you mean gamma?)",
		"version: 1\nvalue: {gamma: .nan}":                                         "policy.yaml:2: value.gamma: is NaN, and must be between 0.3 and 1",
		"version: 1\nvalue: {gamma: much}":                                         "policy.yaml:2: value.gamma",
		"version: 1\nvalue: {alpha: .inf}":                                         "policy.yaml:2: value.alpha: is +Inf",
		"version: 1\nvalue: {scale: log}":                                          `policy.yaml:2: value.scale: "log" is not a scale`,
		"version: 1\nchannels: {sms: {cost: -1}}":                                  "policy.yaml:2: channels.sms.cost: is -1, and must be between 0 and 1000 (in the unit of value)",
		"version: 1\nchannels: {sms: {floor: 1}}":                                  "channels.sms.floor: is 1",
		"version: 1\nchannels: {fax: {cost: 1}}":                                   "channels.fax: is not a known key",
		"version: 1\nlimits: {email: {most: -1}}":                                  "limits.email.most: is -1",
		"version: 1\nlimits: {all: {days: 0}}":                                     "limits.all.days: is 0",
		"version: 1\nlimits: {email: {most: 1.5}}":                                 "policy.yaml:2: limits.email.most",
		"version: 1\nrests:\n  rejected: long":                                     "policy.yaml:3: rests.rejected: `long` is not a length of time, such as 48h or 7d",
		"version: 1\nrests: {rejected: 999999999999d}":                             "rests.rejected: is 10000d, and must be between 0s and 400d",
		"version: 1\nrests: {rejected: 48}":                                        "rests.rejected: `48` is not a length of time",
		"version: 1\ncontexts: {after_issue: -1h}":                                 "contexts.after_issue: is -1h0m0s",
		"version: 1\nmemory: {later: {percent: -5}}":                               "memory.later.percent: is -5",
		"version: 1\nexempt: [marketing]":                                          "policy.yaml:2: exempt[0]: marketing is what the limits are for",
		"version: 1\nexempt: [service, fun]":                                       `exempt[1]: "fun" is not a purpose`,
		"version: 1\nexempt: [service, service]":                                   `exempt[1]: "service" is there twice`,
		"version: 1\nlevers: {alarm: 0}":                                           "levers.alarm: is 0",
		"version: 1\nlevers: {longest: 4000d}":                                     "levers.longest: is 4000d",
		"version: 1\nexplore: {uniform: 0.02}":                                     "explore: gives one of thompson and uniform",
		"version: 1\nexplore: {slots: [{slot: \"a b\"}]}":                          `explore.slots[0].slot: "a b" is not a new slot`,
		"version: 1\nexplore: {slots: [{slot: a.b, thompson: 0.9, uniform: 0.1}]}": "explore.slots[0]: exploring 0.9 + 0.1",
	} {
		_, err := readPolicy(PolicyFile, []byte(text))
		if _, ok := errors.AsType[*strict.Problem](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestAPolicyAsAnEdit(t *testing.T) {
	t.Parallel()
	files := fixtures.Actions()
	c, asides, err := Compose(files, []Edit{{Kind: PolicyEdit, ID: PolicyEdit, Doc: json.RawMessage(`{"limits":{"email":{"most":3}}}`)}})
	if err != nil || len(asides) != 0 {
		t.Fatal(err, asides)
	}
	if want := []Figure{{"limits.email.most", "1", "3"}}; !slices.Equal(c.Differences(), want) {
		t.Errorf("in force: %v", c.Differences())
	}
	c, asides, err = Compose(files, []Edit{{Kind: PolicyEdit, ID: PolicyEdit, Doc: json.RawMessage(`{"limits":{"email":{"most":"x"}}}`)}})
	if err != nil || len(asides) != 1 || len(c.Differences()) != 0 {
		t.Errorf("a policy that is not understood: %v, aside %v", err, asides)
	}
	c, _, err = Compose(files, []Edit{{Kind: PolicyEdit, ID: PolicyEdit, Doc: json.RawMessage(`{"steady":2}`), Retired: true}})
	if err != nil || len(c.Differences()) != 0 {
		t.Errorf("a retired policy holds: %v", err)
	}
	for doc, field := range map[string]string{`{"steady":0}`: "steady", `{"version":2}`: "version", `{"value":{"gamma":"high"}}`: "value.gamma"} {
		p, ok := errors.AsType[*strict.Problem](CheckPolicy(json.RawMessage(doc)))
		if !ok || p.Field != field || p.Line != 0 {
			t.Errorf("%s: %+v", doc, p)
		}
	}
	if err := CheckPolicy(json.RawMessage(`[]`)); err == nil {
		t.Error("a list was taken")
	}
}

// drawFigures draws a policy of which every number is within its range.
func drawFigures(t *rapid.T) *guide {
	f := defaultFigures()
	within := func(name string, least, most float64) float64 { return rapid.Float64Range(least, most).Draw(t, name) }
	long := func(name string, most time.Duration) lasting {
		return lasting(rapid.Int64Range(int64(time.Hour), int64(most)).Draw(t, name))
	}
	f.Value = valueFigures{rapid.SampledFrom([]string{scalePower, scaleGroup}).Draw(t, "scale"), within("gamma", 0.3, 1), within("alpha", 0.01, 10)}
	for _, c := range []*channelFigure{&f.Channels.Agent, &f.Channels.Web, &f.Channels.App, &f.Channels.Email, &f.Channels.Push, &f.Channels.SMS, &f.Channels.Call} {
		*c = channelFigure{within("cost", 0, 2), within("floor", 0, 0.1)}
	}
	f.Patience = patienceFigures{within("exponent", 0, 5), whole(rapid.IntRange(1, 90).Draw(t, "days")), within("unhappy", 0, 20), within("vulnerable", 0, 20), within("open", 0, 20)}
	for _, l := range []*limitFigure{&f.Limits.Email, &f.Limits.SMS, &f.Limits.Call, &f.Limits.Push, &f.Limits.All} {
		*l = limitFigure{whole(rapid.IntRange(0, 1000).Draw(t, "most")), whole(rapid.IntRange(1, 365).Draw(t, "of days"))}
	}
	f.Exempt = rapid.SampledFrom([][]consent.Purpose{nil, {consent.Service}, {consent.Research, consent.Service}}).Draw(t, "exempt")
	f.Rests = restFigures{
		long("rejected", 400*day), long("group", 400*day), long("twice", 400*day), long("accepted", 400*day),
		long("vain", 400*day), whole(rapid.IntRange(1, 1000).Draw(t, "times")), long("within", 400*day),
	}
	f.Contexts = contextFigures{long("issue", 90*day), long("cart", 30*day), long("bad call", 90*day), within("angry", -1, 1), within("sore", -1, 1), within("bad", -0.8, 0.8)}
	f.Reach = reachFigures{within("least", 0.001, 1), whole(rapid.IntRange(1, 1000).Draw(t, "full"))}
	f.Steady = within("steady", 1, 10)
	thompson := within("thompson", 0, 0.5)
	uniform := within("uniform", 0, 0.49)
	f.Explore = exploreFigures{Thompson: &thompson, Uniform: &uniform, Careful: &uniform}
	g, err := f.guide(complaints{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// drawRequest draws a person with a ledger, a channel and a time of the day.
func drawRequest(t *rapid.T) Request {
	p := customer.New("cus_1", begun.AddDate(-2, 0, 0))
	set := func(name string, value any) {
		p.SetTrait(customer.Trait{Name: name, Value: value, Source: "crm", At: begun.AddDate(0, -1, 0), Confidence: 1, EventID: name})
	}
	if zone := rapid.SampledFrom([]string{"", "Europe/Berlin", "America/New_York"}).Draw(t, "zone"); zone != "" {
		set("time_zone", zone)
	}
	if country := rapid.SampledFrom([]string{"", "DE", "US", "FR"}).Draw(t, "country"); country != "" {
		set("country", country)
	}
	for _, name := range []string{"do_not_call", "vulnerable"} {
		if rapid.Bool().Draw(t, name) {
			set(name, true)
		}
	}
	p.Seen(customer.Identifier{Type: "phone", Value: "+491711234567", FirstSeen: begun, LastSeen: begun})
	p.Seen(customer.Identifier{Type: "email", Value: "m@example.com", FirstSeen: begun, LastSeen: begun})
	for i := range rapid.IntRange(0, 6).Draw(t, "contacts") {
		name := rapid.SampledFrom([]string{"contact.email", "contact.sms", "contact.call", "purchase", "complaint.opened"}).Draw(t, "fact")
		p.Observe(customer.Fact{EventID: fmt.Sprint("f", i), Name: name, At: begun.Add(-time.Duration(i) * 7 * time.Hour)})
	}
	r := Request{At: begun.Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "hour")) * time.Hour), Profile: p, N: 20}
	r.Channel = rapid.SampledFrom(channelNames).Draw(t, "channel")
	r.Slot = r.Channel + ".slot"
	for i := range rapid.IntRange(0, 5).Draw(t, "rows") {
		at := begun.AddDate(0, 0, -10+i)
		r.Ledger = append(r.Ledger, consent.Seal(r.Ledger, consent.Row{
			ID: fmt.Sprint("con_", i), CustomerID: p.ID, At: at, RecordedAt: at, Source: "web", Actor: "customer",
			Cell:  consent.Cell{Purpose: rapid.SampledFrom(consent.Purposes()).Draw(t, "purpose")},
			State: rapid.SampledFrom([]consent.State{consent.Granted, consent.Denied, consent.Withdrawn}).Draw(t, "state"),
		}))
	}
	return r
}

// TestNoPolicyOpensWhatConsentOrLawClosed: whatever the numbers, an action
// that steps 1 or 2 keep out is kept out there, when deciding and when sending.
func TestNoPolicyOpensWhatConsentOrLawClosed(t *testing.T) {
	t.Parallel()
	c, err := LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(manyPurposes)}})
	if err != nil {
		t.Fatal(err)
	}
	usual, err := New(Options{Catalogue: c, Propensity: Fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	closed, open := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		drawn := *c
		drawn.guide = drawFigures(t)
		other, err := New(Options{Catalogue: &drawn, Propensity: Fixed{}})
		if err != nil {
			t.Fatal(err)
		}
		r := drawRequest(t)
		was, is := usual.Decide("d", r), other.Decide("d", r)
		for _, a := range c.Actions() {
			before, after := shutBy(&was, a.ID), shutBy(&is, a.ID)
			if before != after {
				t.Fatalf("%s: %q by the defaults, %q by %v", a.ID, before, after, flat(drawn.guide.figures))
			}
			if before == "" {
				open++
				continue
			}
			closed++
			if slices.ContainsFunc(is.Survivors, func(s Survivor) bool { return s.Action == a.ID }) {
				t.Fatalf("%s survives", a.ID)
			}
			v, err := other.Gate(r, Sending{Action: a.ID})
			if err != nil || v.Allowed {
				t.Fatalf("%s may be sent: %+v, %v", a.ID, v, err)
			}
		}
	})
	if closed == 0 || open == 0 {
		t.Fatalf("%d closed and %d open: the requests show nothing", closed, open)
	}
}

// shutBy names the rule of consent or law that keeps an action out.
func shutBy(d *Decision, action string) string {
	for _, e := range d.NotChosen {
		if e.Action == action && e.Step <= legalStep {
			return e.Rule
		}
	}
	return ""
}

const manyPurposes = `version: 1
actions:
  - {id: sell, issue: i, group: g, purpose: marketing, channels: [agent, web, app, email, sms, push, call], title: T, say: S, value: {margin: 9}, prior: {p: 0.5}}
  - {id: sell.dear, issue: i, group: g, purpose: marketing, effect: legal, channels: [agent, web, app, email, sms, push, call], title: T, say: S, value: {margin: 900}, prior: {p: 0.5}}
  - {id: serve, issue: i, group: h, purpose: service, channels: [agent, web, app, email, sms, push, call], title: T, say: S, value: {margin: 9}, prior: {p: 0.5}}
  - {id: study, issue: i, group: h, purpose: research, channels: [agent, web, app, email, sms, push, call], title: T, say: S, value: {margin: 9}, prior: {p: 0.5}}
`

// underPolicy decides by a policy text.
func underPolicy(t *testing.T, policy string, o Options) *Decider {
	t.Helper()
	c, err := LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(manyPurposes)}, PolicyFile: {Data: []byte("version: 1\n" + policy)}})
	if err != nil {
		t.Fatal(err)
	}
	o.Catalogue, o.Propensity = c, Fixed{}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// allowed asks about somebody who said yes to everything.
func allowed(channel string, facts ...customer.Fact) Request {
	p := customer.New("cus_1", begun.AddDate(-2, 0, 0))
	p.SetTrait(customer.Trait{Name: "time_zone", Value: "Europe/Berlin", Source: "crm", At: begun, Confidence: 1})
	p.Seen(customer.Identifier{Type: "email", Value: "m@example.com", FirstSeen: begun, LastSeen: begun})
	for i, f := range facts {
		f.EventID = fmt.Sprint("f", i)
		p.Observe(f)
	}
	r := Request{At: begun, Profile: p, Channel: channel, Slot: channel + ".slot", N: 10}
	for _, purpose := range []consent.Purpose{consent.Marketing, consent.Research} {
		r.Ledger = append(r.Ledger, consent.Seal(r.Ledger, consent.Row{
			ID: "con_" + string(purpose), CustomerID: p.ID, Cell: consent.Cell{Purpose: purpose}, State: consent.Granted,
			At: begun.AddDate(-1, 0, 0), RecordedAt: begun.AddDate(-1, 0, 0), Source: "web", Actor: "customer",
		}))
	}
	return r
}

func ruleOf(d Decision, action string) string {
	for _, e := range d.NotChosen {
		if e.Action == action {
			return e.Rule
		}
	}
	return ""
}

// TestThePolicyDecides: each part of the document, by what it changes.
func TestThePolicyDecides(t *testing.T) {
	t.Parallel()
	mailed := customer.Fact{Name: "contact.email", At: begun.Add(-2 * day)}
	solved := []customer.Fact{{Name: "complaint.opened", At: begun.Add(-4 * day)}, {Name: "complaint.resolved", At: begun.Add(-3 * day)}}
	for _, c := range []struct {
		name, policy, action string
		ask                  Request
		was, is              string
	}{
		{"a limit", "limits: {email: {most: 2}}", "sell", allowed("email", mailed), "cp.email.week", ""},
		{"a limit of other days", "limits: {email: {days: 2}}", "sell", allowed("email", mailed), "cp.email.week", ""},
		{"a longer limit", "limits: {email: {days: 14}}", "sell", allowed("email", customer.Fact{Name: "contact.email", At: begun.Add(-9 * day)}), "", "cp.email.14_days"},
		{"who is exempt", "exempt: [service]", "study", allowed("email", mailed), "", "cp.email.week"},
		{"a cost", "channels: {web: {cost: 50}}", "sell", allowed("web"), "", "worth.net"},
		{"a floor", "channels: {web: {floor: 0.6}}", "sell", allowed("web"), "", "worth.floor"},
		{"after an issue", "contexts: {after_issue: 5d}", "sell", allowed("web", solved...), "", "context.open_issue"},
		{"patience", "patience: {exponent: 5}", "sell", allowed("web", mailed, mailed, customer.Fact{Name: "contact.sms", At: begun.Add(-day)}), "", "worth.net"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := ruleOf(underPolicy(t, "", Options{}).Decide("d", c.ask), c.action); got != c.was {
				t.Errorf("by the defaults: %q, want %q", got, c.was)
			}
			d := underPolicy(t, c.policy, Options{}).Decide("d", c.ask)
			if got := ruleOf(d, c.action); got != c.is {
				t.Errorf("by the policy: %q, want %q", got, c.is)
			}
			if d.Versions["policy"] == standing.version || len(d.Versions["policy"]) != 12 {
				t.Errorf("version %q", d.Versions["policy"])
			}
		})
	}
	outcome := func(what string, ago time.Duration) Request {
		r := allowed("web")
		r.Outcomes = []Outcome{{Action: "sell", Outcome: what, At: begun.Add(-ago), Channel: "web"}}
		return r
	}
	if got := ruleOf(underPolicy(t, "rests: {rejected: 24h, rejected_group: 24h}", Options{}).Decide("d", outcome(Rejected, 2*day)), "sell"); got != "" {
		t.Errorf("refused two days ago, resting one: %q", got)
	}
	if left := underPolicy(t, "memory: {later: {percent: 10, for: 48h}, dismissed: {percent: 0}}", Options{}); true {
		in := left.InfluenceOf(Choice{Action: "sell"}, Outcome{Outcome: Later, At: begun})
		if len(in) != 1 || in[0].Percent != 10 || !in[0].Until.Equal(begun.Add(2*day)) || left.InfluenceOf(Choice{Action: "sell"}, Outcome{Outcome: Dismissed, At: begun}) != nil {
			t.Errorf("remembered %+v", in)
		}
	}
}

// TestValuesOnTheScaleOfTheirGroup: V is the value over the group's median,
// and the unflattened value is told with it.
func TestValuesOnTheScaleOfTheirGroup(t *testing.T) {
	t.Parallel()
	d := underPolicy(t, "value: {scale: group}\nchannels: {web: {cost: 0.01}}", Options{}).Decide("d", allowed("web"))
	got := make(map[string][2]float64)
	for i := range d.Survivors {
		s := &d.Survivors[i]
		got[s.Action] = [2]float64{s.V, s.Worth(0.7)}
	}
	// 9 and 900 have the median 454.5; the other group is 9 and 9.
	for action, want := range map[string][2]float64{"sell": {0.1, 9}, "serve": {1, 9}, "study": {1, 9}} {
		if got[action] != want {
			t.Errorf("%s: V and worth %v, want %v", action, got[action], want)
		}
	}
}

// TestSharesOfASlot: a slot's own share, then that of all, then the setting.
func TestSharesOfASlot(t *testing.T) {
	t.Parallel()
	set := Explore{Thompson: 0.1, Uniform: 0.02, Careful: 0.03}
	for _, c := range []struct {
		policy, slot      string
		thompson, uniform float64
	}{
		{"", "web.banner", 0.1, 0.02},
		{"", "agent.call", 0.03, 0},
		{"explore: {thompson: 0.2, uniform: 0}", "web.banner", 0.2, 0},
		{"explore: {careful: 0}", "agent.call", 0, 0},
		{"explore: {slots: [{slot: web.retention, thompson: 0.01}]}", "web.retention", 0.01, 0},
		{"explore: {slots: [{slot: web.retention, thompson: 0.01}]}", "web.banner", 0.1, 0.02},
	} {
		g, err := readPolicy(PolicyFile, []byte("version: 1\n"+c.policy))
		if err != nil {
			t.Fatal(err)
		}
		if x := g.shares(c.slot, set); x.Thompson != c.thompson || x.Uniform != c.uniform {
			t.Errorf("%s in %s: %v and %v", c.policy, c.slot, x.Thompson, x.Uniform)
		}
	}
	r := allowed("web")
	d := underPolicy(t, "explore: {thompson: 0.5, uniform: 0.4}", Options{}).Decide("d", r)
	if best := slices.MaxFunc(d.Survivors, func(a, b Survivor) int { return int(1000 * (a.Pi - b.Pi)) }); !(best.Pi < 1) {
		t.Errorf("the policy's shares are not drawn: %+v", d.Survivors)
	}
}

// TestTheChangeLeavesTheLivePolicy: a change over a policy with shares does not
// write into the live one.
func TestTheChangeLeavesTheLivePolicy(t *testing.T) {
	t.Parallel()
	live := underPolicy(t, "explore: {thompson: 0.1, uniform: 0.02, slots: [{slot: a.b}]}\nexempt: [service]", Options{}).Options()
	before := live.Catalogue.Differences()
	o, _, err := live.With("x.yaml", []byte("version: 1\npolicy: {explore: {thompson: 0.3, slots: [{slot: c.d}]}, exempt: [research]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before, live.Catalogue.Differences()) || slices.Equal(before, o.Catalogue.Differences()) || *o.Catalogue.guide.Explore.Uniform != 0.02 {
		t.Errorf("live %v, changed %v", live.Catalogue.Differences(), o.Catalogue.Differences())
	}
}

func FuzzReadPolicy(f *testing.F) {
	f.Add("version: 1\nvalue: {gamma: 0.5}\nlimits: {email: {most: 2, days: 7}}\n")
	f.Add("version: 1\nrests: {rejected: 7d}\nexplore: {slots: [{slot: a, thompson: .nan}]}")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := readPolicy(PolicyFile, []byte(text))
		if err != nil {
			if _, ok := errors.AsType[*strict.Problem](err); !ok {
				t.Fatalf("got %v, want a refusal with its place", err)
			}
			return
		}
		raw, err := json.Marshal(g.figures)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := policyDocument(raw); err != nil || again.version != g.version {
			t.Fatalf("written and read again: %v", err)
		}
	})
}
