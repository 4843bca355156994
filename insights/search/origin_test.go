package search

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/internal/event"
)

// tracked is what call tracking tells of a call.
func tracked(record, call, was string, touch event.Touch) event.Tracking {
	return event.Tracking{ID: record, Provider: "callrail", CallID: call, Was: was, State: event.Joined, Attribution: event.Attribution{Touch: touch}}
}

var (
	spring = event.Touch{Source: "Google", Medium: "cpc", Campaign: "Fibre Spring", Keyword: "fibre deal vienna", Landing: "shop.example/fibre/Deal"}
	print  = event.Touch{Source: "print", Campaign: "Autumn"}
)

// Where calls came from narrows what was said in them, told in any order and
// late, all in one batch or each event after a restart.
func TestWhereCallsCameFrom(t *testing.T) {
	events := append(inTwoCalls(t),
		happened(t, 20, event.CallTracked, "call1", tracked("r1", "call1", "", spring)),
		happened(t, 21, event.CallTracked, "call1", tracked("r2", "call1", "", print)),
		happened(t, 22, event.CallTracked, "call0", tracked("r1", "call0", "call1", spring)), // it was of the other call
		happened(t, 23, event.CallTold, "call1", event.Facts{Queue: "Sales"}),
		happened(t, 24, event.CallTracked, "gone", tracked("r3", "gone", "erased", spring)), // calls that are not there
	)
	const first, second = "u002 u004 u006", "u001 u003 u005 u007"
	for _, step := range []int{100, 1} {
		dir := filepath.Join(t.TempDir(), "search")
		for at := 0; at < len(events); at += step {
			x := open(t, dir, Options{})
			if err := x.Handle(t.Context(), events[at:min(at+step, len(events))]); err != nil {
				t.Fatal(err)
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
		}
		x := open(t, dir, Options{})
		for query, want := range map[string]string{
			`campaign:"fibre spring"`: first, "campaign:fibre_spring": first, "campaign:FIBRE*": first, "campaign:spring*": "", "campaign:fibre": "",
			"campaign:*": "u001 u002 u003 u004 u005 u006 u007", "NOT keyword:*": second, "-queue:*": first, "queue:sales": second,
			"source:google": first, "source:print medium:*": "", "source:print": second, "medium:cpc cancel": "u002",
			`keyword:"fibre deal"`: first, `keyword:"deal fibre"`: "", "keyword:vienn*": first, `keyword:"fibre vien*"`: first, "keyword:vienn": "",
			"landing:shop.example/fibre/deal": first, "landing:fibre*": first, "landing:/fibre/deal": first, "landing:basket": "",
			"NOT (campaign:autumn OR duration:<1)": first, "intent:can*": "u002", "outcome:*": first, "NOT outcome:*": second, "intent:* theme:price": "u002",
			"began:2026-11-01..": "", "agent:*": "u001 u002 u003 u004 u005 u006 u007",
		} {
			got := find(t, x, Query{Text: query})
			slices.Sort(got)
			if strings.Join(got, " ") != want {
				t.Errorf("%d events at a time, %q: %v, want %q", step, query, got, want)
			}
		}
		r, err := x.Search(t.Context(), Query{Facets: []string{"campaign", "queue", "source"}, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]Count{
			"campaign": {{"autumn", 4}, {"fibre_spring", 3}}, "source": {{"print", 4}, {"google", 3}}, "queue": {{"sales", 4}},
		}
		if diff := cmp.Diff(want, r.Facets); diff != "" {
			t.Errorf("%d events at a time (-want +got):\n%s", step, diff)
		}
		if doc, err := x.months.get(x.months.names()[0]).Document(callID("gone")); err != nil || doc != nil {
			t.Errorf("a call that is not there came back: %v, %v", doc, err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A record that is withdrawn takes with it where the call came from.
func TestAnOriginIsWithdrawn(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	gone := tracked("r1", "", "call0", event.Touch{})
	gone.State = event.Withdrawn
	if err := x.Handle(t.Context(), append(inTwoCalls(t),
		happened(t, 20, event.CallTracked, "call0", tracked("r1", "call0", "", spring)), happened(t, 21, event.CallTracked, "call0", gone))); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "campaign:* OR source:* OR keyword:* OR landing:* OR medium:*"}); len(got) != 0 {
		t.Errorf("still there: %v", got)
	}
}

func TestWhichQueriesAskWhereCallersCameFrom(t *testing.T) {
	for text, want := range map[string]bool{
		"campaign:spring": true, "refund (a OR NOT landing:*)": true, "keyword:x then y": true, "queue:sales refund": false, "": false, "(": false, "campaign": false,
	} {
		if got := (Query{Text: text}).Marketing(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if !(Query{Facets: []string{"speaker", "source"}}).Marketing() || (Query{Facets: []string{"queue"}}).Marketing() {
		t.Error("facets ask otherwise")
	}
}

func TestWhenCallsBegan(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	begun := event.EndedCall{Call: event.Call{ID: "call0", StartedAt: day.Add(90 * time.Minute)}}
	if err := x.Handle(t.Context(), append(inTwoCalls(t), happened(t, 20, event.CallEnded, "call0", begun))); err != nil {
		t.Fatal(err)
	}
	at := func(minutes int) string {
		return day.Add(time.Duration(minutes) * time.Minute).In(time.FixedZone("", 4*3600)).Format("2006-01-02T15:04Z07:00")
	}
	for query, n := range map[string]int{
		"began:" + at(90) + ".." + at(91): 3, "began:" + at(89) + ".." + at(90): 0, "began:" + at(91) + "..": 0, "began:.." + at(91): 3,
		"began:" + day.Format(time.DateOnly): 3, "NOT began:" + day.Format(time.DateOnly): 4,
	} {
		if got := find(t, x, Query{Text: query}); len(got) != n {
			t.Errorf("%s: %v, want %d", query, got, n)
		}
	}
}

func TestMomentsAndBeginnings(t *testing.T) {
	for query, ok := range map[string]bool{
		"began:2026-11-01": true, "began:2026-11-01T09:00Z..2026-11-01T10:00Z": true, "began:..2026-11-01T10:00:00+04:00": true, "began:today": true,
		"began:2026-11-01T10:00Z..2026-11-01T09:00Z": false, "began:soon": false, "began:2026-11-01T10:00Z": false, "began:*": false,
		"keyword:---": false, "campaign:": false, "campaig:x": false, "landing:*": true,
	} {
		if err := Check(query); (err == nil) != ok {
			t.Errorf("%q: %v", query, err)
		}
	}
	if err := Check("campaig:x"); err == nil || !strings.Contains(err.Error(), "perhaps campaign") {
		t.Errorf("a field that is nearly one: %v", err)
	}
}
