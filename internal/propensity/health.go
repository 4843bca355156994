package propensity

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// recent is how many outcomes the AUC is worked out from.
const recent = 10_000

// record is what became of an action on a channel.
type record struct {
	Responses int64     `json:"responses"`
	Positives int64     `json:"positives"`
	Loss      float64   `json:"loss"`     // summed log loss, each before it was learnt
	Evidence  float64   `json:"evidence"` // summed precision, in the timekeeper's scale
	Last      time.Time `json:"last"`
	Rates     table     `json:"rates"`
	Recent    []mark    `json:"recent"`  // a ring once it is full
	Entered   int64     `json:"entered"` // how many ever went into it
}

// mark is a chance and what came, for ranking.
type mark struct {
	P   float32 `json:"p"`
	Yes bool    `json:"y,omitempty"`
}

// count enters a lesson in the tables, or with a sign of -1 takes it out.
func (m *Model) count(l *lesson, sign float64) *record {
	scale := sign * m.time.scale(l.Halves)
	in := cell{l.Group, l.Channel}
	g := m.groups[in]
	if g == nil {
		g = &calibration{}
		m.groups[in] = g
	}
	g.Scores.add(l.Score.Z, l.Score.Z, l.Yes, l.Trust*scale)
	g.Rates.add(logit(l.Score.P), l.Score.P, l.Yes, l.Trust*scale)
	in = cell{l.Action, l.Channel}
	r := m.cells[in]
	if r == nil {
		r = &record{}
		m.cells[in] = r
	}
	r.Rates.add(logit(l.Score.P), l.Score.P, l.Yes, l.Trust*scale)
	gain := 0.0
	for i := range l.Weights {
		gain += l.gain(&l.Weights[i])
	}
	r.Evidence = max(0, r.Evidence+scale*gain)
	r.Loss += sign * l.Score.loss()
	r.Responses += int64(sign)
	if l.Yes {
		r.Positives += int64(sign)
	}
	return r
}

// enter puts an outcome into the ring; one that is corrected goes where it
// was, if that is still there.
func (r *record) enter(l *lesson, again bool) {
	r.Last = l.At
	s := mark{float32(l.Score.P), l.Yes}
	switch {
	case again && r.Entered-l.Place > recent:
		return
	case !again:
		l.Place = r.Entered
		r.Entered++
	}
	if l.Place == int64(len(r.Recent)) {
		r.Recent = append(r.Recent, s)
		return
	}
	r.Recent[l.Place%recent] = s
}

func (s scored) loss() float64 {
	p := s.P
	if !s.Yes {
		p = 1 - p
	}
	return -math.Log(max(1e-12, p))
}

// Health is how a model does. It is a copy: nothing in it changes.
type Health struct {
	Model     string         `json:"model"`
	Lessons   int64          `json:"lessons"`
	Corrected int64          `json:"corrected"` // lessons that a later truth replaced
	Refused   int64          `json:"refused"`   // lessons that said nothing usable
	Slots     int            `json:"slots"`
	Used      int            `json:"used"`
	Shared    int            `json:"shared"` // slots where keys met
	Open      int            `json:"open"`   // lessons that can still be corrected
	AUC       float64        `json:"auc"`    // of the actions, weighed by responses; 0.5 says nothing. Never pooled
	Actions   []ActionHealth `json:"actions"`
	Groups    []GroupHealth  `json:"groups"`
}

// ActionHealth is how the model does for an action on a channel.
type ActionHealth struct {
	Action      string    `json:"action"`
	Channel     string    `json:"channel"`
	Responses   int64     `json:"responses"`
	Positives   int64     `json:"positives"`
	Rate        float64   `json:"rate"`              // positives of the responses, 0..1
	AUC         float64   `json:"auc"`               // of the last 10,000; 0.5 while only one answer was seen
	Calibration float64   `json:"calibration_error"` // 0..1
	LogLoss     float64   `json:"log_loss"`          // a response, each before it was learnt
	BaseLoss    float64   `json:"base_log_loss"`     // of always saying Rate
	Evidence    float64   `json:"evidence"`          // precision gained, as much as is not forgotten
	LastLearned time.Time `json:"last_learned"`
	Mature      bool      `json:"mature"` // 200 positives and an AUC of 0.55
	Drifted
	Weights []Weight `json:"weights"` // the action's greatest, greatest first, at most 20
	// Reliability compares what was said with what came, the smallest chance
	// first; chances that nobody was given are left out.
	Reliability []Reliable `json:"reliability"`
}

// Drifted is how often an action was answered otherwise than before.
type Drifted struct {
	Drifts int64     `json:"drifts"`         // alarms of the action
	Drift  time.Time `json:"drift,omitzero"` // the latest
}

// Reliable is a range of chances with what came of them.
type Reliable struct {
	Said     float64 `json:"said"`     // the mean chance, 0..1
	Came     float64 `json:"came"`     // the share of yes, 0..1
	Outcomes float64 `json:"outcomes"` // as many as are not forgotten
}

