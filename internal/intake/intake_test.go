package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/internal/store"
)

var march = time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)

func about() store.Particulars {
	return store.Particulars{Started: march, From: "+1 202 555 0142", To: "+12025550199", Agent: "Sam Lee", Language: "en"}
}

func TestARecordingBecomesACall(t *testing.T) {
	r := newRig(t, nil)
	r.work(t)
	i := r.add(t, Submission{About: about()}, recorded(2, 1))
	i = r.await(t, i.ID, store.IncomingDone)
	c, err := r.store.Call(t.Context(), i.Call)
	if err != nil {
		t.Fatal(err)
	}
	if c.Status != event.CallOver || !c.StartedAt.Equal(march) || c.From != "+12025550142" || c.Agent != "Sam Lee" || c.Platform != Platform || c.Duration != 6 {
		t.Errorf("the call is %+v", c)
	}
	said, err := r.store.Utterances(t.Context(), c.ID)
	if err != nil || len(said) != 2 || said[0].Speaker != insights.Agent || said[1].Text != dialogue[1].Text {
		t.Errorf("said: %+v, %v", said, err)
	}
	eventually(t, func() bool { // it is done first, and its bytes go then
		ids, err := recording.Parcels(filepath.Join(r.dir, "audio"))
		return err == nil && len(ids) == 0
	}, func() string { return "its bytes are left" })
	if i.About != (store.Particulars{}) || i.Note != "" || i.Long != 6 {
		t.Errorf("the queue keeps %+v", i)
	}
}

// Who is on a channel follows from how many there are and what is told.
func TestWhoIsOnWhichChannel(t *testing.T) {
	for _, c := range []struct {
		first    insights.Speaker
		channels int
		want     [2]insights.Speaker
	}{
		{"", 2, [2]insights.Speaker{insights.Agent, insights.Customer}},
		{insights.Agent, 2, [2]insights.Speaker{insights.Agent, insights.Customer}},
		{insights.Customer, 2, [2]insights.Speaker{insights.Customer, insights.Agent}},
		{"", 1, [2]insights.Speaker{insights.Customer}},
		{insights.Agent, 1, [2]insights.Speaker{insights.Agent}},
	} {
		for n := range c.channels {
			if got := speaker(c.first, n, c.channels); got != c.want[n] {
				t.Errorf("first %q: channel %d of %d is the %s, want %s", c.first, n, c.channels, got, c.want[n])
			}
		}
	}
}

func TestTheSameIsNotTakenTwice(t *testing.T) {
	r := newRig(t, nil)
	stop := r.work(t)
	first := r.add(t, Submission{About: about()}, recorded(2, 1))
	r.await(t, first.ID, store.IncomingDone)
	again, taken, err := r.Add(t.Context(), Submission{Platform: "twilio", Source: "RE9", About: about()}, bytes.NewReader(recorded(2, 1)))
	if err != nil || taken || again.ID != first.ID || again.Call == "" {
		t.Errorf("the same bytes: %+v, %v, %v", again, taken, err)
	}
	stop()
	named := r.add(t, Submission{Platform: "twilio", Source: "RE1"}, recorded(1, 2))
	again, taken, err = r.Add(t.Context(), Submission{Platform: "twilio", Source: "RE1"}, bytes.NewReader(recorded(1, 3)))
	if err != nil || taken || again.ID != named.ID {
		t.Errorf("the same id: %+v, %v, %v", again, taken, err)
	}
	keyed, _, err := r.Add(t.Context(), Submission{Key: "k"}, bytes.NewReader(recorded(1, 4)))
	if err != nil {
		t.Fatal(err)
	}
	if again, taken, err := r.Add(t.Context(), Submission{Key: "k"}, bytes.NewReader(recorded(1, 4))); err != nil || taken || again.ID != keyed.ID {
		t.Errorf("the same key: %+v, %v, %v", again, taken, err)
	}
	if _, _, err := r.Add(t.Context(), Submission{Key: "k"}, bytes.NewReader(recorded(1, 5))); !errors.Is(err, store.ErrMismatch) {
		t.Errorf("the same key with other bytes: %v", err)
	}
	if ids, err := recording.Parcels(filepath.Join(r.dir, "audio")); err != nil || len(ids) != 2 {
		t.Errorf("bytes of %d recordings wait, want 2; %v", len(ids), err)
	}
}

