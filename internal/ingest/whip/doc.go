// Package whip is the door for browsers, softphones and gateways that publish
// a call's audio over WebRTC, by WHIP (RFC 9725): an offer posted over HTTP,
// audio over ICE, DTLS and SRTP on one UDP port for all calls.
//
// A session carries one party, or both of them as the channels of a stereo
// stream; two sessions of one call are its two parties. Nothing is made before
// the caller has shown a token that is bound to a call and a party, or an API
// key that may bring calls in. An offer is taken whole or refused: no answer
// leaves a part of it out. Audio is placed by its RTP timestamps and never by
// its arrival, so that silence that was not sent, loss and jitter leave a
// recording as long as the call was. Every queue is bounded; what does not fit
// is dropped and counted.
//
// The package takes no video and no data, sends no audio back, stores nothing
// and resolves no customer. It logs no number, no address and no token.
package whip
