package watch

import "math"

// Risk is how much a live call needs somebody else, 0..1, and what it is made
// of. It is no prediction: the parts are weighed by hand, and joined as if each
// alone might make the call go wrong, 1 - (1-a)(1-b)...
type Risk struct {
	Value float64 `json:"value"`
	// Parts are those that count, the heaviest first.
	Parts []Part `json:"parts"`
}

// Part is one ground of a risk.
type Part struct {
	Kind string `json:"kind" enum:"mood,falling,annoyed,asks,leaving,complains,overlap,dead_air"`
	// Figure is what was measured: a mood, a probability, or a share.
	Figure float64 `json:"figure"`
	Adds   float64 `json:"adds" doc:"What it alone would come to, 0..1"`
}

// The most that each ground can add.
const (
	ofMood     = 0.5 // of a mood of -1
	ofFalling  = 0.2 // of a mood that fell by 1 or more since its best
	ofAnnoyed  = 0.3
	ofAsks     = 0.6
	ofLeaving  = 0.5
	ofComplain = 0.3
	ofOverlap  = 0.2 // when both speak for 30 % of the call
	ofDeadAir  = 0.2 // when nobody speaks for half of it
	least      = 0.02
)

// risk weighs what is known of a call.
func (l *Live) risk() Risk {
	r := Risk{Parts: []Part{}}
	free := 1.0
	add := func(kind string, figure, share, most float64) {
		adds := most * min(1, max(0, share))
		if adds < least {
			return
		}
		free *= 1 - adds
		p := Part{kind, round(figure), round(adds)}
		i := 0
		for i < len(r.Parts) && r.Parts[i].Adds >= p.Adds {
			i++
		}
		r.Parts = append(r.Parts[:i], append([]Part{p}, r.Parts[i:]...)...)
	}
	if l.Mood != nil {
		fell := l.worst.best - *l.Mood
		add("mood", *l.Mood, -*l.Mood, ofMood)
		add("falling", fell, (fell-0.3)/0.7, ofFalling)
	}
	add("annoyed", l.worst.annoyed, l.worst.annoyed, ofAnnoyed)
	add("asks", l.worst.asks, l.worst.asks, ofAsks)
	leaving := max(l.worst.leaving, l.worst.people[l.CustomerID].leaving)
	add("leaving", leaving, leaving, ofLeaving)
	add("complains", l.worst.complains, l.worst.complains, ofComplain)
	add("overlap", l.Overlap, (l.Overlap-0.05)/0.25, ofOverlap)
	add("dead_air", l.DeadAir, (l.DeadAir-0.1)/0.4, ofDeadAir)
	r.Value = round(1 - free)
	return r
}

func round(v float64) float64 { return math.Round(v*1000) / 1000 }
