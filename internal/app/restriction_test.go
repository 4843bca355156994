package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/consent"
	"heed/internal/ledger"
)

// TestRestriction pauses the use of a person's data by the officer and by the
// customer at their own door: it is kept, their profile is not shown as
// figures, nobody scores them, only plain service is suggested, and the systems
// that are told see a no, until it is lifted.
func TestRestriction(t *testing.T) {
	dir, metrics := filepath.Join(t.TempDir(), "data"), prometheus.NewRegistry()
	cfg := settings(t, dir)
	cfg.Content.Actions = offers(t)
	a, err := app.New(t.Context(), app.Options{
		Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil), Registry: metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Client: run(t, a), dir: dir}
	c := o.Client
	id := person(t, c, "+12125550106", "")
	report(t, c, "/v1/track", `{"anonymousId": "a", "context": {"traits": {"phone": "+12125550106"}}, "event": "Product Added"}`, nil)
	allow(t, c, id, "marketing", "granted")
	var made struct{ Key string }
	o.must(t, "POST", "/v1/consent/recipients", map[string]any{"name": "mailer", "purposes": []string{"marketing"}}, &made)
	mailer := &system{name: "mailer", key: made.Key}
	told := func(want consent.State) {
		t.Helper()
		var got []ledger.ConsentChange
		within(t, fmt.Sprintf("the recipient is told that marketing is %s", want), func() bool {
			got = mailer.hear(t, o, 1)
			return len(got) == 1 && got[0].Purpose == consent.Marketing && got[0].State == want
		})
		mailer.sees(t, o, got)
	}
	scored := func() float64 { return value(t, metrics, "heed_decide_model_calls_total") }
	told(consent.Granted)
	facts, readings := kept(t, c, id)
	if rule, why := removedBy(decided(t, c, id, "email")); rule != "" || readings == 0 || scored() == 0 {
		t.Fatalf("before, the sale is removed by %q: %s (%d readings)", rule, why, readings)
	}

	paused := func() {
		t.Helper()
		before := scored()
		for _, channel := range []string{"email", "web", "agent"} {
			d := decided(t, c, id, channel)
			if rule, _ := removedBy(d); rule != "consent.processing" {
				t.Errorf("on %s the sale is removed by %q", channel, rule)
			}
			if len(d.Actions) != 1 || d.Actions[0].Action != "serve" || len(d.Readings) != 0 {
				t.Errorf("on %s: %+v", channel, d.Actions)
			}
		}
		if n := scored(); n != before {
			t.Errorf("the model was asked %v times more", n-before)
		}
		if still, readings := kept(t, c, id); !slices.Equal(still[:len(facts)], facts) || readings != 0 {
			t.Errorf("kept %v of %v, %d readings", still, facts, readings)
		}
		told(consent.Withdrawn)
	}
	goesOn := func() {
		t.Helper()
		if rule, why := removedBy(decided(t, c, id, "email")); rule != "" {
			t.Errorf("lifted, the sale is removed by %q: %s", rule, why)
		}
		told(consent.Granted)
	}

	allow(t, c, id, "processing", "withdrawn")
	paused()
	report(t, c, "/v1/track", `{"anonymousId": "a", "context": {"traits": {"phone": "+12125550106"}}, "event": "Product Viewed"}`, nil)
	if still, _ := kept(t, c, id); len(still) != len(facts)+1 {
		t.Errorf("what comes in is kept: %v", still)
	}
	if status := ask(t, c, http.MethodPost, "/v1/customers/"+id+"/consent", `{"purpose": "processing", "state": "withdrawn", "channel": "email"}`, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("a pause of one channel is answered %d", status)
	}
	allow(t, c, id, "processing", "granted")
	goesOn()

	p := enter(t, c, dir, "+12125550106", map[string]bool{})
	p.get("/my/choices")
	p.wants(http.StatusOK, "Pause the use of my data", "Your data is used as your choices say.")
	p.post("/my/choices", "use", "asked.processing", "say", "no") // one click
	p.wants(http.StatusOK, "Saved.", "The use of your data is paused.", "Lift the pause")
	paused()
	p.post("/my/choices", "use", "asked.processing", "say", "yes") // one click
	p.wants(http.StatusOK, "Saved.", "Your data is used as your choices say.")
	goesOn()
}

// kept gives the facts of a person that are shown, and how many figures.
func kept(t *testing.T, c *client.Client, id string) (facts []string, readings int) {
	t.Helper()
	var v struct {
		Facts    []struct{ Name string }
		Readings []any
	}
	if status := ask(t, c, http.MethodGet, "/v1/customers/"+id, "", &v); status != http.StatusOK {
		t.Fatal(status)
	}
	for _, f := range v.Facts {
		facts = append(facts, f.Name)
	}
	return facts, len(v.Readings)
}
