// Package audio holds the arithmetic of telephone sound: G.711, resampling,
// level control, noise and WAV files, all on mono 16-bit samples.
//
// Streaming values ([Resampler], [Leveler], [Noise]) keep their own state:
// one value serves one party of one call, and how the audio is cut into
// chunks never changes what comes out. After their buffers have grown the
// hot paths allocate nothing. None of them may be shared by goroutines.
//
// The package refuses what no telephone line carries: more than two channels
// and compressed formats other than G.711. It plays nothing, opens no file,
// starts no goroutine and imports the standard library only.
package audio
