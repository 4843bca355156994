package openai

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/transcribe/audio"
)

// rtHabits are how the fake realtime server behaves, in either dialect. The
// zero value is a good one.
type rtHabits struct {
	hears    understanding   // default spoken
	status   int             // answered instead of a WebSocket
	cutAfter []time.Duration // the n-th session breaks after so much speech
	doubled  bool            // finals come twice
	swapped  bool            // finals come in pairs, the later one first
	noDeltas bool
	unnamed  bool   // no committed events, as a compatible server
	atUpdate string // said in answer to the settings
	atCommit string // said in the place of the first final
	closes   int    // code with which it closes at the first commit
	mute     bool   // finals never come
}

// rtFake is a realtime server.
type rtFake struct {
	t *testing.T
	rtHabits
	vllm     bool
	mu       sync.Mutex
	sessions int
	settings []map[string]any
}

// serveRealtime starts one and gives its address.
func serveRealtime(t *testing.T, h rtHabits, vllm bool) (string, *rtFake) {
	t.Helper()
	if h.hears == nil {
		h.hears = spoken
	}
	f := &rtFake{t: t, rtHabits: h, vllm: vllm}
	var running sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		f.handle(w, r)
	}))
	t.Cleanup(func() { server.Close(); running.Wait() })
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/v1/realtime", f
}

// handle is one connection.
func (f *rtFake) handle(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case f.status != 0:
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(f.status)
		return
	case r.Header.Get("Authorization") != "Bearer secret":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case r.URL.Path != "/v1/realtime", !f.vllm && (q.Get("intent") != "transcription" || q.Has("model")):
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	s := &rtSession{f: f, conn: conn}
	f.mu.Lock()
	if f.sessions < len(f.cutAfter) {
		s.cut = f.cutAfter[f.sessions]
	}
	s.name = fmt.Sprintf("item_%d_", f.sessions)
	f.sessions++
	f.mu.Unlock()
	s.say(map[string]any{"type": "session.created", "session": map[string]any{"id": "sess_1"}})
	for s.next() {
	}
}

// rtSession is the server's side of one connection.
type rtSession struct {
	f       *rtFake
	conn    *websocket.Conn
	cut     time.Duration
	name    string
	set     bool
	mulaw   bool
	vad     *vad
	rate    int
	buffer  []int16
	heard   time.Duration // speech so far
	told    string        // deltas of the open item
	unheard int           // samples since they were last looked for
	items   int
	held    []map[string]any // finals that wait to be overtaken
	hearing bool             // vLLM: between the two commits
}

// clientEvent is what a client may send.
type clientEvent struct {
	Type    string         `json:"type"`
	Audio   *string        `json:"audio"`
	Session map[string]any `json:"session"`
	Model   string         `json:"model"`
	Final   bool           `json:"final"`
}

// next takes one event; false ends the connection.
func (s *rtSession) next() bool {
	_, message, err := s.conn.ReadMessage()
	if err != nil {
		return false
	}
	var e clientEvent
	if err := json.Unmarshal(message, &e); err != nil {
		s.f.t.Errorf("fake server: %q", message)
		return false
	}
	switch {
	case e.Type == "session.update" && s.f.vllm:
		s.set, s.rate = e.Model == "voxtral", 16000
	case e.Type == "session.update":
		s.update(e.Session)
	case e.Type == "input_audio_buffer.append" && e.Audio != nil && s.set:
		return s.append(*e.Audio)
	case e.Type == commitType && s.f.vllm:
		s.commitVLLM(e.Final)
	case e.Type == commitType && s.set:
		return s.commit()
	case e.Type == "input_audio_buffer.clear" && s.vad != nil:
		s.vad.open = false
		s.say(map[string]any{"type": "input_audio_buffer.cleared"})
	default:
		s.fault("invalid_request_error", "invalid_value")
	}
	return true
}

// say sends an event.
func (s *rtSession) say(e any) {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	_ = s.conn.WriteMessage(websocket.TextMessage, b)
}

// fault sends an error, whose message repeats the key.
func (s *rtSession) fault(kind, code string) {
	s.say(map[string]any{"type": "error", "error": map[string]any{"type": kind, "code": code, "message": "key secret", "event_id": nil}})
}

// update checks the settings as the service does.
func (s *rtSession) update(session map[string]any) {
	s.f.mu.Lock()
	s.f.settings = append(s.f.settings, session)
	s.f.mu.Unlock()
	if s.f.atUpdate != "" {
		_ = s.conn.WriteMessage(websocket.TextMessage, []byte(s.f.atUpdate))
		return
	}
	input, _ := session["audio"].(map[string]any)["input"].(map[string]any)
	format, _ := input["format"].(map[string]any)
	switch {
	case session["type"] != "transcription":
		s.fault("invalid_request_error", "invalid_type")
		return
	case format["type"] == "audio/pcm" && format["rate"] == 24000.0:
		s.rate = 24000
	case format["type"] == "audio/pcmu" && format["rate"] == nil:
		s.rate, s.mulaw = 8000, true
	default:
		s.fault("invalid_request_error", "invalid_format")
		return
	}
	if turns, ok := input["turn_detection"].(map[string]any); ok && turns["type"] == "server_vad" {
		s.vad = &vad{ears: newEndpointer(s.rate)}
	}
	s.set = true
	s.say(map[string]any{"type": "session.updated", "session": session})
}

