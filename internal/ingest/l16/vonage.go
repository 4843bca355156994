package l16

import (
	"encoding/json"
	"errors"
	"mime"
	"strings"
)

var errConnected = errors.New("the first message must be websocket:connected")

// vonage is a websocket endpoint of the Voice API. The first message has the
// headers of the NCCO at its top level; the call must be among them or in the
// ticket, for the platform itself names none.
func vonage() dialect {
	return dialect{
		platform: "vonage", audio: linear,
		first: func(data []byte) (facts, error) {
			f, err := factsIn(data)
			switch {
			case err != nil:
				return nil, err
			case f["event"] != "websocket:connected":
				return nil, errConnected
			}
			_, parameters, err := mime.ParseMediaType(f["content-type"])
			if err == nil && parameters["rate"] != "" {
				f.add("rate", parameters["rate"])
			}
			f.alias("call", "conversation_uuid")
			delete(f, "mix") // the platform has one channel only
			return f, nil
		},
		text: func(data []byte) message {
			var m struct {
				Event string `json:"event"`
				Digit string `json:"digit"`
			}
			switch {
			case json.Unmarshal(data, &m) != nil:
				return message{kind: garbage}
			case m.Event == "websocket:dtmf":
				return pressed(m.Digit)
			case strings.HasPrefix(m.Event, "websocket:"):
				return message{kind: control}
			}
			return message{}
		},
	}
}
