package decide_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// told decides and gives what the model was told, as "name=value*much".
func told(t *testing.T, f *decide.Features, r decide.Request) []string {
	t.Helper()
	dec := decider(t, decide.Options{Features: f}, catalogueText(actionText("a", "    purpose: marketing"))).Decide("d", r)
	var out []string
	for _, f := range dec.Features {
		text := f.Name + "=" + f.Value
		if f.Much != 0 {
			text += fmt.Sprintf("*%.2f", f.Much)
		}
		out = append(out, text)
	}
	if out != nil && dec.Versions["features"] == "" {
		t.Error("the decision does not name the list")
	}
	return out
}

func features(t *testing.T, list string) *decide.Features {
	t.Helper()
	f, err := decide.LoadFeatures([]byte("version: t/1\nfeatures:\n" + list))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func has(name string, value any) func(*customer.Profile) {
	return func(p *customer.Profile) {
		p.SetTrait(customer.Trait{Name: name, Value: value, Source: "crm", At: noon, Confidence: 1})
	}
}

func did(name string, ago time.Duration) func(*customer.Profile) {
	return func(p *customer.Profile) {
		p.Observe(customer.Fact{EventID: fmt.Sprint(name, ago), Name: name, At: noon.Add(-ago)})
	}
}

func TestEachKindOfFeature(t *testing.T) {
	t.Parallel()
	const tenure = "{name: tenure, kind: months, of: since, unit: m, bounds: [12, 36, 60]}"
	const bill = "{name: bill, kind: number, of: bill, bounds: [10.5, 20]}"
	for _, c := range []struct {
		list string
		with []func(*customer.Profile)
		want string
	}{
		{"{name: mood, kind: signal, of: mood}", nil, "mood=0.0"},
		{"{name: churn, kind: signal, of: churn_risk}", nil, "churn=0.0"}, // 0.0998
		{"{name: churn, kind: signal, of: churn_risk}", []func(*customer.Profile){did("page.cancel", 0), did("page.cancel", time.Minute), did("page.cancel", time.Hour)}, "churn=0.7"},
		{"{name: said, kind: labels}", nil, "said=intent.cancel*0.71 said=theme.price*0.71"},
		{"{name: plan, kind: category, of: plan}", []func(*customer.Profile){has("plan", "Gold")}, "plan=gold"},
		{"{name: plan, kind: category, of: plan}", []func(*customer.Profile){has("plan", true)}, "plan=true"},
		{"{name: plan, kind: category, of: plan}", []func(*customer.Profile){has("plan", 3.0)}, "plan=missing"},
		{"{name: plan, kind: category, of: plan}", nil, "plan=missing"},
		{tenure, []func(*customer.Profile){has("since", noon.AddDate(-3, 0, 1).Format(time.DateOnly))}, "tenure=12-36m"},
		{tenure, []func(*customer.Profile){has("since", noon.AddDate(-3, 0, 0).Format(time.DateOnly))}, "tenure=36-60m"},
		{tenure, []func(*customer.Profile){has("since", noon.AddDate(-30, 0, 0).Format(time.DateOnly))}, "tenure=>=60m"},
		{tenure, []func(*customer.Profile){has("since", noon.AddDate(1, 0, 0).Format(time.DateOnly))}, "tenure=missing"},
		{tenure, []func(*customer.Profile){has("since", "soon")}, "tenure=missing"},
		{bill, []func(*customer.Profile){has("bill", 10.5)}, "bill=10.5-20"},
		{bill, []func(*customer.Profile){has("bill", -1.0)}, "bill=<10.5"},
		{bill, []func(*customer.Profile){has("bill", "10")}, "bill=missing"},
		{"{name: owns, kind: traits, of: product.*}", []func(*customer.Profile){has("product.dsl", true), has("product.tv", true), has("product.old", false), has("product.health", true)}, "owns=dsl*0.71 owns=tv*0.71"},
		{"{name: owns, kind: traits, of: product.*}", nil, "owns=none"},
		{"{name: many, kind: size, of: product.*}", []func(*customer.Profile){has("product.a", true), has("product.b", true), has("product.c", true)}, "many=2-3"},
		{"{name: mails, kind: count, of: contact.*, days: 7}", []func(*customer.Profile){did("contact.email", day), did("contact.sms", 8*day)}, "mails=1"},
		{"{name: last, kind: age, of: contact.*}", []func(*customer.Profile){did("contact.email", 2*day), did("contact.sms", 40*day)}, "last=7d"},
		{"{name: last, kind: age, of: contact.sms}", []func(*customer.Profile){did("contact.email", 2*day), did("contact.sms", 400*day)}, "last=older"},
		{"{name: last, kind: age, of: contact.sms}", nil, "last=never"},
	} {
		p := cus("cus_1")
		for _, add := range c.with {
			add(&p)
		}
		var labels []string
		if strings.Contains(c.list, "labels") {
			labels = []string{"intent.cancel", "theme.price"}
		}
		r := caller(p, grant(consent.Marketing), labels...)
		if got := strings.Join(told(t, features(t, "  - "+c.list), r), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.list, got, c.want)
		}
	}
}

