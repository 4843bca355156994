package decide

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"heed/internal/consent"
	"heed/internal/customer"
)

//go:embed features.yaml
var builtinFeatures []byte

// Features is the list of what a model may be told. It is not changed once
// made and safe for concurrent use.
type Features struct {
	version string
	list    []featureSpec
}

// featureSpec is one allowed feature; features.yaml says what the kinds are.
type featureSpec struct {
	Name    string          `yaml:"name"`
	Kind    string          `yaml:"kind"`
	Of      string          `yaml:"of"`      // the trait, family, fact or signal that it reads
	Days    int             `yaml:"days"`    // of a count
	Unit    string          `yaml:"unit"`    // written behind the bounds
	Bounds  []float64       `yaml:"bounds"`  // between the bins of a number
	Purpose consent.Purpose `yaml:"purpose"` // empty: that profiling is not refused

	bins      []string // the names of the bins
	forbidden []string // what no trait of a family may be named for
}

// featureFile is the form of a list.
type featureFile struct {
	Version   string        `yaml:"version"`
	Features  []featureSpec `yaml:"features"`
	Forbidden [][]string    `yaml:"forbidden"`
}

// The limits of a list.
const (
	mostFeatures = 700
	mostBounds   = 11 // 12 bins
	mostValue    = 60 // bytes of a category
	mostMany     = 32 // values of one feature
)

// DefaultFeatures gives the list that ships: signals, labels of the call,
// plan, tenure, products and how often the person was in touch.
func DefaultFeatures() (*Features, error) { return LoadFeatures(builtinFeatures) }

// LoadFeatures reads a list. It refuses unknown keys and kinds, and what is
// named for or reads a protected characteristic or what stands in for one;
// words that a list forbids are forbidden beside the built-in ones.
func LoadFeatures(data []byte) (*Features, error) {
	var file, builtin featureFile
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	if err := yaml.Unmarshal(builtinFeatures, &builtin); err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	if file.Version == "" || len(file.Features) == 0 || len(file.Features) > mostFeatures {
		return nil, fmt.Errorf("features: %d features, version %q: want 1 to %d and a version, which decisions name", len(file.Features), file.Version, mostFeatures)
	}
	forbidden := slices.Concat(append(builtin.Forbidden, file.Forbidden...)...)
	out := &Features{version: file.Version, list: file.Features}
	for i := range out.list {
		f := &out.list[i]
		if slices.ContainsFunc(out.list[:i], func(g featureSpec) bool { return g.Name == f.Name }) {
			return nil, fmt.Errorf("features: %s: there are two of this name", f.Name)
		}
		if err := f.check(forbidden); err != nil {
			return nil, fmt.Errorf("features: %s: %w", f.Name, err)
		}
		f.bins, f.forbidden = binNames(f.Bounds, f.Unit), forbidden
	}
	return out, nil
}

// check refuses a feature that cannot or must not be told.
func (f *featureSpec) check(forbidden []string) error {
	of := f.Of
	if by, ok := strings.CutPrefix(of, "contact."); ok && slices.Contains(consent.Channels(), by) {
		of = "" // how often somebody was written to says nothing of their address
	}
	for _, text := range []string{f.Name, of} {
		if word := finds(text, forbidden); word != "" {
			return fmt.Errorf("%q is a protected characteristic or stands in for one; leave the feature out", word)
		}
	}
	if err := f.checkKind(); err != nil {
		return err
	}
	return f.checkName()
}

func (f *featureSpec) checkKind() error {
	switch f.Kind {
	case "signal":
		if !slices.Contains(customer.SignalNames(), f.Of) {
			return fmt.Errorf("there is no signal %q; there are %s", f.Of, strings.Join(customer.SignalNames(), ", "))
		}
	case "traits", "size":
		if len(f.Of) < 3 || !strings.HasSuffix(f.Of, ".*") {
			return fmt.Errorf("of %q: want a family of traits, such as product.*", f.Of)
		}
	case "labels", "category", "age":
	case "count":
		if f.Days < 1 || f.Days > 3650 {
			return fmt.Errorf("counts over %d days: 1 to 3650", f.Days)
		}
	case "number", "months":
		return f.checkBounds()
	default:
		return fmt.Errorf("kind %q: want signal, labels, category, number, months, traits, size, count or age", f.Kind)
	}
	return nil
}

