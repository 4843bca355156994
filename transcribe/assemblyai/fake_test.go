package assemblyai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/transcribe/audio"
	"heed/transcribe/remote/remotetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = "secret-key"

// fake behaves as AssemblyAI's documents say, apart from its faults.
type fake struct {
	*remotetest.Sockets
	script  bool                           // hears the conformance kit's sample
	status  func(n int, h http.Header) int // of the n-th dial
	cut     func(n int) time.Duration      // audio after which the n-th session breaks
	twice   bool                           // turns end twice, as with format_turns
	swapped bool                           // every other turn ends before the one before it
	empty   bool                           // transcript is empty in partials
	sudden  bool                           // finals only
	mute    bool                           // Terminate is not answered
	strict  bool                           // audio over twice as fast as spoken is refused
	say     string                         // sent instead of the first Turn
	code    int                            // close code after say
	ended   chan struct{}                  // gets one for each session that is told that it is over
	t       *testing.T
}

// start serves the fake and gives an engine for it.
func (f *fake) start(t *testing.T) *Engine {
	t.Helper()
	f.t, f.ended = t, make(chan struct{}, 100)
	f.Sockets = remotetest.ServeSockets(t, f.admit, f.converse)
	o := Options{Key: testKey, URL: f.URL + "/v3/ws", Pace: 1000}
	if f.strict {
		o.Pace = 0
	}
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// admit checks the request as the service does.
func (f *fake) admit(w http.ResponseWriter, r *http.Request, n int) int {
	if f.status != nil {
		if status := f.status(n, w.Header()); status != 0 {
			return status
		}
	}
	q := r.URL.Query()
	if r.Header.Get("Authorization") != testKey { // without "Bearer"
		return http.StatusUnauthorized
	}
	if r.URL.Path != "/v3/ws" || !f.wellFormed(q) {
		return http.StatusBadRequest
	}
	return 0
}

// wellFormed checks the parameters.
func (f *fake) wellFormed(q url.Values) bool {
	var terms []string
	if k := q.Get("keyterms_prompt"); k != "" && json.Unmarshal([]byte(k), &terms) != nil {
		return false
	}
	for _, k := range terms {
		if len(k) > 50 {
			return false
		}
	}
	rate, _ := strconv.Atoi(q.Get("sample_rate"))
	quiet, _ := strconv.Atoi(q.Get("inactivity_timeout"))
	encoding := q.Get("encoding")
	return len(terms) <= 100 && rate >= 8000 && quiet >= 5 && quiet <= 3600 && q.Get("speech_model") != "" &&
		(encoding == "pcm_mulaw" || encoding == "pcm_s16le")
}

// talk is one session.
type talk struct {
	f     *fake
	conn  *websocket.Conn
	ear   *remotetest.Ear
	rate  int
	mulaw bool
	start time.Time
	said  bool
	held  string // the end of a turn that is to be overtaken
}

// converse is one session's whole life.
func (f *fake) converse(conn *websocket.Conn, r *http.Request, n int) {
	q := r.URL.Query()
	t := &talk{f: f, conn: conn, start: time.Now(), mulaw: q.Get("encoding") == "pcm_mulaw"}
	t.rate, _ = strconv.Atoi(q.Get("sample_rate"))
	t.ear = remotetest.NewEar(t.rate)
	if f.script {
		t.ear = remotetest.NewScriptEar(f.t, t.rate)
	}
	t.write(fmt.Sprintf(`{"type":"Begin","id":"x","expires_at":%d}`, time.Now().Add(3*time.Hour).Unix()))
	for over := false; !over; {
		_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		kind, b, err := conn.ReadMessage()
		switch {
		case err != nil:
			return
		case kind == websocket.TextMessage:
			over = t.control(b)
		default:
			over = t.audio(b) || f.cut != nil && f.cut(n) > 0 && t.ear.Now() >= f.cut(n)
		}
	}
}

// audio hears a piece and tells whether the session is over.
func (t *talk) audio(b []byte) bool {
	var pcm []int16
	if t.mulaw {
		pcm = audio.DecodeMulaw(nil, b)
	} else {
		for i := 0; i+1 < len(b); i += 2 {
			pcm = append(pcm, int16(uint16(b[i])|uint16(b[i+1])<<8))
		}
	}
	if ms := len(pcm) * 1000 / t.rate; ms < 50 || ms > 1000 {
		t.fail(3007, fmt.Sprintf("Input duration violation: %d ms. Expected between 50 and 1000 ms", ms))
		return true
	}
	if t.f.strict && t.ear.Now() > 3*time.Second+2*time.Since(t.start) {
		t.fail(3007, "Audio Transmission Rate Exceeded: Received too much")
		return true
	}
	t.report(t.ear.Hear(pcm))
	return false
}

// fail ends the session as the service does: a message, then a close.
func (t *talk) fail(code int, reason string) {
	t.write(fmt.Sprintf(`{"type":"Error","error_code":%d,"error":%q}`, code, reason))
	remotetest.CloseWith(t.conn, code, reason)
}

// control obeys a text message and tells whether the session is over.
func (t *talk) control(b []byte) bool {
	var m struct{ Type string }
	if json.Unmarshal(b, &m) != nil {
		t.fail(3006, "Invalid JSON")
		return true
	}
	switch m.Type {
	case "KeepAlive":
	case "ForceEndpoint":
		if !t.f.mute {
			t.report(t.ear.Finish())
		}
	case "Terminate":
		t.f.ended <- struct{}{}
		if t.f.mute {
			remotetest.Hang(t.conn)
			return true
		}
		t.report(t.ear.Finish())
		t.release()
		t.write(fmt.Sprintf(`{"type":"Termination","audio_duration_seconds":%d,"session_duration_seconds":1}`, int(t.ear.Now().Seconds())))
		remotetest.CloseWith(t.conn, websocket.CloseNormalClosure, "")
		return true
	default:
		t.f.Complain("unknown message " + m.Type)
	}
	return false
}

// report says what was understood.
func (t *talk) report(events []remotetest.Event) {
	for _, e := range events {
		switch {
		case !e.Final && !t.f.sudden:
			t.write(t.turn(e, false))
		case !e.Final:
		case t.f.say != "" && !t.said:
			t.said = true
			t.write(t.f.say)
			if t.f.code != 0 {
				remotetest.CloseWith(t.conn, t.f.code, t.f.say)
			}
		case t.f.swapped && t.held == "":
			t.held = t.turn(e, false)
		default:
			t.end(t.turn(e, false))
		}
	}
}

// end writes the end of a turn, and of the one that it overtook.
func (t *talk) end(turn string) {
	t.write(turn)
	if t.f.twice {
		t.write(strings.Replace(turn, `"turn_is_formatted":false`, `"turn_is_formatted":true`, 1))
	}
	t.release()
}

// release writes the end of the turn that was overtaken.
func (t *talk) release() {
	if t.held != "" {
		t.write(t.held)
		t.held = ""
	}
}

// turn forms a Turn message.
func (t *talk) turn(e remotetest.Event, formatted bool) string {
	type word struct {
		Text       string  `json:"text"`
		Start      int64   `json:"start"`
		End        int64   `json:"end"`
		Confidence float64 `json:"confidence"`
		Final      bool    `json:"word_is_final"`
	}
	var list []word
	var texts []string
	for i, w := range e.Words {
		settled := e.Final || i+1 < len(e.Words)
		list = append(list, word{w.Text, w.Start.Milliseconds(), w.End.Milliseconds(), w.Confidence, settled})
		if settled && (e.Final || !t.f.empty) {
			texts = append(texts, w.Text)
		}
	}
	b, err := json.Marshal(map[string]any{
		"type": "Turn", "turn_order": e.Number, "turn_is_formatted": formatted, "end_of_turn": e.Final,
		"transcript": strings.Join(texts, " "), "end_of_turn_confidence": 0.9, "words": list,
	})
	if err != nil {
		t.f.Complain(err.Error())
	}
	return string(b)
}

// write sends a text message.
func (t *talk) write(s string) {
	_ = t.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = t.conn.WriteMessage(websocket.TextMessage, []byte(s))
}

// lengths gives the cut of the n-th session.
func lengths(d ...time.Duration) func(int) time.Duration {
	return func(n int) time.Duration {
		if n < len(d) {
			return d[n]
		}
		return 0
	}
}
