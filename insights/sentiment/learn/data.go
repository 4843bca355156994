package learn

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// longest line of a data set that is read, in bytes.
const longest = 8 << 20

// groups are the emotions of GoEmotions in the groups of its authors (Demszky
// et al., ACL 2020); never changed.
var groups = map[string]string{
	Positive:  "admiration amusement approval caring desire excitement gratitude joy love optimism pride relief",
	Negative:  "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness",
	Ambiguous: "confusion curiosity realization surprise",
	Neutral:   "neutral",
}

// GoEmotions reads its rows, with the names of its labels, one a line.
func GoEmotions(rows, labels io.Reader) ([]Row, error) {
	group := make(map[string]string)
	for g, names := range groups {
		for name := range strings.FieldsSeq(names) {
			group[name] = g
		}
	}
	var of []string
	err := lines(labels, func(text string) error {
		if group[text] == "" {
			return errors.New("expected the name of an emotion")
		}
		of = append(of, group[text])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("labels of GoEmotions: %w", err)
	}
	var out []Row
	err = lines(rows, func(text string) error {
		parts := strings.Split(text, "\t")
		if len(parts) < 2 {
			return errors.New("expected a text, a tab and numbers of labels")
		}
		r := Row{Text: parts[0]}
		for n := range strings.SplitSeq(parts[1], ",") {
			k, err := strconv.Atoi(n)
			if err != nil || k < 0 || k >= len(of) {
				return fmt.Errorf("expected numbers of labels from 0 to %d", len(of)-1)
			}
			if !slices.Contains(r.Labels, of[k]) {
				r.Labels = append(r.Labels, of[k])
			}
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("rows of GoEmotions: %w", err)
	}
	return out, nil
}

// Reviews reads sentences of reviews: a text, a tab, and 1 for a positive one
// or 0.
func Reviews(r io.Reader) ([]Row, error) {
	var out []Row
	err := lines(r, func(text string) error {
		at := strings.LastIndexByte(text, '\t')
		if at < 0 {
			return errors.New("expected a text, a tab and 0 or 1")
		}
		row := Row{Text: strings.TrimSpace(text[:at]), Polar: true}
		switch strings.TrimSpace(text[at:]) {
		case "1":
			row.Labels = []string{Positive}
		case "0":
			row.Labels = []string{Negative}
		default:
			return errors.New("expected 0 or 1 behind the tab")
		}
		out = append(out, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reviews: %w", err)
	}
	return out, nil
}

// Dialogues reads those of STAR whose agent said whether the customer was
// annoyed, with what the customer said.
func Dialogues(r io.Reader) ([]Dialogue, error) {
	var out []Dialogue
	err := lines(r, func(text string) error {
		var d struct {
			Q struct {
				Annoyed *bool `json:"wizard_says_user_annoyed"`
			} `json:"q"`
			Events []struct {
				Who  string `json:"who"`
				Act  string `json:"act"`
				Text string `json:"text"`
			} `json:"events"`
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return fmt.Errorf("expected a dialogue: %w", err)
		}
		if d.Q.Annoyed == nil {
			return nil
		}
		one := Dialogue{Annoyed: *d.Q.Annoyed}
		for _, e := range d.Events {
			if e.Who == "user" && e.Act == "utter" {
				one.Turns = append(one.Turns, e.Text)
			}
		}
		if len(one.Turns) > 0 {
			out = append(out, one)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("dialogues: %w", err)
	}
	return out, nil
}

// lines gives each line that is not blank to use; an error of use names the
// line.
func lines(r io.Reader, use func(string) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, longest)
	for n := 1; s.Scan(); n++ {
		text := strings.TrimRight(s.Text(), "\r\n")
		if strings.TrimSpace(text) == "" {
			continue
		}
		if err := use(text); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
