// Package engines chooses what hears a call: which engine for which language,
// the next one when an engine fails, none when this machine has as much to
// hear as it can in time.
//
// A [Pool] holds the engines of a node in chains, the default one and one for
// each language that has its own. It asks for no engine twice that just asked
// to be replaced, and for none whose service is down: a circuit breaker
// (github.com/sony/gobreaker) keeps a remote service that failed three times
// in a row from being asked for a while. Engines on this machine look after
// themselves and have none.
//
// Engines on this machine share its CPU. How many streams they hear in time is
// measured at the start and corrected while they run; live calls beyond that
// are recorded and heard afterwards, or refused, as the policy says. Work
// that can wait is never counted: it is done with what the live calls leave.
//
// The package makes no engine, reads no audio and keeps no transcript.
package engines
