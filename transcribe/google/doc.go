// Package google hears with Google Cloud Speech-to-Text v2 over gRPC, by the
// vendor's own client. It fills in what transcribe/remote asks of a service:
// one session is one StreamingRecognize stream.
//
// A stream lives five minutes at most and dies after some ten seconds without
// audio; the runner replaces it in time and sends faint noise on hold. The
// service wants audio at about real time, so recordings are heard at that
// pace too. Credentials and text are never logged.
package google
