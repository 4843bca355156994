package l16

import "encoding/json"

// freeswitch is mod_audio_stream. The first message is the text that
// uuid_audio_stream was given, which may be missing or be no JSON; nothing in
// it is the module's own, so the rate and the mix must be told there or in the
// address. In stereo the channel's own party is on the left.
func freeswitch() dialect {
	return dialect{
		platform: "freeswitch", bare: true, audio: linear,
		first: func(data []byte) (facts, error) {
			f, err := factsIn(data)
			if err != nil {
				return facts{}, nil //nolint:nilerr // any text is allowed here
			}
			f.alias("call", "uuid")
			return f, nil
		},
		text: func(data []byte) message {
			var m struct {
				Event string `json:"event"`
				DTMF  string `json:"dtmf"`
			}
			if json.Unmarshal(data, &m) != nil {
				return message{} // the dialplan may send any text
			}
			switch m.Event {
			case "dtmf":
				return pressed(m.DTMF)
			case "stop":
				return message{kind: over}
			}
			return message{}
		},
	}
}
