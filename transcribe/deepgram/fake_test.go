package deepgram

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/remote/remotetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = "secret-key"

// fake behaves as Deepgram's documents say, apart from its faults.
type fake struct {
	*remotetest.Sockets
	script    bool                           // hears the conformance kit's sample
	status    func(n int, h http.Header) int // of the n-th dial
	cut       func(n int) time.Duration      // audio after which the n-th session breaks
	doubled   bool                           // every Results comes twice
	noisy     bool                           // speech_final never comes, UtteranceEnd does
	sudden    bool                           // finals only
	wordsOnly bool                           // transcript is empty, words are there
	mute      bool                           // CloseStream is not answered
	say       string                         // the first session sends it instead of its first Results
	t         *testing.T
}

// start serves the fake and gives an engine for it.
func (f *fake) start(t *testing.T) *Engine {
	t.Helper()
	f.t = t
	f.Sockets = remotetest.ServeSockets(t, f.admit, f.converse)
	e, err := New(Options{Key: testKey, URL: f.URL, Language: "en"})
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
	rate, _ := strconv.Atoi(q.Get("sample_rate"))
	tokens := 0
	for _, k := range q["keyterm"] {
		tokens += 1 + len(k)/3
	}
	switch {
	case r.Header.Get("Authorization") != "Token "+testKey:
		return http.StatusUnauthorized
	case q.Get("encoding") != "mulaw" && q.Get("encoding") != "linear16", rate < 8000, q.Get("channels") != "1", q.Get("model") == "":
		return http.StatusBadRequest
	case q.Get("utterance_end_ms") != "" && (q.Get("interim_results") != "true" || len(q.Get("utterance_end_ms")) < 4):
		return http.StatusBadRequest
	case len(q["keyterm"]) > 100, tokens > 500, len(q["keyterm"]) > 0 && !strings.HasPrefix(q.Get("model"), "nova-3"):
		return http.StatusBadRequest
	}
	return 0
}

// talk is one session.
type talk struct {
	f    *fake
	conn *websocket.Conn
	ear  *remotetest.Ear
	sent int  // words of the utterance that were settled
	said bool // what the fake is to say
}

// converse is one session's whole life.
func (f *fake) converse(conn *websocket.Conn, r *http.Request, n int) {
	q := r.URL.Query()
	rate, _ := strconv.Atoi(q.Get("sample_rate"))
	t := &talk{f: f, conn: conn, ear: remotetest.NewEar(rate), said: n > 0}
	if f.script {
		t.ear = remotetest.NewScriptEar(f.t, rate)
	}
	for {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // NET-0001
		kind, b, err := conn.ReadMessage()
		switch {
		case err != nil:
			return
		case kind == websocket.TextMessage:
			if over := t.control(b); over {
				return
			}
		default:
			t.report(t.ear.Hear(samples(q.Get("encoding"), b)))
			if f.cut != nil && f.cut(n) > 0 && t.ear.Now() >= f.cut(n) {
				return // without a close frame
			}
		}
	}
}

// samples decodes audio.
func samples(encoding string, b []byte) []int16 {
	if encoding == "mulaw" {
		return audio.DecodeMulaw(nil, b)
	}
	var pcm []int16
	for i := 0; i+1 < len(b); i += 2 {
		pcm = append(pcm, int16(uint16(b[i])|uint16(b[i+1])<<8))
	}
	return pcm
}

// control obeys a text message and tells whether the session is over.
func (t *talk) control(b []byte) bool {
	var m struct{ Type string }
	if json.Unmarshal(b, &m) != nil {
		t.f.Complain("text frame that is no control message")
		return true
	}
	switch m.Type {
	case "KeepAlive":
	case "Finalize":
		if !t.f.mute {
			t.report(t.ear.Finish())
		}
	case "CloseStream":
		if t.f.mute {
			remotetest.Hang(t.conn)
			return true
		}
		t.report(t.ear.Finish())
		t.write(fmt.Sprintf(`{"type":"Metadata","transaction_key":"deprecated","request_id":"x","duration":%.3f,"channels":1}`, t.ear.Now().Seconds()))
		remotetest.CloseWith(t.conn, websocket.CloseNormalClosure, "")
		return true
	default:
		t.f.Complain("unknown control message " + m.Type)
	}
	return false
}

// report says what was understood.
func (t *talk) report(events []remotetest.Event) {
	for _, e := range events {
		words := e.Words[t.sent:]
		switch {
		case !e.Final && t.f.sudden:
		case !e.Final && len(words) > 3: // a piece settles
			t.results(words, true, false)
			t.sent = len(e.Words)
		case !e.Final:
			t.results(words, false, false)
		default:
			t.results(words, true, !t.f.noisy)
			if t.f.noisy {
				last := e.Words[len(e.Words)-1].End
				t.write(fmt.Sprintf(`{"type":"UtteranceEnd","channel":[0,1],"last_word_end":%.4f}`, last.Seconds()))
			}
			t.sent = 0
		}
	}
}

// results writes a Results message.
func (t *talk) results(words []transcribe.Word, settled, end bool) {
	if t.f.say != "" && !t.said {
		t.said = true
		t.write(t.f.say)
		return
	}
	type word struct {
		Word       string  `json:"word"`
		Start      float64 `json:"start"`
		End        float64 `json:"end"`
		Confidence float64 `json:"confidence"`
	}
	var list []word
	var texts []string
	for _, w := range words {
		list = append(list, word{w.Text, w.Start.Seconds(), w.End.Seconds(), w.Confidence})
		texts = append(texts, w.Text)
	}
	transcript := strings.Join(texts, " ")
	if t.f.wordsOnly {
		transcript = ""
	}
	from := t.ear.Now()
	if len(words) > 0 {
		from = words[0].Start
	}
	b, err := json.Marshal(map[string]any{
		"type": "Results", "channel_index": []int{0, 1}, "start": from.Seconds(), "duration": (t.ear.Now() - from).Seconds(),
		"is_final": settled, "speech_final": end, "from_finalize": false,
		"channel": map[string]any{"alternatives": []any{map[string]any{"transcript": transcript, "confidence": 0.98, "words": list}}},
	})
	if err != nil {
		t.f.Complain(err.Error())
	}
	t.write(string(b))
	if t.f.doubled {
		t.write(string(b))
	}
}

// write sends a text message.
func (t *talk) write(s string) {
	_ = t.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = t.conn.WriteMessage(websocket.TextMessage, []byte(s))
}
