package app_test

import (
	"net/http"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/play"
	"heed/transcribe/scripted"
)

// A call that was somebody else's is moved after it is over, by an agent: its
// page, its recording and the customers' pages tell the other one.
func TestACallIsMovedToWhoItWas(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	first := o.caller(t, "+12025550142", "+12025550199", "hello i want to cancel my contract")
	other := o.caller(t, "+12025550143", "+12025550198", "hello i have a question about my bill")
	call, anna, bert := first.ID, first.CustomerID, other.CustomerID
	for _, bad := range []map[string]any{{}, {"new": true, "customer_id": bert}, {"type": "email"}, {"customer_id": anna}} {
		if status := o.ask(t, o.Key(), http.MethodPost, "/v1/calls/"+call+"/caller/move", bad, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, status)
		}
	}
	var moved event.Call
	o.must(t, http.MethodPost, "/v1/calls/"+call+"/caller/move", map[string]any{"customer_id": bert, "shared": true}, &moved)
	if moved.CustomerID != bert {
		t.Fatalf("%+v", moved)
	}
	var r desk.Record
	o.must(t, http.MethodGet, "/v1/calls/"+call, nil, &r)
	if r.CustomerID != bert || len(r.Utterances) == 0 || r.Customer.ID != bert {
		t.Errorf("the call's page: %s with %d utterances", r.CustomerID, len(r.Utterances))
	}
	wait(t, "the recording", func() bool {
		return o.ask(t, o.Key(), http.MethodGet, "/v1/calls/"+call+"/recording", nil, nil) == http.StatusOK
	})
	var who struct {
		Shared  bool
		Callers []struct{ ID string }
	}
	o.must(t, http.MethodGet, "/v1/calls/"+call+"/callers", nil, &who)
	if !who.Shared || len(who.Callers) != 1 || who.Callers[0].ID != anna {
		t.Errorf("who else: %+v", who)
	}
	if again := o.caller(t, "+12025550142", "+12025550197", "hello"); again.CustomerID == anna || again.CustomerID == bert {
		t.Error("the next call from the household is taken for somebody's")
	}
	if status := o.ask(t, o.Key(), http.MethodPut, "/v1/calls/"+call+"/caller/shared", map[string]any{"shared": false}, nil); status != http.StatusNoContent {
		t.Errorf("unshare: %d", status)
	}
	if again := o.caller(t, "+12025550142", "+12025550196", "hello"); again.CustomerID != anna {
		t.Error("the number is not hers again")
	}
	// Erased, she takes nothing of his call with her.
	if status := o.ask(t, o.Key(), http.MethodPost, "/v1/customers/"+anna+"/erase", map[string]any{"confirm": "erase"}, nil); status >= 300 {
		t.Fatalf("erase: %d", status)
	}
	o.must(t, http.MethodGet, "/v1/calls/"+call, nil, &r)
	if len(r.Utterances) == 0 {
		t.Error("his words went with her")
	}
}

// A caller proves who they are without the agent: the platform has a code sent
// and brings what was keyed in. Wrong ones are counted, and the number and the
// address are the person's own afterwards.
func TestACallerProvesWhoTheyAre(t *testing.T) {
	t.Parallel() // it waits more than it works
	name := "happy-thanks"
	s, lines := readScript(t, name)
	dir := filepath.Join(t.TempDir(), "data")
	_, c := serve(t, dir, scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	goOn, done := make(chan struct{}), make(chan *desk.Record, 1)
	release := sync.OnceFunc(func() { close(goOn) })
	var caller sync.WaitGroup
	t.Cleanup(func() {
		release()
		caller.Wait()
	})
	caller.Go(func() {
		done <- callAs(t, c, play.Options{
			Recording: recording(t, name), URL: c.Base(), Key: c.Key(), Speed: 40,
			Caller: play.Caller{From: s.Caller, To: "+12025550199", Agent: "Dana"},
			Progress: func(p play.Progress) {
				if p.At >= time.Second {
					<-goOn
				}
			},
		})
	})
	waitLive(t, c)
	var live struct{ Calls []event.Call }
	if code := ask(t, c, http.MethodGet, "/v1/calls?status=live", "", &live); code != http.StatusOK || len(live.Calls) != 1 {
		t.Fatalf("%d: %+v", code, live)
	}
	base, who := "/v1/calls/"+live.Calls[0].ID+"/proof", live.Calls[0].CustomerID
	expect := func(path, body string, want int, into any) {
		t.Helper()
		if got := ask(t, c, http.MethodPost, path, body, into); got != want {
			t.Fatalf("%s %s: %d, want %d", path, body, got, want)
		}
	}
	expect(base+"/code", `{"code":"123456"}`, http.StatusForbidden, nil) // none was sent
	expect(base, `{"by":"email"}`, http.StatusUnprocessableEntity, nil)  // no such address
	seen := map[string]bool{}
	expect(base, `{"by":"phone"}`, http.StatusOK, nil)
	_, first := letter(t, dir, seen)
	expect(base, `{"by":"phone"}`, http.StatusOK, nil)
	_, second := letter(t, dir, seen)
	code := regexp.MustCompile(`[0-9]{6}`)
	old, right := code.FindString(first), code.FindString(second)
	if old != right {
		expect(base+"/code", `{"code":"`+old+`"}`, http.StatusUnprocessableEntity, nil)
	}
	var proved struct {
		CustomerID string `json:"customer_id"`
		Number     struct {
			Verified bool
			By       string
		}
	}
	spaced := right[:3] + " " + right[3:] + "#"
	expect(base+"/code", `{"code":"`+spaced+`"}`, http.StatusOK, &proved)
	if proved.CustomerID != who || !proved.Number.Verified || proved.Number.By != "caller" {
		t.Errorf("%+v", proved)
	}
	expect(base+"/code", `{"code":"`+right+`"}`, http.StatusForbidden, nil) // once
	expect(base, `{"by":"phone"}`, http.StatusOK, nil)
	letter(t, dir, seen)
	for try := range 5 {
		want := http.StatusUnprocessableEntity
		if try == 4 {
			want = http.StatusForbidden
		}
		expect(base+"/code", `{"code":"000000x"}`, want, nil)
	}
	release()
	<-done
	expect(base, `{"by":"phone"}`, http.StatusConflict, nil)
}
