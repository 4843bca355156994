// Package twilio is the door for calls that come through Twilio and the
// platforms that copy its Media Streams: the websocket that carries both
// sides of a call, the voice webhook that tells the platform to open it, and
// the status callback that tells that a call is over.
//
// Nothing happens before the caller has proved who it is, by
// X-Twilio-Signature or by an API key; a door that has neither configured
// refuses everybody. Audio is placed by the timestamp that the platform gave
// it and never by its arrival: a bounded window per track puts swapped frames
// back in order, repeated frames are dropped, and what never came is left a
// gap. What cannot be understood is counted and skipped; only a connection
// that sends nothing else is closed.
//
// The package sends no audio back, keeps no audio, resolves no customer and
// stores nothing. It logs no phone number, no custom parameter and no secret.
package twilio
