package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// Decide says how the next best action is chosen.
type Decide struct {
	Model    string   // hierarchical or counting
	Features string   // file with what the model may be told; empty is the built-in list
	Trust    []string // name=0.5: how far the sources of outcomes are believed; see [Decide.Weights]
}

func (d *Decide) bind(fs *pflag.FlagSet) {
	fs.StringVar(&d.Model, "decide-model", "hierarchical", "what estimates the chance that an action is accepted: hierarchical, or counting, the plain rival")
	fs.StringVar(&d.Features, "decide-features", "", "file that lists what that model may be told of a person, in place of the built-in list")
	fs.StringSliceVar(&d.Trust, "decide-trust", nil, "how far the sources of outcomes are believed, such as shop=0.5; 0 is not at all, one that is not named 1")
}

func (d *Decide) validate(add func(string, error)) {
	add("decide-model", oneOf(d.Model, "hierarchical", "counting"))
	for _, t := range d.Trust {
		_, _, err := trusted(t)
		add("decide-trust", err)
	}
}

// Weights gives the trust by source, 0..1.
func (d *Decide) Weights() map[string]float64 {
	out := make(map[string]float64, len(d.Trust))
	for _, t := range d.Trust {
		if name, weight, err := trusted(t); err == nil {
			out[name] = weight
		}
	}
	return out
}

func trusted(text string) (name string, weight float64, err error) {
	name, number, found := strings.Cut(text, "=")
	weight, err = strconv.ParseFloat(number, 64)
	if !found || name == "" || err != nil || !(weight >= 0 && weight <= 1) {
		return "", 0, fmt.Errorf("%q is not a source and a number from 0 to 1, such as shop=0.5", text)
	}
	return name, weight, nil
}
