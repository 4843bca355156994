package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
)

// AudioHook is what Genesys does beside what others do.
type AudioHook struct {
	// Key and Secret sign the upgrade; without a key the server's own API key is
	// presented, which the platform never does.
	Key    string
	Secret []byte
	// Sign is audiohook.Sign; it signs when there is a secret.
	Sign func(h http.Header, target *url.URL, secret []byte, at time.Time) error
	// Holes are parts of the call that are not sent.
	Holes []Hole
	// Config is the integration's own configuration; nil is none.
	Config map[string]any
	// Heard, when set, gets what the door says back, from a goroutine of its own
	// that ends before Call does.
	Heard func(Entity)
}

// Hole is a part of the call of which no audio is sent, to whole frames of
// 200 ms. The session is paused for it, or, with Discarded, told after it.
type Hole struct {
	From, To  time.Duration
	Discarded bool
}

// Entity is something that a door says back of the call.
type Entity struct {
	Type    string // "transcript" or "agentassist"
	Channel string // "external", the customer, or "internal"
	// Offset and Duration are where it was said, in the call.
	Offset, Duration time.Duration
	Text             string
}

const (
	// hookFrame is how much audio the vendor's client sends at once.
	hookFrame = 200 * time.Millisecond
	// hookSteps is how many frames of a recording that is.
	hookSteps = int(hookFrame / frame)
	// pingEvery is when it sends a ping; one that is not answered by the next
	// ends the session.
	pingEvery = 5 * time.Second
)

// hookMessage is one of either side.
type hookMessage struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Seq        int64           `json:"seq"`
	ServerSeq  int64           `json:"serverseq"`
	ClientSeq  int64           `json:"clientseq,omitempty"`
	Position   string          `json:"position"`
	Parameters json.RawMessage `json:"parameters"`
}

// follows says whether the door's message is the next one of a session.
func (m *hookMessage) follows(id string, seq int64) bool {
	return m.Seq == seq+1 && m.ID == id && m.Version == "2" && len(m.Parameters) > 0
}

// hookCall is a session as its client has it. The reader of its socket hands
// over what came; everything else belongs to the goroutine of Call.
type hookCall struct {
	o        Options
	hook     AudioHook
	id, call string
	ws       *websocket.Conn
	answers  chan hookMessage // opened and closed
	gone     chan error       // one value: why reading ended

	mu        sync.Mutex
	serverseq int64
	pinged    int64 // seq of the ping that waits for its pong; 0 is none
	wanted    bool  // the door wants no audio

	seq int64
	at  time.Duration // position, which counts what is not sent
	gap *Hole         // that goes on now
	due time.Time     // of the next ping
}

// callAudioHook plays a recording as Genesys does.
func callAudioHook(ctx context.Context, o Options) (Result, error) {
	c := &hookCall{o: o, id: uuid.NewString(), call: o.PlatformCall, answers: make(chan hookMessage, 8), gone: make(chan error, 1)}
	if o.AudioHook != nil {
		c.hook = *o.AudioHook
	}
	if c.call == "" {
		c.call = uuid.NewString()
	}
	r := Result{PlatformCall: c.call, Stream: c.id}
	if err := c.dial(ctx); err != nil {
		return Result{}, err
	}
	var reading sync.WaitGroup
	reading.Go(c.read)
	defer reading.Wait()
	defer c.ws.Close() //nolint:errcheck // the call is over either way
	err := c.play(ctx, &r)
	if err == nil || errors.Is(err, ctx.Err()) {
		err = errors.Join(err, c.close())
	}
	if err != nil {
		return r, fmt.Errorf("play %s: %w", r.PlatformCall, err)
	}
	return r, nil
}

