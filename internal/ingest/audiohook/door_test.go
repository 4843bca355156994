package audiohook

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
)

// frame is 200 ms of both channels: mu-law silence in the first, its loudest
// sample in the second.
func frame() []byte {
	return slices.Repeat([]byte{0xFF, 0x00}, 1600)
}

func TestCallFromOpenToClosed(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, nil)
	before := time.Now()
	answer := p.open(offers("PCMU", stereo, external, internal), `,"language":"en-US","customConfig":{"agent":"alice","x":[1]}`)
	want := map[string]any{"startPaused": false, "media": []any{map[string]any{
		"type": "audio", "format": "PCMU", "channels": []any{"external", "internal"}, "rate": 8000.,
	}}}
	if diff := cmp.Diff(want, answer.Parameters); diff != "" {
		t.Errorf("opened (-want +got):\n%s", diff)
	}
	r := g.calls.Next(t)
	p.audio(frame())
	p.audio(frame()[:1600])
	p.send("ping", `{}`)
	if m := p.expect("pong"); m.ClientSeq != 2 || m.Seq != 2 {
		t.Errorf("pong %d answers %d", m.Seq, m.ClientSeq)
	}
	p.send("dtmf", `{"digit":"5"}`)
	p.send("playback_started", `{}`)
	p.send("something_new", `{}`)
	p.send("error", `{"code":429,"message":"slow down","retryAfter":"PT1S"}`)
	p.send("update", `{"language":"de-DE"}`)
	if m := p.expect("updated"); m.ClientSeq != 7 {
		t.Errorf("updated answers %d", m.ClientSeq)
	}
	p.send("close", `{"reason":"end"}`)
	r.Wait(t) // the stream ends with the close; what was heard may come later
	g.log.commit(t, "call "+p.call, event.CallEnded, event.Call{})
	if m := p.expect("closed"); m.ClientSeq != p.seq {
		t.Errorf("closed answers %d", m.ClientSeq)
	}
	p.hangUp()
	start := ingest.Start{
		Platform: "audiohook", Call: p.call, Stream: p.id, Direction: "inbound",
		From: "+14155550100", To: "+18005550199", Agent: "alice", Language: "en-US",
		Parties: []insights.Speaker{insights.Customer, insights.Agent},
	}
	if r.Start.At.Before(before) || r.Start.At.After(time.Now()) {
		t.Errorf("time zero is %v", r.Start.At)
	}
	r.Start.At = time.Time{}
	if diff := cmp.Diff(start, r.Start); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"customer 0+200", "agent 0+200", "customer 200+100", "agent 200+100"}, r.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	if c, a := r.PCM[insights.Customer][0], r.PCM[insights.Agent][0]; c != 0 || a != -32124 {
		t.Errorf("samples %d and %d", c, a)
	}
	if diff := cmp.Diff([]string{"customer 5 at 300"}, r.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if r.Why != ingest.Stopped || len(r.Faults) != 0 {
		t.Errorf("ended as %q with faults %v", r.Why, r.Faults)
	}
}

func TestWhichMediaIsChosen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, offers string
		data         []byte
		want         []string // frames; none when no audio is wanted
		chosen       int      // index of the offer, or -1
	}{
		{"both, in the usual order", offers("PCMU", stereo, external, internal), []byte{0xFF, 0}, []string{"customer 0", "agent -32124"}, 0},
		{"both, the other way round", offers("PCMU", `["internal","external"]`, internal, external), []byte{0xFF, 0}, []string{"agent 0", "customer -32124"}, 0},
		{"both, offered last", offers("PCMU", internal, external, stereo), []byte{0xFF, 0}, []string{"customer 0", "agent -32124"}, 2},
		{"the customer only", offers("PCMU", external), []byte{0}, []string{"customer -32124"}, 0},
		{"the agent only", offers("PCMU", internal), []byte{0}, []string{"agent -32124"}, 0},
		{"the customer rather than the agent", offers("PCMU", internal, external), []byte{0}, []string{"customer -32124"}, 1},
		{"linear", offers("L16", stereo), []byte{1, 2, 3, 4}, []string{"customer 513", "agent 1027"}, 0},
		{"what is not known is passed over", `[7,{"type":"video"},{"type":"audio","format":"OPUS","channels":["external"],"rate":48000},{"type":"audio","format":"PCMU","channels":["external","external"],"rate":8000},{"rate":8000,"new":{"a":[1]},"channels":["external"],"format":"PCMU","type":"audio"}]`, []byte{0}, []string{"customer -32124"}, 4},
		{"nothing that is known", `[]`, nil, nil, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t, nil)
			answer := p.open(c.offers, "")
			var offered []any
			if err := json.Unmarshal([]byte(c.offers), &offered); err != nil {
				t.Fatal(err)
			}
			want := []any{}
			if c.chosen >= 0 {
				want = offered[c.chosen : c.chosen+1]
			}
			if diff := cmp.Diff(want, answer.Parameters["media"]); diff != "" {
				t.Errorf("media (-want +got):\n%s", diff)
			}
			if c.data == nil {
				p.send("close", `{"reason":"end"}`)
				p.expect("closed")
				if g.calls.Count() != 0 {
					t.Error("a call without audio")
				}
				return
			}
			p.audio(c.data)
			p.send("close", `{"reason":"reconnect"}`)
			p.expect("closed")
			r := g.calls.Next(t).Wait(t)
			var got []string
			for _, who := range r.Start.Parties {
				got = append(got, fmt.Sprint(who, " ", r.PCM[who][0]))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			if r.Why != ingest.Closed {
				t.Errorf("a session that goes on elsewhere ended as %q", r.Why)
			}
		})
	}
}

