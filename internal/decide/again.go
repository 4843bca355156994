package decide

import "slices"

// Options gives what the decider works with, the catalogue, the
// arms and the features as they are now, so that
// another one can be made that differs in what is to be tried.
func (d *Decider) Options() Options {
	o := d.o
	o.Catalogue, o.Experiments, o.Features = d.Catalogue(), d.Plan(), d.Features()
	return o
}

// WasForgotten says whether a decision is one of which the person wants nothing
// kept, see [Forgotten].
func WasForgotten(d *Decision) bool {
	return d.Because == Unwanted || d.Because == Misplaced || d.Because == Aged
}

// Shown is a decision as screens and the log's followers get it: without how it
// was asked for, what the model was told and made of it, what else might have been chosen and what
// challengers would have said, which is for those who audit. The stored one has
// it all.
func Shown(d Decision) Decision {
	d.Asked, d.Features, d.Survivors, d.Shadows, d.Trace, d.Snapshot = nil, nil, nil, nil, nil, ""
	if d.Flip != nil {
		d.Flip = &Flip{GivenUp: d.Flip.GivenUp, By: d.Flip.By}
	}
	d.Actions = slices.Clone(d.Actions)
	for i := range d.Actions {
		ofModel := func(r Reason) bool { return r.Kind == "feature" || r.Kind == "model" }
		d.Actions[i].Reasons = slices.DeleteFunc(slices.Clone(d.Actions[i].Reasons), ofModel)
	}
	return d
}
