package vosk

import (
	"encoding/binary"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/transcribe"
	"heed/transcribe/remote/remotetest"
)

// habits are how the fake server behaves. The zero value is a good one.
type habits struct {
	key          string // the proxy in front of it wants this bearer
	status       int    // what the proxy answers instead; 0 = the server
	retryAfter   string
	cutAfter     []time.Duration // the n-th session breaks after so much audio
	doubled      bool            // every final comes twice
	finalsOnly   bool            // partials are always empty
	alternatives bool            // candidates instead of results
	wordless     bool            // finals without times
	garbage      string          // said instead of the third answer
	mute         bool            // the goodbye is not answered
	script       bool            // it hears enginetest's sample
}

// fake is a vosk-server.
type fake struct {
	t *testing.T
	habits
	mu       sync.Mutex
	sessions int
}

// serve starts one and gives its address.
func serve(t *testing.T, h habits) (string, *fake) {
	t.Helper()
	f := &fake{t: t, habits: h}
	var running sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		f.handle(w, r)
	}))
	t.Cleanup(func() { server.Close(); running.Wait() })
	return "ws" + strings.TrimPrefix(server.URL, "http"), f
}

// handle is one connection.
func (f *fake) handle(w http.ResponseWriter, r *http.Request) {
	if f.status != 0 {
		w.Header().Set("Retry-After", f.retryAfter)
		w.WriteHeader(f.status)
		return
	}
	if f.key != "" && r.Header.Get("Authorization") != "Bearer "+f.key {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	s := fakeSession{f: f, conn: conn}
	f.mu.Lock()
	if f.sessions < len(f.cutAfter) {
		s.cut = f.cutAfter[f.sessions]
	}
	f.sessions++
	f.mu.Unlock()
	s.run()
}

// fakeSession is the server's side of one connection.
type fakeSession struct {
	f       *fake
	conn    *websocket.Conn
	ear     *remotetest.Ear
	cut     time.Duration
	answers int
	pending []remotetest.Event
}

// run answers messages as the server's script does: texts with a config
// configure, the exact goodbye ends, and everything else is audio.
func (s *fakeSession) run() {
	for {
		kind, message, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		switch {
		case kind == websocket.TextMessage && strings.Contains(string(message), "config"):
			s.configure(message)
		case string(message) == `{"eof" : 1}`:
			if s.f.mute {
				continue
			}
			s.pending = append(s.pending, s.ear.Finish()...)
			s.answer(true)
			_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
			return
		case kind != websocket.BinaryMessage || len(message)%2 != 0 || s.ear == nil:
			s.f.t.Errorf("fake server: took %d bytes of kind %d (%.20q) for audio", len(message), kind, message)
			return
		default:
			s.audio(message)
			if s.cut > 0 && s.ear.Now() >= s.cut {
				_ = s.conn.NetConn().(*net.TCPConn).SetLinger(0)
				return
			}
		}
	}
}

// configure reads the first message.
func (s *fakeSession) configure(message []byte) {
	var m struct {
		Config struct {
			SampleRate      float64  `json:"sample_rate"`
			Words           bool     `json:"words"`
			MaxAlternatives *int     `json:"max_alternatives"`
			PhraseList      []string `json:"phrase_list"`
		} `json:"config"`
	}
	if err := json.Unmarshal(message, &m); err != nil || !m.Config.Words || m.Config.MaxAlternatives == nil || len(m.Config.PhraseList) > 0 {
		s.f.t.Errorf("fake server: configuration %s", message)
	}
	s.ear = remotetest.NewEar(int(m.Config.SampleRate))
	if s.f.script {
		s.ear = remotetest.NewScriptEar(s.f.t, int(m.Config.SampleRate))
	}
}

// audio hears a message and answers it with one of its own.
func (s *fakeSession) audio(message []byte) {
	pcm := make([]int16, len(message)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(message[2*i:]))
	}
	s.pending = append(s.pending, s.ear.Hear(pcm)...)
	s.answer(false)
}

// answer sends the one answer to a message. A final that became clear with it
// wins over a partial; what is over is said with the next.
func (s *fakeSession) answer(last bool) {
	s.answers++
	if s.f.garbage != "" && s.answers == 3 {
		s.say(s.f.garbage)
		return
	}
	for i, e := range s.pending {
		if e.Final {
			s.pending = s.pending[i+1:]
			s.final(e.Words)
			return
		}
	}
	switch {
	case last:
		s.say(`{"text" : ""}`)
	case len(s.pending) > 0 && !s.f.finalsOnly:
		s.say(encode(map[string]any{"partial": text(s.pending[len(s.pending)-1].Words)}))
	default:
		s.say(`{"partial" : ""}`)
	}
}

// final sends a result.
func (s *fakeSession) final(words []transcribe.Word) {
	type entry = map[string]any
	var result []entry
	for _, w := range words {
		e := entry{"word": w.Text, "start": w.Start.Seconds(), "end": w.End.Seconds()}
		if !s.f.alternatives {
			e["conf"] = w.Confidence
		}
		result = append(result, e)
	}
	message := entry{"text": text(words), "result": result}
	if s.f.wordless {
		delete(message, "result")
	}
	if s.f.alternatives {
		message["confidence"] = 231.5
		message = entry{"alternatives": []entry{message, {"text": "wrong", "confidence": 3}}}
	}
	s.say(encode(message))
	if s.f.doubled {
		s.say(encode(message))
	}
}

// say sends a text.
func (s *fakeSession) say(text string) {
	_ = s.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// encode gives JSON.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// text joins words.
func text(words []transcribe.Word) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}