// A trait or a feature of a purpose that was not allowed is never a value.
func TestWhatWasNotAllowedIsNotTold(t *testing.T) {
	t.Parallel()
	list := features(t, "  - {name: plan, kind: category, of: plan}\n  - {name: calls, kind: count, of: contact.call, days: 9, purpose: research}\n  - {name: more, kind: age, of: contact.call, purpose: research}\n")
	p := cus("cus_1")
	p.SetTrait(customer.Trait{Name: "plan", Value: "gold", Source: "crm", At: noon, Confidence: 1, Purpose: "research"})
	row := func(state consent.State) consent.Row {
		return consent.Row{ID: "r" + string(state), Cell: consent.Cell{Purpose: consent.Research}, State: state, At: noon.Add(-time.Hour), RecordedAt: noon.Add(-time.Hour)}
	}
	for want, rows := range map[string][]consent.Row{
		"consent_missing=research":     nil,
		"plan=gold calls=0 more=never": {row(consent.Granted)},
		"consent_missing=research ":    {row(consent.Denied)}, // refused looks as if nobody asked
	} {
		r := caller(p, append(grant(consent.Marketing), rows...))
		if got := strings.Join(told(t, list, r), " "); got != strings.TrimSpace(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Who does not want to be profiled is not described at all.
func TestNobodyIsDescribedWhoRefusedIt(t *testing.T) {
	t.Parallel()
	f, err := decide.DefaultFeatures()
	if err != nil {
		t.Fatal(err)
	}
	p := cus("cus_1")
	has("plan", "gold")(&p)
	for purpose, want := range map[consent.Purpose]bool{consent.Profiling: false, consent.Tracking: false, consent.Sale: true} {
		rows := append(grant(consent.Marketing), consent.Row{ID: "no", Cell: consent.Cell{Purpose: purpose}, State: consent.Denied, At: noon.Add(-time.Hour), RecordedAt: noon.Add(-time.Hour)})
		if got := told(t, f, caller(p, rows)); (len(got) > 0) != want {
			t.Errorf("%s refused: %v", purpose, got)
		}
	}
}

// The words of a call never get there, whatever the list.
func TestOnlyLabelsOfACallAreTold(t *testing.T) {
	t.Parallel()
	f, err := decide.DefaultFeatures()
	if err != nil {
		t.Fatal(err)
	}
	r := caller(cus("cus_1"), grant(consent.Marketing))
	r.Heard = []insights.Signal{{Label: "intent.cancel", Speaker: insights.Customer, Confidence: 0.9, Quote: "I am 83 and ill"}}
	got := told(t, f, r)
	if !slices.Contains(got, "said=intent.cancel*1.00") || strings.Contains(strings.Join(got, " "), "83") {
		t.Errorf("%v", got)
	}
}

func TestFeaturesAreRefused(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"{name: age, kind: number, of: x, bounds: [30]}":                    "protected",
		"{name: x, kind: category, of: dateOfBirth}":                        "protected",
		"{name: x, kind: category, of: customer_gender}":                    "protected",
		"{name: x, kind: category, of: family-status}":                      "protected",
		"{name: x, kind: category, of: home.postcode}":                      "protected",
		"{name: x, kind: category, of: email}":                              "protected",
		"{name: x, kind: category, of: stage}":                              "",
		"{name: package, kind: category, of: manager}":                      "",
		"{name: x, kind: quote, of: y}":                                     "want signal, labels",
		"{name: x, kind: signal, of: luck}":                                 "there are churn_risk",
		"{name: x, kind: labels, of: intent.cancel}":                        "all labels",
		"{name: x, kind: count, of: y}":                                     "1 to 3650",
		"{name: x, kind: number, of: y}":                                    "1 to 11",
		"{name: x, kind: number, of: y, bounds: [2, 1]}":                    "rising",
		"{name: x, kind: number, of: y, bounds: [.nan]}":                    "rising",
		"{name: x, kind: traits, of: \"*\"}":                                "a family",
		"{name: 'a b', kind: category, of: y}":                              "without spaces",
		"{name: x, kind: category}":                                         "what it reads",
		"{name: x, kind: category, of: y, purpose: fun}":                    "no purpose",
		"{name: x, kind: category, of: y, colour: red}":                     "colour",
		"{name: x, kind: age, of: y}\n  - {name: x, kind: category, of: z}": "two of this name",
	} {
		_, err := decide.LoadFeatures([]byte("version: t/1\nfeatures:\n  - " + list))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", list, err, want)
		}
	}
	for _, data := range []string{"", "{", "version: t/1", "features: [{name: x, kind: age, of: y}]"} {
		if _, err := decide.LoadFeatures([]byte(data)); err == nil {
			t.Errorf("%q is taken", data)
		}
	}
	own := "version: t/1\nforbidden: [[tariff]]\nfeatures:\n  - {name: x, kind: category, of: my_tariff}\n"
	if _, err := decide.LoadFeatures([]byte(own)); err == nil {
		t.Error("what the list itself forbids is taken")
	}
}

// The bounds follow the people: as many in each bin, whatever the order.
func TestBoundsFollowThePeople(t *testing.T) {
	t.Parallel()
	list := features(t, "  - {name: bill, kind: number, of: bill, bounds: [1]}\n  - {name: rare, kind: number, of: rare, bounds: [7]}\n")
	n, err := list.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1200 {
		p := cus(fmt.Sprint("c", i))
		has("bill", float64(i*37%1200))(&p)
		if i < 10 {
			has("rare", 3.0)(&p)
		}
		if err := n.Add(&p, nil, noon); err != nil {
			t.Fatal(err)
		}
	}
	refused := cus("refused")
	has("bill", 1e9)(&refused)
	for range 600 {
		if err := n.Add(&refused, deny(consent.Profiling), noon); err != nil {
			t.Fatal(err)
		}
	}
	fresh, err := list.WithBounds("t/2", n.Bounds())
	if err != nil || fresh.Version() != "t/2" {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for i := range 1200 {
		p := cus("cus_1")
		has("bill", float64(i))(&p)
		got := told(t, fresh, caller(p, grant(consent.Marketing)))
		if len(got) != 2 {
			t.Fatalf("%d: told %v", i, got)
		}
		seen[got[0]]++
		if got[1] != "rare=missing" {
			t.Fatal(got)
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d bins", len(seen))
	}
	for bin, people := range seen {
		if math.Abs(float64(people)-100) > 15 {
			t.Errorf("%s has %d of 1200", bin, people)
		}
	}
	if _, err := list.WithBounds("t/3", map[string][]float64{"other": {1}}); err == nil {
		t.Error("bounds of a number that there is not are taken")
	}
}
