package src

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"mime/multipart"
	"net"
	"net/textproto"
	"strings"
)

// body is an offer of each line, and who speaks on it.
func (c *Call) body(o Options) (kind string, raw []byte, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, part := range []struct{ kind, disposition, text string }{
		{"application/sdp", "session", c.offer()},
		{"application/rs-metadata+xml", "recording-session", o.metadata()},
	} {
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {part.kind}, "Content-Disposition": {part.disposition}})
		if err == nil {
			_, err = p.Write([]byte(part.text))
		}
		if err != nil {
			return "", nil, fmt.Errorf("body: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return "", nil, fmt.Errorf("body: %w", err)
	}
	return "multipart/mixed;boundary=" + w.Boundary(), b.Bytes(), nil
}

func (c *Call) offer() string {
	family := "IP4"
	if strings.Contains(c.host, ":") {
		family = "IP6"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", family, c.host, family, c.host)
	for i, v := range c.voices {
		_, port, _ := net.SplitHostPort(v.LocalAddr().String()) // what it gives is one
		fmt.Fprintf(&b, "m=audio %s RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendonly\r\na=label:%d\r\n", port, i+1)
	}
	return b.String()
}

// metadata is the call as RFC 7865 has it told.
func (o Options) metadata() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>`+
		`<session session_id="s"><sipSessionID>%s</sipSessionID></session>`, quote(o.ID))
	for i, p := range o.Parties {
		fmt.Fprintf(&b, `<participant participant_id="p%d"><nameID aor="sip:%s@heed.invalid"><name>%s</name></nameID></participant>`,
			i, quote(cmp.Or(p.Number, "anonymous")), quote(p.Name))
	}
	for i, sender := range o.Lines {
		fmt.Fprintf(&b, `<stream stream_id="v%d" session_id="s"><label>%d</label></stream>`+
			`<participantstreamassoc participant_id="p%d"><send>v%d</send></participantstreamassoc>`, i, i+1, sender, i)
	}
	return b.String() + "</recording>"
}

func quote(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
