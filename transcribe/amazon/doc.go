// Package amazon hears with Amazon Transcribe streaming, over its WebSocket:
// an address signed with Signature Version 4, then messages in AWS's binary
// event stream encoding. Signing, encoding and the search for credentials are
// the vendor's own Go SDK's; the call itself is made here, because the SDK's
// module for this service is served by no module proxy. The WebSocket needs
// no signature for each message, so that none expires on the way.
//
// It fills in what transcribe/remote asks of a service. Nothing stays open
// between calls. Credentials, signed addresses and text are never logged.
package amazon
