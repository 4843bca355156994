package train

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"heed/insights/dataset"
)

// Example is a labelled utterance.
type Example struct {
	Text   string
	Labels []int // places in Set.Classes
}

// Set is one data set whose labels mean something among themselves only.
type Set struct {
	Name     string
	Classes  []string
	Examples []Example
	// Named says that the classes' names are words, as in lost_card, and so
	// say something about the examples.
	Named bool
}

// Corpus is all that an encoder is trained on.
type Corpus struct {
	Sets []Set
	// Pairs are an utterance and what was answered to it.
	Pairs [][2]string
	// Lines are utterances of which nothing else is known.
	Lines []string
}

// classes numbers labels in the order in which they come.
type classes struct {
	set *Set
	at  map[string]int
}

func newSet(name string) *classes { return &classes{set: &Set{Name: name}, at: map[string]int{}} }

func (c *classes) add(text string, labels ...string) {
	var at []int
	for _, l := range labels {
		i, ok := c.at[l]
		if !ok {
			i = len(c.set.Classes)
			c.at[l] = i
			c.set.Classes = append(c.set.Classes, l)
		}
		at = append(at, i)
	}
	if len(at) > 0 && strings.TrimSpace(text) != "" {
		c.set.Examples = append(c.set.Examples, Example{Text: text, Labels: at})
	}
}

// Load reads the data sets of a folder that has one folder a set, leaving out
// those whose name begins with a name in without. Sets that are not there are
// left out as well; it is an error when none is.
func Load(folder string, without []string) (*Corpus, error) {
	c := &Corpus{}
	for _, set := range sources() {
		if slices.ContainsFunc(without, func(w string) bool { return strings.HasPrefix(set.name, w) }) {
			continue
		}
		err := set.read(c, filepath.Join(folder, set.folder))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", set.name, err)
		}
	}
	if len(c.Sets) == 0 {
		return nil, fmt.Errorf("read %s: no data set is there", folder)
	}
	return c, nil
}

// Drop leaves out examples of these texts, of the sets whose names begin so.
func (c *Corpus) Drop(set string, texts []string) {
	left := make(map[string]bool, len(texts))
	for _, t := range texts {
		left[t] = true
	}
	for i := range c.Sets {
		if s := &c.Sets[i]; strings.HasPrefix(s.Name, set) {
			s.Examples = slices.DeleteFunc(s.Examples, func(e Example) bool { return left[e.Text] })
		}
	}
}

// source is a data set and how it is read. The labels of dstc11-banking are
// not read: they are the test of discovery.
type source struct {
	name, folder string
	read         func(c *Corpus, folder string) error
}

func sources() []source {
	return []source{
		{"banking77", "banking77", banking77},
		{"clinc150", "clinc150", clinc150},
		{"dstc11-insurance", "dstc11-intent-induction", insurance},
		{"dstc11-banking", "dstc11-intent-induction", bankingTurns},
		{"nlupp", "nlupp", nlupp},
		{"multidogo", "multidogo", multidogo},
		{"star", "star", star},
		{"goemotions", "goemotions", goemotions},
	}
}

func banking77(c *Corpus, folder string) error {
	f, err := os.Open(filepath.Join(folder, "train.csv"))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was read only
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	set := newSet("banking77")
	set.set.Named = true
	for _, r := range records[1:] {
		set.add(r[0], r[1])
	}
	c.Sets = append(c.Sets, *set.set)
	return nil
}

func clinc150(c *Corpus, folder string) error {
	var splits map[string][][2]string
	if err := readJSON(filepath.Join(folder, "data_full_train_val.json"), &splits); err != nil {
		return err
	}
	set := newSet("clinc150")
	set.set.Named = true
	for _, r := range splits["train"] {
		set.add(r[0], r[1])
	}
	c.Sets = append(c.Sets, *set.set)
	for _, r := range splits["oos_train"] {
		c.Lines = append(c.Lines, r[0])
	}
	return nil
}

