package l16

import "heed/internal/ingest/pcm"

// dialect is what one platform says around the samples.
type dialect struct {
	platform  string
	protocols []string // of the websocket
	// bare says that the samples may come without a first message.
	bare bool
	// first understands the first text message: what it tells, the encoding
	// and, when it says, the rate. It knows of no ticket and no address.
	first func(data []byte) (facts, error)
	// audio gives the encoding and rate for what was told in all; an encoding
	// that is not understood is no error.
	audio func(f facts) (pcm.Encoding, int)
	// text understands a later text message.
	text func(data []byte) message
}

// message is what a text message after the first comes to.
type message struct {
	kind  kind
	digit string
}

type kind int

const (
	unknown kind = iota // not ours, or not of use
	control             // known, and of no use
	key                 // somebody pressed digit
	over                // the platform says that the stream ends
	garbage             // it does not parse
)

// dialects are all there are, by platform.
func dialects() map[string]dialect {
	out := map[string]dialect{}
	for _, d := range []dialect{jambonz(), freeswitch(), vonage(), asterisk()} {
		out[d.platform] = d
	}
	return out
}

// linear is the audio of dialects that send nothing else.
func linear(facts) (pcm.Encoding, int) { return pcm.L16, telephone }

// telephone is the rate that holds when none is told, in Hz.
const telephone = 8000

// pressed is a message that tells of a key.
func pressed(digit string) message {
	if len(digit) != 1 || !isKey(digit[0]) {
		return message{kind: garbage}
	}
	return message{kind: key, digit: digit}
}

func isKey(c byte) bool {
	return (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D')
}
