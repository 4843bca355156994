// Package plivo is the door for calls that come through Plivo: the answer
// webhook that tells the platform to stream a call to us, the websocket to
// which it does, and the hangup webhook.
//
// Webhooks carry Plivo's signature, version 3 (HMAC-SHA256 over address,
// parameters and nonce). A socket carries no signature that the platform
// documents: its address ends in a ticket that the answer webhook wrote, for one
// call and a few minutes; an API key of role ingest does as well. A door that
// has neither configured refuses everybody.
//
// The package sends no audio back and logs no phone number and no secret. How
// messages look is taken from public adapters, and read with tolerance: the
// platform's stamps are of the wall clock.
package plivo
