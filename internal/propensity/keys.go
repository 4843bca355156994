package propensity

import (
	"math"
	"sync"

	"heed/internal/decide"
)

// The kinds of key. A kind is part of the hash, so that a group and an action
// of one name do not meet.
const (
	kindGlobal byte = iota + 1
	kindGroup
	kindAction
	kindTreatment
	kindChannel
	kindFeature
)

// spread is 2^64 over the golden ratio: multiplying by it brings what differs
// in two keys into the bits that choose the slot (Knuth, The Art of Computer
// Programming 3, 6.4).
const spread = 0x9E3779B97F4A7C15

// hash is FNV-1a over a kind and up to two words, finished as splitmix64 is.
// It is the same in every process, as a rebuilt model has to be.
//
//go:norace
func hash(kind byte, a, b string) uint64 {
	const prime = 1099511628211
	h := (uint64(14695981039346656037) ^ uint64(kind)) * prime
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * prime
	}
	h = (h ^ 0xff) * prime // no word holds this byte: "ab","c" is not "a","bc"
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * prime
	}
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}

// cross is the key of two things together; with 0 it is the key of one.
func cross(a, b uint64) uint64 { return (a ^ b) * spread }

// tag tells keys apart that share a slot. It is never 0: that is an unused slot.
func tag(key uint64) uint32 { return uint32(key>>8) | 1 }

// mostMuch bounds how much of a feature there may be.
const mostMuch = 10

// told is one feature of a request, hashed once for all candidates.
type told struct {
	key uint64
	x   float64 // above 0, in the precision in which a lesson is kept
	at  int32   // its place in the case's features
}

// tell hashes the features of a case. What has no name or no number is left
// out: it must not reach a weight.
func tell(into []told, features []decide.Feature) []told {
	for i := range features {
		f := &features[i]
		x := f.Much
		if x == 0 {
			x = 1
		}
		if f.Name == "" || !(x > 0) || math.IsInf(x, 0) {
			continue
		}
		into = append(into, told{hash(kindFeature, f.Name, f.Value), float64(float32(min(x, mostMuch))), int32(i)})
	}
	return into
}

// scratch is what one request needs; it is pooled.
type scratch struct {
	told   []told
	groups []groupSum
	terms  []term
}

// groupSum is what a group's weights add up to for the features of a request.
type groupSum struct {
	group string
	sum   sum
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// kind of term, for its name in an explanation.
const (
	ofAll int32 = -1 - iota
	ofGroup
	ofAction
	ofTreatment
	ofChannel
	ofActionChannel
)

// term is one weight of a case.
type term struct {
	slot uint32
	tag  uint32
	like uint32 // the slot of the same weight of the action that this one starts as
	own  bool   // one of the action's, not shared with others
	what int32  // a feature's place, or ofAll...
	x    float64
	q0   float64 // the prior's precision
}

// none is a like that there is not.
const none = math.MaxUint32

// terms lists the weights of a case, each of which a lesson moves.
func (m *Model) terms(into []term, c *decide.Case, features []told) []term {
	group, action, like := hash(kindGroup, c.Group, ""), hash(kindAction, c.Action, ""), uint64(0)
	if c.Like != "" {
		like = hash(kindAction, c.Like, "")
	}
	add := func(what int32, key uint64, x, q0 float64) {
		into = append(into, term{slot: m.slot(key), tag: tag(key), like: none, what: what, x: x, q0: q0})
	}
	own := func(what int32, with uint64, x, q0 float64) {
		add(what, cross(action, with), x, q0)
		t := &into[len(into)-1]
		t.own = true
		if like != 0 {
			t.like = m.slot(cross(like, with))
		}
	}
	add(ofAll, cross(hash(kindGlobal, "", ""), 0), 1, biasPrecision)
	own(ofAction, 0, 1, actionPrecision(c))
	if c.Group != "" {
		add(ofGroup, cross(group, 0), 1, biasPrecision)
	}
	if c.Treatment != "" {
		add(ofTreatment, cross(hash(kindTreatment, c.Treatment, ""), 0), 1, biasPrecision)
	}
	if c.Channel != "" {
		channel := hash(kindChannel, c.Channel, "")
		add(ofChannel, cross(channel, 0), 1, biasPrecision)
		own(ofActionChannel, channel, 1, m.crossed)
	}
	for i := range features {
		if c.Group != "" {
			add(features[i].at, cross(group, features[i].key), features[i].x, m.crossed)
		}
		own(features[i].at, features[i].key, features[i].x, m.crossed)
	}
	return into
}
