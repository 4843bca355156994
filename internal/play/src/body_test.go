package src

import (
	"encoding/xml"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

// TestWhatARecorderIsTold reads the body of an INVITE with the parsers of its
// parts: names of people may hold anything.
func TestWhatARecorderIsTold(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		c := &Call{host: host}
		for range 2 {
			conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			c.voices = append(c.voices, conn)
		}
		kind, raw, err := c.body(Options{
			ID: `id"<&`, Lines: []int{1, 0}, Parties: [2]Party{{Number: "+12025550142"}, {Name: `Dana "<b>" & Sons`}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, parameters, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewReader(strings.NewReader(string(raw)), parameters["boundary"])
		offer, told := sdp.SessionDescription{}, struct {
			Session struct {
				ID string `xml:"sipSessionID"`
			} `xml:"session"`
			Participants []struct {
				Of struct {
					AOR  string `xml:"aor,attr"`
					Name string `xml:"name"`
				} `xml:"nameID"`
			} `xml:"participant"`
			Streams []struct {
				Label string `xml:"label"`
			} `xml:"stream"`
			Sends []struct {
				Who  string `xml:"participant_id,attr"`
				Send string `xml:"send"`
			} `xml:"participantstreamassoc"`
		}{}
		for _, read := range []func([]byte) error{offer.Unmarshal, func(b []byte) error { return xml.Unmarshal(b, &told) }} {
			p, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(p)
			if err != nil {
				t.Fatal(err)
			}
			if err := read(text); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
		}
		if told.Session.ID != `id"<&` || len(told.Participants) != 2 || told.Participants[1].Of.Name != `Dana "<b>" & Sons` || told.Participants[1].Of.AOR != "sip:anonymous@heed.invalid" {
			t.Errorf("%+v", told)
		}
		if len(told.Sends) != 2 || told.Sends[0].Who != "p1" || told.Sends[1].Who != "p0" {
			t.Errorf("who sends what: %+v", told.Sends)
		}
		for i, m := range offer.MediaDescriptions {
			label, _ := m.Attribute("label")
			if _, only := m.Attribute("sendonly"); !only || label != told.Streams[i].Label || m.MediaName.Port.Value != c.voices[i].LocalAddr().(*net.UDPAddr).Port {
				t.Errorf("line %d: %+v", i, m)
			}
		}
		if len(offer.MediaDescriptions) != 2 || offer.ConnectionInformation.Address.Address != host {
			t.Errorf("%+v", offer)
		}
	}
}
