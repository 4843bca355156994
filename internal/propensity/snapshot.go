package propensity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// version of the form in which a model is written. A model of another version
// is refused: it can always be learnt anew.
const version = "heed-propensity/1"

// mostSnapshot bounds what is read, in bytes.
const mostSnapshot = 1 << 30

// state is a model as it is written.
type state struct {
	Options Options              `json:"options"`
	Counts  counts               `json:"counts"`
	Halves  float64              `json:"halves"`
	Base    float64              `json:"base"`
	At      time.Time            `json:"at"`
	Slots   []savedSlot          `json:"slots"`
	Groups  map[cell]calibration `json:"groups"`
	Actions map[string]learner   `json:"actions"`
	Cells   map[cell]record      `json:"cells"`
	Lessons []lesson             `json:"lessons"`
}

type savedSlot struct {
	I    uint32  `json:"i"`
	Mean float64 `json:"mean"`
	More float64 `json:"more"`
	Tag  uint32  `json:"tag"`
	Met  bool    `json:"met,omitempty"`
}

// MarshalText writes a cell as the key of a map.
func (c cell) MarshalText() ([]byte, error) { return []byte(c.of + "\x1f" + c.channel), nil }

// UnmarshalText reads it back.
func (c *cell) UnmarshalText(b []byte) error {
	of, channel, ok := strings.Cut(string(b), "\x1f")
	if !ok {
		return fmt.Errorf("%q names no action and channel", b)
	}
	c.of, c.channel = of, channel
	return nil
}

// Snapshot writes the model: a line with the version and a checksum, then
// JSON. Equal models write equal bytes. What it writes names the subjects whose
// lessons may still be corrected: it has to be kept as what is known of them is.
func (m *Model) Snapshot(w io.Writer) error {
	m.mu.RLock()
	s := state{
		Options: m.o, Counts: m.counts, Halves: m.time.halves, Base: m.time.base, At: m.time.at,
		Groups: values(m.groups), Actions: values(m.actions), Cells: values(m.cells),
	}
	for i := range m.slots {
		if p := &m.slots[i]; p.tag != 0 {
			s.Slots = append(s.Slots, savedSlot{uint32(i), p.mean, p.more, p.tag, p.met})
		}
	}
	for _, l := range m.kept.order {
		s.Lessons = append(s.Lessons, *l)
	}
	body, err := json.Marshal(s) // under the lock: what the values point to is the model's own
	m.mu.RUnlock()
	if err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	sum := sha256.Sum256(body)
	if _, err := fmt.Fprintf(w, "%s %s\n%s", version, hex.EncodeToString(sum[:]), body); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	return nil
}

func values[K comparable, V any](in map[K]*V) map[K]V {
	out := make(map[K]V, len(in))
	for k, v := range in {
		out[k] = *v
	}
	return out
}

func pointers[K comparable, V any](in map[K]V) map[K]*V {
	out := make(map[K]*V, len(in))
	for k, v := range in {
		out[k] = &v
	}
	return out
}

// ErrSnapshot says that what was read is no model of this version, is damaged,
// or was made with other options. Learn anew from the log.
var ErrSnapshot = errors.New("not a usable model; learn it anew from the log")

// Restore reads what [Model.Snapshot] wrote and becomes that model; on an
// error, an [ErrSnapshot] or one of reading, it stays as it was. It reads to
// the end.
func (m *Model) Restore(r io.Reader) error {
	all, err := io.ReadAll(io.LimitReader(r, mostSnapshot))
	if err != nil {
		return fmt.Errorf("read the model: %w", err)
	}
	head, body, _ := bytes.Cut(all, []byte("\n"))
	sum := sha256.Sum256(body)
	if want := version + " " + hex.EncodeToString(sum[:]); string(head) != want {
		return fmt.Errorf("read the model: version or checksum: %w", ErrSnapshot)
	}
	var s state
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return fmt.Errorf("read the model: %w: %w", err, ErrSnapshot)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := s.check(m.o); err != nil {
		return fmt.Errorf("read the model: %w: %w", err, ErrSnapshot)
	}
	m.reset()
	s.fill(m)
	return nil
}

