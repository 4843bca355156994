package corpus

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"heed/insights/dataset"
)

// Domains are the domains of the MultiDoGO developers' part.
func Domains() []string { return strings.Fields("airline fastfood finance media software") }

// Data is everything there is to learn from and to be judged on.
type Data struct {
	Train, Dev map[string][]Turn // MultiDoGO by domain
	Sentences  []Sentence        // Presidio
	Texts      []string          // ordinary requests and remarks
	Made       int               // how many utterances to make; 0 is 30,000
}

// Load reads the sets from a folder that holds multidogo, presidio-synth,
// clinc150, banking77 and goemotions.
func Load(folder fs.FS) (*Data, error) {
	d := &Data{Train: make(map[string][]Turn), Dev: make(map[string][]Turn)}
	for _, domain := range Domains() {
		for part, into := range map[string]map[string][]Turn{"train": d.Train, "dev": d.Dev} {
			err := dataset.Read(folder, "multidogo/"+domain+"."+part+".tsv.gz", func(r io.Reader) (err error) {
				into[domain], err = MultiDoGO(r)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	err := dataset.Read(folder, "presidio-synth/synth_v2_dev.json", func(r io.Reader) (err error) {
		d.Sentences, err = Presidio(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, of := range []struct {
		file string
		read func(io.Reader) ([]string, error)
	}{{"clinc150/data_full_train_val.json", clinc}, {"banking77/train.csv", banking}, {"goemotions/train.tsv.gz", remarks}} {
		err := dataset.Read(folder, of.file, func(r io.Reader) error {
			texts, err := of.read(r)
			d.Texts = append(d.Texts, texts...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

// clinc reads the requests of CLINC150, those to learn from alone.
func clinc(r io.Reader) ([]string, error) {
	var parts map[string][][]string
	if err := json.NewDecoder(r).Decode(&parts); err != nil {
		return nil, fmt.Errorf("read CLINC150: %w", err)
	}
	var out []string
	for _, part := range []string{"train", "oos_train"} {
		for _, row := range parts[part] {
			if len(row) == 0 {
				return nil, errors.New("read CLINC150: a row is empty")
			}
			out = append(out, row[0])
		}
	}
	return out, nil
}

func banking(r io.Reader) ([]string, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read banking77: %w", err)
	}
	var out []string
	for _, row := range rows[min(1, len(rows)):] {
		out = append(out, row[0])
	}
	return out, nil
}

// remarks reads GoEmotions, in which names are hidden already.
func remarks(r io.Reader) ([]string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read GoEmotions: %w", err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		text, _, _ := strings.Cut(line, "\t")
		out = append(out, text)
	}
	return out, nil
}
