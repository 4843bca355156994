// Package session is the live call: the one place where audio becomes words
// and words become insights. [Manager] is what the doors talk to; it runs one
// actor a call, which owns the call's state and is reached by channels and by
// short locked calls only.
//
// Queues and their policies:
//
//   - Audio to an engine, 30 s a party: when it is full the engine is too slow;
//     everything but the newest seconds is dropped and counted, and the engine
//     starts again at a quiet moment near now.
//   - Audio to the recording, 8 MiB a call: when it is full the newest is
//     lost, counted and shown.
//   - Final segments: no queue. The engine waits while one is committed, for
//     as long as that takes.
//   - Partial captions, 8 a call: the newest is dropped; the next replaces it.
//   - Audio behind music or a tone, 0.6 s a party: held back until it is known
//     for what it is; while somebody speaks nothing is held.
//
// What an engine did not hear in time, because it was too slow, was dead or
// was cut off at the end, is transcribed again from the recording's spool when
// the call has ended, and committed in its place in time without doubling
// what was said before. The same path closes the calls that a crash left open.
// A call that ends while every engine is gone stays open, with its spool, and
// is closed by that path when one is back.
//
// Nothing reaches the brain, a screen or the recording before the redactor has
// seen it, except audio that waited 60 s for its words; that stays in the
// recording until its words say otherwise.
//
// The package knows no platform, engine, database or screen: it declares what
// it needs of them. It refuses more calls than it is allowed and streams of
// calls that are over.
package session
