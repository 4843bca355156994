package l16

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
	"heed/internal/mount"
)

// What each platform says first, of one call.
const (
	jambonzFirst = `{"callSid":"5f3e0d5f-ba6f","direction":"inbound","from":"+14155550100","to":"+18005550199","callId":"x@y","sipStatus":200,` +
		`"sampleRate":16000,"mixType":"stereo","customerData":{"a":[1]},"heed":{"agent":"alice","language":"en-US"}}`
	freeswitchFirst = `{"uuid":"5f3e0d5f-ba6f","from":"+14155550100","to":"+18005550199","rate":"16k","mix":"stereo","agent":"alice","language":"en-US"}`
	vonageFirst     = `{"event":"websocket:connected","content-type":"audio/l16;rate=16000","call":"5f3e0d5f-ba6f","from":"+14155550100","to":"+18005550199",` +
		`"agent":"alice","language":"en-US","party":"customer"}`
	asteriskFirst     = `MEDIA_START connection_id:e226e283-c90a channel:WebSocket/heed/0x7f format:slin16 optimal_frame_size:640 ptime:20`
	asteriskQuery     = "call=5f3e0d5f-ba6f&party=customer&from=%2B14155550100&to=%2B18005550199&agent=alice&language=en-US"
	asteriskFirstJSON = `{"event":"MEDIA_START","connection_id":"e226e283","channel":"WebSocket/heed/0x7f","format":"slin16","optimal_frame_size":640,"ptime":20,` +
		`"channel_variables":{"HEED_CALL":"5f3e0d5f-ba6f","HEED_FROM":"+14155550100","HEED_TO":"+18005550199","HEED_AGENT":"alice","HEED_LANGUAGE":"en-US","PATH":"/bin","from":"no"}}`
)

func TestACallOfEachPlatform(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, platform, query, first string
		protocol                     string
		stereo                       bool
		key, junk                    string
		last                         string // empty hangs up
		why                          ingest.Reason
	}{
		{
			name: "jambonz", platform: "jambonz", first: jambonzFirst, protocol: "audio.jambonz.org", stereo: true,
			key: `{"event":"dtmf","dtmf":"5","duration":1600}`, junk: `{"type":"playDone","data":{"id":"x"}}`, why: ingest.Closed,
		},
		{
			name: "freeswitch", platform: "freeswitch", first: freeswitchFirst, stereo: true,
			key: `{"event":"dtmf","dtmf":"5"}`, junk: `anything at all`, last: `{"event":"stop"}`, why: ingest.Stopped,
		},
		{
			name: "vonage", platform: "vonage", first: vonageFirst,
			key: `{"event":"websocket:dtmf","digit":"5","duration":260}`, junk: `{"event":"websocket:cleared"}`, why: ingest.Closed,
		},
		{
			name: "asterisk in words", platform: "asterisk", query: asteriskQuery, first: asteriskFirst, protocol: "media",
			key: `DTMF_END digit:5`, junk: `STATUS queue_length:43 queue_full:false`, why: ingest.Closed,
		},
		{
			name: "asterisk in JSON", platform: "asterisk", first: asteriskFirstJSON, protocol: "media",
			key: `{"event":"DTMF_END","digit":"5","channel_id":"1"}`, junk: `{"event":"MEDIA_XOFF"}`, why: ingest.Closed,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			before := time.Now()
			p := g.dial(t, c.platform, c.query, c.protocol, "other")
			if got := p.ws.Subprotocol(); got != c.protocol {
				t.Errorf("agreed on the subprotocol %q", got)
			}
			audio := samples(320)
			if c.stereo {
				audio = samples(640)
			}
			p.send(c.first, audio[:101], audio[101:], []byte{}, c.junk, c.key, audio)
			if c.last == "" {
				p.hangUp()
			} else {
				p.send(c.last)
			}
			if code, why := p.closed(); code != websocket.CloseNormalClosure {
				t.Errorf("closed with %d %s", code, why)
			}
			r := g.calls.Next(t).Wait(t)
			want := ingest.Start{
				Platform: c.platform, Call: "5f3e0d5f-ba6f", Direction: "inbound",
				From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US",
				Parties: []insights.Speaker{insights.Customer},
			}
			if c.stereo {
				want.Parties = append(want.Parties, insights.Agent)
			}
			if diff := cmp.Diff(want, r.Start, cmpopts.IgnoreFields(ingest.Start{}, "Stream", "At")); diff != "" {
				t.Errorf("start (-want +got):\n%s", diff)
			}
			if r.Start.At.Before(before) || r.Start.At.After(time.Now()) || len(r.Start.Stream) != 32 {
				t.Errorf("time zero is %v, stream %q", r.Start.At, r.Start.Stream)
			}
			if diff := cmp.Diff([]string{"customer 5 at 20"}, r.Keys); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			step := int16(1)
			if c.stereo {
				step = 2
				if a := r.PCM[insights.Agent]; len(a) != 640 || a[1] != 3 {
					t.Errorf("%d samples of the agent, the second is %d", len(a), a[1])
				}
			}
			if a := r.PCM[insights.Customer]; len(a) != 640 || a[1] != step || a[321] != step {
				t.Errorf("%d samples of the customer, %d and %d", len(a), a[1], a[321])
			}
			if r.Why != c.why || len(r.Faults) != 0 || r.Ends[insights.Customer] != 40*time.Millisecond {
				t.Errorf("ended as %q at %v with faults %v", r.Why, r.Ends[insights.Customer], r.Faults)
			}
		})
	}
}

