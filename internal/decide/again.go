package decide

// Options gives what the decider works with, catalogue and arms as they are now, so that
// another one can be made that differs in what is to be tried.
func (d *Decider) Options() Options {
	o := d.o
	o.Catalogue, o.Experiments = d.Catalogue(), d.Plan()
	return o
}

// WasForgotten says whether a decision is one of which the person wants nothing
// kept, see [Forgotten].
func WasForgotten(d *Decision) bool { return d.Because == Unwanted || d.Because == Misplaced }
