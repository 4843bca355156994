package app

import (
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/config"
	"heed/internal/decide"
	"heed/internal/propensity"
)

// makeModel makes the model of propensity that the settings name, counted.
func (a *App) makeModel() (decide.Propensity, error) {
	calls := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "heed_decide_model_calls_total", Help: "How often the model of propensity was asked about a person.",
	})
	a.registry.MustRegister(calls)
	if a.o.Config.Decide.Model == "counting" {
		return askedModel{propensity.NewRival(), calls}, nil
	}
	m, err := propensity.New(propensity.Options{})
	if err != nil {
		return nil, err
	}
	return askedHierarchy{m, calls}, nil
}

// LoadFeatures reads what the model may be told.
func LoadFeatures(c config.Config) (*decide.Features, error) {
	if c.Decide.Features == "" {
		return decide.DefaultFeatures()
	}
	data, err := os.ReadFile(c.Decide.Features)
	if err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	f, err := decide.LoadFeatures(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Decide.Features, err)
	}
	return f, nil
}

// askedModel counts how often a model is asked: once a candidate.
type askedModel struct {
	decide.Propensity

	calls prometheus.Counter
}

func (m askedModel) Estimate(c *decide.Case) decide.Estimate {
	m.calls.Inc()
	return m.Propensity.Estimate(c)
}

// askedHierarchy counts the same of the model that estimates all candidates
// at once; it keeps what else that can do.
type askedHierarchy struct {
	*propensity.Model

	calls prometheus.Counter
}

var (
	_ decide.Together  = askedHierarchy{}
	_ decide.Explainer = askedHierarchy{}
)

func (m askedHierarchy) Estimate(c *decide.Case) decide.Estimate {
	m.calls.Inc()
	return m.Model.Estimate(c)
}

func (m askedHierarchy) EstimateAll(cases []decide.Case, out []decide.Estimate) {
	m.calls.Add(float64(len(cases)))
	m.Model.EstimateAll(cases, out)
}