func TestWhatIsToldOfACall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, platform, query, first string
		call, direction              string
		parties                      []insights.Speaker
	}{
		{"the agent is on the left", "jambonz", "party=agent", jambonzFirst, "5f3e0d5f-ba6f", "inbound", []insights.Speaker{insights.Agent, insights.Customer}},
		{"the address may name the call", "jambonz", "call=other.1", jambonzFirst, "other.1", "inbound", []insights.Speaker{insights.Customer, insights.Agent}},
		{"an outbound call", "jambonz", "", `{"callSid":"a","direction":"outbound","sampleRate":8000,"mixType":"mono"}`, "a", "outbound", []insights.Speaker{insights.Customer}},
		{"mixed into one", "jambonz", "", `{"call_sid":"a","sampleRate":"64000","mixType":"mixed"}`, "a", "inbound", []insights.Speaker{insights.Customer}},
		{"text that is no JSON", "freeswitch", "call=a&mix=stereo&rate=16000", "from the dialplan", "a", "inbound", []insights.Speaker{insights.Customer, insights.Agent}},
		{"a leg of the agent", "vonage", "", strings.Replace(vonageFirst, `"customer"`, `"agent"`, 1), "5f3e0d5f-ba6f", "inbound", []insights.Speaker{insights.Agent}},
		{"the conversation is the call", "vonage", "", `{"event":"websocket:connected","content-type":"audio/l16;rate=8000","conversation_uuid":"CON-1"}`, "CON-1", "inbound", []insights.Speaker{insights.Customer}},
		{"facts that are too long", "vonage", "agent=" + strings.Repeat("x", maxFact+1), vonageFirst, "5f3e0d5f-ba6f", "inbound", []insights.Speaker{insights.Customer}},
		{"a codec that nobody knows", "asterisk", "call=a", "MEDIA_START format:opus", "a", "inbound", []insights.Speaker{insights.Customer}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t, c.platform, c.query)
			p.send(c.first, samples(160))
			p.hangUp()
			p.closed()
			r := g.calls.Next(t).Wait(t)
			if r.Start.Call != c.call || r.Start.Direction != c.direction || !cmp.Equal(r.Start.Parties, c.parties) {
				t.Errorf("start %+v", r.Start)
			}
			if strings.Contains(c.first, "opus") != (r.Faults[ingest.Garbage] == 1) {
				t.Errorf("faults %v", r.Faults)
			}
		})
	}
}