func TestProbeLeavesNoTrace(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, nil)
	p.send("open", `{"organizationId":"`+organization+`","conversationId":"`+null+`","participant":{"id":"`+null+`","ani":"","aniName":"","dnis":""},"media":`+
		offers("PCMU", stereo, external)+`,"supportedLanguages":true}`)
	m := p.expect("opened")
	if diff := cmp.Diff([]any{"en-US", "de-DE"}, m.Parameters["supportedLanguages"]); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	if media := m.Parameters["media"].([]any); len(media) != 1 {
		t.Errorf("media %v", media)
	}
	p.audio(nil)
	p.audio(frame())
	p.send("ping", `{"rtt":"PT0.01S"}`)
	p.expect("pong")
	p.send("close", `{"reason":"end"}`)
	p.expect("closed")
	if code := p.closeCode(); code != websocket.CloseNormalClosure {
		t.Errorf("closed with %d", code)
	}
	if g.calls.Count() != 0 || len(g.log.calls) != 0 {
		t.Errorf("%d calls, %d followed", g.calls.Count(), len(g.log.calls))
	}
}

// Whoever is not let in is told so in the protocol's words, whatever the reason
// and at the same time, and opens nothing.
func TestWhoIsNotLetIn(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(http.Header){
		"wrong signature": func(h http.Header) { h.Set(signatureHeader, "sig1=:"+strings.Repeat("A", 43)+"=:") },
		"unknown key":     func(h http.Header) { h.Set(KeyHeader, "nobody") },
		"not signed":      func(h http.Header) { h.Del(signatureHeader); h.Del(inputHeader) },
		"no session": func(h http.Header) {
			h.Set(KeyHeader, "unsigned")
			h.Del(signatureHeader)
			h.Del(inputHeader)
			h.Del(SessionHeader)
		},
		"wrong bearer":        func(h http.Header) { h.Del(signatureHeader); h.Del(inputHeader); h.Set("Authorization", "Bearer bad") },
		"nothing of the sort": func(h http.Header) { clear(h) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			began := time.Now()
			p := g.dial(t, spoil)
			if name == "no session" || name == "nothing of the sort" {
				p.id = null
			}
			p.send("open", p.parameters(offers("PCMU", stereo), ""))
			p.audio(frame())
			if m := p.expect("disconnect"); m.Parameters["reason"] != "unauthorized" {
				t.Errorf("told %v", m.Parameters)
			}
			if d := time.Since(began); d < refuseAfter-10*time.Millisecond {
				t.Errorf("told after %v", d)
			}
			p.send("close", `{"reason":"disconnect"}`)
			if m := p.expect("closed"); m.ClientSeq != p.seq {
				t.Errorf("closed answers %d", m.ClientSeq)
			}
			if g.calls.Count() != 0 {
				t.Error("a call was opened")
			}
		})
	}
}

func TestOrganizationMustBeThatOfTheUpgrade(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, nil)
	p.send("open", strings.Replace(p.parameters(offers("PCMU", stereo), ""), organization, correlation, 1))
	if m := p.expect("disconnect"); m.Parameters["reason"] != "unauthorized" {
		t.Errorf("told %v", m.Parameters)
	}
	p.send("close", `{"reason":"disconnect"}`)
	p.expect("closed")
	if g.calls.Count() != 0 {
		t.Error("a call was opened")
	}
}

