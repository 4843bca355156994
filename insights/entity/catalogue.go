package entity

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/rulefile"
	"heed/insights/written"
)

// Catalogue is what customers may name, with the words in which they do. It is
// never changed.
type Catalogue struct {
	byFirst map[string][]alias // longest first
	version uint32
}

type alias struct {
	words []string
	name  string
}

// LoadProducts reads every *.yaml file at the top of a folder, strictly:
//
//	version: 1
//	products:
//	  - name: Fibre 500
//	    said: [fibre five hundred, the fast fibre]
//
// A product is named by its name, too. An error names the file, the line and
// what was expected there.
func LoadProducts(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{byFirst: map[string][]alias{}}
	sum := fnv.New32a()
	w := written.New(written.Options{})
	taken := map[string]string{}
	err := rulefile.Each(fsys, func(root rulefile.Value) error {
		products, err := list(root)
		if err != nil {
			return err
		}
		for _, p := range products {
			if err := c.know(p, w, taken); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("products: %w", err)
	}
	for _, first := range slices.Sorted(maps.Keys(c.byFirst)) {
		for _, a := range c.byFirst[first] {
			fmt.Fprintf(sum, "%s=%s;", strings.Join(a.words, " "), a.name)
		}
	}
	c.version = sum.Sum32()
	return c, nil
}

// list gives the products of a file.
func list(root rulefile.Value) ([]rulefile.Value, error) {
	fields, err := root.Fields("version", "products")
	if err != nil {
		return nil, err
	}
	if err := fields["version"].Version(1); err != nil {
		return nil, err
	}
	return fields["products"].List()
}

// know takes one product.
func (c *Catalogue) know(p rulefile.Value, w *written.Writer, taken map[string]string) error {
	fields, err := p.Fields("name", "said?")
	if err != nil {
		return err
	}
	name, err := fields["name"].Text()
	if err != nil {
		return err
	}
	said := []string{name}
	if list, ok := fields["said"]; ok {
		more, err := list.Texts()
		if err != nil {
			return err
		}
		said = append(said, more...)
	}
	for _, text := range said {
		words := spell(w, text)
		if len(words) == 0 {
			return p.Errorf("expected words in which %s is named, got %q", name, text)
		}
		key := strings.Join(words, " ")
		if other, ok := taken[key]; ok {
			if other == name {
				continue
			}
			return p.Errorf("expected words of its own for %s, %q names %s", name, text, other)
		}
		taken[key] = name
		c.byFirst[words[0]] = append(c.byFirst[words[0]], alias{words, name})
	}
	return nil
}

// spell gives the words of a product's name as a call's are written out.
func spell(w *written.Writer, text string) []string {
	a := &Analyzer{writer: w, region: "US"}
	var out []string
	for _, sentence := range a.split(&insights.Utterance{Text: text, Language: "en"}, &insights.Call{}) {
		for _, t := range sentence {
			out = append(out, t.low)
		}
	}
	return out
}

// Version tells catalogues apart; "none" is that of a nil one.
func (c *Catalogue) Version() string {
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("%08x", c.version)
}

// find gives the longest name that begins at a place.
func (c *Catalogue) find(s *scan, at int) (name string, n int) {
	if c == nil {
		return "", 0
	}
	for _, a := range c.byFirst[s.low(at)] {
		if len(a.words) <= n {
			continue
		}
		same := true
		for i, w := range a.words {
			if low := s.low(at + i); low != w && (i < len(a.words)-1 || low != w+"s") {
				same = false
				break
			}
		}
		if same {
			name, n = a.name, len(a.words)
		}
	}
	return name, n
}

// product reads the name of a product.
func (s *scan) product(at int) int {
	name, n := s.products.find(s, at)
	if n == 0 {
		return 0
	}
	return s.add(at, n, found{name: Product, text: name, sure: 0.9})
}
