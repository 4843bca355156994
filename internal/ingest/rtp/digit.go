package rtp

// keys are the events of RFC 4733 that are keys of a telephone.
const keys = "0123456789*#ABCD"

// readKey reads the payload of a telephone event. Events that are no keys, and
// what is no event at all, are not ok.
func readKey(payload []byte) (key string, ok bool) {
	if len(payload) < 4 || int(payload[0]) >= len(keys) {
		return "", false
	}
	return keys[payload[0] : payload[0]+1], true
}
