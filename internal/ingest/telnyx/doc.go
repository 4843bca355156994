// Package telnyx is the door for calls that come through Telnyx: the websocket
// to which its media streaming sends both sides of a call, and the webhook to
// which it tells what becomes of the call.
//
// Webhooks are signed with the account's Ed25519 key, over timestamp and body,
// and are taken within five minutes. A socket carries the token that was given
// to streaming_start (stream_auth_token), which is an API key of role ingest.
// A door that has neither configured refuses everybody.
//
// The package sends no command to the platform and no audio back, and logs no
// phone number, no client state and no secret. The protocol is that of Telnyx'
// media streaming over websockets and webhooks, as of 2025.
package telnyx
