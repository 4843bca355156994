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
	Explore  float64  // share of decisions drawn by how sure the model is, on web and outbound channels
	Uniform  float64  // share drawn evenly there
	Careful  float64  // share drawn by how sure the model is, on agents' screens
	Trust    []string // name=0.5: how far the sources of outcomes are believed; see [Decide.Weights]
}

func (d *Decide) bind(fs *pflag.FlagSet) {
	fs.StringVar(&d.Model, "decide-model", "hierarchical", "what estimates the chance that an action is accepted: hierarchical, or counting, the plain rival")
	fs.StringVar(&d.Features, "decide-features", "", "file that lists what that model may be told of a person, in place of the built-in list")
	fs.Float64Var(&d.Explore, "decide-explore", 0.10, "share of decisions on web and outbound channels in which another action than the best is tried, drawn by how sure the model is")
	fs.Float64Var(&d.Uniform, "decide-uniform", 0.02, "share of them that is drawn evenly, so that every policy can be judged afterwards")
	fs.Float64Var(&d.Careful, "decide-careful", 0.02, "the first share on agents' screens, where nothing is drawn evenly")
	fs.StringSliceVar(&d.Trust, "decide-trust", nil, "how far the sources of outcomes are believed, such as shop=0.5; 0 is not at all, one that is not named 1")
}

func (d *Decide) validate(add func(string, error)) {
	add("decide-model", oneOf(d.Model, "hierarchical", "counting"))
	for name, share := range map[string]float64{"decide-explore": d.Explore, "decide-uniform": d.Uniform, "decide-careful": d.Careful} {
		if !(share >= 0 && share <= 0.5) {
			add(name, fmt.Errorf("%v is not from 0 to 0.5", share))
		}
	}
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
