package siprec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"heed/insights"
	"heed/internal/ingest"
)

const (
	customer = insights.Customer
	agent    = insights.Agent
)

// swap gives a text with pairs of words exchanged.
func swap(s string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(s) }

// TestWhatBorderControllersSay is what they are known to send: the call is taken,
// and each line has its party.
func TestWhatBorderControllersSay(t *testing.T) {
	t.Parallel()
	bob := ingest.Start{Call: "ab30317f1a784dc48ff824d0d3715d86", Direction: "inbound", From: "+14155550142", To: "+18005550199", Agent: "Dana"}
	bare := ingest.Start{Call: "*", Direction: "inbound", From: "+14155550100", To: "heed"}
	with := func(s ingest.Start, change func(*ingest.Start)) ingest.Start {
		change(&s)
		return s
	}
	for _, c := range []struct {
		name    string
		body    string
		headers []string
		agents  []string
		ids     []string // headers of the call's id
		start   ingest.Start
		lines   []insights.Speaker // that send, in the offer's order; empty is refused
	}{
		{name: "the standard", body: mixed(two, document), start: bob, lines: []insights.Speaker{customer, agent}},
		{name: "a type without +xml", body: mixedAs(metadataBare, two, document), start: bob, lines: []insights.Speaker{customer, agent}},
		{name: "an upper-case type", body: mixedAs("Application/RS-Metadata+XML", two, document), start: bob, lines: []insights.Speaker{customer, agent}},
		{
			name: "prefixes", start: bob, lines: []insights.Speaker{customer, agent},
			body: mixed(two, swap(document, "<recording xmlns=", "<rs:recording xmlns:rs=", "</", "</rs:", "<s", "<rs:s", "<p", "<rs:p", "<n", "<rs:n", "<l", "<rs:l", "<r", "<rs:r", "<d", "<rs:d")),
		},
		{
			name: "the agent's line first", start: bob, lines: []insights.Speaker{agent, customer},
			body: mixed(two, swap(document, "<send>s1<", "<send>s2<", "<send>s2<", "<send>s1<")),
		},
		{
			name: "labels of words", start: bob, lines: []insights.Speaker{agent, customer},
			body: mixed(swap(two, "label:1", "label:b_leg/1", "label:2", "label:a_leg/1"), swap(document, "participantstreamassoc", "unheardof")),
		},
		{
			name: "labels of directions, and no metadata", start: bare, lines: []insights.Speaker{agent, customer},
			body: plain(swap(two, "label:1", "label:outbound/7", "label:2", "label:inbound/7")),
		},
		{
			name: "no association", start: bob, lines: []insights.Speaker{customer, agent},
			body: mixed(two, swap(document, "participantstreamassoc", "unheardof")),
		},
		{name: "no metadata, as Cisco's", body: plain(two), start: bare, lines: []insights.Speaker{customer, agent}},
		{name: "no labels", body: plain(swap(two, "a=label:1\r\n", "", "a=label:2\r\n", "")), start: bare, lines: []insights.Speaker{customer, agent}},
		{
			name: "a draft's document", lines: []insights.Speaker{customer, agent},
			start: with(bob, func(s *ingest.Start) { s.Call = "urn:uuid:1" }),
			body: mixed(two, `<recording><dataMode>complete</dataMode><group><session id="urn:uuid:1"/>
<participant id="p1"><aor>sip:+14155550142@x.example</aor><send>s1</send></participant>
<participant id="p2"><nameID><aor>tel:+18005550199;phone-context=x</aor><name>Dana</name></nameID><send>s2</send></participant>
<stream id="s1"><label>1</label></stream><stream id="s2"><label>2</label></stream></group></recording>`),
		},
		{
			name: "one line of both voices", start: bob, lines: []insights.Speaker{customer},
			body: mixed(head+opening, swap(document, "<send>s2<", "<send>s1<")),
		},
		{name: "one line of the agent", body: mixed(head+opening, swap(document, "<send>s1<", "<send>s3<", "<send>s2<", "<send>s1<")), start: bob, lines: []insights.Speaker{agent}},
		{name: "one line of nobody", body: plain(head + swap(opening, "a=label:1\r\n", "")), start: bare, lines: []insights.Speaker{customer}},
		{
			name: "an agent who calls", agents: []string{"*@agents.example"}, lines: []insights.Speaker{agent, customer},
			start: with(bob, func(s *ingest.Start) { s.Direction, s.From, s.To = "outbound", "+18005550199", "+14155550142" }),
			body: mixed(two, swap(document,
				`sip:+14155550142@customer.example"><name xml:lang="en">Bob`, `sip:+18005550199@agents.example"><name>Dana`,
				`sip:+18005550199@agents.example"><name>Dana`, `sip:+14155550142@customer.example"><name>Bob`)),
		},
		{
			name: "an agent without metadata", agents: []string{"+1415*"}, lines: []insights.Speaker{agent, customer},
			start: with(bare, func(s *ingest.Start) { s.Direction, s.Agent = "outbound", "SBC" }), body: plain(two),
		},
		{
			name: "an id of a header", ids: []string{"X-Call-ID", "Cisco-Guid"}, headers: []string{"cisco-guid: 123-456-789-1"},
			start: with(bob, func(s *ingest.Start) { s.Call = "123-456-789-1" }), body: mixed(two, document), lines: []insights.Speaker{customer, agent},
		},
		{
			name: "an id of the session", start: with(bob, func(s *ingest.Start) { s.Call = "hVpd7YQgRW2nD22h7q60JQ==" }), lines: []insights.Speaker{customer, agent},
			body: mixed(two, swap(document, "ab30317f1a784dc48ff824d0d3715d86", "00000000000000000000000000000000")),
		},
		{
			name: "a number that is not shown", start: with(bob, func(s *ingest.Start) { s.From = "" }), lines: []insights.Speaker{customer, agent},
			body: mixed(two, swap(document, "+14155550142@customer.example", "anonymous@anonymous.invalid")),
		},
		{
			name: "a line that is not heard", start: bob, lines: []insights.Speaker{"", customer, agent},
			body: mixed(head+"m=video 40004 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=label:3\r\n"+opening+second, document),
		},
		{
			name: "lines of other codecs, and a third", start: bob, lines: []insights.Speaker{"", customer, "", agent, ""},
			body: mixed(head+swap(opening, "0 8 101", "96", "101 telephone-event/8000", "96 opus/48000/2", "label:1", "label:9")+opening+
				swap(opening, "RTP/AVP", "RTP/SAVP", "label:1", "label:8")+second+swap(second, "label:2", "label:7"), document),
		},
		{
			name: "compact headers", start: bob, lines: []insights.Speaker{customer, agent},
			body: mixed(two, document), headers: []string{"k: timer", "x: 1800;refresher=uac"},
		},
		{
			name: "an address that is a name", start: bob, lines: []insights.Speaker{customer, agent},
			body: mixed(swap(two, "c=IN IP4 127.0.0.1", "c=IN IP4 media.sbc.example"), document),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(o *Options) { o.Agents, o.CallHeaders = c.agents, c.ids })
			s := g.dial(t, "udp")
			a := s.invite(c.body, c.headers...)
			r := g.calls.Next(t)
			c.start.Platform = Platform
			if c.start.Call == "*" {
				c.start.Call = s.call
			}
			if diff := cmp.Diff(c.start, r.Start, cmpopts.IgnoreFields(ingest.Start{}, "At", "Stream", "Parties")); diff != "" {
				t.Errorf("start (-want +got):\n%s", diff)
			}
			if len(a.MediaDescriptions) != len(c.lines) {
				t.Fatalf("%d lines are answered, want %d", len(a.MediaDescriptions), len(c.lines))
			}
			for i, who := range c.lines {
				taken := a.MediaDescriptions[i].MediaName.Port.Value > 0
				if taken != (who != "") {
					t.Fatalf("line %d is taken: %v", i, taken)
				}
				if taken {
					voiceTo(t, a, i).speak(maxEarly, byte(i)) // so many that it is placed at once
					r.Reach(t, who, time.Second)
				}
			}
			s.bye()
			r.Wait(t)
			for i, who := range c.lines {
				if who != "" && (r.PCM[who][0] != expand(byte(i)) || len(r.Faults) > 0) {
					t.Errorf("line %d is not the %s's: %d, faults %v", i, who, r.PCM[who][0], r.Faults)
				}
			}
		})
	}
}