func TestOthersWhoAreLetIn(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	for name, as := range map[string]func(http.Header){
		"a key that does not sign": func(h http.Header) { h.Set(KeyHeader, "unsigned"); h.Del(signatureHeader); h.Del(inputHeader) },
		"an API key of ours":       func(h http.Header) { clear(h); h.Set("Authorization", "Bearer good") },
	} {
		p := g.dial(t, as)
		if m := p.open(offers("PCMU", stereo), ""); len(m.Parameters["media"].([]any)) != 1 {
			t.Errorf("%s: %v", name, m.Parameters)
		}
		g.calls.Next(t)
	}
	// A signature lets in once.
	h := upgradeHeaders(apiKey)
	if err := Sign(h, g.url, g.door.options.Keys[apiKey], time.Now()); err != nil {
		t.Fatal(err)
	}
	again := func(to http.Header) {
		clear(to)
		maps.Copy(to, h)
	}
	first, second := g.dial(t, again), g.dial(t, again)
	first.id, second.id = session, session
	first.open(offers("PCMU", stereo), "")
	if m := second.expect("disconnect"); m.Parameters["reason"] != "unauthorized" {
		t.Errorf("the second time: %v", m.Parameters)
	}
}

// However many come who are not let in, those who are find a place.
func TestStrangersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	h := upgradeHeaders("nobody")
	refused := 0
	for range maxStrangers + 8 {
		ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), g.url.String(), h)
		answer.Body.Close()
		if err != nil {
			refused++
			continue
		}
		t.Cleanup(func() { ws.Close() })
	}
	if refused != 8 {
		t.Errorf("%d of them were refused at once", refused)
	}
	g.dial(t, nil).open(offers("PCMU", stereo), "")
}

func TestADoorWithoutKeysIsClosed(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Keys = nil })
	_, answer, err := websocket.DefaultDialer.DialContext(t.Context(), g.url.String(), upgradeHeaders("unsigned"))
	if err == nil || answer.StatusCode != http.StatusForbidden {
		t.Fatalf("%v, %v", answer, err)
	}
	answer.Body.Close()
}

// A client that breaks the protocol is told to leave and may close; what it
// opened ends, once.
func TestMistakesOfTheClient(t *testing.T) {
	t.Parallel()
	stereoFrame := func(p *phone) { p.audio(frame()) }
	for name, mistake := range map[string]func(p *phone){
		"a gap in seq":            func(p *phone) { p.seq++; p.send("ping", `{}`) },
		"a seq twice":             func(p *phone) { p.seq--; p.send("ping", `{}`) },
		"a serverseq of tomorrow": func(p *phone) { p.serverseq++; text := p.text("ping", `{}`); p.serverseq--; p.raw(text) },
		"another session's id":    func(p *phone) { p.raw(strings.Replace(p.text("ping", `{}`), p.id, uuid.NewString(), 1)) },
		"another version":         func(p *phone) { p.raw(strings.Replace(p.text("ping", `{}`), `"2"`, `"3"`, 1)) },
		"no position":             func(p *phone) { p.position = "PT1H"; p.send("ping", `{}`); p.position = "PT0S" },
		"no parameters":           func(p *phone) { p.send("ping", `null`) },
		"no JSON":                 func(p *phone) { p.raw("{") },
		"half a sample":           func(p *phone) { p.audio([]byte{1}) },
		"a text too long":         func(p *phone) { p.send("ping", `{"x":"`+strings.Repeat("x", maxText)+`"}`) },
		"a frame too long":        func(p *phone) { p.audio(make([]byte, maxBinary+2)) },
		"audio in a pause":        func(p *phone) { p.send("paused", `{}`); stereoFrame(p) },
		"a hole of no length":     func(p *phone) { p.send("discarded", `{"start":"PT0S"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t, nil)
			p.open(offers("PCMU", stereo), "")
			stereoFrame(p)
			mistake(p)
			m := p.expect("disconnect")
			if info, _ := m.Parameters["info"].(string); m.Parameters["reason"] != "error" || !strings.HasPrefix(info, "Client Error: ") {
				t.Errorf("told %v", m.Parameters)
			}
			stereoFrame(p)
			p.send("close", `{"reason":"disconnect"}`)
			p.expect("closed")
			if r := g.calls.Next(t).Wait(t); r.Why != ingest.Broken || len(r.Frames) != 2 {
				t.Errorf("ended as %q with %v", r.Why, r.Frames)
			}
		})
	}
}

func TestAudioOutOfPlace(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	early := g.dial(t, nil)
	early.audio(frame())
	early.expect("disconnect")
	early.send("close", `{"reason":"disconnect"}`)
	early.expect("closed")

	late := g.dial(t, nil)
	late.open(offers("PCMU", stereo), "")
	r := g.calls.Next(t)
	late.send("close", `{"reason":"end"}`)
	late.audio(frame())
	late.expect("disconnect")
	if r.Wait(t); len(r.Frames) != 0 {
		t.Errorf("frames %v", r.Frames)
	}
	g.log.commit(t, "call "+late.call, event.CallEnded, event.Call{})
	late.expect("closed")
}

func TestBadOpen(t *testing.T) {
	t.Parallel()
	for name, parameters := range map[string]string{
		"no organization":              `{"conversationId":"` + session + `","participant":{"id":"` + session + `"},"media":[]}`,
		"no participant":               `{"organizationId":"` + organization + `","conversationId":"` + session + `","media":[]}`,
		"no media":                     `{"organizationId":"` + organization + `","conversationId":"` + session + `","participant":{"id":"` + session + `"}}`,
		"no UUID":                      `{"organizationId":"` + organization + `","conversationId":"x","participant":{"id":"` + session + `"},"media":[]}`,
		"a wrong type":                 `{"organizationId":7,"conversationId":"` + session + `","participant":{"id":"` + session + `"},"media":[]}`,
		"a configuration that is none": `{"organizationId":"` + organization + `","conversationId":"` + session + `","participant":{"id":"` + session + `"},"media":[],"customConfig":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			p := g.dial(t, nil)
			p.send("open", parameters)
			if m := p.expect("disconnect"); m.Parameters["reason"] != "error" {
				t.Errorf("told %v", m.Parameters)
			}
		})
	}
}

func TestCallsThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	for _, refusal := range []error{ingest.ErrBusy, ingest.ErrStopping, errors.New("disk full: secret path")} {
		g := newRig(t, nil)
		g.calls.Refuse = refusal
		p := g.dial(t, nil)
		p.send("open", p.parameters(offers("PCMU", stereo), ""))
		m := p.expect("disconnect")
		if info, _ := m.Parameters["info"].(string); m.Parameters["reason"] != "error" || info == "" || strings.Contains(info, "secret") {
			t.Errorf("%v: told %v", refusal, m.Parameters)
		}
		p.send("close", `{"reason":"disconnect"}`)
		p.expect("closed")
	}
}

