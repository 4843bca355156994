package propensity

import (
	"fmt"
	"math"
	"sync"

	"heed/internal/decide"
)

// Rival is the counting model that [Model] has to beat, and may stand in for
// it: each action by itself counts yes and no, altogether and by feature; the
// score of a case is how far its features' log-odds are from the action's, in
// the mean; and each of twenty
// bins of the score counts again what came of it. The chance is the mean of
// the bin's beta distribution, which starts at the catalogue's prior.
//
// It does not forget, knows nothing of groups, and keeps no lessons: a later
// truth counts beside the first.
type Rival struct {
	mu      sync.RWMutex
	actions map[string]*counted
	learnt  int64
}

// counted is what the rival knows of an action.
type counted struct {
	all      tally
	features map[uint64]*tally
	bins     [binsOf]tally
}

type tally struct{ yes, no, odds float64 }

// add counts; odds are the smoothed log-odds of what was counted.
func (t *tally) add(yes bool, much float64) {
	if yes {
		t.yes += much
	} else {
		t.no += much
	}
	t.odds = math.Log((t.yes + 0.5) / (t.no + 0.5))
}

var _ decide.Propensity = (*Rival)(nil)

// NewRival makes a rival that has seen nothing.
func NewRival() *Rival { return &Rival{actions: make(map[string]*counted)} }

// Name tells how many outcomes it has learnt from.
func (r *Rival) Name() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return fmt.Sprintf("counting@%d", r.learnt)
}

// Estimate gives the mean of the bin's beta distribution. Its interval is
// worked out in log-odds, so that it stays inside 0 and 1.
func (r *Rival) Estimate(c *decide.Case) decide.Estimate {
	yes, no := r.Beta(c)
	e := decide.Estimate{P: yes / (yes + no), M: math.Log(yes / no), S: 1/yes + 1/no}
	e.Low, e.High = decide.Middle(e.M, e.S)
	return e
}

// Beta gives the parameters of the distribution of the chance, each above 0.
func (r *Rival) Beta(c *decide.Case) (yes, no float64) {
	p, weight := c.Prior, c.Weight
	if !stated(c) || !(weight > 0) {
		p, weight = 0.5, 2 // every chance is as likely
	}
	yes, no = p*weight, (1-p)*weight
	r.mu.RLock()
	defer r.mu.RUnlock()
	if a := r.actions[c.Action]; a != nil {
		b := a.bins[a.bin(c.Features)]
		yes, no = yes+b.yes, no+b.no
	}
	return yes, no
}

// scoreFrom and scoreWidth place the bins of the score, which is a mean of
// many and so seldom far from 0.
const scoreFrom, scoreWidth = -0.5, 0.05

// bin places a case by how far the log-odds of its features lie from those of
// the action, in the mean. It reads what the caller has locked.
//
//go:norace
func (a *counted) bin(features []decide.Feature) int {
	sum, n := 0.0, 1e-9
	for i := range features {
		if t := a.features[hash(kindFeature, features[i].Name, features[i].Value)]; t != nil {
			sum += t.odds - a.all.odds
			n++
		}
	}
	return min(binsOf-1, max(0, int((sum/n-scoreFrom)/scoreWidth)))
}

// Learn counts one outcome.
func (r *Rival) Learn(l *decide.Lesson) {
	much := l.Trust
	if much == 0 {
		much = 1
	}
	if l.Action == "" || !(much > 0 && much <= 1) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.actions[l.Action]
	if a == nil {
		a = &counted{features: make(map[uint64]*tally)}
		r.actions[l.Action] = a
	}
	a.bins[a.bin(l.Features)].add(l.Positive, much)
	a.all.add(l.Positive, much)
	for i := range l.Features {
		key := hash(kindFeature, l.Features[i].Name, l.Features[i].Value)
		t := a.features[key]
		if t == nil {
			t = &tally{}
			a.features[key] = t
		}
		t.add(l.Positive, much)
	}
	r.learnt++
}
