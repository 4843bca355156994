// Package recording keeps the audio of a live call: first in an encrypted
// spool that survives the death of the process, then, once the words of a
// stretch have been through the redactor, in the call's recording.
//
// The spool (DIR/spool/CALL.spool) is append-only. Each party's audio is
// gathered into chunks of 400 ms, sealed with AES-256-GCM under a random key
// of the call, which is itself wrapped by the data folder's master key. What
// a killed process loses is therefore at most 400 ms a party. Chunks are not
// synced to the disk one by one: a power cut can cost what the kernel had not
// written back yet.
//
// The recording (DIR/recordings/CALL.wav) is stereo mu-law at 8 kHz, the agent
// left and the customer right, on one clock; gaps and muted stretches are
// silence. While the call lives it is a .part file that no reader opens. Once
// it is finished, Seal puts it under the key of the customer (CALL.sealed), in
// segments, so that a player can begin anywhere.
//
// A recording made elsewhere waits, as its bytes came, in a parcel of the same
// seal (DIR/incoming/CALL.parcel) until it is spooled and heard.
//
// A write that fails costs the audio it carried and nothing else: the loss is
// counted and the next write is tried as if nothing had happened. The package
// knows no words, starts no goroutine, and refuses call ids that are not
// UUIDs, so that no id becomes a path of its own choice.
package recording
