package sherpa

import "time"

const (
	// silent is the peak below which nobody speaks, -54 dBFS: a line's idle
	// noise, or a muted party.
	silent = 65
	// recall is how much of the silence before speech is heard with it.
	recall = 300 * time.Millisecond
	// noticing is how far the model may lie behind the audio.
	noticing = 500 * time.Millisecond
)

// dozer spares the model the silence of the party that listens, which is most
// of a call, and with it the words that models hear in silence.
type dozer struct {
	rate   int
	after  int     // silent samples that send the ear to sleep
	quiet  int     // silent samples lately
	before []int16 // the end of the silence, while asleep
	since  time.Duration
}

// newDozer lets a silence of the endpoint's length, and what the model needs
// to notice it, pass first.
func newDozer(rate int, t Tuning) dozer {
	return dozer{rate: rate, after: timeToSamples(t.Endpoint+noticed(t), rate)}
}

// noticed is how much longer than an endpoint the model is left awake. What
// nobody waits for ends by level alone, when the model has long said all.
func noticed(t Tuning) time.Duration {
	if t.Hurry == 0 {
		return resync
	}
	return noticing
}

// sleepy notes a frame that the model has heard, and says whether it may
// close.
func (d *dozer) sleepy(pcm []int16) bool {
	if !isSilent(pcm) {
		d.quiet = 0
		return false
	}
	d.quiet += len(pcm)
	return d.quiet >= d.after
}

// wake notes a frame that came while asleep. It gives nil to sleep on, or
// what is to be heard, and since when.
func (d *dozer) wake(at time.Duration, pcm []int16) (time.Duration, []int16) {
	end := d.since + samplesToTime(int64(len(d.before)), d.rate)
	if off := at - end; len(d.before) == 0 || off > resync || off < -resync {
		d.before, d.since = d.before[:0], at // it does not continue what came before
	}
	d.before = append(d.before, pcm...)
	if isSilent(pcm) {
		if extra := len(d.before) - timeToSamples(recall, d.rate); extra > 0 {
			d.before = append(d.before[:0], d.before[extra:]...)
			d.since += samplesToTime(int64(extra), d.rate)
		}
		return 0, nil
	}
	heard := d.before
	d.before, d.quiet = nil, 0
	return d.since, heard
}

func isSilent(pcm []int16) bool {
	for _, s := range pcm {
		if s > silent || s < -silent {
			return false
		}
	}
	return true
}
