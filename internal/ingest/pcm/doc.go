// Package pcm gives audio that comes as bare samples its place in time. Some
// platforms send neither timestamps nor numbers, so a frame's place is how
// many samples came before it, for as long as the clock on the wall agrees:
// when that has run on by more than [Jitter], the sender was quiet, and the
// silence is left a gap, so that the call keeps its real length. Samples that
// were merely late come in a burst, and a burst is no gap.
//
// The package knows no protocol and no call. It never moves backwards, holds
// no timer, and keeps at most [MaxHeld] of audio.
package pcm
