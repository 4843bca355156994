package audiohook

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/wire"
)

// wireTap is a connection whose messages are kept.
type wireTap struct {
	mu    sync.Mutex
	sent  []message
	ended *wire.Ending
}

func (w *wireTap) Send(_ int, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	w.sent = append(w.sent, m)
	return nil
}

func (w *wireTap) End(e wire.Ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended == nil {
		w.ended = &e
	}
}

// kinds are the types of what was sent since it was asked last.
func (w *wireTap) kinds() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, m := range w.sent {
		out = append(out, m.Type)
	}
	w.sent = nil
	return out
}

// live is a session without a socket.
type live struct {
	*feed
	*phone
	tap   *wireTap
	calls *ingesttest.Calls
	log   *log
}

func newLive(t testing.TB, change func(*Options), refusal error) *live {
	t.Helper()
	l := &live{tap: &wireTap{}, calls: ingesttest.New(), log: newLog(), phone: &phone{t: t, id: session, call: uuid.NewString(), position: "PT0S"}}
	o := Options{Calls: l.calls, Follow: l.log.follow, Allow: func(*http.Request) bool { return true }}
	if change != nil {
		change(&o)
	}
	l.feed = newFeed(New(o), l.tap, identity{session: session, organization: organization, host: "heed.example.com"}, refusal)
	return l
}

func (l *live) say(t testing.TB, kind, parameters string) {
	t.Helper()
	if end := l.Message(t.Context(), websocket.TextMessage, []byte(l.text(kind, parameters)), time.Now()); end != nil {
		t.Fatalf("ended: %+v", end)
	}
}

// begin opens the session and its stream.
func (l *live) begin(t *testing.T, more string) {
	t.Helper()
	l.say(t, "open", l.parameters(offers("PCMU", stereo), more))
	if got := l.tap.kinds(); len(got) != 1 || got[0] != "opened" {
		t.Fatalf("open was answered with %v", got)
	}
	l.serverseq = 1
}

func (l *live) hear(t *testing.T, seconds float64) {
	t.Helper()
	for range int(seconds * 5) {
		l.Message(t.Context(), websocket.BinaryMessage, frame(), time.Now())
	}
}

func (l *live) expect(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, l.tap.kinds()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestTimersOfASession(t *testing.T) {
	t.Parallel()
	t.Run("who is not let in is told after a time that is always the same", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLive(t, nil, errWrong)
			defer l.Finish(ingest.Broken)
			time.Sleep(refuseAfter - 1)
			l.expect(t)
			time.Sleep(time.Nanosecond)
			l.expect(t, "disconnect")
			time.Sleep(leaveWithin)
			if synctest.Wait(); l.tap.ended == nil {
				t.Error("may stay for ever")
			}
		})
	})
	t.Run("closed waits for what is heard, not for ever", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLive(t, nil, nil)
			defer l.Finish(ingest.Closed)
			l.begin(t, "")
			l.hear(t, 5)
			l.say(t, "close", `{"reason":"end"}`)
			time.Sleep(time.Second)
			l.log.commit(t, "call "+l.call, event.UtteranceSpoken, event.Spoken{Utterance: *spoken("the", "end")})
			l.expect(t, "event")
			time.Sleep(closeWithin - time.Second - 1)
			l.expect(t)
			time.Sleep(time.Nanosecond)
			l.expect(t, "closed")
			time.Sleep(hangUpAfter)
			if synctest.Wait(); l.tap.ended == nil || l.tap.ended.Code != websocket.CloseNormalClosure {
				t.Errorf("the client does not hang up, and we end as %+v", l.tap.ended)
			}
		})
	})
	t.Run("who was told of an error has to go", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLive(t, nil, nil)
			defer l.Finish(ingest.Broken)
			l.begin(t, "")
			l.seq++
			l.say(t, "ping", `{}`)
			l.say(t, "ping", `{}`)
			l.expect(t, "disconnect", "pong")
			time.Sleep(leaveWithin)
			if synctest.Wait(); l.tap.ended == nil {
				t.Error("may stay for ever")
			}
		})
	})
}

func TestPausesOfThePlatform(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLive(t, nil, nil)
		l.begin(t, "")
		l.hear(t, 1)
		l.position = "PT1S"
		l.say(t, "resumed", `{"start":"PT1S","discarded":"PT9S"}`) // of no pause
		l.say(t, "paused", `{}`)
		l.say(t, "paused", `{}`) // the vendor's client says so twice
		l.position = "PT11S"
		l.say(t, "resumed", `{"start":"PT1S","discarded":"PT10S"}`)
		l.hear(t, 1)
		l.position = "PT14.5S"
		l.say(t, "discarded", `{"start":"PT12S","discarded":"PT2.5S"}`)
		l.hear(t, 0.2)
		l.expect(t)
		l.Finish(ingest.Broken)
		r := l.calls.Next(t).Wait(t)
		var got []string
		for _, f := range r.Frames {
			if len(got) == 0 || f[:8] == "customer" {
				got = append(got, f)
			}
		}
		want := []string{"customer 0+200", "customer 200+200", "customer 400+200", "customer 600+200", "customer 800+200"}
		for i := range 5 {
			want = append(want, fmt.Sprintf("customer %d+200", 11000+200*i))
		}
		if diff := cmp.Diff(append(want, "customer 14500+200"), got); diff != "" {
			t.Errorf("frames (-want +got):\n%s", diff)
		}
	})
}

