package app

import (
	"testing"
	"time"

	"github.com/spf13/pflag"

	"heed/insights"
	"heed/internal/config"
	"heed/internal/event"
)

// kindsOf gives what the default analyzers find in words, by kind.
func kindsOf(t *testing.T, change func(*config.Config), call insights.Call) map[insights.Kind]string {
	t.Helper()
	c := config.Bind(pflag.NewFlagSet("test", pflag.ContinueOnError))
	change(c)
	a, err := NewAnalyzer(*c, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "i am furious you took fifty dollars for the router tomorrow"}
	found := map[insights.Kind]string{}
	for _, in := range a.Analyze(&u, &call) {
		found[in.Kind] += in.Name + " " + in.Text + "|"
	}
	return found
}

// Where moods are off there is no mood; what is named is found all the same.
func TestMoodsAreOffWhereTheConfigurationSaysSo(t *testing.T) {
	call := insights.Call{Country: "DE", StartedAt: time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)}
	const named = "money USD 50.00|product Router|date 2026-05-21|"
	for name, c := range map[string]struct {
		change func(*config.Config)
		mood   bool
	}{
		"default":            {func(*config.Config) {}, false}, // as the law of the Union wants it
		"no exception":       {func(c *config.Config) { c.Sentiment.Except = []string{} }, true},
		"off":                {func(c *config.Config) { c.Sentiment.Default = "off" }, false},
		"off in Germany":     {func(c *config.Config) { c.Sentiment.Except = []string{"FR", "DE"} }, false},
		"on in Germany only": {func(c *config.Config) { c.Sentiment = config.Sentiment{Default: "off", Except: []string{"DE"}} }, true},
	} {
		found := kindsOf(t, c.change, call)
		if (found[insights.Sentiment] != "") != c.mood {
			t.Errorf("%s: mood %q", name, found[insights.Sentiment])
		}
		if found[insights.Entity] != named {
			t.Errorf("%s: named %q", name, found[insights.Entity])
		}
	}
}

func TestCountryOfACall(t *testing.T) {
	c := config.Bind(pflag.NewFlagSet("test", pflag.ContinueOnError))
	a := &App{o: Options{Config: *c}}
	for want, call := range map[string]event.Call{
		"DE": {Direction: "inbound", From: "+4930123456", To: "+12025550143"},
		"GB": {Direction: "outbound", From: "+4930123456", To: "+442079460000"},
		"US": {Direction: "inbound", From: "anonymous", To: "+4930123456"},
	} {
		if got := a.countryOf(call); got != want {
			t.Errorf("%+v: %q, want %q", call, got, want)
		}
	}
}
