// Package siprec is the door for session border controllers and switches that
// record by SIPREC (RFC 7866): they call us by SIP, with what they know of the
// call as XML (RFC 7865) beside their offer, and send each party's audio as RTP.
//
// SIP asks nobody for a key, so the door listens only where it is told to and
// answers the configured networks only; others are told no, a few times a
// second, and nothing else. One of those networks may be asked for a password as
// well. An offer is taken as far as it is G.711 in the clear; a line that is not
// is refused alone, and the call when nothing is left. Packets are taken from
// the address that the offer names and from the one that called. Whatever ends
// a call (a BYE, a timer, silence, our own end) ends it once.
//
// The package sends no audio, decrypts no SRTP, places no calls, stores nothing
// and logs no number, no address and no id that the caller chose.
package siprec
