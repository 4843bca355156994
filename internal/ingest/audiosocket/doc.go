// Package audiosocket is the door for Asterisk's AudioSocket: a TCP connection
// that carries one direction of a call as bare samples, and says of itself
// nothing but a UUID.
//
// The protocol has no authentication and no encryption, so the door listens
// only when it is told where, takes connections of the configured networks
// only, and serves a UUID once, when the holder of an API key has said before
// which call and party it stands for. A dialplan may connect first: an unknown
// UUID waits a few seconds for its announcement and is refused then.
//
// Announcements are kept in memory and do not outlast the process, as the
// connections do not. The package sends no audio back, stores nothing, and logs
// no number and no UUID.
package audiosocket
