package l16

import (
	"encoding/json"
	"errors"
	"strings"

	"heed/internal/ingest/pcm"
)

var errMediaStart = errors.New("the first message must be MEDIA_START")

// asterisk is chan_websocket. Its messages are words (MEDIA_START name:value
// ...) or, when asked for, JSON. A socket is one channel with the codec that
// the dial string names; which call and party it is stands in the address,
// v(call=...,party=...), or in channel variables HEED_CALL, HEED_PARTY.
func asterisk() dialect {
	return dialect{
		platform: "asterisk", protocols: []string{"media"},
		first: func(data []byte) (facts, error) {
			f, event, err := asteriskMessage(data)
			switch {
			case err != nil:
				return nil, err
			case event != "MEDIA_START":
				return nil, errMediaStart
			}
			return f, nil
		},
		audio: asteriskCodec,
		text: func(data []byte) message {
			f, event, err := asteriskMessage(data)
			switch {
			case err != nil:
				return message{kind: garbage}
			case event == "DTMF_END":
				return pressed(f["digit"])
			case strings.HasPrefix(event, "MEDIA_"), event == "STATUS", event == "QUEUE_DRAINED":
				return message{kind: control}
			}
			return message{}
		},
	}
}

// asteriskMessage reads either form.
func asteriskMessage(data []byte) (f facts, event string, err error) {
	if len(data) > 0 && data[0] == '{' {
		return asteriskJSON(data)
	}
	words := strings.Fields(string(data))
	if len(words) == 0 {
		return nil, "", errMediaStart
	}
	f = facts{}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, ":")
		f.add(name, value)
	}
	return f, words[0], nil
}

func asteriskJSON(data []byte) (f facts, event string, err error) {
	if f, err = factsIn(data); err != nil {
		return nil, "", err
	}
	var m struct {
		Variables map[string]any `json:"channel_variables"`
	}
	_ = json.Unmarshal(data, &m) // variables of another form are none of ours
	ours := facts{}
	ours.take(m.Variables)
	for name, v := range ours {
		if own, is := strings.CutPrefix(name, "heed_"); is {
			f[own] = v
		}
	}
	return f, f["event"], nil
}

// asteriskCodec knows the names of Asterisk's formats of bare samples.
func asteriskCodec(f facts) (pcm.Encoding, int) {
	switch name := strings.ToLower(f["format"]); name {
	case "ulaw":
		return pcm.Mulaw, telephone
	case "alaw":
		return pcm.Alaw, telephone
	case "slin":
		return pcm.L16, telephone
	case "slin44":
		return pcm.L16, 44_100
	case "slin12", "slin16", "slin24", "slin32", "slin48", "slin96", "slin192":
		rate, _ := rateOf(strings.TrimPrefix(name, "slin") + "k")
		return pcm.L16, rate
	default:
		return pcm.Encoding(name), telephone
	}
}
