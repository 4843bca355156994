package amazon

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/gorilla/websocket"

	"heed/transcribe"
	"heed/transcribe/remote/remotetest"
)

// The account of the tests, and the service's limits from its document.
const (
	fakeAccess = "AKIDEXAMPLE"
	fakeSecret = "secret-that-must-stay-secret"
	fakeToken  = "token/that+must=stay-secret"
	fakeRegion = "eu-central-1"

	fakeMaxAudio = 32 << 10
	fakeQuiet    = 15 * time.Second
)

// fake is the service as its document describes it. It hears by an ear that
// knows only the audio it was sent.
type fake struct {
	t    *testing.T
	host string
	ear  func(rate int) *remotetest.Ear
	plan func(session int) plan // how a session misbehaves

	mu      sync.Mutex
	queries []url.Values
	serving sync.WaitGroup
}

// plan is one session's misbehaviour. The zero value is good service.
type plan struct {
	status    int           // instead of the upgrade
	after     time.Duration // of audio, until
	exception string        // this comes with a close, or
	message   string        // (its text)
	junk      []byte        // these bytes, or
	cut       bool          // the line goes dead, or
	bye       bool          // the service closes without having been asked
	answer    func(*result) []*result
	mute      bool // says nothing at the end, and stays
}

// sessions is how many streams were asked for.
func (f *fake) sessions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queries)
}

// query is what a session asked for.
func (f *fake) query(session int) url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.queries[session]
}

// ServeHTTP is one stream.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f.checkSignature(r); err != nil {
		w.Header().Set("X-Amzn-Errortype", "InvalidSignatureException")
		http.Error(w, `{"message":"`+err.Error()+`"}`, http.StatusForbidden)
		return
	}
	f.mu.Lock()
	s := &fakeSession{fake: f, plan: f.plan(len(f.queries))}
	f.queries = append(f.queries, r.URL.Query())
	f.mu.Unlock()
	if s.plan.status != 0 {
		w.Header().Set("Retry-After", "7")
		http.Error(w, `{"message":"no"}`, s.plan.status)
		return
	}
	var upgrader websocket.Upgrader
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		f.t.Errorf("upgrade: %v", err)
		return
	}
	defer conn.Close()
	s.conn = conn
	if problem := checkQuery(r.URL.Query()); problem != "" {
		s.except("BadRequestException", problem)
		return
	}
	rate, _ := strconv.Atoi(r.URL.Query().Get("sample-rate"))
	s.ear = f.ear(rate)
	s.run()
}

// checkSignature makes the signature again, as the service does.
func (f *fake) checkSignature(r *http.Request) error {
	q := r.URL.Query()
	got := q.Get("X-Amz-Signature")
	at, err := time.Parse("20060102T150405Z", q.Get("X-Amz-Date"))
	if err != nil || time.Since(at).Abs() > 5*time.Minute {
		return fmt.Errorf("signature expired")
	}
	if seconds, err := strconv.Atoi(q.Get("X-Amz-Expires")); err != nil || seconds < 1 || seconds > 300 {
		return fmt.Errorf("expires must be up to 300")
	}
	c := aws.Credentials{AccessKeyID: fakeAccess, SecretAccessKey: fakeSecret}
	if q.Has("X-Amz-Security-Token") {
		c.SessionToken = fakeToken
	}
	for _, added := range []string{"X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Security-Token"} {
		q.Del(added)
	}
	again, err := http.NewRequest(http.MethodGet, "https://"+f.host+r.URL.Path+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	signed, _, err := v4.NewSigner().PresignHTTP(context.Background(), c, again, emptyHash, "transcribe", fakeRegion, at)
	if err != nil {
		return err
	}
	want, err := url.Parse(signed)
	if err != nil || want.Query().Get("X-Amz-Signature") != got || r.URL.Path != "/stream-transcription-websocket" {
		return fmt.Errorf("the request signature we calculated does not match")
	}
	return nil
}

// languageCode is the form of the service's list.
var languageCode = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)

// checkQuery refuses what the service refuses.
func checkQuery(q url.Values) string {
	rate, err := strconv.Atoi(q.Get("sample-rate"))
	stability := q.Get("partial-results-stability")
	switch {
	case !languageCode.MatchString(q.Get("language-code")):
		return "1 validation error detected: Value at 'languageCode' failed to satisfy constraint"
	case q.Get("media-encoding") != "pcm":
		return "Unsupported media encoding"
	case err != nil || rate < 8000 || rate > 48000:
		return "Unsupported sample rate"
	case stability != "" && q.Get("enable-partial-results-stabilization") != "true":
		return "partial-results-stability needs enable-partial-results-stabilization"
	case q.Get("vocabulary-name") == "unknown":
		return "The requested vocabulary couldn't be found. Check the vocabulary name and try your request again."
	}
	return ""
}

// fakeSession is one stream of the fake.
type fakeSession struct {
	fake *fake
	plan plan
	conn *websocket.Conn
	ear  *remotetest.Ear
}

// run takes audio until the client is done.
func (s *fakeSession) run() {
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(fakeQuiet))
		kind, b, err := s.conn.ReadMessage()
		if err != nil {
			return // gone, which is the client's right
		}
		chunk, problem := audioOf(kind, b)
		switch {
		case problem != "":
			s.except("BadRequestException", problem)
			return
		case len(chunk) == 0:
			s.finish()
			return
		}
		pcm := make([]int16, len(chunk)/2)
		for i := range pcm {
			pcm[i] = int16(binary.LittleEndian.Uint16(chunk[2*i:]))
		}
		s.tell(s.ear.Hear(pcm))
		if s.plan.after > 0 && s.ear.Now() >= s.plan.after && s.misbehave() {
			return
		}
	}
}

