package l16

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/pcm"
)

// Bounds of what a platform may tell.
const (
	maxID   = 128
	maxFact = 256
)

// Errors of what was told; the text is sent to the platform.
var (
	errCall      = fmt.Errorf("the call must be named by 1 to %d letters, digits or any of . _ : @ -", maxID)
	errParty     = errors.New("party must be customer or agent")
	errDirection = errors.New("direction must be inbound or outbound")
	errRate      = errors.New("the rate must be a number such as 8000, 16000 or 16k")
	errMix       = errors.New("mix must be mono, mixed or stereo")
	errOther     = errors.New("the ticket in the address is for another call")
)

// facts are what is told of a stream, by lower-case name.
type facts map[string]string

// factsOf takes the query of a socket's address.
func factsOf(q url.Values) facts {
	out := facts{}
	for name := range q {
		out.add(name, q.Get(name))
	}
	return out
}

// add notes a fact. One that is too long or not printable is left out: it is
// no reason to lose a call.
func (f facts) add(name, value string) {
	if value == "" || len(value) > maxFact || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return
	}
	f[strings.ToLower(name)] = value
}

// over lays facts over those that are there.
func (f facts) over(more facts) { maps.Copy(f, more) }

// alias gives a fact the first of the names under which the platform tells it.
func (f facts) alias(name string, theirs ...string) {
	for _, t := range theirs {
		if f[name] == "" && f[t] != "" {
			f[name] = f[t]
		}
	}
}

// factsIn takes the text, numbers and truth values of a JSON object, and on top
// those of the object "heed" in it. Anything else is not ours.
func factsIn(data []byte) (facts, error) {
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("the first message is no JSON object: %w", err)
	}
	out := facts{}
	out.take(all)
	if ours, ok := all["heed"].(map[string]any); ok {
		out.take(ours)
	}
	return out, nil
}

func (f facts) take(all map[string]any) {
	for name, v := range all {
		switch v := v.(type) {
		case string:
			f.add(name, v)
		case float64:
			f.add(name, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
}

// start says what the stream is. Its id is ours: these platforms give none.
func (f facts) start(platform, stream string) (ingest.Start, error) {
	s := ingest.Start{
		Platform: platform, Call: f["call"], Stream: stream, Direction: "inbound",
		From: f["from"], To: f["to"], Agent: f["agent"], Language: f["language"], Tracking: f["tracking"],
	}
	switch d := strings.ToLower(f["direction"]); {
	case !isID(s.Call):
		return s, errCall
	case strings.HasPrefix(d, "outbound"):
		s.Direction = "outbound"
	case d != "" && !strings.HasPrefix(d, "inbound"):
		return s, errDirection
	}
	return s, nil
}

// format says how the samples are written and whose they are.
func (f facts) format(encoding pcm.Encoding, rate int) (pcm.Format, error) {
	out := pcm.Format{Encoding: encoding, Rate: rate}
	if f["rate"] != "" {
		n, err := rateOf(f["rate"])
		if err != nil {
			return out, err
		}
		out.Rate = n
	}
	first, second := insights.Customer, insights.Agent
	switch strings.ToLower(f["party"]) {
	case "", string(insights.Customer):
	case string(insights.Agent):
		first, second = second, first
	default:
		return out, errParty
	}
	out.Channels = []insights.Speaker{first}
	switch strings.ToLower(f["mix"]) {
	case "", "mono", "mixed":
	case "stereo":
		out.Channels = append(out.Channels, second)
	default:
		return out, errMix
	}
	return out, nil
}

// rateOf reads 16000 and 16k.
func rateOf(s string) (int, error) {
	digits, kilo := strings.CutSuffix(strings.ToLower(s), "k")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, errRate
	}
	if kilo {
		n *= 1000
	}
	return n, nil
}

// isID accepts the identifiers of these platforms. They are logged and become
// keys, so nothing else may be in them.
func isID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("._:@-", c) < 0 {
			return false
		}
	}
	return true
}
