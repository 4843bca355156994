package sherpaws

import (
	"encoding/binary"
	"encoding/json"
	"math"
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

// habits are how the fake server behaves. The zero value is a good C++ server.
type habits struct {
	python   bool            // text and segment only, and a close in place of the farewell
	key      string          // the proxy in front of it wants this bearer
	status   int             // what the proxy answers instead; 0 = the server
	cutAfter []time.Duration // the n-th session breaks after so much audio
	doubled  bool            // every final comes twice
	stuck    bool            // the segment's number never changes
	finals   bool            // no partials
	garbage  string          // said instead of the second message
	mute     bool            // the goodbye is not answered
	script   bool            // it hears enginetest's sample
}

// fake is a sherpa-onnx online WebSocket server for 16 kHz.
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
	switch {
	case f.status != 0:
		w.WriteHeader(f.status)
		return
	case f.key != "" && r.Header.Get("Authorization") != "Bearer "+f.key:
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	s := fakeSession{f: f, conn: conn, ear: remotetest.NewEar(16000)}
	if f.script {
		s.ear = remotetest.NewScriptEar(f.t, 16000)
	}
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
	f        *fake
	conn     *websocket.Conn
	ear      *remotetest.Ear
	cut      time.Duration
	segment  int
	messages int
	over     time.Duration // where the open stretch began to be counted from
}

// run takes floats until the goodbye.
func (s *fakeSession) run() {
	for {
		kind, message, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.TextMessage {
			if string(message) != "Done" {
				s.f.t.Errorf("fake server: text %q", message)
			}
			if s.f.mute {
				continue
			}
			s.report(s.ear.Finish())
			s.farewell()
			return
		}
		s.report(s.ear.Hear(s.samples(message)))
		if s.cut > 0 && s.ear.Now() >= s.cut {
			_ = s.conn.NetConn().(*net.TCPConn).SetLinger(0)
			return
		}
	}
}

// samples decodes floats, which must be within full scale.
func (s *fakeSession) samples(message []byte) []int16 {
	if len(message)%4 != 0 {
		s.f.t.Errorf("fake server: %d bytes of audio", len(message))
	}
	pcm := make([]int16, len(message)/4)
	for i := range pcm {
		v := math.Float32frombits(binary.LittleEndian.Uint32(message[4*i:]))
		if !(v >= -1 && v <= 1) {
			s.f.t.Errorf("fake server: sample %v", v)
		}
		pcm[i] = int16(v * 32768)
	}
	return pcm
}

// farewell ends the session as either server does.
func (s *fakeSession) farewell() {
	if s.f.python {
		s.say(map[string]any{"text": "", "segment": s.segment})
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
		return
	}
	_ = s.conn.WriteMessage(websocket.TextMessage, []byte("Done!"))
	_, _, _ = s.conn.ReadMessage() // it waits for the client to close
}

// report sends what became clear, and after silence what a recogniser says
// of silence: an empty final with the number unchanged.
func (s *fakeSession) report(events []remotetest.Event) {
	for _, e := range events {
		if e.Final || !s.f.finals {
			s.say(s.message(e.Words, e.Final))
		}
		if !e.Final {
			continue
		}
		if s.f.doubled {
			s.say(s.message(e.Words, true))
		}
		if !s.f.stuck {
			s.segment++
		}
		s.over = s.ear.Now()
		s.say(s.message(nil, !s.f.python))
	}
}

// message forms a result. A word is two tokens when it has the letters, and
// times count from where the stretch did.
func (s *fakeSession) message(words []transcribe.Word, final bool) map[string]any {
	m := map[string]any{"text": strings.ToUpper(text(words)), "segment": s.segment}
	if s.f.python {
		return m
	}
	tokens, times := []string{}, []float64{}
	for _, w := range words {
		upper := strings.ToUpper(w.Text)
		at := (w.Start - s.over).Seconds()
		tokens, times = append(tokens, " "+upper[:1]), append(times, at)
		if len(upper) > 1 {
			tokens, times = append(tokens, upper[1:]), append(times, at+(w.End-w.Start).Seconds()/2)
		}
	}
	m["tokens"], m["timestamps"], m["start_time"], m["is_final"] = tokens, times, s.over.Seconds(), final
	return m
}

// say sends a message.
func (s *fakeSession) say(m map[string]any) {
	s.messages++
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	if s.messages == 2 && s.f.garbage != "" {
		b = []byte(s.f.garbage)
	}
	_ = s.conn.WriteMessage(websocket.TextMessage, b)
}

// text joins words.
func text(words []transcribe.Word) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}