func insurance(c *Corpus, folder string) error {
	set := newSet("dstc11-insurance")
	set.set.Named = true
	err := eachLine(filepath.Join(folder, "insurance-test-utterances.jsonl"), func(line string) error {
		var r struct{ Utterance, Intent string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return err
		}
		set.add(r.Utterance, r.Intent)
		return nil
	})
	if err == nil {
		c.Sets = append(c.Sets, *set.set)
	}
	return err
}

func bankingTurns(c *Corpus, folder string) error {
	return eachLine(filepath.Join(folder, "banking-task2-inputs.txt"), func(line string) error {
		c.Lines = append(c.Lines, line)
		return nil
	})
}

func nlupp(c *Corpus, folder string) error {
	for _, domain := range []string{"banking", "hotels"} {
		set := newSet("nlupp-" + domain)
		for fold := range 14 { // the folds that are given to developers
			var rows []struct {
				Text    string
				Intents []string
			}
			if err := readJSON(filepath.Join(folder, fmt.Sprintf("%s.fold%d.json", domain, fold)), &rows); err != nil {
				return err
			}
			for _, r := range rows {
				set.add(r.Text, r.Intents...)
			}
		}
		c.Sets = append(c.Sets, *set.set)
	}
	return nil
}

// mostOfDialogueAct keeps "thank you" and the like from being most of what is
// learnt.
const mostOfDialogueAct = 400

func multidogo(c *Corpus, folder string) error {
	for _, domain := range []string{"airline", "fastfood", "finance", "media", "software"} {
		set, seen, count := newSet("multidogo-"+domain), map[string]bool{}, map[string]int{}
		err := eachLine(filepath.Join(folder, domain+".train.tsv.gz"), func(line string) error {
			field := strings.Split(line, "\t")
			if len(field) != 6 || field[0] == "conversationId" || seen[field[3]] {
				return nil
			}
			seen[field[3]] = true
			labels := strings.Split(field[5], "<div>")
			if slices.Contains(labels, "contentonly") || slices.Contains(labels, "outofdomain") {
				return nil // names, numbers and what else is no wish
			}
			if count[labels[0]]++; count[labels[0]] <= mostOfDialogueAct {
				set.add(field[3], labels...)
			}
			return nil
		})
		if err != nil {
			return err
		}
		c.Sets = append(c.Sets, *set.set)
	}
	return nil
}

// star reads what the users said, and the agent's answers beside it.
func star(c *Corpus, folder string) error {
	seen := map[string]bool{}
	return eachLine(filepath.Join(folder, "dialogues.jsonl.gz"), func(line string) error {
		var d struct {
			Events []struct{ Who, Act, Text string }
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			return err
		}
		user := ""
		for _, e := range d.Events {
			switch {
			case e.Who == "user" && e.Act == "utter":
				user = e.Text
			case user != "" && e.Who == "wizard" && e.Act == "request_suggestions" && e.Text != "":
				if pair := [2]string{user, e.Text}; len(user) >= 12 && !seen[pair[0]+"\t"+pair[1]] {
					seen[pair[0]+"\t"+pair[1]] = true
					c.Pairs = append(c.Pairs, pair)
				}
				user = ""
			}
		}
		return nil
	})
}

// oneOfEmotions is which of its lines are read: they are many, and further from
// the telephone than the rest.
const oneOfEmotions = 4

func goemotions(c *Corpus, folder string) error {
	n := 0
	return eachLine(filepath.Join(folder, "train.tsv.gz"), func(line string) error {
		if n++; n%oneOfEmotions == 1 {
			text, _, _ := strings.Cut(line, "\t")
			c.Lines = append(c.Lines, text)
		}
		return nil
	})
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// eachLine reads a text file, packed or not.
func eachLine(path string, do func(line string) error) error {
	return dataset.Read(os.DirFS(filepath.Dir(path)), filepath.Base(path), func(r io.Reader) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				if err := do(line); err != nil {
					return fmt.Errorf("line %d: %w", n, err)
				}
			}
		}
		return lines.Err()
	})
}
