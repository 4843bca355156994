package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/decide"
	"heed/internal/desk"
	"heed/internal/event"
)

func said(id string, start insights.Seconds, who insights.Speaker, text string) insights.Utterance {
	return insights.Utterance{ID: id, Start: start, End: start + 2, Speaker: who, Text: text}
}

func suggested(id, title, because string) decide.Decision {
	d := decide.Decision{ID: id, Because: because}
	if title != "" {
		d.Actions = []decide.Choice{{Title: title, Because: because}}
	}
	return d
}

// TestNarratorTellsEachThingOnce follows a call whose parties are heard with
// unequal delay, so that what is new is not at the end of the record.
func TestNarratorTellsEachThingOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	n := &narrator{terminal: newTerminal(&out, &out)}
	r := &desk.Record{Call: event.Call{ID: "c1", Status: event.CallLive, Captions: event.CaptionsLive}}
	hello, cancel := said("u1", 1, insights.Agent, "hello"), said("u2", 2, insights.Customer, "i want to cancel")
	cancel.Written = "I want to cancel."
	sorry := said("u3", 5, insights.Agent, "i am sorry")
	keep := suggested("d1", "Keep them", "Asked to cancel.")
	n.see(r)
	r.Utterances = []insights.Utterance{hello, sorry}
	n.see(r)
	r.Utterances = []insights.Utterance{hello, cancel, sorry} // the customer was heard late
	r.Decisions = []decide.Decision{keep}
	n.see(r)
	n.see(r)
	r.Decisions = []decide.Decision{keep, suggested("d2", "", "Nothing fits."), suggested("d3", "Keep them", "Asked to cancel.")}
	r.Captions = event.CaptionsPaused
	n.see(r)
	r.Decisions = append(r.Decisions, suggested("d4", "Keep them", "Asked to cancel and named a competitor."))
	r.Captions = event.CaptionsLive
	r.Status, r.Duration, r.Recording.State = event.CallOver, 7.4, "partial"
	r.Health.Notes = []string{"customer track silent since 0:06"}
	r.Insights = []insights.Insight{
		{Kind: insights.Intent, Name: "stop_contact", Speaker: insights.Customer},
		{Kind: insights.Intent, Name: "cancel", Speaker: insights.Customer},
		{Kind: insights.Intent, Name: "cancel", Speaker: insights.Customer},
		{Kind: insights.Intent, Name: "goodbye", Speaker: insights.Agent},
		{Kind: insights.Theme, Name: "price", Speaker: insights.Customer},
	}
	n.end(r, "http://localhost:1")
	want := `    1.0  agent     hello
    5.0  agent     i am sorry
    2.0  customer  I want to cancel.
         do next   Keep them: Asked to cancel.
         captions are paused
         do next   Keep them: Asked to cancel and named a competitor.
         captions are live

ended, 7 s: 3 utterances; the customer's intents: stop contact, cancel; recording: partial
note: customer track silent since 0:06
http://localhost:1/calls/c1
`
	if out.String() != want {
		t.Errorf("it told\n%s\nwant\n%s", out.String(), want)
	}
}

// TestTerminalKeepsTheBarOffTheLines draws a bar and lines in turns: each
// line starts on a clean row.
func TestTerminalKeepsTheBarOffTheLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	term := &terminal{out: &out, err: &out, watched: true}
	term.progress("playing", 3*time.Second, 10*time.Second)
	term.printf("first\n")
	term.progress("playing", 10*time.Second, 10*time.Second)
	term.printf("second\n")
	term.done()
	for _, line := range []string{"first\n", "second\n"} {
		before, _, ok := strings.Cut(out.String(), line)
		if !ok || !strings.HasSuffix(before, "\r") && !strings.HasSuffix(before, "\x1b[2K") && !strings.HasSuffix(before, "\n") {
			t.Errorf("%q comes after %q", line, before[max(0, len(before)-20):])
		}
	}
	if !strings.Contains(out.String(), "playing") {
		t.Errorf("no bar: %q", out.String())
	}
}

func TestTerminalIsSilentWhenNobodyWatches(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	term := newTerminal(&out, &errs)
	term.progress("playing", time.Second, time.Minute)
	term.download("model")(5, 10)
	term.printf("only %s\n", "this")
	term.done()
	if out.String() != "only this\n" || errs.Len() > 0 {
		t.Errorf("printed %q and %q", out.String(), errs.String())
	}
}

func TestConclude(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		gone bool // somebody interrupted
		err  error
		code int
		says string
	}{
		{"done", false, nil, 0, ""},
		{"failed", false, errors.New("no luck"), 1, "heed: no luck\n"},
		{"misused", false, fmt.Errorf("call: %w", misuse("no file %d", 3)), 2, "heed: call: no file 3\n"},
		{"several causes", false, errors.Join(errors.New("one"), misuse("two")), 2, "heed: one\nheed: two\n"},
		{"interrupted", true, fmt.Errorf("play: %w", context.Canceled), 130, "heed: interrupted\n"},
		{"failed while interrupted", true, os.ErrPermission, 1, "heed: permission denied\n"},
		{"cancelled by itself", false, context.Canceled, 1, "heed: context canceled\n"},
	} {
		var out bytes.Buffer
		ctx := t.Context()
		if tt.gone {
			ctx = interrupted
		}
		if code := conclude(ctx, tt.err, &out); code != tt.code || out.String() != tt.says {
			t.Errorf("%s: exit status %d and %q, want %d and %q", tt.name, code, out.String(), tt.code, tt.says)
		}
	}
}

func TestFictionalCallers(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for i := range 40 {
		n := fictional(fmt.Sprintf("/somewhere/call-%d.wav", i))
		if len(n) != 12 || n[:2] != "+1" || n[5:10] != "55501" {
			t.Errorf("%s is not a fictional number", n)
		}
		if n != fictional(fmt.Sprintf("elsewhere/call-%d.wav", i)) {
			t.Errorf("the same file has two callers")
		}
		seen[n] = true
	}
	if len(seen) < 35 {
		t.Errorf("40 files have only %d callers", len(seen))
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/var/lib/heed": "/var/lib/heed", "my data": "'my data'", "it's": `'it'\''s'`, "$HOME": "'$HOME'"} {
		if got := quoted(path); got != want {
			t.Errorf("%s is quoted as %s, want %s", path, got, want)
		}
	}
}
