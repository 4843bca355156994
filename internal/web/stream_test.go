package web_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"heed/insights"
	"heed/internal/hub"
)

// message is one server-sent event.
type message struct{ id, event, data string }

// screen follows a stream.
type screen struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
}

func (s *site) follow(t *testing.T, path, key, last string) *screen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("stream: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	sc := &screen{t: t, resp: resp, lines: bufio.NewScanner(resp.Body)}
	sc.lines.Buffer(nil, 1<<20)
	return sc
}

// next reads one event; false at the end of the stream.
func (s *screen) next() (message, bool) {
	var m message
	for s.lines.Scan() {
		line := s.lines.Text()
		switch {
		case line == "" && m.event != "":
			return m, true
		case strings.HasPrefix(line, "id: "):
			m.id = line[4:]
		case strings.HasPrefix(line, "event: "):
			m.event = line[7:]
		case strings.HasPrefix(line, "data: "):
			m.data = line[6:]
		}
	}
	return m, false
}

// until reads events up to one of a type, and gives all their types.
func (s *screen) until(kind string) (last message, seen []string) {
	s.t.Helper()
	for {
		m, ok := s.next()
		if !ok {
			s.t.Fatalf("the stream ended before %s; saw %v", kind, seen)
		}
		seen = append(seen, m.event)
		if m.event == kind {
			return m, seen
		}
	}
}

func TestAScreenSeesTheCallAndResumesWithoutLoss(t *testing.T) {
	s := newSite(t)
	key := s.key(t, "agent")
	s.call(t, "kept")
	first := s.follow(t, "/v1/calls/kept/events?after=0", key, "")
	m, seen := first.until("utterance.spoken")
	if strings.Join(seen, " ") != "call.started profile.changed decision.made utterance.spoken" || m.id == "" {
		t.Errorf("replayed %v", seen)
	}
	first.resp.Body.Close()

	// Away: two more utterances are committed.
	s.say(t, "kept", 2, "too expensive", "complaint")
	s.say(t, "kept", 3, "good bye", "praise")
	second := s.follow(t, "/v1/calls/kept/events", key, m.id)
	count := 0
	last := m.id
	for count < 2 {
		n, ok := second.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		if n.id == last {
			t.Errorf("event %s came twice", n.id)
		}
		last = n.id
		if n.event == "utterance.spoken" {
			count++
		}
	}
	// Live from here on, partial captions too, and of this call only.
	s.call(t, "other")
	s.hub.Partial(hub.Partial{Call: "kept", Speaker: insights.Agent, Segment: 4, Text: "may i"})
	p, seen := second.until("caption.partial")
	if p.id != "" || !strings.Contains(p.data, `"may i"`) {
		t.Errorf("partial %+v after %v", p, seen)
	}
	s.say(t, "kept", 4, "thanks", "praise")
	if m, _ := second.until("utterance.spoken"); !strings.Contains(m.data, `"thanks"`) {
		t.Errorf("live utterance: %s", m.data)
	}
	s.hub.Close()
	for {
		if _, ok := second.next(); !ok {
			break
		}
	}
}

func TestAStreamOfAllCallsIsFiltered(t *testing.T) {
	s := newSite(t)
	key := s.key(t, "viewer")
	all := s.follow(t, "/v1/events?types=call.started,call.ended", key, "")
	s.call(t, "a")
	s.call(t, "b")
	for _, id := range []string{"a", "b"} {
		if m, _ := all.next(); m.event != "call.started" || !strings.Contains(m.data, fmt.Sprintf(`"id":%q`, id)) {
			t.Errorf("got %+v, want the start of %s", m, id)
		}
	}
}

func TestStreamsRefuseNonsense(t *testing.T) {
	s := newSite(t)
	key := s.key(t, "viewer")
	if status, _, body := s.ask(t, "GET", "/v1/events?after=yesterday", key, ""); status != http.StatusBadRequest || !strings.Contains(body, "yesterday") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := s.ask(t, "GET", "/v1/calls/nope/events", key, ""); status != http.StatusNotFound {
		t.Errorf("stream of an unknown call: %d", status)
	}
}
