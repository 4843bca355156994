package play

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/websocket"

	"heed/insights"
	"heed/internal/ingest/l16"
	"heed/transcribe/audio"
)

// sampled is a leg of a platform that sends bare samples: those of both parties
// interleaved, or of one of them.
type sampled struct {
	options   Options
	platform  string
	call      string
	stream    string
	target    string
	header    http.Header
	protocols []string
	first     map[string]any // the first message, if it is JSON
	words     string         // else
	parties   []insights.Speaker
	last      []message
	told      func(ctx context.Context) error // that the call is over; may be nil
}

var (
	_ leg      = (*sampled)(nil)
	_ reporter = (*sampled)(nil)
)

// newSampled makes a leg for the given parties.
func newSampled(o Options, platform, call string, parties ...insights.Speaker) (*sampled, error) {
	target, err := doorURL(o.URL, l16.MediaPath(platform))
	if err != nil {
		return nil, err
	}
	s := &sampled{
		options: o, platform: platform, call: call, stream: newSID(""), target: target, header: http.Header{},
		parties: parties, last: closing(),
	}
	if call == "" {
		s.call = newSID("")
	}
	return s, nil
}

// both are the parties of a recording, the customer first.
func (r *Recording) both() []insights.Speaker {
	if r.Stereo() {
		return []insights.Speaker{insights.Customer, insights.Agent}
	}
	return []insights.Speaker{insights.Customer}
}

// mix is what the platforms call the parties of one socket.
func (s *sampled) mix() string {
	if len(s.parties) == 2 {
		return "stereo"
	}
	return "mono"
}

// facts is what is known of the caller, by the names that the door takes.
func (s *sampled) facts() map[string]any {
	c := s.options.Caller
	out := map[string]any{}
	for name, v := range map[string]string{
		"from": c.From, "to": c.To, "agent": c.Agent, "direction": c.Direction, "language": c.Language,
	} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// query puts values into the address.
func (s *sampled) query(values map[string]any) {
	u, err := url.Parse(s.target)
	if err != nil {
		return // doorURL has parsed it before
	}
	q := u.Query()
	for name, v := range values {
		q.Set(name, fmt.Sprint(v))
	}
	u.RawQuery = q.Encode()
	s.target = u.String()
}

// basic sends the key as platforms do that ask for a user and a password.
func (s *sampled) basic() {
	if s.options.Key == "" {
		return
	}
	r := http.Request{Header: s.header}
	r.SetBasicAuth("heed", s.options.Key)
}

func (s *sampled) ids() (call, stream string) { return s.call, s.stream }

func (s *sampled) dial(ctx context.Context) (carrier, error) {
	return dialSocket(ctx, s.target, s.header, s.protocols...)
}

func (s *sampled) hello() []message {
	if s.first == nil {
		return []message{text([]byte(s.words))}
	}
	b, err := json.Marshal(s.first)
	if err != nil {
		panic(fmt.Sprintf("encode the first message: %v", err)) // it holds text and numbers only
	}
	return []message{text(b)}
}

func (s *sampled) media(rec *Recording, i int) []message {
	tracks := [][]int16{}
	longest := 0
	for _, who := range s.parties {
		track := rec.customer
		if who == insights.Agent {
			track = rec.agent
		}
		pcm := audio.DecodeMulaw(nil, at(track, i))
		tracks, longest = append(tracks, pcm), max(longest, len(pcm))
	}
	if longest == 0 {
		return nil
	}
	data := make([]byte, 0, 2*len(tracks)*longest)
	for k := range longest {
		for _, t := range tracks {
			var v int16 // silence where one party's track is over
			if k < len(t) {
				v = t[k]
			}
			data = binary.LittleEndian.AppendUint16(data, uint16(v))
		}
	}
	return []message{{websocket.BinaryMessage, data}}
}

func (s *sampled) goodbye() []message { return s.last }

func (s *sampled) report(ctx context.Context) error {
	if s.told == nil {
		return nil
	}
	return s.told(ctx)
}

// post sends JSON to the server with the key and reads the answer into out.
func (o Options) post(ctx context.Context, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("play: %w", err)
	}
	return o.ask(ctx, http.MethodPost, path, raw, out)
}

// ask makes a request of the API.
func (o Options) ask(ctx context.Context, method, path string, raw []byte, out any) error {
	u, err := doorURL(o.URL, "/")
	if err != nil {
		return err
	}
	at, err := url.Parse("http" + strings.TrimPrefix(u, "ws"))
	if err != nil {
		return fmt.Errorf("play: %w", err)
	}
	at.Path, at.RawQuery = path, ""
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("play: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+o.Key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return &Unreachable{URL: at.String(), Err: err}
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return refusedBy(answer, at.String())
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(out); err != nil {
		return fmt.Errorf("play: answer of %s: %w", path, err)
	}
	return nil
}

// ended tells by the API that a call is over, for platforms without a webhook.
func (s *sampled) ended(ctx context.Context) error {
	return s.options.post(ctx, "/v1/ingest/ended", map[string]any{"platform": s.platform, "call": s.call}, nil)
}
