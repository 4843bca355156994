package session

import (
	"slices"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

const (
	// mostMasks bounds what is remembered of a party: more than an hour of
	// speech over music, where the mask comes and goes.
	mostMasks = 4000
	// keysApart joins keys that a platform reports to what was heard of them.
	keysApart = insights.Seconds(4)
)

// noise is what on a call is not speech: for the record, and for whoever must
// know whether a word lies in it. It is safe for concurrent use.
type noise struct {
	mu      sync.Mutex
	masks   [parties][]recording.Stretch // in order of finding
	sounds  []event.Sound                // never changed in place
	more    int
	version int
	// reported tells of each of sounds whether a platform told of those keys.
	reported map[int]bool
}

// newNoise goes on with what an earlier process found.
func newNoise(c event.Call) *noise {
	n := &noise{sounds: slices.Clone(c.Sounds), more: c.MoreSounds, reported: map[int]bool{}}
	for i := range n.sounds {
		n.sounds[i].Open = false
	}
	return n
}

// mask notes that a stretch is no speech.
func (n *noise) mask(who insights.Speaker, from, to time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := &n.masks[partyOf(who)]
	if last := len(*list) - 1; last >= 0 && from <= (*list)[last].To && to >= (*list)[last].From {
		m := &(*list)[last]
		m.From, m.To = min(m.From, from), max(m.To, to)
		return
	}
	if len(*list) >= mostMasks {
		*list = slices.Delete(*list, 0, mostMasks/4)
	}
	*list = append(*list, recording.Stretch{From: from, To: to})
}

// covers tells whether half of a stretch, or more, is no speech.
func (n *noise) covers(who insights.Speaker, start, end insights.Seconds) bool {
	from, to := start.Duration(), max(end.Duration(), start.Duration()+time.Millisecond)
	n.mu.Lock()
	defer n.mu.Unlock()
	var covered time.Duration
	for _, m := range n.masks[partyOf(who)] {
		covered += max(0, min(m.To, to)-max(m.From, from))
	}
	return 2*covered >= to-from
}

// touches tells whether anything in a frame is no speech.
func (n *noise) touches(who insights.Speaker, f transcribe.Frame) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range slices.Backward(n.masks[partyOf(who)]) {
		if m.From < f.End() && m.To > f.At {
			return true
		}
	}
	return false
}

// clear silences what is no speech in a frame that nobody else holds.
func (n *noise) clear(who insights.Speaker, f transcribe.Frame) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.masks[partyOf(who)] {
		if m.From >= f.End() || m.To <= f.At {
			continue
		}
		from := max(0, m.From-f.At) * time.Duration(f.Rate) / time.Second
		to := max(0, min(m.To, f.End())-f.At) * time.Duration(f.Rate) / time.Second
		clear(f.PCM[min(int(from), len(f.PCM)):min(int(to), len(f.PCM))])
	}
}

// tell takes an event of a detector whose stream begins at zero.
func (n *noise) tell(who insights.Speaker, zero time.Duration, e transcribe.Sound) {
	s := event.Sound{
		Kind: string(e.Kind), Speaker: who, Confidence: e.Confidence, Keys: e.Keys, Open: e.Open,
		Start: insights.SecondsOf(zero + e.Start), End: insights.SecondsOf(zero + e.End),
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put(s, func(old event.Sound) event.Sound {
		s.Start, s.End = min(s.Start, old.Start), max(s.End, old.End)
		s.Keys, s.Confidence = max(s.Keys, old.Keys), max(s.Confidence, old.Confidence)
		return s
	})
}

// pressed takes a key that a platform reports; its tone may be heard as well.
func (n *noise) pressed(who insights.Speaker, at time.Duration) {
	s := event.Sound{Kind: string(transcribe.SoundKeys), Speaker: who, Start: insights.SecondsOf(at), End: insights.SecondsOf(at), Confidence: 1, Keys: 1}
	n.mu.Lock()
	defer n.mu.Unlock()
	at2 := n.put(s, func(old event.Sound) event.Sound {
		old.Start, old.End = min(old.Start, s.Start), max(old.End, s.End)
		if i := n.find(s); n.reported[i] {
			old.Keys++
		}
		return old
	})
	if at2 >= 0 {
		n.reported[at2] = true
	}
}

// put joins a sound to the one that it goes on with, or adds it, and gives its
// place, -1 when there is no more room.
func (n *noise) put(s event.Sound, join func(old event.Sound) event.Sound) int {
	n.version++
	i := n.find(s)
	if i >= 0 {
		n.sounds = slices.Clone(n.sounds) // somebody may be reading it
		n.sounds[i] = join(n.sounds[i])
		return i
	}
	if len(n.sounds) >= event.MaxSounds {
		if !s.Open { // each once
			n.more++
		}
		return -1
	}
	n.sounds = append(slices.Clone(n.sounds), s)
	return len(n.sounds) - 1
}

// find gives the sound of the same kind and side that a sound touches.
func (n *noise) find(s event.Sound) int {
	apart := insights.Seconds(0)
	if s.Kind == string(transcribe.SoundKeys) {
		apart = keysApart
	}
	for i, o := range slices.Backward(n.sounds) {
		if o.Kind == s.Kind && o.Speaker == s.Speaker && s.Start <= o.End+apart && o.Start <= s.End+apart {
			return i
		}
	}
	return -1
}

// list gives the sounds, which the caller may keep but not change, how many
// more there were, and a number that changes with them.
func (n *noise) list() (sounds []event.Sound, more, version int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sounds, n.more, n.version
}
