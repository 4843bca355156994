// Package vonage is the webhooks of the Vonage Voice API: the answer webhook,
// which tells the platform to open a websocket to us and to connect the caller,
// and the event webhook, which tells that a call is over. The sockets
// themselves are package l16's.
//
// A webhook is let in by the platform's signature, a JWT over the hash of the
// body, whose time must be near and whose id is good once, or by an API key; a
// door that has neither refuses everybody. Webhooks must come as POST: nothing
// signs what stands in an address.
//
// The package places no call, stores nothing, and logs no number and no secret.
package vonage
