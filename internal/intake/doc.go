// Package intake is the queue of recordings that were made elsewhere, each on
// its way to become a call of the past: asked for by a platform's webhook and
// fetched from there, or brought by an import.
//
// What is taken is durable before it is acknowledged: a row, and the bytes as
// they came, sealed. A recording whose bytes are known is not taken twice, nor
// one whose call Heed heard while it lived; the live call stays as it is. Killed
// at any moment the queue goes on where it was, and no recording is a call
// twice. When a recording is done or has failed its bytes are destroyed, and
// what was told of its call is forgotten but for what the call itself keeps.
//
// Live calls come first: while any goes on, one recording is heard at a time.
// The package understands nothing and knows no platform's format: it refuses
// what is no recording by its first bytes, and what is too large, before it
// takes it.
package intake
