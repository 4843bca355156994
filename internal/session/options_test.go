package session

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/event"
)

func TestOptionsSayWhatIsMissing(t *testing.T) {
	good := Options{Brain: newMemory(), Dir: t.TempDir(), Key: masterKey, Logger: slogDiscard()}
	for name, spoil := range map[string]func(*Options){
		"brain":  func(o *Options) { o.Brain = nil },
		"folder": func(o *Options) { o.Dir = "" },
		"key":    func(o *Options) { o.Key = []byte("short") },
		"logger": func(o *Options) { o.Logger = nil },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil {
			t.Errorf("made a manager without a %s", name)
		}
	}
	o, err := good.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if o.MaxCalls != 100 || o.Grace != 15*time.Second || o.SilentAfter != 30*time.Second || o.Now == nil {
		t.Errorf("defaults %+v", o)
	}
	o.Captions.Partial("c", insights.Agent, 1, "", 0, 0) // what is not given does nothing
	if e, _ := o.Engine(event.Call{}, insights.Agent, nil); e != nil || o.Measure(nil, 0, nil) != nil {
		t.Error("an engine or a measure out of nothing")
	}
	if text, words := o.Writer(event.Call{})(&insights.Utterance{Text: "hello"}); text != "" || words != nil {
		t.Errorf("written out of nothing: %q %v", text, words)
	}
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	reg := prometheus.NewRegistry()
	o := Options{Brain: newMemory(), Dir: t.TempDir(), Key: masterKey, Logger: slogDiscard(), Registerer: reg}
	if _, err := New(o); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil {
		t.Error("two managers share one registerer without a word")
	}
	families, err := reg.Gather()
	if err != nil || len(families) < 7 {
		t.Errorf("%d metrics, %v", len(families), err)
	}
}