// reliability gives the rows of a table that hold something.
func (t *table) reliability(keep float64) []Reliable {
	out := []Reliable{}
	for i := range t.Bins {
		if b := &t.Bins[i]; b.N*keep > 1e-6 {
			out = append(out, Reliable{b.Sum / b.N, b.Yes / b.N, b.N * keep})
		}
	}
	return out
}

// Weight is a feature's own weight for an action, in log-odds.
type Weight struct {
	Name  string  `json:"name"`
	Mean  float64 `json:"mean"`
	Sigma float64 `json:"sigma"` // its standard deviation
}

// GroupHealth is how well calibrated a group is on a channel.
type GroupHealth struct {
	Group       string  `json:"group"`
	Channel     string  `json:"channel"`
	Outcomes    float64 `json:"outcomes"` // as many as are not forgotten
	Positives   float64 `json:"positives"`
	Calibrated  bool    `json:"calibrated"` // the map is in use
	Calibration float64 `json:"calibration_error"`
	// Alarm says that the error is above 0.02, or above a quarter of the rate
	// where the chances are greatest.
	Alarm bool `json:"alarm"`
}

// Health works out the figures: milliseconds an action.
func (m *Model) Health() Health {
	m.mu.RLock()
	defer m.mu.RUnlock()
	h := Health{
		Model: "hierarchical", Lessons: m.counts.Lessons, Corrected: m.counts.Corrected, Refused: m.counts.Refused,
		Slots: len(m.slots), Used: m.counts.Used, Shared: m.counts.Shared, Open: len(m.kept.order),
		Actions: make([]ActionHealth, 0, len(m.cells)), Groups: make([]GroupHealth, 0, len(m.groups)),
	}
	for c, r := range m.cells {
		h.Actions = append(h.Actions, m.action(c, r))
	}
	for c, g := range m.groups {
		n, yes := g.Rates.total(m.time.keep)
		off, top := g.Rates.calibrationError()
		alarm := yes >= leastPositives && (off > 0.02 || top > 0.25)
		h.Groups = append(h.Groups, GroupHealth{c.of, c.channel, n, yes, len(g.Points) > 0, off, alarm})
	}
	slices.SortFunc(h.Actions, func(a, b ActionHealth) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), strings.Compare(a.Channel, b.Channel))
	})
	h.AUC = portfolio(h.Actions)
	slices.SortFunc(h.Groups, func(a, b GroupHealth) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Channel, b.Channel))
	})
	return h
}

// portfolio is the mean AUC, weighed by responses.
func portfolio(actions []ActionHealth) float64 {
	sum, n := 0.0, 0.0
	for i := range actions {
		sum += actions[i].AUC * float64(actions[i].Responses)
		n += float64(actions[i].Responses)
	}
	if n == 0 {
		return 0.5
	}
	return sum / n
}

func (m *Model) action(c cell, r *record) ActionHealth {
	a := ActionHealth{
		Action: c.of, Channel: c.channel, Responses: r.Responses, Positives: r.Positives, AUC: auc(r.Recent),
		Evidence: r.Evidence * m.time.keep, LastLearned: r.Last, Weights: []Weight{},
	}
	if n := float64(r.Responses); n > 0 {
		a.Rate, a.LogLoss = float64(r.Positives)/n, r.Loss/n
		a.BaseLoss = entropy(a.Rate)
	}
	a.Calibration, _ = r.Rates.calibrationError()
	a.Reliability = r.Rates.reliability(m.time.keep)
	a.Mature = a.Positives >= leastPositives && a.AUC >= 0.55
	l := m.actions[c.of]
	if l == nil {
		return a
	}
	a.Drifts, a.Drift = l.Alarms, l.Alarm
	for _, n := range l.Top {
		mean, variance := m.look(n.Slot, m.crossed)
		a.Weights = append(a.Weights, Weight{n.Name, mean, math.Sqrt(variance)})
	}
	slices.SortFunc(a.Weights, func(a, b Weight) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Mean), math.Abs(a.Mean)), strings.Compare(a.Name, b.Name))
	})
	return a
}

// entropy is the log loss of always giving a rate that is right.
func entropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log(p) - (1-p)*math.Log(1-p)
}

// auc is the chance that a yes was ranked above a no, from the sum of the ranks
// (Mann and Whitney); ties count half.
func auc(list []mark) float64 {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b mark) int { return cmp.Compare(a.P, b.P) })
	ranks, yes := 0.0, 0.0
	for i := 0; i < len(sorted); {
		j, here := i, 0.0
		for ; j < len(sorted) && sorted[j].P == sorted[i].P; j++ {
			if sorted[j].Yes {
				here++
			}
		}
		ranks += here * float64(i+j+1) / 2 // the mean of the ranks i+1 to j
		yes += here
		i = j
	}
	no := float64(len(sorted)) - yes
	if yes == 0 || no == 0 {
		return 0.5
	}
	return (ranks - yes*(yes+1)/2) / (yes * no)
}
