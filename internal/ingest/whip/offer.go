package whip

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"heed/internal/ingest/rtp"
)

// maxMedia bounds the media sections of an offer that is looked at.
const maxMedia = 8

// errOffer says why an offer cannot be taken. malformed is for what is no
// offer at all.
type errOffer struct {
	why       string
	malformed bool
}

func (e *errOffer) Error() string { return e.why }

func unfit(format string, args ...any) error { return &errOffer{why: fmt.Sprintf(format, args...)} }

// readOffer checks an offer and gives it as our side can take it: one section
// of audio that the publisher sends.
func readOffer(raw string) (*sdp.SessionDescription, error) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(raw); err != nil || s.Origin == (sdp.Origin{}) {
		return nil, &errOffer{why: "The offer is no session description.", malformed: true}
	}
	if n := len(s.MediaDescriptions); n != 1 {
		return nil, wrongMedia(s.MediaDescriptions)
	}
	m := s.MediaDescriptions[0]
	switch {
	case m.MediaName.Media != "audio":
		return nil, wrongMedia(s.MediaDescriptions)
	case m.MediaName.Port.Value == 0:
		return nil, unfit("The offer's audio is switched off (port 0).")
	case !sends(&s, m):
		return nil, unfit("The publisher must send: offer the audio as sendonly.")
	case !has(m, "rtcp-mux"):
		return nil, unfit("RTP and RTCP share one port here: offer a=rtcp-mux.")
	case attribute(&s, m, "fingerprint") == "" || attribute(&s, m, "ice-ufrag") == "" || attribute(&s, m, "ice-pwd") == "":
		return nil, unfit("The offer has no DTLS fingerprint or no ICE credentials.")
	}
	sendonly(&s, m)
	bundle(&s, m)
	s.Attributes, m.Attributes = reachable(s.Attributes), reachable(m.Attributes)
	return &s, nil
}

// wrongMedia tells what is offered beside or in place of one audio.
func wrongMedia(media []*sdp.MediaDescription) error {
	if len(media) == 0 {
		return unfit("The offer has no audio.")
	}
	for _, m := range media[:min(len(media), maxMedia)] {
		switch m.MediaName.Media {
		case "video":
			return unfit("Video is not taken: offer one audio track alone.")
		case "application":
			return unfit("Data channels are not taken: offer one audio track alone.")
		case "audio":
		default:
			return unfit("Only audio is taken: offer one audio track alone.")
		}
	}
	return unfit("One audio track is taken, not %d: two parties are two sessions, or one stereo track.", len(media))
}

// sends says whether the publisher offers to send: the direction of the
// section or, without one, of the session; by default both send.
func sends(s *sdp.SessionDescription, m *sdp.MediaDescription) bool {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, s.Attributes} {
		for _, a := range attributes {
			switch a.Key {
			case "sendonly", "sendrecv":
				return true
			case "recvonly", "inactive":
				return false
			}
		}
	}
	return true
}

// sendonly says in so many words what the library has to answer, which is more
// particular about it than publishers are.
func sendonly(s *sdp.SessionDescription, m *sdp.MediaDescription) {
	direction := func(a sdp.Attribute) bool { return a.Key == "sendrecv" || a.Key == "sendonly" }
	s.Attributes = slices.DeleteFunc(s.Attributes, direction)
	m.Attributes = append(slices.DeleteFunc(m.Attributes, direction), sdp.NewPropertyAttribute("sendonly"))
}

func has(m *sdp.MediaDescription, key string) bool {
	_, ok := m.Attribute(key)
	return ok
}

// attribute gives one of the section or else of the session.
func attribute(s *sdp.SessionDescription, m *sdp.MediaDescription, key string) string {
	if v, ok := m.Attribute(key); ok {
		return v
	}
	v, _ := s.Attribute(key)
	return v
}