func TestARefusalTakesNothing(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Largest, o.Media.FFmpeg = 200_000, "/nowhere" })
	whole := recorded(2, 1)
	for _, c := range []struct {
		name string
		sub  Submission
		body io.Reader
		want string
	}{
		{"empty", Submission{}, strings.NewReader(""), "none of WAV"},
		{"a page that says sign in", Submission{}, strings.NewReader("<!doctype html>"), "none of WAV"},
		{"MP3 without ffmpeg, whatever it is called", Submission{}, strings.NewReader("ID3\x03 audio that is named call.wav"), "ffmpeg is not installed"},
		{"too large", Submission{}, io.MultiReader(bytes.NewReader(whole), bytes.NewReader(whole)), "too large"},
		{"broken off", Submission{}, io.MultiReader(bytes.NewReader(whole[:50_000]), iotest.ErrReader(io.ErrUnexpectedEOF)), "unexpected EOF"},
		{"of the future", Submission{About: store.Particulars{Started: time.Now().AddDate(0, 0, 3)}}, bytes.NewReader(whole), "started_at"},
		{"no language", Submission{About: store.Particulars{Language: "klingon!"}}, bytes.NewReader(whole), "language"},
		{"no direction", Submission{About: store.Particulars{Direction: "up"}}, bytes.NewReader(whole), "direction"},
		{"three channels", Submission{About: store.Particulars{Channels: 3}}, bytes.NewReader(whole), "channels"},
		{"a long id", Submission{Source: strings.Repeat("x", 300)}, bytes.NewReader(whole), "recording_id"},
		{"control characters", Submission{About: store.Particulars{Agent: "a\x00b"}}, bytes.NewReader(whole), "agent"},
	} {
		if _, _, err := r.Add(t.Context(), c.sub, c.body); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want it to say %q", c.name, err, c.want)
		}
	}
	n, err := r.Counts(t.Context())
	ids, err2 := recording.Parcels(filepath.Join(r.dir, "audio"))
	if err := errors.Join(err, err2); err != nil || n != (store.IncomingCounts{}) || len(ids) > 0 {
		t.Errorf("something was taken: %+v, %v, %v", n, ids, err)
	}
}

func TestWhatCannotBeReadFailsAndMayBeBroughtAgain(t *testing.T) {
	r := newRig(t, nil)
	r.work(t)
	odd := recorded(2, 1)[:58] // a header and nothing behind it
	i := r.await(t, r.add(t, Submission{About: about()}, odd).ID, store.IncomingFailed)
	if !strings.Contains(i.Note, "no audio") || i.About != (store.Particulars{}) {
		t.Errorf("it failed with %q and keeps %+v", i.Note, i.About)
	}
	if calls, _, err := r.store.Calls(t.Context(), store.CallQuery{}); err != nil || len(calls) > 0 {
		t.Errorf("%d calls, %v", len(calls), err)
	}
	again := r.add(t, Submission{}, odd)
	if _, err := r.Get(t.Context(), i.ID); again.ID == i.ID || !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another try: %v", err)
	}
	cut := r.await(t, r.add(t, Submission{}, recorded(2, 2)[:70_000]).ID, store.IncomingDone)
	if !strings.Contains(cut.Note, "cut off") {
		t.Errorf("one that is cut off: %q", cut.Note)
	}
}

// A call that was heard while it lived stays as it is.
func TestACallThatWasHeardLiveIsNotMadeAgain(t *testing.T) {
	r := newRig(t, nil)
	live := event.Call{ID: event.NewID(), Platform: "twilio", PlatformCall: "CA1", Direction: "inbound", Status: event.CallOver, StartedAt: march}
	if err := r.store.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveCall(live) }); err != nil {
		t.Fatal(err)
	}
	r.work(t)
	a := about()
	a.Call = "CA1"
	i := r.await(t, r.add(t, Submission{Platform: "twilio", About: a}, recorded(2, 1)).ID, store.IncomingDone)
	if i.Call != live.ID || i.Note != "the call was heard already" {
		t.Errorf("it became %+v", i)
	}
	if calls, _, err := r.store.Calls(t.Context(), store.CallQuery{}); err != nil || len(calls) != 1 {
		t.Errorf("%d calls, %v", len(calls), err)
	}
}

