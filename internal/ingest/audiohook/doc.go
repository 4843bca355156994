// Package audiohook is the door for calls that come through Genesys AudioHook,
// protocol version 2: the websocket that carries both sides of a call and, the
// other way, what was heard on it and what to suggest.
//
// The upgrade is signed, as HTTP message signatures are, with a key that was
// configured, or carries an API key. Who is not let in is told so in the
// protocol's own words, after a delay that does not depend on why. Audio is
// placed by how much of it came and by the holes that the platform tells of; what
// is said back is placed in the platform's own positions. A connection probe
// is answered and leaves nothing behind.
//
// The package keeps no audio, resolves no customer and stores nothing. It
// trusts no peer's figures beyond its own bounds. It logs no number, no key, no
// configuration of the platform and nothing that was said.
package audiohook
