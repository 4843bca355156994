package app

import (
	"testing"
	"time"

	"github.com/spf13/pflag"

	"heed/insights"
	"heed/insights/sentiment"
	"heed/internal/config"
	"heed/internal/event"
)

// Where moods are off there is no mood, and it is so in the Union unless the
// settings say otherwise.
func TestMoodsAreOffWhereTheConfigurationSaysSo(t *testing.T) {
	call := insights.Call{Country: "DE"}
	for name, c := range map[string]struct {
		change func(*config.Config)
		mood   bool
	}{
		"default":            {func(*config.Config) {}, false},
		"no exception":       {func(c *config.Config) { c.Sentiment.Except = []string{} }, true},
		"off":                {func(c *config.Config) { c.Sentiment.Default = "off" }, false},
		"off in Germany":     {func(c *config.Config) { c.Sentiment.Except = []string{"FR", "DE"} }, false},
		"on in Germany only": {func(c *config.Config) { c.Sentiment = config.Sentiment{Default: "off", Except: []string{"DE"}} }, true},
	} {
		settings := config.Bind(pflag.NewFlagSet("test", pflag.ContinueOnError))
		c.change(settings)
		moods, err := sentiment.New(moodOptions(*settings))
		if err != nil {
			t.Fatal(err)
		}
		u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "i am furious you took fifty dollars for the router"}
		if found := moods.Analyze(&u, &call); (len(found) > 0) != c.mood {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// What is named is found where moods are off, too.
func TestWhatIsNamedIsFound(t *testing.T) {
	a, err := NewAnalyzer(*config.Bind(pflag.NewFlagSet("test", pflag.ContinueOnError)), nil)
	if err != nil {
		t.Fatal(err)
	}
	call := insights.Call{Country: "DE", StartedAt: time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)}
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "i am furious you took fifty dollars for the router tomorrow"}
	named := ""
	for _, in := range a.Analyze(&u, &call) {
		if in.Kind == insights.Entity {
			named += in.Name + " " + in.Text + "|"
		}
		if in.Kind == insights.Sentiment {
			t.Errorf("a mood in the Union: %+v", in)
		}
	}
	if want := "money USD 50.00|product Router|date 2026-05-21|"; named != want {
		t.Errorf("named %q, want %q", named, want)
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