// While a call lives one recording is heard at a time, and none keeps a live
// call's place; afterwards as many as may be.
func TestLiveCallsComeFirst(t *testing.T) {
	r := newRig(t, nil)
	r.live, r.gate = 1, make(chan struct{})
	const all = 20
	for n := range all {
		r.add(t, Submission{Bulk: true}, recorded(2, uint64(n)))
	}
	r.work(t)
	for range 3 {
		r.gate <- struct{}{}
	}
	var n store.IncomingCounts
	var err error
	at := func(engines, done int) func() bool {
		return func() bool {
			n, err = r.Counts(t.Context())
			r.mu.Lock()
			defer r.mu.Unlock()
			return err != nil || r.hearing == engines && n.Done >= done
		}
	}
	state := func() string { return fmt.Sprintf("%+v", n) }
	eventually(t, at(1, 3), state)
	if err != nil || n.Hearing != 1 || n.Fetched != all-4 || r.most != 1 {
		t.Errorf("beside a live call: %+v, %d at once, %v", n, r.most, err)
	}
	// What somebody waits for overtakes the bulk.
	urgent := r.add(t, Submission{}, recorded(2, 1000))
	r.gate <- struct{}{}
	eventually(t, func() bool {
		i, err := r.Get(t.Context(), urgent.ID)
		return err == nil && i.State == store.IncomingHearing
	}, func() string { return "the bulk is heard before what is wanted now" })
	r.mu.Lock()
	r.live = 0
	r.mu.Unlock()
	eventually(t, at(2, 4), state)
	close(r.gate)
	eventually(t, at(0, all+1), state)
	if r.most != 2 {
		t.Errorf("%d at once without a live call, want 2", r.most)
	}
}

func TestAnEngineThatIsGoneIsWaitedFor(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Past = func(context.Context, event.Call, func(Write) error) (event.Call, bool, error) {
			return event.Call{}, false, errors.New("every engine is gone")
		}
	})
	r.work(t)
	i := r.add(t, Submission{About: about()}, recorded(2, 1))
	eventually(t, func() bool { i, _ = r.Get(t.Context(), i.ID); return i.Tries == 1 }, func() string { return "it was not tried" })
	if i.State != store.IncomingHearing || !i.Due.After(time.Now()) || !strings.Contains(i.Note, "gone") || i.About.From == "" {
		t.Errorf("it waits as %+v", i)
	}
	for n := range 200 {
		i.Tries = n + 1
		if wait, hope := r.verdict(errors.New("gone"), i); !hope || wait < firstWait || wait > longestWait {
			t.Fatalf("after %d tries: %s, %v", n, wait, hope)
		}
	}
}

type fault struct {
	after time.Duration
	hope  bool
}

func (f fault) Error() string                { return "the platform said no" }
func (f fault) Later() (time.Duration, bool) { return f.after, f.hope }