// dial opens the socket, signed as the platform does.
func (c *hookCall) dial(ctx context.Context) error {
	target, err := doorURL(c.o.URL, "/ingest/audiohook")
	if err != nil {
		return err
	}
	h := http.Header{
		"Audiohook-Organization-Id": {organization}, "Audiohook-Session-Id": {c.id}, "Audiohook-Correlation-Id": {uuid.NewString()},
		"X-Api-Key": {c.hook.Key},
	}
	switch {
	case c.hook.Key == "":
		h.Set("Authorization", "Bearer "+c.o.Key)
	case len(c.hook.Secret) > 0 && c.hook.Sign != nil:
		u, err := url.Parse(target)
		if err == nil {
			err = c.hook.Sign(h, u, c.hook.Secret, time.Now())
		}
		if err != nil {
			return fmt.Errorf("play: %w", err)
		}
	}
	dialer := websocket.Dialer{HandshakeTimeout: answerWithin}
	ws, answer, err := dialer.DialContext(ctx, target, h)
	if answer != nil && err != nil {
		return refusedBy(answer, target)
	}
	if err != nil {
		return &Unreachable{URL: target, Err: err}
	}
	c.ws = ws
	return nil
}

// organization stands for the one that a real session would have.
const organization = "d7934305-0972-4844-938e-9060eef73d05"

// read takes what the door says until it is gone.
func (c *hookCall) read() {
	for {
		kind, raw, err := c.ws.ReadMessage()
		if err == nil {
			err = c.take(kind, raw)
		}
		if err != nil {
			c.gone <- err
			return
		}
	}
}

// take checks a message of the door as the vendor's client does.
func (c *hookCall) take(kind int, raw []byte) error {
	var m hookMessage
	if err := json.Unmarshal(raw, &m); err != nil || kind != websocket.TextMessage {
		return fmt.Errorf("the door sent no message of the protocol: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !m.follows(c.id, c.serverseq) {
		return fmt.Errorf("the door's message %d (%s) is out of order after %d", m.Seq, m.Type, c.serverseq)
	}
	c.serverseq = m.Seq
	switch m.Type {
	case "opened", "closed":
		c.answers <- m
	case "pong":
		if m.ClientSeq != c.pinged {
			return fmt.Errorf("pong %d answers %d, want %d", m.Seq, m.ClientSeq, c.pinged)
		}
		c.pinged = 0
	case "pause", "resume":
		c.wanted = m.Type == "pause"
	case "event":
		c.heard(m.Parameters)
	case "disconnect":
		return c.sentAway(m.Parameters)
	}
	return nil
}

// sentAway gives the door's reason for ending the session.
func (c *hookCall) sentAway(raw json.RawMessage) error {
	var p struct{ Reason, Info string }
	if err := json.Unmarshal(raw, &p); err != nil {
		return fmt.Errorf("disconnect: %w", err)
	}
	if p.Reason == "unauthorized" {
		return &Refused{URL: c.o.URL, Status: http.StatusUnauthorized, Detail: "the AudioHook key or its signature is not accepted"}
	}
	return &HungUp{Code: websocket.ClosePolicyViolation, Reason: p.Info}
}

// heard hands on what was said back.
func (c *hookCall) heard(raw json.RawMessage) {
	var p struct {
		Entities []struct {
			Type string
			Data struct {
				Channel, Offset, Duration string
				Alternatives              []struct {
					Interpretations []struct{ Transcript string }
				}
				Suggestions []struct{ Position, Title string }
			}
		}
	}
	if c.hook.Heard == nil || json.Unmarshal(raw, &p) != nil {
		return
	}
	for _, e := range p.Entities {
		out := Entity{Type: e.Type, Channel: e.Data.Channel, Offset: hookTime(e.Data.Offset), Duration: hookTime(e.Data.Duration)}
		for _, a := range e.Data.Alternatives {
			for _, i := range a.Interpretations {
				out.Text = i.Transcript
			}
		}
		for _, s := range e.Data.Suggestions {
			out.Text, out.Offset = strings.TrimPrefix(out.Text+"; "+s.Title, "; "), hookTime(s.Position)
		}
		c.hook.Heard(out)
	}
}

// hookTime reads a time such as PT1.5S.
func hookTime(s string) time.Duration {
	d, _ := time.ParseDuration(strings.ToLower(strings.TrimPrefix(s, "PT"))) // what is none is zero
	return d
}

// hookPosition writes one.
func hookPosition(d time.Duration) string {
	return fmt.Sprintf("PT%gS", float64(d.Milliseconds())/1000)
}

// send writes a message.
func (c *hookCall) send(kind string, parameters any) error {
	raw, err := json.Marshal(parameters)
	if err != nil {
		return fmt.Errorf("write %s: %w", kind, err)
	}
	c.seq++
	c.mu.Lock()
	m := hookMessage{Version: "2", ID: c.id, Type: kind, Seq: c.seq, ServerSeq: c.serverseq, Position: hookPosition(c.at), Parameters: raw}
	if kind == "ping" {
		c.pinged = c.seq
	}
	c.mu.Unlock()
	if raw, err = json.Marshal(m); err != nil {
		return fmt.Errorf("write %s: %w", kind, err)
	}
	return c.write(websocket.TextMessage, raw)
}

func (c *hookCall) write(kind int, data []byte) error {
	select {
	case err := <-c.gone:
		return c.ended(err)
	default:
	}
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeWithin)) // a dead socket fails in the write
	if err := c.ws.WriteMessage(kind, data); err != nil {
		_ = c.ws.SetReadDeadline(time.Now().Add(time.Second)) // the door may just have said why
		return c.ended(<-c.gone)
	}
	return nil
}