// fill makes m the model of a checked state.
func (s *state) fill(m *Model) {
	m.counts = s.Counts
	m.time = timekeeper{halves: s.Halves, base: s.Base, keep: math.Exp2(s.Base - s.Halves), at: s.At}
	for _, p := range s.Slots {
		m.slots[p.I] = slot{p.Mean, p.More, p.Tag, p.Met}
	}
	m.groups, m.actions, m.cells = pointers(s.Groups), pointers(s.Actions), pointers(s.Cells)
	for i := range s.Lessons {
		m.kept.order = append(m.kept.order, &s.Lessons[i])
		m.kept.by[s.Lessons[i].ID] = &s.Lessons[i]
	}
}

// check refuses a state that would make the model give nonsense or fail.
func (s *state) check(o Options) error {
	if s.Options != o {
		return fmt.Errorf("made with the options %+v, not %+v", s.Options, o)
	}
	if !(s.Base >= 0 && s.Halves >= s.Base && s.Halves-s.Base <= rebaseAfter+2) {
		return fmt.Errorf("its time is %v after %v", s.Halves, s.Base)
	}
	size := uint32(1) << o.Bits
	for _, p := range s.Slots {
		if p.I >= size || p.Tag == 0 || p.More < 0 {
			return fmt.Errorf("slot %d of %d", p.I, size)
		}
	}
	for name, a := range s.Actions {
		if err := a.check(size); err != nil {
			return fmt.Errorf("action %q: %w", name, err)
		}
	}
	if err := s.checkTables(); err != nil {
		return err
	}
	return s.checkLessons(size)
}

func (s *state) checkTables() error {
	for c, r := range s.Cells {
		if r.Entered < 0 || int64(len(r.Recent)) != min(r.Entered, recent) || !r.Rates.sound() {
			return fmt.Errorf("action %q: %d outcomes of %d", c.of, len(r.Recent), r.Entered)
		}
	}
	for c, g := range s.Groups {
		if !g.sound() {
			return fmt.Errorf("group %q: its calibration", c.of)
		}
	}
	return nil
}

func (a *learner) check(size uint32) error {
	for _, o := range a.Own {
		if o.Slot >= size || !(o.Q0 > 0) {
			return fmt.Errorf("slot %d of %d", o.Slot, size)
		}
	}
	for _, n := range a.Top {
		if n.Slot >= size {
			return fmt.Errorf("slot %d of %d", n.Slot, size)
		}
	}
	if len(a.Top) > mostNamed {
		return fmt.Errorf("%d named weights", len(a.Top))
	}
	for _, b := range a.Drift.Buckets {
		if b.N < 1 || b.Sq < 0 {
			return errors.New("its window")
		}
	}
	return nil
}

func (t *table) sound() bool {
	for _, b := range t.Bins {
		if b.N < 0 || b.Yes < -1e-6 {
			return false
		}
	}
	return true
}

// sound says whether the points rise: what is read between them divides by
// their distance.
func (g *calibration) sound() bool {
	for i := 1; i < len(g.Points); i++ {
		if !(g.Points[i].From > g.Points[i-1].From && g.Points[i].To >= g.Points[i-1].To) {
			return false
		}
	}
	return g.Scores.sound() && g.Rates.sound()
}

func (s *state) checkLessons(size uint32) error {
	known := make(map[string]bool, len(s.Lessons))
	for i := range s.Lessons {
		l := &s.Lessons[i]
		r, there := s.Cells[cell{l.Action, l.Channel}]
		switch {
		case l.ID == "" || known[l.ID] || !there:
			return fmt.Errorf("lesson %q", l.ID)
		case l.Place < 0 || l.Place >= r.Entered || !within(l.Halves, 0, s.Halves):
			return fmt.Errorf("lesson %q: its place", l.ID)
		case !l.sound(size):
			return fmt.Errorf("lesson %q: its figures", l.ID)
		}
		known[l.ID] = true
	}
	return nil
}

func (l *lesson) sound(size uint32) bool {
	for _, w := range l.Weights {
		if w.Slot >= size || !within(w.Variance, 1/(2*mostPrecision), 1) || !within(float64(w.X), 0, mostMuch) {
			return false
		}
	}
	return within(l.Trust, 0, 1) && within(l.P, 0, 1) && within(l.H, 0, 0.25) && l.D >= 1 && within(l.Score.P, 1e-14, 1-1e-14)
}

// within is false for NaN.
func within(x, least, most float64) bool { return x >= least && x <= most }
