// Package remote is the part that all speech services on the network share.
// A vendor's package says how one connection is opened, fed and read (a
// [Session]); the [Runner] makes a transcribe.Engine loop of it.
//
// The Runner owns the call's clock. It counts the samples that it sends,
// turns gaps and holds into faint noise so that the service's clock runs on,
// and maps the service's times back to stream time. It joins frames into
// pieces, resamples, keeps quiet connections alive, replaces a session before
// the service's limit with some audio sent to both, connects again with the
// audio that no final has confirmed, and sorts finals that come twice or out
// of order. When the call ends it waits a bounded time for the rest.
//
// One Transcribe runs a dialler at times and two goroutines for each open
// session; all have ended when it returns. Results wait for emit: a receiver
// that blocks stops the reading of frames, and no final is dropped. Neither
// keys nor text are ever logged. The package knows no vendor.
package remote
