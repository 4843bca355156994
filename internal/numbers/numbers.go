// Package numbers says where calls come from by the numbers that were called,
// where no call-tracking service does: a file lists which number stands in which
// advertisement, and since when.
//
// What it says is one record of call tracking among others, told to
// internal/callevents like those of services, whose word goes before it. It
// counts nothing, and refuses a file in which a number stands twice at a time.
package numbers

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"time"
	_ "time/tzdata" // zones, also where the machine has none

	"heed/internal/customer"
	"heed/internal/strict"
)

// Entry says what stands behind a number for a time.
type Entry struct {
	Number   string `yaml:"number" json:"number"`
	Source   string `yaml:"source" json:"source"`
	Medium   string `yaml:"medium" json:"medium,omitempty"`
	Campaign string `yaml:"campaign" json:"campaign,omitempty"`
	Keyword  string `yaml:"keyword" json:"keyword,omitempty"`
	Landing  string `yaml:"landing" json:"landing,omitempty"`
	// From and To are the first and the last day, both included; empty is open.
	From string `yaml:"from" json:"from,omitempty"`
	To   string `yaml:"to" json:"to,omitempty"`

	since, until time.Time // until is not included; zero is open
}

// Pool is all numbers. The zero value has none.
type Pool struct {
	by   map[string][]Entry // by number, E.164
	sum  int64
	size int
}

const (
	mostEntries = 20_000
	longest     = 256 // of a text, in bytes
)

// Read reads a file, with the region of numbers written without a country and
// the zone of the days. Its error names the file, the line and the field at
// fault.
func Read(path, region string, zone *time.Location) (*Pool, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("tracking numbers: %w", err)
	}
	return Parse(path, raw, region, zone)
}

// Parse is [Read] of bytes; file names them in errors.
func Parse(file string, raw []byte, region string, zone *time.Location) (*Pool, error) {
	var in struct {
		Numbers []Entry `yaml:"numbers"`
	}
	doc, err := strict.Read(file, raw, &in)
	if err != nil {
		return nil, fmt.Errorf("tracking numbers: %w", err)
	}
	if len(in.Numbers) > mostEntries {
		return nil, doc.Problem("numbers", fmt.Sprintf("has more than %d entries", mostEntries), "")
	}
	p := &Pool{by: make(map[string][]Entry), size: len(in.Numbers)}
	places := make(map[string][]int)
	for i := range in.Numbers {
		e, at := &in.Numbers[i], fmt.Sprintf("numbers[%d]", i)
		if field, err := e.understand(region, zone); err != nil {
			return nil, doc.Problem(at+"."+field, err.Error(), "")
		}
		for k, other := range p.by[e.Number] {
			if e.meets(other) {
				return nil, doc.Problem(at+".number", fmt.Sprintf("is entry %d as well at the same time", places[e.Number][k]+1), "give both a from or to so that they do not meet")
			}
		}
		p.by[e.Number], places[e.Number] = append(p.by[e.Number], *e), append(places[e.Number], i)
	}
	return p, p.seal()
}

// understand puts an entry into its form, or says which field is wrong.
func (e *Entry) understand(region string, zone *time.Location) (field string, err error) {
	number, ok := customer.NormalizePhone(e.Number, region)
	switch {
	case !ok:
		return "number", fmt.Errorf("%q is no telephone number; write it with its country, \"+12025550111\"", e.Number)
	case e.Source == "":
		return "source", errors.New("is missing")
	}
	e.Number = number
	for name, text := range map[string]string{"source": e.Source, "medium": e.Medium, "campaign": e.Campaign, "keyword": e.Keyword, "landing": e.Landing} {
		if len(text) > longest {
			return name, fmt.Errorf("is longer than %d bytes", longest)
		}
	}
	if e.From != "" {
		if e.since, err = time.ParseInLocation(time.DateOnly, e.From, zone); err != nil {
			return "from", fmt.Errorf("%q is no day such as 2026-03-01", e.From)
		}
	}
	if e.To != "" {
		last, err := time.ParseInLocation(time.DateOnly, e.To, zone)
		if err != nil {
			return "to", fmt.Errorf("%q is no day such as 2026-03-31", e.To)
		}
		e.until = last.AddDate(0, 0, 1)
	}
	if !e.until.IsZero() && !e.since.Before(e.until) {
		return "to", errors.New("is before from")
	}
	return "", nil
}

// meets says whether there is a moment at which both hold.
func (e *Entry) meets(o Entry) bool {
	ends := func(a, b *Entry) bool { return !a.until.IsZero() && !b.since.Before(a.until) }
	return !ends(e, &o) && !ends(&o, e)
}

// seal sums the entries up, whatever their order.
func (p *Pool) seal() error {
	var all []Entry
	for _, entries := range p.by {
		all = append(all, entries...)
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.Number, b.Number), a.since.Compare(b.since)) })
	h := fnv.New64a()
	for i := range all {
		raw, err := json.Marshal([]any{all[i], all[i].since.Unix(), all[i].until.Unix()})
		if err != nil {
			return fmt.Errorf("tracking numbers: %w", err)
		}
		_, _ = h.Write(raw) // never fails
	}
	p.sum = int64(h.Sum64() >> 1)
	return nil
}

// Sum is another one when the entries are others, never negative.
func (p *Pool) Sum() int64 { return p.sum }

// Len is how many entries there are.
func (p *Pool) Len() int { return p.size }

// At gives the entry that holds for a number, E.164, at a moment.
func (p *Pool) At(number string, at time.Time) (Entry, bool) {
	for _, e := range p.by[number] {
		if !at.Before(e.since) && (e.until.IsZero() || at.Before(e.until)) {
			return e, true
		}
	}
	return Entry{}, false
}
