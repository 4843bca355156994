package intent

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"heed/insights/dataset"
	"heed/internal/eval/rows"
)

// part is one data set cut in two.
type part struct{ train, test []rows.Row }

// splitSeed and splitShare fix which rows of a set without a test file are
// held out: a fifth of each label, at least one.
const (
	splitSeed  = 1
	splitShare = 5
)

// split holds out a share of each label's rows.
func split(all []rows.Row) part {
	by := make(map[string][]int)
	for i := range all {
		by[all[i].Labels[0]] = append(by[all[i].Labels[0]], i)
	}
	random := rand.New(rand.NewPCG(splitSeed, 1))
	out := make(map[int]bool)
	for _, label := range rows.Labels(all) {
		places := by[label]
		random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, i := range places[:max(len(places)/splitShare, 1)] {
			out[i] = true
		}
	}
	var p part
	for i := range all {
		if out[i] {
			p.test = append(p.test, all[i])
		} else {
			p.train = append(p.train, all[i])
		}
	}
	return p
}

// banking reads banking77's train.csv; its test file is not looked at.
func banking(data fs.FS) ([]rows.Row, error) {
	f, err := data.Open("banking77/train.csv")
	if err != nil {
		return nil, fmt.Errorf("banking77: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("banking77: %w", err)
	}
	var out []rows.Row
	for _, r := range records[1:] {
		out = append(out, rows.Row{Text: r[0], Labels: []string{r[1]}})
	}
	return out, nil
}

// clinc reads CLINC150's rows by split.
func clinc(data fs.FS) (map[string][]rows.Row, error) {
	var in map[string][][2]string
	if err := readJSON(data, "clinc150/data_full_train_val.json", &in); err != nil {
		return nil, err
	}
	out := make(map[string][]rows.Row)
	for name, all := range in {
		for _, r := range all {
			row := rows.Row{Text: r[0], Labels: []string{r[1]}}
			if r[1] == rows.OutOfScope {
				row = rows.Row{Text: r[0], OOS: true}
			}
			out[name] = append(out[name], row)
		}
	}
	return out, nil
}

// draws is how many few-shot samples each set fixes.
const draws = 3

// few gives the rows of one few-shot draw to train on, and for the test all
// rows that no draw of any size has.
func few(data fs.FS, set string, all []rows.Row, shots, draw int) (part, error) {
	var drawn map[string]map[string][]int // by "10-shot", by "0" to "2"
	if err := readJSON(data, set+"/fewshot_rows.json", &drawn); err != nil {
		return part{}, err
	}
	used := make([]bool, len(all))
	for _, by := range drawn {
		for _, places := range by {
			for _, i := range places {
				if i < 0 || i >= len(all) {
					return part{}, fmt.Errorf("%s/fewshot_rows.json: row %d of %d", set, i, len(all))
				}
				used[i] = true
			}
		}
	}
	var p part
	for _, i := range drawn[strconv.Itoa(shots)+"-shot"][strconv.Itoa(draw)] {
		p.train = append(p.train, all[i])
	}
	for i := range all {
		if !used[i] {
			p.test = append(p.test, all[i])
		}
	}
	return p, nil
}

// draw gives rows in which each label stands shots times at least, if it has so
// many; where rows have several labels, some stand more often. Rows out of
// scope count as a label.
func draw(all []rows.Row, shots, seed int) []rows.Row {
	order := rand.New(rand.NewPCG(splitSeed, uint64(seed))).Perm(len(all))
	count, taken := make(map[string]int), make([]bool, len(all))
	for _, label := range append(rows.Labels(all), "") {
		for _, i := range order {
			labels := labelsOf(&all[i])
			if count[label] >= shots || taken[i] || !slices.Contains(labels, label) {
				continue
			}
			taken[i] = true
			for _, l := range labels {
				count[l]++
			}
		}
	}
	var out []rows.Row
	for i := range all {
		if taken[i] {
			out = append(out, all[i])
		}
	}
	return out
}

// labelsOf gives the labels of a row, an empty one when it is out of scope.
func labelsOf(r *rows.Row) []string {
	if r.OOS {
		return []string{""}
	}
	return r.Labels
}

// dialogues reads one file of MultiDoGO, without the rows that its README says
// to skip.
func dialogues(data fs.FS, file string) ([]rows.Row, error) {
	var out []rows.Row
	err := dataset.Read(data, "multidogo/"+file+".tsv.gz", func(plain io.Reader) error {
		lines := bufio.NewScanner(plain)
		lines.Buffer(nil, 1<<20)
		lines.Scan() // the header
		for lines.Scan() {
			at := strings.Split(lines.Text(), "\t")
			if len(at) != 6 || len(strings.Fields(at[3])) != len(strings.Fields(at[4])) {
				continue
			}
			out = append(out, rows.Row{Text: at[3], Labels: unique(strings.Split(at[5], "<div>"))})
		}
		return lines.Err()
	})
	return out, err
}

func unique(labels []string) []string {
	slices.Sort(labels)
	return slices.Compact(labels)
}

// folds reads a range of NLU++ folds; a row without intents is out of scope.
func folds(data fs.FS, domain string, from, to int) ([]rows.Row, error) {
	var out []rows.Row
	for i := from; i <= to; i++ {
		var in []struct {
			Text    string   `json:"text"`
			Intents []string `json:"intents"`
		}
		if err := readJSON(data, fmt.Sprintf("nlupp/%s.fold%d.json", domain, i), &in); err != nil {
			return nil, err
		}
		for _, r := range in {
			out = append(out, rows.Row{Text: r.Text, Labels: unique(r.Intents), OOS: len(r.Intents) == 0})
		}
	}
	return out, nil
}

func readJSON(data fs.FS, path string, into any) error {
	raw, err := fs.ReadFile(data, path)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		if at, is := errors.AsType[*json.SyntaxError](err); is {
			return fmt.Errorf("read %s, byte %d: %w", path, at.Offset, err)
		}
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
