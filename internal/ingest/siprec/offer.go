package siprec

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"heed/internal/ingest/rtp"
)

// maxLines bounds the media lines of an offer.
const maxLines = 16

// offered is one media line of an offer, and what we make of it.
type offered struct {
	label  string
	addr   netip.Addr // where its audio comes from; invalid when it names none
	taken  bool       // audio that we can hear
	active bool       // audio is sent now
	types  map[uint8]rtp.Codec
	answer sdp.MediaDescription // without port and direction
}

// readOffer reads SDP. Lines that are no G.711 in the clear are not taken; it is
// refused as a whole when none is.
func readOffer(raw []byte) ([]offered, error) {
	var s sdp.SessionDescription
	if err := s.Unmarshal(raw); err != nil {
		return nil, badRequest("the SDP is malformed")
	}
	if n := len(s.MediaDescriptions); n == 0 || n > maxLines {
		return nil, unacceptable("the SDP has no media lines, or too many")
	}
	lines := make([]offered, 0, len(s.MediaDescriptions))
	taken := 0
	for _, m := range s.MediaDescriptions {
		l := readLine(&s, m)
		if l.taken {
			taken++
		}
		lines = append(lines, l)
	}
	if taken == 0 {
		return nil, unacceptable("no media line is PCMU or PCMA at 8 kHz as RTP/AVP")
	}
	return lines, nil
}

func readLine(s *sdp.SessionDescription, m *sdp.MediaDescription) offered {
	l := offered{types: map[uint8]rtp.Codec{}, answer: sdp.MediaDescription{MediaName: sdp.MediaName{
		Media: m.MediaName.Media, Protos: m.MediaName.Protos, Formats: m.MediaName.Formats,
	}}}
	l.label, _ = m.Attribute("label")
	l.label = clean(l.label)
	l.addr = addressOf(s, m)
	direction := directionOf(s, m)
	l.active = direction != "inactive" && direction != "recvonly" && !l.addr.IsUnspecified()
	protocol := strings.ToUpper(strings.Join(m.MediaName.Protos, "/"))
	if m.MediaName.Media != "audio" || m.MediaName.Port.Value <= 0 || protocol != "RTP/AVP" && protocol != "RTP/AVPF" {
		return l
	}
	l.choose(m)
	return l
}

// choose picks what is answered: the first codec that we know, and keys. What
// else of the offer we know is understood too, for some senders change at will.
func (l *offered) choose(m *sdp.MediaDescription) {
	var formats []string
	var maps []sdp.Attribute
	keys := false
	for _, f := range m.MediaName.Formats {
		n, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		name := formatName(m, f)
		c, known := codecNames[strings.ToLower(name)]
		if !known {
			continue
		}
		l.types[uint8(n)] = c
		if first := !l.taken && c.Audio(); first || !keys && c == rtp.Events {
			l.taken, keys = l.taken || first, keys || !first
			formats = append(formats, f)
			maps = append(maps, sdp.NewAttribute("rtpmap", f+" "+name))
		}
	}
	if l.taken {
		l.answer.MediaName.Formats, l.answer.Attributes = formats, maps
	}
}

// codecNames are the encodings that are understood; comfort noise is silence.
var codecNames = map[string]rtp.Codec{
	"pcmu/8000": rtp.PCMU, "pcma/8000": rtp.PCMA, "telephone-event/8000": rtp.Events, "cn/8000": rtp.Noise,
}

// formatName gives the encoding of a payload type, such as PCMU/8000.
func formatName(m *sdp.MediaDescription, format string) string {
	for _, a := range m.Attributes {
		if id, name, ok := strings.Cut(a.Value, " "); ok && a.Key == "rtpmap" && id == format {
			return strings.TrimSuffix(strings.TrimSpace(name), "/1")
		}
	}
	return map[string]string{"0": "PCMU/8000", "8": "PCMA/8000", "13": "CN/8000"}[format]
}

// addressOf gives the address of a line's sender. A name is not looked up.
func addressOf(s *sdp.SessionDescription, m *sdp.MediaDescription) netip.Addr {
	c := m.ConnectionInformation
	if c == nil {
		c = s.ConnectionInformation
	}
	if c == nil || c.Address == nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(c.Address.Address)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func directionOf(s *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, s.Attributes} {
		for _, a := range attributes {
			switch a.Key {
			case "sendonly", "recvonly", "sendrecv", "inactive":
				return a.Key
			}
		}
	}
	return "sendrecv"
}

// answered is what we say of a line: its port, or 0, and whether we listen.
type answered struct {
	offered

	port int
}

// writeAnswer makes our SDP, in the order of the offer.
func writeAnswer(host netip.Addr, id, version uint64, lines []answered) []byte {
	kind := "IP4"
	if host.Is6() {
		kind = "IP6"
	}
	s := sdp.SessionDescription{
		Origin:                sdp.Origin{Username: "-", SessionID: id, SessionVersion: version, NetworkType: "IN", AddressType: kind, UnicastAddress: host.String()},
		SessionName:           "-",
		ConnectionInformation: &sdp.ConnectionInformation{NetworkType: "IN", AddressType: kind, Address: &sdp.Address{Address: host.String()}},
		TimeDescriptions:      []sdp.TimeDescription{{}},
	}
	for _, l := range lines {
		m := l.answer
		if m.MediaName.Port.Value = l.port; l.port == 0 {
			m.Attributes = nil
			s.MediaDescriptions = append(s.MediaDescriptions, &m)
			continue
		}
		direction := "recvonly"
		if !l.active {
			direction = "inactive"
		}
		m.Attributes = append(slices.Clip(m.Attributes), sdp.NewPropertyAttribute(direction))
		if l.label != "" {
			m.Attributes = append(m.Attributes, sdp.NewAttribute("label", l.label))
		}
		s.MediaDescriptions = append(s.MediaDescriptions, &m)
	}
	raw, _ := s.Marshal() // never fails
	return raw
}
