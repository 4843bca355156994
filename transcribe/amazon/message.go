package amazon

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream/eventstreamapi"

	"heed/transcribe/remote"
)

// audioEvent encodes a message of audio; one without audio ends the stream.
func audioEvent(chunk []byte) ([]byte, error) {
	m := eventstream.Message{Payload: chunk}
	m.Headers.Set(eventstreamapi.ContentTypeHeader, eventstream.StringValue("application/octet-stream"))
	m.Headers.Set(eventstreamapi.EventTypeHeader, eventstream.StringValue("AudioEvent"))
	m.Headers.Set(eventstreamapi.MessageTypeHeader, eventstream.StringValue(eventstreamapi.EventMessageType))
	var b bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&b, m); err != nil {
		return nil, fmt.Errorf("encode audio: %w", err)
	}
	return b.Bytes(), nil
}

// parse reads one message of the service: results, or the exception that ends
// the stream.
func parse(b []byte) ([]remote.Result, error) {
	r := bytes.NewReader(b)
	m, err := eventstream.NewDecoder().Decode(r, nil)
	if err != nil {
		return nil, garbage(err)
	}
	if r.Len() > 0 {
		return nil, garbage(fmt.Errorf("%d bytes behind a message", r.Len()))
	}
	switch kind := text(m.Headers, eventstreamapi.MessageTypeHeader); kind {
	case eventstreamapi.EventMessageType:
		if text(m.Headers, eventstreamapi.EventTypeHeader) != "TranscriptEvent" {
			return nil, nil // events of other kinds are not asked for
		}
		return transcript(m.Payload)
	case eventstreamapi.ExceptionMessageType:
		var body struct{ Message string }
		_ = json.Unmarshal(m.Payload, &body) // without it the type must do
		return nil, verdict(text(m.Headers, eventstreamapi.ExceptionTypeHeader), body.Message)
	case eventstreamapi.ErrorMessageType:
		return nil, verdict(text(m.Headers, eventstreamapi.ErrorCodeHeader), text(m.Headers, eventstreamapi.ErrorMessageHeader))
	default:
		return nil, garbage(fmt.Errorf("message type %.40q", kind))
	}
}

// text is a header's value; empty when it is missing or no string.
func text(h eventstream.Headers, name string) string {
	if v, ok := h.Get(name).(eventstream.StringValue); ok {
		return string(v)
	}
	return ""
}

// garbage is for messages that the service's document does not have.
func garbage(err error) error {
	return remote.Refused(name, fmt.Errorf("%w: %w", remote.ErrGarbage, err))
}
