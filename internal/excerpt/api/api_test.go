package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/excerpt"
	"heed/internal/mount"
	"heed/transcribe/audio"
)

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// served are the routes over one call of Dana's, of a second.
type served struct {
	api        humatest.TestAPI
	role, name string
	noted      []event.Taken
	refuse     error
}

func open(t *testing.T) *served {
	t.Helper()
	s := &served{role: "marketer", name: "Mo"}
	_, s.api = humatest.New(t)
	whole := append(audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.Mulaw}, 16_000), make([]byte, 16_000)...)
	x := excerpt.New(excerpt.Options{
		Longest: time.Minute,
		Recording: func(id string) (io.ReadSeekCloser, time.Time, error) {
			if id != "c1" {
				return nil, time.Time{}, fs.ErrNotExist
			}
			return nopCloser{bytes.NewReader(whole)}, time.Time{}, nil
		},
		Said: func(context.Context, string) ([]insights.Utterance, error) {
			return []insights.Utterance{{Speaker: insights.Agent, Start: 0.1, End: 0.9, Text: "hello"}}, nil
		},
	})
	Routes(Options{
		Excerpts: x,
		Call: func(_ context.Context, id string) (event.Call, error) {
			if id == "gone" {
				return event.Call{}, errors.New("not there")
			}
			return event.Call{ID: id, Agent: "Dana"}, nil
		},
		Note: func(_ context.Context, call string, e event.Taken) error {
			if s.refuse == nil && call == "c1" {
				s.noted = append(s.noted, e)
			}
			return s.refuse
		},
	})(mount.Kit{
		API: s.api, Fail: func(err error) error { return huma.Error404NotFound(err.Error()) },
		Caller: func(context.Context) string { return s.name }, Role: func(context.Context) string { return s.role },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	return s
}

func TestPiecesOfACall(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.api.Get("/v1/calls/c1/clip?from=0.25&to=0.75&channel=customer")
	if wav, err := audio.ReadWAV(r.Body); err != nil || len(wav.Channels) != 1 || len(wav.Channels[0]) != 4000 || r.Header().Get("Content-Type") != "audio/wav" ||
		!strings.Contains(r.Header().Get("Content-Disposition"), `"call-c1.wav"`) || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v, %v", r.Code, r.Header(), err)
	}
	if r = s.api.Get("/v1/calls/c1/subtitles?format=srt&from=0.1"); !strings.Contains(r.Body.String(), "00:00:00,000 --> 00:00:01,000\nAgent: hello\n") {
		t.Errorf("%d %q", r.Code, r.Body)
	}
	want := []event.Taken{
		{By: "Mo", Role: "marketer", What: "clip", Format: "wav", Channel: "customer", From: .25, To: .75},
		{By: "Mo", Role: "marketer", What: "subtitles", Format: "srt", From: .1},
	}
	if len(s.noted) != 2 || s.noted[0] != want[0] || s.noted[1] != want[1] {
		t.Errorf("noted %+v", s.noted)
	}
}

func TestPiecesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/v1/calls/c1/clip?from=0":                   {http.StatusUnprocessableEntity, "query.to"},
		"/v1/calls/c1/clip?from=5&to=9":              {http.StatusUnprocessableEntity, "query.from"},
		"/v1/calls/c1/clip?from=0.5&to=0.5":          {http.StatusUnprocessableEntity, "query.to"},
		"/v1/calls/c1/clip?from=0&to=70":             {http.StatusUnprocessableEntity, "at most 1m0s"},
		"/v1/calls/c1/clip?from=x&to=1":              {http.StatusUnprocessableEntity, "query.from"},
		"/v1/calls/c1/clip?from=NaN&to=1":            {http.StatusUnprocessableEntity, "query."},
		"/v1/calls/c1/clip?from=0&to=1&format=flac":  {http.StatusUnprocessableEntity, "query.format"},
		"/v1/calls/c1/clip?from=0&to=1&channel=left": {http.StatusUnprocessableEntity, "query.channel"},
		"/v1/calls/other/clip?from=0&to=1":           {http.StatusNotFound, "nothing was recorded"},
		"/v1/calls/gone/clip?from=0&to=1":            {http.StatusNotFound, "not there"},
		"/v1/calls/gone/subtitles":                   {http.StatusNotFound, "not there"},
		"/v1/calls/c1/subtitles?format=ass":          {http.StatusUnprocessableEntity, "query.format"},
		"/v1/calls/c1/subtitles?from=3&to=2":         {http.StatusUnprocessableEntity, "query.to"},
	} {
		if r := s.api.Get(path); r.Code != want.status || !strings.Contains(r.Body.String(), want.says) {
			t.Errorf("%s: %d %s", path, r.Code, r.Body)
		}
	}
	if len(s.noted) > 0 {
		t.Errorf("noted %+v", s.noted)
	}
	s.refuse = errors.New("the disk is full")
	for _, path := range []string{"/v1/calls/c1/clip?from=0&to=1", "/v1/calls/c1/subtitles"} {
		if r := s.api.Get(path); r.Code == http.StatusOK {
			t.Errorf("%s left without a note", path)
		}
	}
}

func TestAgentsTakeWhatIsOfTheirCalls(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.role = "agent"
	for name, want := range map[string]int{"dana": http.StatusOK, "Mo": http.StatusForbidden, "": http.StatusForbidden} {
		s.name = name
		for _, path := range []string{"/v1/calls/c1/clip?from=0&to=1", "/v1/calls/c1/subtitles"} {
			if r := s.api.Get(path); r.Code != want {
				t.Errorf("%s as %q: %d", path, name, r.Code)
			}
		}
	}
}
