package l16

import "encoding/json"

// StatusPath is where jambonz tells what becomes of its calls; package webhook
// listens there.
const StatusPath = "/ingest/jambonz/status"

// jambonz is the listen verb, also below dial and config. The first message
// has the call's attributes, the rate, the mix and the verb's metadata; what is
// meant for us stands in the metadata as the object "heed". In stereo the
// caller is on the left.
func jambonz() dialect {
	return dialect{
		platform: "jambonz", protocols: []string{"audio.jambonz.org", "audio.drachtio.org"}, audio: linear,
		first: func(data []byte) (facts, error) {
			f, err := factsIn(data)
			if err != nil {
				return nil, err
			}
			f.alias("call", "callsid", "call_sid")
			f.alias("rate", "samplerate")
			f.alias("mix", "mixtype")
			return f, nil
		},
		text: func(data []byte) message {
			var m struct {
				Event string `json:"event"`
				Type  string `json:"type"`
				DTMF  string `json:"dtmf"`
			}
			switch {
			case json.Unmarshal(data, &m) != nil:
				return message{kind: garbage}
			case m.Event == "dtmf":
				return pressed(m.DTMF)
			case m.Type == "mark", m.Type == "playDone":
				return message{kind: control}
			}
			return message{}
		},
	}
}
