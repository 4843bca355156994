package decide_test

import (
	"fmt"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// busy is a caller with a history, in the middle of a cancellation.
func busy() decide.Request {
	p := cus("cus_1")
	for i := range 60 {
		p.Observe(customer.Fact{EventID: fmt.Sprint("v", i), Name: []string{"page.cancel", "contact.email", "purchase", "page.product"}[i%4], At: noon.Add(-time.Duration(i) * 20 * time.Hour)})
	}
	p.SetTrait(customer.Trait{Name: "product.mobile", Value: true, Source: "crm", At: noon, Confidence: 1})
	return caller(p, grant(consent.Marketing), "intent.greeting", "intent.cancel", "theme.price", "theme.contract", "moment.competitor_named", "moment.price_objection", "intent.upgrade_interest")
}

// forty is the shop's catalogue twice over.
func forty(b testing.TB) *decide.Decider {
	var actions []string
	for i := range 40 {
		actions = append(actions, actionText(fmt.Sprintf("a%d", i), fmt.Sprintf(`    purpose: %s
    context: [{label: intent.cancel, weight: 40}, {label: moment.competitor_named, weight: %d}]
    policies:
      - {id: p1, kind: eligibility, when: '!owns("fibre")', unknown: keep, why: w}
      - {id: p2, kind: applicability, when: 'label("intent.cancel") || high("churn_risk")', why: w}
      - {id: p3, kind: suitability, when: '!flag("arrears") && signal("mood") > -0.9', unknown: keep, why: w}
      - {id: p4, kind: contact, when: 'count("discount.given", days(180)) < 1', why: w}`, []string{"service", "marketing"}[i%2], i+1)))
	}
	return decider(b, decide.Options{}, catalogueText(actions...))
}

func BenchmarkDecideShop(b *testing.B)  { benchmark(b, shop(b)) }
func BenchmarkDecideForty(b *testing.B) { benchmark(b, forty(b)) }

func benchmark(b *testing.B, d *decide.Decider) {
	r := busy()
	b.ReportAllocs()
	for b.Loop() {
		if dec := d.Decide("d", r); len(dec.Actions) == 0 {
			b.Fatal(dec.Because)
		}
	}
}

// Deciding is in the path of every sentence that is spoken: what it allocates
// is held down by a test, because time on a shared machine cannot be. Under the
// race detector the pool lets go of a moment now and then, which costs 60.
func TestDecidingAllocatesLittle(t *testing.T) {
	d, r := forty(t), busy()
	if n := testing.AllocsPerRun(100, func() { d.Decide("d", r) }); n > 400 {
		t.Errorf("%v allocations for 40 actions, want at most 400", n)
	}
}