// audioOf decodes a message with the SDK's decoder and checks its three
// headers.
func audioOf(kind int, b []byte) ([]byte, string) {
	m, err := eventstream.NewDecoder().Decode(bytes.NewReader(b), nil)
	if err != nil || kind != websocket.BinaryMessage {
		return nil, "Could not decode the audio stream that you provided."
	}
	for header, want := range map[string]string{
		":content-type": "application/octet-stream", ":event-type": "AudioEvent", ":message-type": "event",
	} {
		if got := m.Headers.Get(header); got == nil || got.String() != want {
			return nil, "Invalid header " + header
		}
	}
	if len(m.Payload) > fakeMaxAudio || len(m.Payload)%2 != 0 {
		return nil, "Your stream is too big. Reduce the frame size and try your request again."
	}
	return m.Payload, ""
}

// misbehave does what the plan says and tells whether the stream is over.
func (s *fakeSession) misbehave() bool {
	p := s.plan
	s.plan = plan{}
	switch {
	case p.exception != "":
		s.except(p.exception, p.message)
	case p.junk != nil:
		s.write(p.junk)
		return false
	case p.bye:
		s.goodbye()
	case p.cut:
	default:
		return false
	}
	return true
}

// finish says what is left and closes.
func (s *fakeSession) finish() {
	if s.plan.mute {
		_, _, _ = s.conn.ReadMessage() // until the client hangs up
		return
	}
	s.tell(s.ear.Finish())
	s.goodbye()
}

// goodbye closes in peace and waits for the other side.
func (s *fakeSession) goodbye() {
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	for {
		if _, _, err := s.conn.ReadMessage(); err != nil {
			return
		}
	}
}

// except sends an exception and closes.
func (s *fakeSession) except(kind, message string) {
	body, err := json.Marshal(map[string]string{"Message": message})
	if err != nil {
		s.fake.t.Error(err)
	}
	s.write(encoded(s.fake.t, body, ":message-type", "exception", ":exception-type", kind, ":content-type", "application/json"))
	s.goodbye()
}

// encoded is a message in event stream encoding.
func encoded(t testing.TB, payload []byte, headers ...string) []byte {
	t.Helper()
	m := eventstream.Message{Payload: payload}
	for i := 0; i < len(headers); i += 2 {
		m.Headers.Set(headers[i], eventstream.StringValue(headers[i+1]))
	}
	var b bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write sends one frame; the client may be gone.
func (s *fakeSession) write(b []byte) { _ = s.conn.WriteMessage(websocket.BinaryMessage, b) }

// tell sends what was heard.
func (s *fakeSession) tell(events []remotetest.Event) {
	for _, e := range events {
		results := []*result{resultOf(e)}
		if s.plan.answer != nil {
			results = s.plan.answer(results[0])
		}
		for _, r := range results {
			s.write(transcriptEvent(s.fake.t, r))
		}
	}
}

// transcriptEvent is a whole message with one result.
func transcriptEvent(t testing.TB, r *result) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"Transcript": map[string]any{"Results": []*result{r}}})
	if err != nil {
		t.Fatal(err)
	}
	return encoded(t, body, ":message-type", "event", ":event-type", "TranscriptEvent", ":content-type", "application/json")
}

// resultOf is an event in the service's words: capitals, and in finals a full
// stop that is an item of its own.
func resultOf(e remotetest.Event) *result {
	r := &result{
		ResultID: fmt.Sprintf("result-%d", e.Number), IsPartial: !e.Final,
		StartTime: e.Words[0].Start.Seconds(), EndTime: e.Words[len(e.Words)-1].End.Seconds(),
		Alternatives: []alternative{{Items: itemsOf(e.Words, e.Final)}},
	}
	var b strings.Builder
	for _, i := range r.Alternatives[0].Items {
		if b.Len() > 0 && i.Type != "punctuation" {
			b.WriteByte(' ')
		}
		b.WriteString(i.Content)
	}
	r.Alternatives[0].Transcript = b.String()
	return r
}

// itemsOf are the words as items.
func itemsOf(words []transcribe.Word, final bool) []item {
	var out []item
	for i, w := range words {
		if i == 0 {
			w.Text = strings.ToUpper(w.Text[:1]) + w.Text[1:]
		}
		it := item{Content: w.Text, Type: "pronunciation", StartTime: w.Start.Seconds(), EndTime: w.End.Seconds()}
		if final {
			it.Confidence = 0.8
		}
		out = append(out, it)
	}
	if final {
		end := words[len(words)-1].End.Seconds()
		out = append(out, item{Content: ".", Type: "punctuation", StartTime: end, EndTime: end})
	}
	return out
}

// newFake is good service on the loopback. Everything ends with the test.
func newFake(t *testing.T) (*fake, *Engine) {
	t.Helper()
	f := &fake{t: t, ear: remotetest.NewEar, plan: func(int) plan { return plan{} }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.serving.Add(1)
		defer f.serving.Done()
		f.ServeHTTP(w, r)
	}))
	// Close does not wait for connections that became WebSockets.
	t.Cleanup(func() { server.Close(); f.serving.Wait() })
	f.host = strings.TrimPrefix(server.URL, "http://")
	e, err := New(f.options())
	if err != nil {
		t.Fatal(err)
	}
	e.pace = 0
	return f, e
}

// options are those of the fake's account.
func (f *fake) options() Options {
	return Options{AccessKey: fakeAccess, Secret: fakeSecret, Region: fakeRegion, URL: "ws://" + f.host}
}
