// Package play plays a recording at a door as the phone platform would: the
// other end of a call for the demo, the command line, tests and load.
//
// A [Recording] is read, resampled and encoded once and may then be played
// many times at once. What the platform can do, this can: both tracks on one
// clock, paced by an absolute schedule, ended by a stop. It retries nothing,
// and it cannot play what has no sound.
package play
