package siprec

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

const (
	// maxDepth is how deep elements may lie in each other; RFC 7865 needs five.
	maxDepth = 32
	// maxElements bounds them.
	maxElements = 4000
	// maxValue is the longest value that is taken; a longer one is left out.
	maxValue = 256
)

// participant is a person or a device of the call.
type participant struct {
	id   string
	aor  string // such as sip:+14155550100@example.com
	name string
}

// metadata is what an SRC says of the call that it records.
type metadata struct {
	partial      bool   // it tells what has changed
	session      string // of the call: its SIP Session-ID, else the recorder's own
	participants []participant
	labels       map[string]string   // of the media line, by stream
	senders      map[string][]string // ids of participants by stream
}

// The elements of RFC 7865, by their local names: prefixes differ. Drafts before
// it had the id and what a participant sends elsewhere.
type (
	xmlParticipant struct {
		ID    string   `xml:"participant_id,attr"`
		Draft string   `xml:"id,attr"`
		Names []xmlAOR `xml:"nameID"`
		AOR   string   `xml:"aor"`
		Name  string   `xml:"name"`
		Sends []string `xml:"send"`
	}
	xmlAOR struct {
		Attr string `xml:"aor,attr"`
		AOR  string `xml:"aor"`
		Name string `xml:"name"`
	}
	xmlStream struct {
		ID    string `xml:"stream_id,attr"`
		Draft string `xml:"id,attr"`
		Label string `xml:"label"`
	}
	xmlSends struct {
		ID    string   `xml:"participant_id,attr"`
		Draft string   `xml:"id,attr"`
		Sends []string `xml:"send"`
	}
	xmlSession struct {
		ID    string `xml:"session_id,attr"`
		Draft string `xml:"id,attr"`
		SIP   string `xml:"sipSessionID"`
	}
)

// readMetadata reads a document. Elements that are not known are passed over,
// wherever they are. A document type is refused, and with it every entity that
// is not XML's own.
func readMetadata(raw []byte) (*metadata, error) {
	if err := checkXML(raw); err != nil {
		return nil, badRequest("the rs-metadata is " + err.Error())
	}
	m := &metadata{labels: map[string]string{}, senders: map[string][]string{}}
	d := newXML(raw)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if start, is := t.(xml.StartElement); is && err == nil {
			err = m.element(d, start)
		}
		if err != nil {
			return nil, badRequest("the rs-metadata is not well-formed")
		}
	}
	return m, nil
}

func newXML(raw []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(raw))
	// What calls itself something else is mostly ASCII; what is not fails as UTF-8.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return d
}

// checkXML reads a document once for its shape.
func checkXML(raw []byte) error {
	d := newXML(raw)
	depth, elements := 0, 0
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && elements > 0:
			return nil
		case err != nil:
			return errors.New("not well-formed")
		}
		switch t.(type) {
		case xml.Directive:
			return errors.New("refused: it has a document type")
		case xml.StartElement:
			depth++
			elements++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth || elements > maxElements {
			return errors.New("too deep or too long")
		}
	}
}

// element takes one element that is known with all below it.
func (m *metadata) element(d *xml.Decoder, start xml.StartElement) error {
	var err error
	switch strings.ToLower(start.Name.Local) {
	case "datamode":
		var mode string
		err = d.DecodeElement(&mode, &start)
		m.partial = strings.EqualFold(strings.TrimSpace(mode), "partial")
	case "session":
		var s xmlSession
		err = d.DecodeElement(&s, &start)
		if m.session == "" {
			m.session = first(sessionID(s.SIP), s.ID, s.Draft)
		}
	case "participant":
		var p xmlParticipant
		err = d.DecodeElement(&p, &start)
		m.participant(p)
	case "stream":
		var s xmlStream
		err = d.DecodeElement(&s, &start)
		if id := first(s.ID, s.Draft); id != "" {
			m.labels[id] = clean(s.Label)
		}
	case "participantstreamassoc":
		var s xmlSends
		err = d.DecodeElement(&s, &start)
		m.sends(first(s.ID, s.Draft), s.Sends)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", start.Name.Local, err)
	}
	return nil
}

func (m *metadata) participant(p xmlParticipant) {
	one := participant{id: first(p.ID, p.Draft), aor: clean(p.AOR), name: clean(p.Name)}
	for _, n := range p.Names {
		one.aor, one.name = first(one.aor, n.Attr, n.AOR), first(one.name, n.Name)
	}
	m.participants = append(m.participants, one)
	m.sends(one.id, p.Sends)
}

func (m *metadata) sends(id string, streams []string) {
	for _, s := range streams {
		if s = clean(s); s != "" && id != "" && !slices.Contains(m.senders[s], id) {
			m.senders[s] = append(m.senders[s], id)
		}
	}
}

// sendersOf gives the participants whose voices a media line carries.
func (m *metadata) sendersOf(label string) []int {
	var all []int
	for stream, l := range m.labels {
		if l != label || label == "" {
			continue
		}
		for _, id := range m.senders[stream] {
			i := slices.IndexFunc(m.participants, func(p participant) bool { return p.id == id })
			if i >= 0 && !slices.Contains(all, i) {
				all = append(all, i)
			}
		}
	}
	return all
}

// merge takes in what a later document says.
func (m *metadata) merge(later *metadata) *metadata {
	if m == nil || !later.partial {
		return later
	}
	m = &metadata{session: m.session, participants: slices.Clone(m.participants), labels: maps.Clone(m.labels), senders: maps.Clone(m.senders)}
	for _, p := range later.participants {
		i := slices.IndexFunc(m.participants, func(q participant) bool { return q.id == p.id })
		switch {
		case i < 0 && len(m.participants) < maxElements:
			m.participants = append(m.participants, p)
		case i >= 0:
			m.participants[i] = p
		}
	}
	if len(m.labels)+len(later.labels) > maxElements {
		return m
	}
	maps.Copy(m.labels, later.labels)
	maps.Copy(m.senders, later.senders)
	return m
}

// sessionID gives the first half of a SIP Session-ID (RFC 7989), which names the
// side that called.
func sessionID(s string) string {
	id, _, _ := strings.Cut(clean(s), ";")
	if strings.Trim(id, "0") == "" {
		return "" // nobody's
	}
	return id
}

// first is the first value that says something.
func first(values ...string) string {
	for _, v := range values {
		if v = clean(v); v != "" {
			return v
		}
	}
	return ""
}

// clean gives a value as it may be kept: trimmed, or nothing when it is too long
// or not printable.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxValue || strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) {
		return ""
	}
	return s
}
