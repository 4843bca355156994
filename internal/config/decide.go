package config

import "github.com/spf13/pflag"

// Decide says how the next best action is chosen.
type Decide struct {
	Model    string // hierarchical or counting
	Features string // file with what the model may be told; empty is the built-in list
}

func (d *Decide) bind(fs *pflag.FlagSet) {
	fs.StringVar(&d.Model, "decide-model", "hierarchical", "what estimates the chance that an action is accepted: hierarchical, or counting, the plain rival")
	fs.StringVar(&d.Features, "decide-features", "", "file that lists what that model may be told of a person, in place of the built-in list")
}

func (d *Decide) validate(add func(string, error)) {
	add("decide-model", oneOf(d.Model, "hierarchical", "counting"))
}
