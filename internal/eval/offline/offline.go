// Package offline measures the off-policy estimates on real trials of others
// whose truth is known: the small sample of the Open Bandit Dataset, logged by
// a uniform policy and by Thompson sampling. It judges the estimators, not the
// policies: there are 46 clicks a log.
package offline

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"heed/insights/dataset"
	"heed/internal/eval/board"
	"heed/internal/offpolicy"
)

// Part is the part of the table.
func Part() board.Part { return board.Part{Name: "offline", Measure: Table} }

// show is one row of a log: an item shown in a place, and whether it was
// clicked.
type show struct {
	item, position int
	click, pi      float64
}

// Table measures a data folder; see [Part].
func Table(folder string) ([]board.Line, error) {
	dir := filepath.Join(folder, "open-bandit")
	random, err := read(filepath.Join(dir, "men.random.csv.gz"))
	if err != nil {
		return nil, err
	}
	bts, err := read(filepath.Join(dir, "men.bts.csv.gz"))
	if err != nil {
		return nil, err
	}
	out, err := crossed(random, bts)
	if err != nil {
		return nil, err
	}
	exact, err := exactness(random)
	return append(out, exact...), err
}

// crossed judges Thompson sampling by the uniform log, whose truth its own log
// tells.
func crossed(random, bts []show) ([]board.Line, error) {
	truth, base := rate(bts), rate(random)
	target := shares(bts)
	steps := make([]offpolicy.Step, len(random))
	for i, s := range random {
		// The model is the one rate of all: it expects the same of every item.
		steps[i] = offpolicy.Step{Reward: s.click, Pi: s.pi, Target: target[key{s.item, s.position}], Chosen: base, Expected: base}
	}
	r, err := offpolicy.Evaluate(steps, offpolicy.Options{Seed: 1})
	if err != nil {
		return nil, fmt.Errorf("open bandit: %w", err)
	}
	const task = "Open Bandit men: bts from the random log"
	const published = "SNIPS .538 % [.327, .776], on-policy .690 %"
	return []board.Line{
		{Task: task, Measure: "clicks, SNIPS", Value: r.SNIPS.Value, Published: published},
		{Task: task, Measure: "clicks, DR", Value: r.DR.Value},
		{Task: task, Measure: "clicks, on-policy", Value: truth},
		board.Line{Task: task, Measure: "SNIPS interval holds the on-policy rate", Value: holds(r.SNIPS, truth)}.At(1),
		board.Line{Task: task, Measure: "DR interval holds the on-policy rate", Value: holds(r.DR, truth)}.At(1),
	}, nil
}

// exactness checks the estimators on the uniform trial, where the rate of half
// of the items can be read off the rows that show one of them.
func exactness(random []show) ([]board.Line, error) {
	items := 0
	for _, s := range random {
		items = max(items, s.item+1)
	}
	half := items / 2
	var matched, clicks float64
	plain, sure := make([]offpolicy.Step, len(random)), make([]offpolicy.Step, len(random))
	for i, s := range random {
		plain[i] = offpolicy.Step{Reward: s.click, Pi: s.pi}
		if s.item < half {
			plain[i].Target = 1 / float64(half)
			matched++
			clicks += s.click
		}
		sure[i] = plain[i]
		sure[i].Chosen, sure[i].Expected = s.click, 0.005 // a model that knew each click
	}
	if matched == 0 {
		return nil, errors.New("open bandit: no row shows an item of the first half")
	}
	a, err := offpolicy.Evaluate(plain, offpolicy.Options{Seed: 1})
	if err != nil {
		return nil, fmt.Errorf("open bandit: %w", err)
	}
	b, err := offpolicy.Evaluate(sure, offpolicy.Options{Seed: 1})
	if err != nil {
		return nil, fmt.Errorf("open bandit: %w", err)
	}
	const task, tiny = "Open Bandit men: half of the items, uniform trial", 1e-12
	ips := clicks / float64(half) * float64(items) / float64(len(random))
	line := func(measure string, off float64) board.Line {
		return board.Line{Task: task, Measure: measure, Value: math.Abs(off), Lower: true}.At(tiny)
	}
	return []board.Line{
		line("SNIPS less the mean of those that match", a.SNIPS.Value-clicks/matched),
		line("IPS less its sum by hand", a.IPS.Value-ips),
		line("DR with a perfect model: width of the interval", b.DR.High-b.DR.Low),
	}, nil
}

func holds(e offpolicy.Estimate, x float64) float64 {
	if e.Holds(x) {
		return 1
	}
	return 0
}

func rate(log []show) float64 {
	sum := 0.0
	for _, s := range log {
		sum += s.click
	}
	return sum / float64(len(log))
}

type key struct{ item, position int }

// shares gives how likely a policy shows an item in a place, by the mean of the
// probabilities that its own log has for them, made to add up to 1 a place.
func shares(log []show) map[key]float64 {
	sum, n := make(map[key]float64), make(map[key]float64)
	for _, s := range log {
		k := key{s.item, s.position}
		sum[k] += s.pi
		n[k]++
	}
	keys := make([]key, 0, len(sum))
	for k := range sum {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return (a.position-b.position)*10_000 + a.item - b.item })
	whole := make(map[int]float64)
	for _, k := range keys { // in order: the same sum at each run
		sum[k] /= n[k]
		whole[k.position] += sum[k]
	}
	for _, k := range keys {
		sum[k] /= whole[k.position]
	}
	return sum
}

// read reads a log of the data set.
func read(path string) ([]show, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open bandit: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	plain, err := dataset.Unpack(f)
	if err != nil {
		return nil, fmt.Errorf("open bandit: %s: %w", path, err)
	}
	r := csv.NewReader(plain)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("open bandit: %s: %w", path, err)
	}
	var at [4]int
	for i, name := range []string{"item_id", "position", "click", "propensity_score"} {
		if at[i] = slices.Index(head, name); at[i] < 0 {
			return nil, fmt.Errorf("open bandit: %s: no column %q, want the columns of its readme", path, name)
		}
	}
	var out []show
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("open bandit: %s: %w", path, err)
		}
		var x [4]float64
		for i := range at {
			if x[i], err = strconv.ParseFloat(row[at[i]], 64); err != nil {
				return nil, fmt.Errorf("open bandit: %s: row %d: %w", path, len(out)+2, err)
			}
		}
		out = append(out, show{int(x[0]), int(x[1]), x[2], x[3]})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("open bandit: %s: no rows", path)
	}
	return out, nil
}
