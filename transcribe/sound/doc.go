// Package sound tells what on a telephone line is not speech: ringing and the
// other tones of the network, pressed keys, fax machines, the beep of an
// answering machine, and music on hold.
//
// A [Detector] hears one party. It gives events for people, and a mask of
// samples for those that transcribe. The mask is the more careful of the two:
// where speech lies over music the event goes on and the mask does not, and
// what is not certain is not masked. Nothing is delayed while nothing is
// masked. While something is, [Detector.Decided] runs up to [Lag] behind, so
// that the first sound of somebody who speaks into it is not lost.
//
// Which key was pressed is known inside only and leaves in no way.
//
// How the audio is cut into chunks never changes what comes out. The hot path
// allocates nothing once its buffers have grown. The package knows no words,
// opens no file and starts no goroutine.
package sound
