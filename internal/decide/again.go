package decide

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
func WasForgotten(d *Decision) bool { return d.Because == Unwanted || d.Because == Misplaced }

// Shown is a decision as screens and the log's followers get it: without what
// the model was told, what else might have been chosen and what challengers
// would have said, which is for those who audit. The stored one has it all.
func Shown(d Decision) Decision {
	d.Features, d.Survivors, d.Shadows, d.Trace, d.Snapshot = nil, nil, nil, nil, ""
	if d.Flip != nil {
		d.Flip = &Flip{GivenUp: d.Flip.GivenUp, By: d.Flip.By}
	}
	return d
}