// ended says why the door is gone; what the protocol told stands.
func (c *hookCall) ended(err error) error {
	c.gone <- err
	closed := (*websocket.CloseError)(nil)
	if errors.As(err, &closed) {
		return hungUp(err)
	}
	return err
}

// answer waits for an answer.
func (c *hookCall) answer(kind string, within time.Duration) (hookMessage, error) {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case m := <-c.answers:
		if m.Type != kind {
			return m, fmt.Errorf("the door answers %s, want %s", m.Type, kind)
		}
		return m, nil
	case err := <-c.gone:
		return hookMessage{}, c.ended(err)
	case <-timer.C:
		return hookMessage{}, fmt.Errorf("the door did not answer with %s within %v", kind, within)
	}
}

// open has the session opened, with both sides of the call where there are
// two.
func (c *hookCall) open() error {
	channels := [][]string{{"external"}}
	if c.o.Recording.Stereo() {
		channels = [][]string{{"external", "internal"}, {"external"}, {"internal"}}
	}
	var media []any
	for _, names := range channels {
		media = append(media, map[string]any{"type": "audio", "format": "PCMU", "channels": names, "rate": telephone})
	}
	config := map[string]any{}
	for name, v := range map[string]string{"agent": c.o.Caller.Agent, "direction": c.o.Caller.Direction} {
		if v != "" {
			config[name] = v
		}
	}
	maps.Copy(config, c.hook.Config)
	p := map[string]any{
		"organizationId": organization, "conversationId": c.call, "media": media, "customConfig": config,
		"participant": map[string]string{"id": uuid.NewString(), "ani": c.o.Caller.From, "aniName": "", "dnis": c.o.Caller.To},
	}
	if c.o.Caller.Language != "" {
		p["language"] = c.o.Caller.Language
	}
	if err := c.send("open", p); err != nil {
		return err
	}
	m, err := c.answer("opened", answerWithin/2)
	if err != nil {
		return err
	}
	var opened struct {
		Media []struct{ Channels []string }
	}
	if json.Unmarshal(m.Parameters, &opened) != nil || len(opened.Media) != 1 || len(opened.Media[0].Channels) != len(channels[0]) {
		return errors.New("the door did not choose the first media of the offer")
	}
	return nil
}

// close closes the session and waits until all was said back.
func (c *hookCall) close() error {
	if err := c.send("close", map[string]string{"reason": "end"}); err != nil {
		return err
	}
	if _, err := c.answer("closed", 10*time.Second); err != nil {
		return err
	}
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	return nil
}

// dialogues are the platforms that answer what the door says, by name: each
// plays a whole call.
func dialogues() map[string]func(context.Context, Options) (Result, error) {
	return map[string]func(context.Context, Options) (Result, error){"audiohook": callAudioHook}
}