// bundle groups the one section where the publisher did not. Without a group
// the library would answer with the audio switched off (pion/webrtc#3522).
func bundle(s *sdp.SessionDescription, m *sdp.MediaDescription) {
	mid, ok := m.Attribute("mid")
	if !ok || mid == "" {
		mid = "0"
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool { return a.Key == "mid" })
		m.Attributes = append(m.Attributes, sdp.NewAttribute("mid", mid))
	}
	for _, a := range s.Attributes {
		if a.Key == "group" && slices.Equal(strings.Fields(a.Value), []string{"BUNDLE", mid}) {
			return
		}
	}
	s.Attributes = slices.DeleteFunc(s.Attributes, func(a sdp.Attribute) bool {
		return a.Key == "group" && strings.HasPrefix(a.Value, "BUNDLE")
	})
	s.Attributes = append(s.Attributes, sdp.NewAttribute("group", "BUNDLE "+mid))
}

// credentials are what ICE knows a peer by. A restart changes them.
type credentials struct{ ufrag, pwd string }

// credentialsOf reads those of a description.
func credentialsOf(s *sdp.SessionDescription) credentials {
	m := s.MediaDescriptions[0]
	return credentials{attribute(s, m, "ice-ufrag"), attribute(s, m, "ice-pwd")}
}

// restarted gives a description with other credentials and without the
// candidates that went with the old ones.
func restarted(s *sdp.SessionDescription, c credentials) string {
	own := func(a sdp.Attribute) bool {
		return a.Key == "ice-ufrag" || a.Key == "ice-pwd" || a.Key == "candidate" || a.Key == "end-of-candidates"
	}
	s.Attributes = slices.DeleteFunc(s.Attributes, own)
	m := s.MediaDescriptions[0]
	m.Attributes = slices.DeleteFunc(m.Attributes, own)
	m.Attributes = append(m.Attributes, sdp.NewAttribute("ice-ufrag", c.ufrag), sdp.NewAttribute("ice-pwd", c.pwd))
	raw, err := s.Marshal()
	if err != nil {
		return "" // cannot happen: it was read, and refused by the library then
	}
	return string(raw)
}

// whole checks an answer: a part that is left out makes it none.
func whole(raw string, stereo bool) (string, error) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(raw); err != nil {
		return "", fmt.Errorf("own answer: %w", err)
	}
	if len(s.MediaDescriptions) != 1 {
		return "", unfit("The offer cannot be answered in full.")
	}
	m := s.MediaDescriptions[0]
	if m.MediaName.Port.Value == 0 || !has(m, "recvonly") || !speaks(m) {
		return "", unfit("Nothing that is offered is understood: audio is taken as Opus, PCMU or PCMA, a stereo stream as Opus.")
	}
	if !stereo {
		return raw, nil
	}
	return inStereo(&s)
}

// inStereo has an answer ask for both channels: browsers send one to who does
// not ask.
func inStereo(s *sdp.SessionDescription) (string, error) {
	m := s.MediaDescriptions[0]
	for i, a := range m.Attributes {
		if a.Key == "fmtp" && strings.Contains(a.Value, "minptime") && !strings.Contains(a.Value, "stereo=1") {
			m.Attributes[i].Value += ";stereo=1"
		}
	}
	changed, err := s.Marshal()
	if err != nil {
		return "", fmt.Errorf("own answer: %w", err)
	}
	return string(changed), nil
}

// speaks says whether a codec of audio was agreed on, and not just keys.
func speaks(m *sdp.MediaDescription) bool {
	for _, a := range m.Attributes {
		_, name, _ := strings.Cut(a.Value, " ")
		if a.Key == "rtpmap" && codecOf(name) != rtp.Unknown && codecOf(name) != rtp.Events {
			return true
		}
	}
	return false
}

// codecOf reads a codec's name, with its rate behind a slash or without.
func codecOf(name string) rtp.Codec {
	name, _, _ = strings.Cut(strings.ToLower(strings.TrimPrefix(strings.ToLower(name), "audio/")), "/")
	switch name {
	case "opus":
		return rtp.Opus
	case "pcmu":
		return rtp.PCMU
	case "pcma":
		return rtp.PCMA
	case "telephone-event":
		return rtp.Events
	}
	return rtp.Unknown
}
