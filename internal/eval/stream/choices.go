package stream

import (
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"heed/internal/decide"
	"heed/internal/eval/board"
	"heed/internal/propensity"
)

// request is a text and the domain that it belongs to.
type request struct {
	features []decide.Feature
	domain   string
}

// requests reads CLINC150's training rows in the order of the stream.
func requests(data fs.FS) (list []request, domains []string, err error) {
	var rows map[string][][2]string
	var order []int
	var intents map[string][]string
	for name, into := range map[string]any{
		"clinc150/data_full_train_val.json": &rows, "clinc150/stream_order.json": &order, "clinc150/domains.json": &intents,
	} {
		if err := readJSON(data, name, into); err != nil {
			return nil, nil, err
		}
	}
	of := make(map[string]string)
	for domain, list := range intents {
		domains = append(domains, domain)
		for _, i := range list {
			of[i] = domain
		}
	}
	slices.Sort(domains)
	for _, at := range order {
		if at < 0 || at >= len(rows["train"]) {
			return nil, nil, fmt.Errorf("clinc150/stream_order.json: row %d of %d", at, len(rows["train"]))
		}
		r := rows["train"][at]
		list = append(list, request{words(r[0]), of[r[1]]})
	}
	if len(list) < 100 || len(domains) < 2 {
		return nil, nil, fmt.Errorf("clinc150: %d rows of %d domains", len(list), len(domains))
	}
	return list, domains, nil
}

// much is how much of a word a text has. Above 1 it widens the prior of what
// a word tells, which in a text is much more than what a field of a person does.
const much = 2

// words describes a text by its words, what they begin with, and pairs of the
// latter.
func words(text string) []decide.Feature {
	var out []decide.Feature
	before := ""
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		out = append(out, decide.Feature{Name: "word", Value: w, Much: much})
		begins := w[:min(4, len(w))]
		if begins != w {
			out = append(out, decide.Feature{Name: "begins", Value: begins, Much: much})
		}
		if before != "" {
			out = append(out, decide.Feature{Name: "pair", Value: before + " " + begins, Much: much})
		}
		before = begins
	}
	return out
}

// orders is how many orders of the actions are measured: which of several that
// nothing is known of is tried first is a matter of luck.
const orders = 5

// choices measures the models on choosing one of ten domains, where only the
// chosen one's reward is seen. The rule is the chance itself, the mean of what
// the model believes: it is higher the less is known, so that each is tried.
func choices(data fs.FS) ([]board.Line, error) {
	list, domains, err := requests(data)
	if err != nil {
		return nil, err
	}
	var ours, rivals [2]float64
	for seed := range orders {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		r.Shuffle(len(domains), func(i, j int) { domains[i], domains[j] = domains[j], domains[i] })
		// Priors wide enough for words; nothing changes in this stream, so that
		// little is forgotten.
		model, err := propensity.New(propensity.Options{Crossed: 1, Start: hopeful, Outcomes: 1e6})
		if err != nil {
			return nil, err
		}
		add(&ours, choose(list, domains, model, func(c []decide.Case) int { return likeliest(model, c) }))
		rival := propensity.NewRival()
		add(&rivals, choose(list, domains, rival, func(c []decide.Case) int { return drawn(r, rival, c) }))
	}
	const task = "CLINC150 stream of ten actions"
	return []board.Line{
		board.Line{Task: task, Measure: "mean reward", Value: ours[0], Published: "VW .854"}.At(0.855),
		board.Line{Task: task + ", last fifth", Measure: "mean reward", Value: ours[1], Published: "VW .947"}.At(0.945),
		{Task: task + ", counting rival", Measure: "mean reward", Value: rivals[0]},
		{Task: task + ", counting rival, last fifth", Measure: "mean reward", Value: rivals[1]},
	}, nil
}

// hopeful is a start above what any action deserves, so that each is tried
// until it is known (optimistic initial values; Sutton and Barto,
// Reinforcement Learning, 2.6).
const hopeful = 2

func add(sum *[2]float64, run [2]float64) {
	sum[0] += run[0] / orders
	sum[1] += run[1] / orders
}

// choose runs through a stream and gives the mean reward, of all and of the
// last fifth.
func choose(list []request, domains []string, model decide.Propensity, pick func([]decide.Case) int) [2]float64 {
	all, last := 0.0, 0.0
	cases := make([]decide.Case, len(domains))
	for n, r := range list {
		for i, d := range domains {
			cases[i] = decide.Case{Action: d, Features: r.features}
		}
		at := pick(cases)
		right := domains[at] == r.domain
		if right {
			all++
		}
		if right && n >= fifth(len(list)) {
			last++
		}
		model.Learn(&decide.Lesson{Case: cases[at], Positive: right})
	}
	return [2]float64{all / float64(len(list)), last / float64(len(list)-fifth(len(list)))}
}

// likeliest gives the place of the greatest chance.
func likeliest(m *propensity.Model, cases []decide.Case) int {
	out := make([]decide.Estimate, len(cases))
	m.EstimateAll(cases, out)
	best := 0
	for i := range out {
		if out[i].P > out[best].P {
			best = i
		}
	}
	return best
}

// drawn gives the place of the greatest chance when each is drawn from what
// the rival believes.
func drawn(r *rand.Rand, m *propensity.Rival, cases []decide.Case) int {
	best, most := 0, math.Inf(-1)
	for i := range cases {
		yes, no := m.Beta(&cases[i])
		if p := (distuv.Beta{Alpha: yes, Beta: no, Src: r}).Rand(); p > most {
			best, most = i, p
		}
	}
	return best
}