func TestAudioMayComeWithoutAWord(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, "freeswitch", "call=a&party=agent")
	p.send(samples(160))
	p.hangUp()
	p.closed()
	r := g.calls.Next(t).Wait(t)
	if r.Start.Call != "a" || len(r.PCM[insights.Agent]) != 160 || r.Why != ingest.Closed {
		t.Errorf("start %+v, %d samples, ended as %s", r.Start, len(r.PCM[insights.Agent]), r.Why)
	}
}

// A stream that was paused goes on where the clock is, for both parties and for
// the keys pressed meanwhile.
func TestAPauseKeepsItsLength(t *testing.T) {
	t.Parallel()
	began := time.Now()
	messages := 0 // the door asks for the time once a message
	g := newRig(t, func(o *Options) {
		o.Now = func() time.Time {
			at := time.Duration(messages) * 20 * time.Millisecond
			if messages > 10 {
				at += 30 * time.Second
			}
			messages++
			return began.Add(at)
		}
	})
	p := g.dial(t, "jambonz", "")
	p.send(jambonzFirst)
	for range 10 {
		p.send(samples(640))
	}
	p.send(`{"event":"dtmf","dtmf":"5"}`)
	for range 30 {
		p.send(samples(640))
	}
	p.hangUp()
	p.closed()
	r := g.calls.Next(t).Wait(t)
	const end = 41*20*time.Millisecond + 30*time.Second
	if r.Ends[insights.Customer] != end || r.Ends[insights.Agent] != end || len(r.PCM[insights.Agent]) != 40*320 {
		t.Errorf("ends %v, want %v; %d samples", r.Ends, end, len(r.PCM[insights.Agent]))
	}
	if !slices.Contains(r.Frames, "agent 180+20") || !slices.Contains(r.Frames, "agent 30220+20") || !cmp.Equal(r.Keys, []string{"customer 5 at 30220"}) {
		t.Errorf("keys %v, frames %v", r.Keys, r.Frames)
	}
}

func TestStreamsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, platform, query, first string
		says                         string
	}{
		{"no call", "jambonz", "", `{"sampleRate":8000,"mixType":"mono"}`, "the call must be named"},
		{"a call that is no id", "jambonz", "", `{"callSid":"a b","sampleRate":8000,"mixType":"mono"}`, "the call must be named"},
		{"a call that is too long", "jambonz", "call=" + strings.Repeat("a", maxID+1), `{"sampleRate":8000}`, "the call must be named"},
		{"no JSON", "jambonz", "call=a", `hello`, "does not parse"},
		{"a list", "jambonz", "call=a", `[]`, "does not parse"},
		{"no party that there is", "jambonz", "call=a&party=robot", `{}`, "party must be"},
		{"no mix that there is", "jambonz", "call=a", `{"mixType":"quad"}`, "mix must be"},
		{"no rate", "jambonz", "call=a", `{"sampleRate":"fast"}`, "rate must be"},
		{"no direction that there is", "jambonz", "call=a", `{"direction":"up"}`, "direction must be"},
		{"not the first message", "vonage", "call=a", `{"event":"websocket:dtmf","digit":"1"}`, "websocket:connected"},
		{"no call from vonage", "vonage", "", `{"event":"websocket:connected","content-type":"audio/l16;rate=16000"}`, "the call must be named"},
		{"not the first message of asterisk", "asterisk", "call=a", `DTMF_END digit:1`, "MEDIA_START"},
		{"nothing", "asterisk", "call=a", ``, "MEDIA_START"},
		{"no call from freeswitch", "freeswitch", "", `{"rate":8000}`, "the call must be named"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t, c.platform, c.query)
			p.send(c.first)
			code, why := p.closed()
			if code != websocket.ClosePolicyViolation || !strings.Contains(why, c.says) || g.calls.Count() != 0 {
				t.Errorf("closed with %d %q, %d streams", code, why, g.calls.Count())
			}
		})
	}
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	own := ticket.Ticket{Platform: "vonage", Call: "CON-1", Party: "agent"}
	other := ticket.New(bytes.Repeat([]byte{2}, ticket.KeySize))
	forged, err := other.Issue(ticket.Ticket{Platform: "vonage", Call: "CON-1", Expires: time.Now().Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, query string
		header      http.Header
		status      int
		says        string
	}{
		{"nobody", "", nil, 401, "/v1/ingest/tokens"},
		{"a key", "", http.Header{"Authorization": {"Bearer good"}}, 101, ""},
		{"a wrong key", g.ticketFor(t, own), http.Header{"Authorization": {"Bearer bad"}}, 401, "role ingest"},
		{"a ticket", g.ticketFor(t, own), nil, 101, ""},
		{"a ticket of a page", g.ticketFor(t, own), http.Header{"Origin": {"https://elsewhere.example"}}, 101, ""},
		{"a page", "", http.Header{"Origin": {"https://elsewhere.example"}}, 401, "role ingest"},
		{"a ticket for another platform", g.ticketFor(t, ticket.Ticket{Platform: "jambonz", Call: "CON-1"}), nil, 401, "another platform"},
		{"a forged ticket", "token=" + forged, nil, 401, "another server"},
		{"nonsense", "token=x", nil, 401, "not valid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ws, answer := g.try(t, "vonage", c.query, c.header)
			if answer.StatusCode != c.status || (ws != nil) != (c.status == 101) {
				t.Fatalf("answered %d", answer.StatusCode)
			}
			if c.says == "" {
				return
			}
			var problem wire.Problem
			if err := json.NewDecoder(answer.Body).Decode(&problem); err != nil || !strings.Contains(problem.Detail, c.says) {
				t.Errorf("%v: %+v", err, problem)
			}
		})
	}
	t.Run("without tickets", func(t *testing.T) {
		g := newRig(t, func(o *Options) { o.Tickets, o.Allow = nil, nil })
		for _, h := range []http.Header{nil, {"Authorization": {"Bearer good"}}} {
			if _, answer := g.try(t, "vonage", "token="+forged, h); answer.StatusCode != 401 {
				t.Errorf("answered %d", answer.StatusCode)
			}
		}
	})
	if g.calls.Count() != 0 {
		t.Errorf("%d streams", g.calls.Count())
	}
}