func TestWhatAPlatformTellsOfIsFetchedOnce(t *testing.T) {
	p := &pages{}
	p.serve = func(n int, to io.Writer) error {
		if n == 1 {
			return fault{time.Hour, true}
		}
		_, err := to.Write(recorded(2, 1))
		return err
	}
	now := time.Now()
	r := newRig(t, func(o *Options) {
		o.Fetch, o.Fetches, o.Now = p, func(platform string) bool { return platform == "twilio" }, func() time.Time { return now }
	})
	want := Recording{Platform: "twilio", Call: "CA1", ID: "RE1", URL: "https://api.twilio.com/RE1", At: march, Channels: 2, Direction: "inbound", From: "+12025550142"}
	other := want
	other.Platform = "callrail"
	for _, w := range []Recording{want, want, other} {
		if err := r.Want(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	all, _, err := r.List(t.Context(), "", "", 10)
	if err != nil || len(all) != 1 || all[0].About.First != insights.Customer {
		t.Fatalf("%+v, %v", all, err)
	}
	stop := r.work(t)
	eventually(t, func() bool { all[0], _ = r.Get(t.Context(), all[0].ID); return all[0].Tries == 1 }, func() string { return "it was not tried" })
	if wait := all[0].Due.Sub(now); wait != time.Hour {
		t.Errorf("it is tried again after %s, though the platform said an hour", wait)
	}
	stop()
	now = now.Add(2 * time.Hour)
	r.work(t)
	i := r.await(t, all[0].ID, store.IncomingDone)
	said, err := r.store.Utterances(t.Context(), i.Call)
	if err != nil || len(said) != 2 || p.asked != 2 {
		t.Errorf("%d utterances, %v; it was asked %d times", len(said), err, p.asked)
	}
	if err := r.Want(t.Context(), want); err != nil || p.asked != 2 {
		t.Errorf("told once more: %v, asked %d times", err, p.asked)
	}
	same := want
	same.ID, same.Call = "RE2", "CA2"
	if err := r.Want(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	list, _, err := r.List(t.Context(), "", "", 1)
	if err != nil {
		t.Fatal(err)
	}
	if j := r.await(t, list[0].ID, store.IncomingDone); j.Call != i.Call || !strings.HasPrefix(j.Note, "the same as") {
		t.Errorf("the same bytes under another id: %+v", j)
	}
	if _, _, err := r.Ask(t.Context(), Submission{About: store.Particulars{URL: "https://elsewhere.example/x"}}); !errors.Is(err, ErrRefused) {
		t.Errorf("an address that would never be fetched: %v", err)
	}
}

// What comes is looked at before it is kept: a page that asks to sign in, or
// nothing, is no recording.
func TestWhatIsFetchedMustBeARecording(t *testing.T) {
	for _, page := range []string{"", "{}", "<!doctype html><title>Sign in</title>"} {
		p := &pages{serve: func(_ int, to io.Writer) error {
			for i := range len(page) {
				if _, err := io.WriteString(to, page[i:i+1]); err != nil {
					return err
				}
			}
			return nil
		}}
		r := newRig(t, func(o *Options) { o.Fetch, o.Fetches = p, func(string) bool { return true } })
		if err := r.Want(t.Context(), Recording{Platform: "twilio", ID: "RE1", URL: "https://api.twilio.com/RE1"}); err != nil {
			t.Fatal(err)
		}
		all, _, err := r.List(t.Context(), "", "", 10)
		if err != nil || len(all) != 1 {
			t.Fatal(err)
		}
		r.work(t)
		if i := r.await(t, all[0].ID, store.IncomingFailed); !strings.Contains(i.Note, "none of WAV") {
			t.Errorf("%q: %s", page, i.Note)
		}
	}
}

func TestAFetchInVainFails(t *testing.T) {
	p := &pages{serve: func(int, io.Writer) error { return fault{} }}
	r := newRig(t, func(o *Options) { o.Fetch, o.Fetches = p, func(string) bool { return true } })
	if err := r.Want(t.Context(), Recording{Platform: "twilio", ID: "RE1", URL: "https://api.twilio.com/RE1", From: "+12025550142"}); err != nil {
		t.Fatal(err)
	}
	all, _, err := r.List(t.Context(), store.IncomingWanted, "", 10)
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	r.work(t)
	i := r.await(t, all[0].ID, store.IncomingFailed)
	if p.asked != 1 || i.About != (store.Particulars{}) || i.Note != "the platform said no" {
		t.Errorf("asked %d times: %+v", p.asked, i)
	}
}

// What no recording waits for is destroyed, and nothing readable of what waits
// is on the disk.
func TestWhatIsLeftOverIsSweptAndNothingIsPlain(t *testing.T) {
	r := newRig(t, nil)
	a := about()
	i := r.add(t, Submission{About: a}, recorded(2, 1))
	p, err := recording.CreateParcel(r.files(), event.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Abandon(); err != nil {
		t.Fatal(err)
	}
	if err := r.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ids, err := recording.Parcels(filepath.Join(r.dir, "audio")); err != nil || len(ids) != 1 || ids[0] != i.ID {
		t.Errorf("bytes left: %v, %v", ids, err)
	}
	err = filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range []string{"5550142", "555 0142", "Sam Lee", "WAVEfmt"} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
