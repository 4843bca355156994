// Package l16 is the door for platforms that send a call as bare samples over
// a websocket: jambonz (listen), FreeSWITCH (mod_audio_stream), Vonage (Voice
// websockets) and Asterisk (chan_websocket). They differ in the first message,
// which says what the samples are and whose, and in a few text messages after
// it; each of them is a dialect of one reader.
//
// A socket is let in by an API key or by a ticket in its address that names
// the call; a door that is given neither refuses everybody. What a dialect's
// first message does not tell may stand in the address: call, party (who is on
// the first or only channel), direction, from, to, agent, language, rate, mix
// and format. A stream that names no call is refused, and one whose party is
// not told is the customer's: where a platform mixes both voices into one
// channel they cannot be told apart, and a socket for each party, with the same
// call, is the way to do better.
//
// The samples have no timestamps; package pcm gives them their place. The
// package sends nothing back, keeps no audio, and logs no number, no address
// and no ticket.
package l16