func TestATicketOpensItsCallOnly(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	own := ticket.Ticket{Platform: "vonage", Call: "CON-1", Party: "agent"}
	open := func(query, first string) (int, string) {
		ws, _ := g.try(t, "vonage", g.ticketFor(t, own)+query, nil)
		p := &phone{t: t, ws: ws}
		p.send(first)
		p.hangUp()
		return p.closed()
	}
	const first = `{"event":"websocket:connected","content-type":"audio/l16;rate=8000","party":"customer"}`
	if code, why := open("&party=customer", first); code != websocket.CloseNormalClosure {
		t.Fatalf("closed with %d %s", code, why)
	}
	if s := g.calls.Next(t).Wait(t).Start; s.Call != "CON-1" || s.Parties[0] != insights.Agent {
		t.Errorf("start %+v", s)
	}
	for _, c := range [][2]string{{"&call=CON-2", first}, {"", vonageFirst}} {
		if code, why := open(c[0], c[1]); code != websocket.ClosePolicyViolation || !strings.Contains(why, "another call") {
			t.Errorf("closed with %d %s", code, why)
		}
	}
	if g.calls.Count() != 1 {
		t.Errorf("%d streams", g.calls.Count())
	}
}

func TestGarbageIsCountedAndInTheEndRefused(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	g := newRig(t, func(o *Options) {
		o.Limits = wire.Limits{Garbage: 5, MessageBytes: 4096}
		o.Logger = slog.New(slog.NewTextHandler(&logs, nil))
	})
	p := g.dial(t, "jambonz", "agent=secretive")
	p.send(samples(10), jambonzFirst, "{", "{", `{"event":"dtmf","dtmf":"55"}`, `{"event":"new"}`, "{", "{", samples(10), "{", "{", "{", "{", "{")
	if code, _ := p.closed(); code != websocket.ClosePolicyViolation {
		t.Errorf("closed with %d", code)
	}
	r := g.calls.Next(t).Wait(t)
	if r.Faults[ingest.Garbage] != 11 || r.Why != ingest.Broken {
		t.Errorf("faults %v, ended as %s", r.Faults, r.Why)
	}
	p = g.dial(t, "jambonz", "")
	p.send(jambonzFirst, make([]byte, 5000))
	if code, _ := p.closed(); code != websocket.CloseMessageTooBig {
		t.Errorf("closed with %d", code)
	}
	if r := g.calls.Next(t).Wait(t); r.Why != ingest.Broken {
		t.Errorf("ended as %s", r.Why)
	}
	if err := g.door.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"415555", "alice", "secretive", "token"} {
		if strings.Contains(logs.String(), private) {
			t.Errorf("the log has %q:\n%s", private, logs.String())
		}
	}
}

func TestCallsThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{
		ingest.ErrBusy: websocket.CloseTryAgainLater, ingest.ErrStopping: websocket.CloseServiceRestart,
		context.DeadlineExceeded: websocket.CloseInternalServerErr,
	} {
		g := newRig(t, nil)
		g.calls.Refuse = err
		p := g.dial(t, "jambonz", "")
		p.send(jambonzFirst)
		if code, _ := p.closed(); code != want {
			t.Errorf("%v: closed with %d, want %d", err, code, want)
		}
	}
}

func TestATicketThatIsOverMeanwhileOpensNothing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	g := newRig(t, func(o *Options) { o.Now = func() time.Time { return now } })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?"+g.ticketFor(t, ticket.Ticket{Platform: "vonage", Call: "CON-1"}), nil)
	if got := g.door.ticketOf(r, "vonage"); got.Call != "CON-1" {
		t.Errorf("ticket %+v", got)
	}
	now = now.Add(time.Hour)
	if got := g.door.ticketOf(r, "vonage"); isID(got.Call) || got.Call == "" {
		t.Errorf("ticket %+v", got)
	}
}

func TestTheAPI(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	mux := http.NewServeMux()
	g.door.Routes(mount.Kit{
		API: humago.New(mux, huma.DefaultConfig("test", "1")),
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	post := func(path, body string) (int, map[string]any) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Host = "heed.example"
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		var out map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &out)
		return w.Code, out
	}
	status, out := post("/v1/ingest/tokens", `{"platform":"vonage","call":"CON-1","party":"agent","seconds":60}`)
	address, _ := out["url"].(string)
	base, query, _ := strings.Cut(address, "?")
	if status != http.StatusOK || base != "wss://heed.example/ingest/vonage/media" {
		t.Fatalf("answered %d %v", status, out)
	}
	ws, _ := g.try(t, "vonage", query, nil)
	p := &phone{t: t, ws: ws}
	p.send(`{"event":"websocket:connected","content-type":"audio/l16;rate=8000"}`)
	p.hangUp()
	p.closed()
	if s := g.calls.Next(t).Wait(t).Start; s.Call != "CON-1" || s.Parties[0] != insights.Agent {
		t.Errorf("start %+v", s)
	}
	for path, bad := range map[string]string{
		"/v1/ingest/tokens": `{"platform":"twilio","call":"a"}`, "/v1/ingest/tokens?": `{"platform":"vonage","call":"a b"}`,
		"/v1/ingest/tokens?a": `{"platform":"vonage","call":"a","seconds":86400}`, "/v1/ingest/ended": `{"platform":"vonage"}`,
	} {
		if status, out := post(path, bad); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answered %d %v", bad, status, out)
		}
	}
	if status, _ := post("/v1/ingest/ended", `{"platform":"asterisk","call":"17.42"}`); status != http.StatusNoContent || !cmp.Equal(g.calls.Completed(), []string{"asterisk 17.42"}) {
		t.Errorf("answered %d, completed %v", status, g.calls.Completed())
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{}); err == nil {
		t.Error("a door without calls")
	}
	if _, err := New(Options{Calls: newRig(t, nil).calls, PublicURL: "heed.example"}); err == nil {
		t.Error("a door without a scheme")
	}
}
