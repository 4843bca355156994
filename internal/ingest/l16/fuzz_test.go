package l16

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/internal/ingest"
	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/wire"
)

// fuzzed sends a first message, audio and a later text through the reader of a
// dialect, and checks that the promises of ingest.Stream are kept.
func fuzzed(f *testing.F, platform string, firsts, texts []string) {
	f.Helper()
	for _, first := range firsts {
		for _, text := range texts {
			f.Add([]byte(first), samples(5)[:9], []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, first, audio, text []byte) {
		calls := ingesttest.New()
		r := &feed{
			dialect: dialects()[platform], open: func(ctx context.Context, s ingest.Start) (ingest.Stream, error) { return calls.Open(ctx, s) },
			counts: (*wire.Meters)(nil).Of(platform), limits: wire.Limits{Garbage: 3}.WithDefaults(), log: slog.New(slog.DiscardHandler),
			told: facts{"call": "a"},
		}
		now := time.Now()
		for i, m := range []struct {
			kind int
			data []byte
		}{{websocket.TextMessage, first}, {websocket.BinaryMessage, audio}, {websocket.TextMessage, text}, {websocket.BinaryMessage, audio}} {
			end := r.Message(t.Context(), m.kind, m.data, now.Add(time.Duration(i)*3*time.Second))
			if end != nil && len(end.Text) > 123 {
				t.Fatalf("%q does not fit a close message", end.Text)
			}
			if end != nil {
				break
			}
		}
		begun := r.Begun()
		r.Finish(ingest.Closed)
		if begun {
			s := calls.Next(t).Wait(t).Start
			if s.Platform != platform || !isID(s.Call) || len(s.Parties) == 0 {
				t.Fatalf("start %+v", s)
			}
		}
	})
}

func FuzzJambonz(f *testing.F) {
	fuzzed(f, "jambonz", []string{jambonzFirst, `{}`}, []string{`{"event":"dtmf","dtmf":"5"}`, `{"type":"mark"}`, ``})
}

func FuzzFreeSWITCH(f *testing.F) {
	fuzzed(f, "freeswitch", []string{freeswitchFirst, `text`}, []string{`{"event":"dtmf","dtmf":"5"}`, `{"event":"stop"}`})
}

func FuzzVonage(f *testing.F) {
	fuzzed(f, "vonage", []string{vonageFirst}, []string{`{"event":"websocket:dtmf","digit":"5"}`, `{"event":"websocket:notify"}`})
}

func FuzzAsterisk(f *testing.F) {
	fuzzed(f, "asterisk", []string{asteriskFirst, asteriskFirstJSON}, []string{`DTMF_END digit:5`, `{"event":"DTMF_END","digit":"5"}`, `MEDIA_XON`})
}