func TestConfigurationOverridesTheCall(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, nil)
	p.open(offers("PCMU", stereo), `,"language":"en-US","continuedSessions":[{"id":"`+session+`","serverseq":1,"clientseq":2}],`+
		`"customConfig":{"call":"c-1","Agent":"bob","from":"+12025550142","to":"+12025550199","language":"de","direction":"outbound"}`)
	s := g.calls.Next(t).Start
	s.At, s.Parties = time.Time{}, nil
	want := ingest.Start{
		Platform: "audiohook", Call: "c-1", Stream: p.id, Direction: "outbound", From: "+12025550142", To: "+12025550199", Agent: "bob", Language: "de",
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("start (-want +got):\n%s", diff)
	}
}

// TestManySessionsAtOnce holds 50 open, each with its own call and its own
// numbers, and ends them all.
func TestManySessionsAtOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	const sessions, frames = 50, 20
	phones := make([]*phone, sessions)
	for i := range phones {
		phones[i] = g.dial(t, nil)
		phones[i].open(offers("PCMU", stereo), "")
	}
	var all sync.WaitGroup
	for _, p := range phones {
		all.Go(func() {
			for range frames {
				p.audio(frame())
				p.send("ping", `{}`)
				p.expect("pong")
			}
			p.send("close", `{"reason":"reconnect"}`)
			p.expect("closed")
			p.hangUp()
		})
	}
	all.Wait()
	seen := map[string]*ingesttest.Recording{}
	for range phones {
		r := g.calls.Next(t).Wait(t)
		seen[r.Start.Stream] = r
		if n := len(r.PCM[insights.Agent]); n != frames*1600 {
			t.Errorf("%d samples", n)
		}
	}
	if len(seen) != sessions {
		t.Errorf("%d sessions were heard", len(seen))
	}
}

func TestDoorClosesWhatIsOpen(t *testing.T) {
	t.Parallel()
	g := newRig(t, nil)
	p := g.dial(t, nil)
	p.open(offers("PCMU", stereo), "")
	r := g.calls.Next(t)
	if err := g.door.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.Wait(t); r.Why != ingest.Shutdown {
		t.Errorf("ended as %q", r.Why)
	}
	if code := p.closeCode(); code != websocket.CloseGoingAway {
		t.Errorf("closed with %d", code)
	}
}
