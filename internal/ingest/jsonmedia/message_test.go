package jsonmedia

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const usual = `{"event":"media","sequenceNumber":"4","streamSid":"MZ1","media":{"track":"outbound","chunk":"2","timestamp":"40","payload":"//8="}}`

func TestMediaIsReadAlikeByBothParsers(t *testing.T) {
	t.Parallel()
	want := media{sid: []byte("MZ1"), side: Outbound, chunk: 2, at: 40, payload: []byte("//8=")}
	for _, c := range []struct {
		name, message string
		fast          bool
	}{
		{"as the platform writes it", usual, true},
		{"numbers as numbers", `{"event":"media","sequenceNumber":4,"streamSid":"MZ1","media":{"track":"outbound","chunk":2,"timestamp":40,"payload":"//8="}}`, true},
		{"another order and spaces", "{ \"media\" : {\"payload\":\"//8=\", \"timestamp\": 40 ,\"track\":\"outbound\",\"chunk\":2},\n\t\"streamSid\":\"MZ1\",\"event\":\"media\"} ", true},
		{"an unknown member", strings.Replace(usual, `{"event"`, `{"new":{"a":[1]},"event"`, 1), false},
		{"an unknown member inside", strings.Replace(usual, `"chunk"`, `"quality":9,"chunk"`, 1), false},
		{"escaped slashes", strings.Replace(usual, `//8=`, `\/\/8=`, 1), false},
		{"a number with a fraction of nothing", strings.Replace(usual, `"40"`, `40.0`, 1), false},
		{"an exponent", strings.Replace(usual, `"40"`, `4e1`, 1), false},
		{"twice the same member", strings.Replace(usual, `"timestamp":"40"`, `"timestamp":"20","timestamp":"40"`, 1), false},
		{"a byte order of names in capitals", strings.Replace(usual, `"event"`, `"Event"`, 1), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var fast media
			if ok := scanMedia([]byte(c.message), &fast); ok != c.fast {
				t.Fatalf("the fast path took it: %v, want %v", ok, c.fast)
			}
			if c.fast {
				if diff := cmp.Diff(want, fast, cmp.AllowUnexported(media{})); diff != "" {
					t.Errorf("fast path (-want +got):\n%s", diff)
				}
			}
			e, err := parse([]byte(c.message))
			if err != nil {
				t.Fatal(err)
			}
			slow, err := parseMedia(e)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, slow, cmp.AllowUnexported(media{})); diff != "" {
				t.Errorf("slow path (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefusesByReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, message string
		want          error // nil: any
	}{
		{"nothing", "", nil},
		{"not JSON", "hello", nil},
		{"half a message", usual[:60], nil},
		{"two messages", usual + usual, nil},
		{"a list", "[" + usual + "]", nil},
		{"no event", `{"streamSid":"MZ1"}`, errNoEvent},
		{"no body", `{"event":"media"}`, errNoBody},
		{"null body", `{"event":"media","media":null}`, errNoBody},
		{"a body of another kind", `{"event":"media","media":7}`, nil},
		{"no payload", `{"event":"media","media":{"timestamp":1}}`, errNoPayload},
		{"negative time", `{"event":"media","media":{"timestamp":-1,"payload":""}}`, errNumber},
		{"time beyond exactness", `{"event":"media","media":{"timestamp":"90071992547409930","payload":""}}`, errNumber},
		{"time in words", `{"event":"media","media":{"timestamp":"soon","payload":""}}`, errNumber},
		{"half a millisecond", `{"event":"media","media":{"timestamp":0.5,"payload":""}}`, errNumber},
		{"no number", `{"event":"media","media":{"timestamp":"NaN","payload":""}}`, errNumber},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var m media
			if scanMedia([]byte(c.message), &m) {
				t.Fatal("the fast path took it")
			}
			e, err := parse([]byte(c.message))
			if err == nil {
				_, err = parseMedia(e)
			}
			if err == nil || (c.want != nil && !errors.Is(err, c.want)) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestStartBodyIsTolerant(t *testing.T) {
	t.Parallel()
	e, err := parse([]byte(`{"event":"start","start":{"callSid":"CA1","tracks":["inbound"],"later":true,
		"customParameters":{"from":"+1","number":7,"yes":true,"deep":{"a":1},"nothing":null},
		"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":"8000","channels":1}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var b struct {
		CustomParameters map[string]Text `json:"customParameters"`
		MediaFormat      struct {
			SampleRate Count `json:"sampleRate"`
			Channels   Count `json:"channels"`
		} `json:"mediaFormat"`
	}
	if err := Body(e.Start, &b); err != nil {
		t.Fatal(err)
	}
	want := map[string]Text{"from": "+1", "number": "7", "yes": "true", "deep": "", "nothing": ""}
	if diff := cmp.Diff(want, b.CustomParameters); diff != "" {
		t.Errorf("custom parameters (-want +got):\n%s", diff)
	}
	if b.MediaFormat.SampleRate != 8000 || b.MediaFormat.Channels != 1 {
		t.Errorf("media format %+v", b.MediaFormat)
	}
}

// FuzzParse holds the fast parser to the slow one: whatever it accepts,
// encoding/json must read the same way.
func FuzzParse(f *testing.F) {
	f.Add([]byte(usual))
	f.Add([]byte(`{"event":"media","media":{"timestamp":007,"track":"inbound","payload":""}}`))
	f.Add([]byte(`{"event":"start","start":{"callSid":"CA1","customParameters":{"a":[{}]}}}`))
	f.Add([]byte(`{"event":"dtmf","dtmf":{"track":"inbound_track","digit":5}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		var fast media
		ok := scanMedia(data, &fast)
		if !bytes.Equal(before, data) {
			t.Fatal("the message was changed")
		}
		e, err := parse(data)
		if err != nil {
			if ok {
				t.Fatalf("the fast path took what is refused: %v", err)
			}
			return
		}
		slow, err := parseMedia(e)
		if !ok {
			return
		}
		if err != nil || e.Event != "media" {
			t.Fatalf("the fast path took a %q that is refused: %v", e.Event, err)
		}
		if string(fast.sid) != string(slow.sid) || string(fast.payload) != string(slow.payload) ||
			fast.side != slow.side || fast.chunk != slow.chunk || fast.at != slow.at {
			t.Fatalf("fast %+v, slow %+v", fast, slow)
		}
	})
}
