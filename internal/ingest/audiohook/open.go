package audiohook

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe/audio"
)

// Platform is the name under which this door's calls are known.
const Platform = "audiohook"

const (
	// maxOffers is how many kinds of media are looked at.
	maxOffers = 64
	// maxValue is the longest value that is taken from a configuration.
	maxValue = 256
)

var errParameters = errors.New("invalid or missing parameters")

// openParameters are what the client says of the session.
type openParameters struct {
	OrganizationID     string            `json:"organizationId"`
	ConversationID     string            `json:"conversationId"`
	Participant        *participant      `json:"participant"`
	Media              []json.RawMessage `json:"media"`
	Language           string            `json:"language"`
	SupportedLanguages bool              `json:"supportedLanguages"`
	ContinuedSessions  []continued       `json:"continuedSessions"`
	CustomConfig       json.RawMessage   `json:"customConfig"`
}

type participant struct {
	ID   string `json:"id"`
	ANI  string `json:"ani"`
	DNIS string `json:"dnis"`
}

// continued is a session that this one goes on with.
type continued struct {
	ID string `json:"id"`
}

// opened are the parameters of our answer.
type opened struct {
	Media              []json.RawMessage `json:"media"`
	StartPaused        bool              `json:"startPaused"`
	SupportedLanguages *[]string         `json:"supportedLanguages,omitempty"`
}

// readOpen checks the parameters of open.
func readOpen(raw json.RawMessage) (openParameters, error) {
	var p openParameters
	if err := json.Unmarshal(raw, &p); err != nil {
		return openParameters{}, errParameters
	}
	if !isUUID(p.OrganizationID) || !isUUID(p.ConversationID) || p.Participant == nil || !isUUID(p.Participant.ID) || p.Media == nil {
		return openParameters{}, errParameters
	}
	if p.CustomConfig != nil && !isObject(p.CustomConfig) && string(p.CustomConfig) != "null" {
		return openParameters{}, errParameters
	}
	return p, nil
}

// probe says that the platform only tries whether we are there.
func (p *openParameters) probe() bool { return isNull(p.ConversationID) || isNull(p.Participant.ID) }

// own reads the configuration that the platform's administrator wrote. A value
// that is no text, too long or not printable is left out: it is no reason to
// lose a call.
func (p *openParameters) own() map[string]string {
	var raw map[string]any
	_ = json.Unmarshal(p.CustomConfig, &raw) // what does not parse sets nothing
	out := make(map[string]string, len(raw))
	for name, v := range raw {
		switch v := v.(type) {
		case string:
			if v = strings.TrimSpace(v); len(v) <= maxValue && strings.IndexFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0 {
				out[strings.ToLower(name)] = v
			}
		case bool:
			out[strings.ToLower(name)] = map[bool]string{true: "true", false: "false"}[v]
		}
	}
	return out
}

// start is the call as the client and its configuration describe it.
func (p *openParameters) start(session string, m *media) ingest.Start {
	own := p.own()
	if !isID(own["call"]) {
		own["call"] = ""
	}
	pick := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	s := ingest.Start{
		Platform: Platform, Call: pick(own["call"], p.ConversationID), Stream: session, Direction: "inbound",
		From: pick(own["from"], number(p.Participant.ANI)), To: pick(own["to"], number(p.Participant.DNIS)),
		Agent: own["agent"], Parties: m.parties,
	}
	if strings.HasPrefix(own["direction"], "outbound") {
		s.Direction = "outbound"
	}
	for _, language := range []string{p.Language, own["language"]} {
		if isLanguage(language) || isLetters(language) {
			s.Language = language
		}
	}
	return s
}

// isID accepts what may name a call: it is logged and becomes a key.
func isID(s string) bool {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:", r)
	}
	return s != "" && len(s) <= 128 && strings.IndexFunc(s, strange) < 0
}

// number takes the scheme off an address such as tel:+12025550142.
func number(address string) string {
	if len(address) > maxValue {
		return ""
	}
	if n, ok := strings.CutPrefix(address, "tel:"); ok {
		n, _, _ = strings.Cut(n, ";")
		return n
	}
	return address
}

// media is a kind of audio that was chosen.
type media struct {
	offer   json.RawMessage // as the client wrote it
	parties []insights.Speaker
	width   int // bytes of a sample
	decode  func([]int16, []byte) []int16
}

// sides says whom a channel's name means.
func sides(channel string) insights.Speaker {
	switch channel {
	case "external":
		return insights.Customer
	case "internal":
		return insights.Agent
	}
	return ""
}

// index is a party's channel, or -1.
func (m *media) index(who insights.Speaker) int { return slices.Index(m.parties, who) }

// readMedia reads an offer; it is false for one that is not understood.
func readMedia(raw json.RawMessage) (m media, ok bool) {
	var o struct {
		Type     string   `json:"type"`
		Format   string   `json:"format"`
		Channels []string `json:"channels"`
		Rate     float64  `json:"rate"`
	}
	if err := json.Unmarshal(raw, &o); err != nil || o.Type != "audio" || o.Rate != rate || len(o.Channels) == 0 || len(o.Channels) > 2 {
		return media{}, false
	}
	m.offer = raw
	for _, channel := range o.Channels {
		who := sides(channel)
		if who == "" || slices.Contains(m.parties, who) {
			return media{}, false
		}
		m.parties = append(m.parties, who)
	}
	switch o.Format {
	case "PCMU":
		m.width, m.decode = 1, audio.DecodeMulaw
	case "L16":
		m.width, m.decode = 2, decodeL16
	default:
		return media{}, false
	}
	return m, true
}

// decodeL16 reads linear samples, which the platform sends in its own byte
// order, the little end first.
func decodeL16(out []int16, b []byte) []int16 {
	for i := 0; i+1 < len(b); i += 2 {
		out = append(out, int16(uint16(b[i])|uint16(b[i+1])<<8))
	}
	return out
}

// choose takes the first offer with both parties, else the first with the
// customer, else the agent; nil is none.
func choose(offers []json.RawMessage) *media {
	var best *media
	rank := func(m *media) int {
		switch {
		case len(m.parties) == 2:
			return 2
		case m.parties[0] == insights.Customer:
			return 1
		}
		return 0
	}
	for _, raw := range offers[:min(len(offers), maxOffers)] {
		if m, ok := readMedia(raw); ok && (best == nil || rank(&m) > rank(best)) {
			best = &m
		}
	}
	return best
}

// split takes an interleaved frame apart. It is false for one that does not
// hold whole samples.
func (m *media) split(data []byte) (tracks [][]int16, ok bool) {
	step := m.width * len(m.parties)
	if len(data)%step != 0 {
		return nil, false
	}
	tracks = make([][]int16, len(m.parties))
	raw := make([]byte, 0, len(data)/len(m.parties))
	for i := range m.parties {
		raw = raw[:0]
		for at := i * m.width; at < len(data); at += step {
			raw = append(raw, data[at:at+m.width]...)
		}
		tracks[i] = m.decode(make([]int16, 0, len(raw)/m.width), raw)
	}
	return tracks, true
}