// append takes audio; false when the connection breaks.
func (s *rtSession) append(encoded string) bool {
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(b) == 0 || !s.mulaw && len(b)%2 != 0 {
		s.fault("invalid_request_error", "invalid_audio")
		return true
	}
	var pcm []int16
	if s.mulaw {
		pcm = audio.DecodeMulaw(nil, b)
	} else {
		for ; len(b) > 0; b = b[2:] {
			pcm = append(pcm, int16(binary.LittleEndian.Uint16(b)))
		}
	}
	s.heard += time.Duration(len(pcm)) * time.Second / time.Duration(s.rate)
	if s.cut > 0 && s.heard >= s.cut {
		_ = s.conn.NetConn().(*net.TCPConn).SetLinger(0)
		return false
	}
	if s.vad != nil {
		s.detect(pcm)
		return true
	}
	if s.f.vllm && !s.hearing {
		s.f.t.Error("fake server: audio outside a stretch, which it throws away")
	}
	s.buffer = append(s.buffer, pcm...)
	if s.unheard += len(pcm); s.unheard >= 3*s.rate/10 && len(s.buffer) > s.rate*8/10 && !s.f.noDeltas {
		s.unheard = 0
		words := s.f.hears(s.buffer, s.rate)
		if n := len(words); n > 0 && words[n-1].End+40*ms > time.Duration(len(s.buffer))*time.Second/time.Duration(s.rate) {
			words = words[:n-1] // it is not over yet
		}
		s.deltas(text(words))
	}
	return true
}

// deltas says what is new in the open stretch, in parts of three letters.
func (s *rtSession) deltas(now string) {
	rest, grew := strings.CutPrefix(now, s.told)
	if !grew {
		return
	}
	s.told = now
	for len(rest) > 0 {
		n := min(3, len(rest))
		if s.f.vllm {
			s.say(map[string]any{"type": "transcription.delta", "delta": rest[:n]})
		} else {
			s.say(map[string]any{"type": transcriptionEvent + "delta", "item_id": s.item(), "content_index": 0, "delta": rest[:n]})
		}
		rest = rest[n:]
	}
}

// transcriptionEvent begins the types of an item's text.
const transcriptionEvent = "conversation.item.input_audio_transcription."

// item is the open item's id.
func (s *rtSession) item() string { return fmt.Sprint(s.name, s.items) }

// commit makes an item of the buffer; false when the connection ends.
func (s *rtSession) commit() bool {
	if s.vad != nil {
		s.buffer = s.vad.take()
	}
	if len(s.buffer) < s.rate/10 {
		s.fault("invalid_request_error", codeCommitEmpty)
		return true
	}
	if s.f.closes != 0 {
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(s.f.closes, "key secret"), time.Now().Add(time.Second))
		return false
	}
	s.done(text(s.f.hears(s.buffer, s.rate)))
	return true
}

// done sends the events of an item whose audio is whole.
func (s *rtSession) done(sentence string) {
	if !s.f.unnamed {
		s.say(map[string]any{"type": "input_audio_buffer.committed", "item_id": s.item(), "previous_item_id": nil})
	}
	s.say(map[string]any{"type": "conversation.item.added", "item": map[string]any{"id": s.item()}})
	if !s.f.noDeltas {
		s.deltas(sentence)
	}
	final := map[string]any{
		"type": transcriptionEvent + "completed", "item_id": s.item(), "content_index": 0,
		"transcript": strings.ToUpper(sentence) + ".", "logprobs": []map[string]any{{"token": "a", "logprob": -0.1}},
	}
	s.items++
	s.buffer, s.told, s.unheard = nil, "", 0
	s.finals(final)
}

// finals sends a final according to the habits.
func (s *rtSession) finals(final map[string]any) {
	switch {
	case s.f.mute:
		return
	case s.f.atCommit != "" && s.items == 1 && s.f.sessions == 1:
		_ = s.conn.WriteMessage(websocket.TextMessage, []byte(s.f.atCommit))
		return
	case s.f.swapped && s.held == nil:
		s.held = []map[string]any{final}
		return
	}
	for _, e := range append([]map[string]any{final}, s.held...) {
		s.say(e)
		if s.f.doubled {
			s.say(e)
		}
	}
	s.held = nil
}

// commitVLLM begins or ends a stretch.
func (s *rtSession) commitVLLM(final bool) {
	switch {
	case !s.set:
		s.say(map[string]any{"type": "error", "error": "Model not validated.", "code": vllmBadModel})
	case !final && s.hearing:
		s.f.t.Error("fake server: a commit while it hears, which it passes over")
	case !final:
		s.hearing = true
	default:
		s.hearing = false
		sentence := text(s.f.hears(s.buffer, s.rate))
		if !s.f.noDeltas {
			s.deltas(sentence)
		}
		s.buffer, s.told, s.unheard = nil, "", 0
		s.items++
		s.finals(map[string]any{"type": "transcription.done", "text": sentence, "usage": nil})
	}
}