// What is heard on the call's clock is told in the platform's positions, in
// parts where a pause or an update fell into it, and once.
func TestWhatWasHeardIsToldBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLive(t, func(o *Options) { o.PublicURL = "https://heed.example.com" }, nil)
		l.calls.Zero = 100 * time.Second // the stream joined a call that had begun
		l.begin(t, `,"language":"en-US","customConfig":{"agentassist":true}`)
		l.hear(t, 3)
		l.position = "PT3S"
		l.say(t, "paused", `{}`)
		l.position = "PT3S" // this platform does not count what it discards
		l.say(t, "resumed", `{"start":"PT3S","discarded":"PT10S"}`)
		l.hear(t, 3)
		u := spoken("my", "name", "is", "john")
		u.Start, u.End = 102, 114
		for i, at := range []insights.Seconds{102, 102.5, 113, 113.5} {
			u.Words[i].Start, u.Words[i].End = at, at+0.5
		}
		call := "call " + l.call
		earlier := *u
		earlier.ID, earlier.Start, earlier.End = "of another stream", 50, 60
		l.log.commit(t, call, event.UtteranceSpoken, event.Spoken{Utterance: earlier})
		l.log.commit(t, call, event.UtteranceSpoken, nil) // erased
		l.log.commit(t, call, event.UtteranceSpoken, event.Spoken{Utterance: *u})
		advice := map[string]any{"decision_id": "d1", "actions": []any{map[string]any{
			"action": "offer", "title": "Offer <x>", "say": "a < b", "because": "she asked", "p": 0.25,
		}}}
		l.log.commit(t, call, event.DecisionMade, advice)
		l.log.commit(t, call, event.DecisionMade, advice) // nothing new
		l.log.commit(t, call, event.DecisionMade, map[string]any{"decision_id": "d2", "actions": []any{}})
		synctest.Wait()
		l.tap.mu.Lock()
		sent := l.tap.sent
		l.tap.mu.Unlock()
		var got []string
		for _, m := range sent {
			e := m.Parameters["entities"].([]any)[0].(map[string]any)
			got = append(got, fmt.Sprintf("%s %s", e["type"], summary(e["data"].(map[string]any))))
		}
		want := []string{
			"transcript PT2S+PT1S my name", "agentassist PT2S+PT1S my name",
			"transcript PT3S+PT1S is john", "agentassist PT3S+PT1S is john",
			"agentassist Offer <x>: [a &lt; b she asked] at PT6S, https://heed.example.com/calls/" + call,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		l.Finish(ingest.Broken)
	})
}

// summary writes an entity in one line.
func summary(data map[string]any) string {
	switch {
	case data["alternatives"] != nil:
		a := data["alternatives"].([]any)[0].(map[string]any)["interpretations"].([]any)[0].(map[string]any)
		return fmt.Sprintf("%s+%s %s", data["offset"], data["duration"], a["transcript"])
	case data["utterances"] != nil:
		u := data["utterances"].([]any)[0].(map[string]any)
		return fmt.Sprintf("%s+%s %s", u["position"], u["duration"], u["text"])
	}
	s := data["suggestions"].([]any)[0].(map[string]any)
	return fmt.Sprintf("%s: %s at %s, %s", s["title"], s["excerpts"], s["position"], s["documentUri"])
}

// While nothing of the call is to be kept, the platform is asked to send
// nothing.
func TestPausesOfOurs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLive(t, nil, nil)
		l.begin(t, "")
		for _, state := range []string{"recording", "paused", "paused", "recording", "", "refused"} {
			l.log.commit(t, "call "+l.call, event.CallChanged, event.Call{Recording: event.Recording{State: state}})
		}
		l.expect(t, "pause", "resume", "pause")
		l.Finish(ingest.Broken)
	})
}

// A peer that does not read loses its connection; nobody waits for it.
func TestOutboxIsBounded(t *testing.T) {
	t.Parallel()
	tap := &wireTap{}
	o := newOutbox(tap, session)
	for range maxWaiting + 1 {
		o.put("pong", nothing{})
	}
	if tap.ended == nil || len(o.waiting) != maxWaiting {
		t.Errorf("%d wait, ended %+v", len(o.waiting), tap.ended)
	}
}

// FuzzSession: whatever a client sends once it is open, its session ends.
func FuzzSession(f *testing.F) {
	for _, m := range []string{
		`{"type":"paused"`, `{"type":"resumed","parameters":{"start":"PT0S","discarded":"PT9S"}`, `{"type":"discarded","parameters":{"start":"PT0S","discarded":"PT8640000S"}`,
		`{"type":"update"`, `{"type":"dtmf","parameters":{"digit":"5"}`, `{"type":"close","parameters":{"reason":"error"}`, `{"type":"open"`, "\x00\xff",
	} {
		f.Add([]byte(m), []byte{1, 2})
	}
	f.Fuzz(func(t *testing.T, message, audio []byte) {
		l := newLive(t, nil, nil)
		l.say(t, "open", l.parameters(offers("PCMU", stereo), ""))
		envelope := fmt.Sprintf(`{"version":"2","id":"%s","seq":2,"serverseq":0,"position":"PT0S","parameters":{},`, session)
		for _, text := range []string{envelope + strings.TrimPrefix(string(message), "{") + "}", string(message)} {
			l.Message(t.Context(), websocket.BinaryMessage, audio, time.Now())
			l.Message(t.Context(), websocket.TextMessage, []byte(text), time.Now())
		}
		l.Finish(ingest.Broken)
		l.calls.Next(t).Wait(t)
	})
}

// A conversation that has ended goes on after a transfer.
func TestTransferredConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := &overOnce{Calls: ingesttest.New()}
		l := newLive(t, func(o *Options) { o.Calls = calls }, nil)
		l.begin(t, "")
		l.Finish(ingest.Broken)
		if r := calls.Next(t); r.Start.Call != l.call+"/"+session {
			t.Errorf("call %s", r.Start.Call)
		}
	})
}
