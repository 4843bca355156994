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
// A service that ends a session without complaint is not believed as long as
// there was audible audio behind its last result: that audio is sent again, a
// bounded number of times. Quiet audio needs no result, and an adapter whose
// service says that it has worked all off confirms it with [Heard]. A [Socket]
// that is dead without having been reset is noticed by pings.
//
// One Transcribe runs a dialler at times and two goroutines for each open
// session; all have ended when it returns. Results wait for emit: a receiver
// that blocks stops the reading of frames, and no final is dropped. Neither
// keys nor text are ever logged. The package knows no vendor.
package remote