func (f *featureSpec) checkName() error {
	if f.Kind == "labels" && f.Of != "" {
		return fmt.Errorf("kind labels reads all labels of the call; leave out of: %s", f.Of)
	}
	if f.Name == "" || strings.ContainsAny(f.Name, "= \t\n") || (f.Of == "" && f.Kind != "labels") {
		return fmt.Errorf("name %q, of %q: want a name without spaces and what it reads", f.Name, f.Of)
	}
	if f.Purpose != "" && !slices.Contains(consent.Purposes(), f.Purpose) {
		return fmt.Errorf("there is no purpose %q", f.Purpose)
	}
	return nil
}

func (f *featureSpec) checkBounds() error {
	if len(f.Bounds) < 1 || len(f.Bounds) > mostBounds {
		return fmt.Errorf("%d bounds: 1 to %d, the quantiles between the bins", len(f.Bounds), mostBounds)
	}
	for i, b := range f.Bounds {
		if math.IsNaN(b) || math.IsInf(b, 0) || (i > 0 && b <= f.Bounds[i-1]) {
			return fmt.Errorf("bounds %v: want rising numbers", f.Bounds)
		}
	}
	return nil
}

// finds gives the forbidden word or words that a name holds.
func finds(name string, forbidden []string) string {
	text := " " + strings.Join(words(name), " ") + " "
	for _, w := range forbidden {
		if strings.Contains(text, " "+w+" ") {
			return w
		}
	}
	return ""
}

// words takes a name apart: "dateOfBirth", "date_of_birth" and "date-of-birth"
// are the same three.
func words(name string) []string {
	var b strings.Builder
	before := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Fields(b.String())
}

// Version names the list and its bounds, for the versions of a decision.
func (f *Features) Version() string { return f.version }

// Numbers gives the names of the features whose bounds can be replaced.
func (f *Features) Numbers() []string {
	var out []string
	for i := range f.list {
		if len(f.list[i].Bounds) > 0 {
			out = append(out, f.list[i].Name)
		}
	}
	return out
}

// WithBounds gives the same list with other bounds and a version that names
// them. A number that bounds does not name keeps its own; one that is not in
// the list, or bounds that do not rise, are an error. A bin is named by its
// bounds, so what a model learnt of a bin that stays is kept.
func (f *Features) WithBounds(version string, bounds map[string][]float64) (*Features, error) {
	out := &Features{version: version, list: slices.Clone(f.list)}
	for name, b := range bounds {
		i := slices.IndexFunc(out.list, func(s featureSpec) bool { return s.Name == name && len(s.Bounds) > 0 })
		if i < 0 {
			return nil, fmt.Errorf("features: there is no number %q", name)
		}
		s := &out.list[i]
		s.Bounds = slices.Clone(b)
		if err := s.checkBounds(); err != nil {
			return nil, fmt.Errorf("features: %s: %w", name, err)
		}
		s.bins = binNames(s.Bounds, s.Unit)
	}
	return out, nil
}

// binNames names the bins between bounds: "<3m", "3-6m", ">=180m".
func binNames(bounds []float64, unit string) []string {
	if len(bounds) == 0 {
		return nil
	}
	text := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	out := make([]string, 0, len(bounds)+1)
	out = append(out, "<"+text(bounds[0])+unit)
	for i := 1; i < len(bounds); i++ {
		out = append(out, text(bounds[i-1])+"-"+text(bounds[i])+unit)
	}
	return append(out, ">="+text(bounds[len(bounds)-1])+unit)
}

// bin names the bin of a number.
func (f *featureSpec) bin(x float64) string {
	i, _ := slices.BinarySearchFunc(f.Bounds, x, func(b, x float64) int {
		if b <= x {
			return -1
		}
		return 1
	})
	return f.bins[i]
}

// ages are the bins of an age.
var ages = []struct {
	within time.Duration
	name   string
}{{time.Hour, "1h"}, {day, "1d"}, {7 * day, "7d"}, {30 * day, "30d"}, {90 * day, "90d"}}

// ageBin names how long ago something was.
func ageBin(since time.Duration) string {
	for _, a := range ages {
		if since <= a.within {
			return a.name
		}
	}
	return "older"
}

// doubling names a count: 0, 1, 2-3, 4-7 and so on.
func doubling(n int) string {
	if n < 2 {
		return strconv.Itoa(max(0, n))
	}
	least := 1
	for least*2 <= n {
		least *= 2
	}
	return strconv.Itoa(least) + "-" + strconv.Itoa(2*least-1)
}
