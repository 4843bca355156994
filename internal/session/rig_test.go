package session

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
	"heed/transcribe/sherpa"
	"heed/transcribe/sound"
)

func TestMain(m *testing.M) {
	if childMain() {
		return
	}
	if os.Getenv(workerEnv) != "" {
		if err := sherpa.RunWorker(context.Background(), os.Stdin, os.Stdout, nil); err != nil {
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

const second = time.Second

var masterKey = []byte("0123456789abcdef0123456789abcdef")

// dialogue is a call of about a minute in which both sides speak, now and
// then at once.
var dialogue = []scripted.Line{
	{Speaker: "agent", Start: 1 * second, End: 4 * second, Text: "good morning this is the service desk how can i help you"},
	{Speaker: "customer", Start: 5 * second, End: 9 * second, Text: "hello i would like to cancel my contract please"},
	{Speaker: "agent", Start: 8500 * time.Millisecond, End: 12 * second, Text: "i am sorry to hear that may i ask why"},
	{Speaker: "customer", Start: 14 * second, End: 22 * second, Text: "the other company is cheaper and the delivery was late again and nobody called me back"},
	{Speaker: "agent", Start: 24 * second, End: 29 * second, Text: "that should not have happened let me see what we can do"},
	{Speaker: "customer", Start: 31 * second, End: 33 * second, Text: "well all right"},
	{Speaker: "agent", Start: 35 * second, End: 43 * second, Text: "we can offer you two months for free and a new router at no cost to you"},
	{Speaker: "customer", Start: 45 * second, End: 52 * second, Text: "that sounds good i will think about it until tomorrow evening"},
	{Speaker: "agent", Start: 54 * second, End: 58 * second, Text: "thank you for calling and have a nice day"},
}

const dialogueLength = 60 * second

// speech is a frame of 20 ms that rustles while a line is spoken.
func speech(who insights.Speaker, at time.Duration) transcribe.Frame {
	return speechOf(scripted.ForParty(dialogue, string(who)), at)
}

// speechOf rustles while any of the lines is spoken.
func speechOf(lines []scripted.Line, at time.Duration) transcribe.Frame {
	f := transcribe.Frame{Rate: 8000, At: at, PCM: make([]int16, 160)}
	for _, l := range lines {
		if at+20*time.Millisecond > l.Start && at < l.End {
			noise := rand.New(rand.NewPCG(uint64(at), 1)) // a tone would be no speech
			for i := range f.PCM {
				f.PCM[i] = int16(noise.IntN(12000) - 6000)
			}
		}
	}
	return f
}

// memory is a brain that keeps everything in memory. The functions, when
// set, come first and may refuse.
type memory struct {
	refuseStart  func(event.Call) error
	refuseHeard  func(insights.Utterance) error
	refuseAnswer func(event.Call) error

	mu      sync.Mutex
	calls   map[string]event.Call
	said    map[string][]insights.Utterance
	found   map[string][]insights.Insight
	soFar   map[string]float64 // talk figures of the last utterance, by call and name
	changed []event.Call
	ended   []event.Call
}

func newMemory() *memory {
	return &memory{calls: map[string]event.Call{}, said: map[string][]insights.Utterance{}, found: map[string][]insights.Insight{}, soFar: map[string]float64{}}
}

func (b *memory) CallStarted(_ context.Context, c event.Call) (event.Call, error) {
	if b.refuseStart != nil {
		if err := b.refuseStart(c); err != nil {
			return c, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, known := range b.calls {
		if known.Platform == c.Platform && known.PlatformCall == c.PlatformCall {
			return known, nil
		}
	}
	c.CustomerID = "customer-1"
	b.calls[c.ID] = c
	return c, nil
}

func (b *memory) Heard(_ context.Context, callID string, u insights.Utterance, found []insights.Insight) error {
	if b.refuseHeard != nil {
		if err := b.refuseHeard(u); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said[callID] = append(b.said[callID], u)
	for _, in := range found {
		if in.Kind == insights.Talk {
			b.soFar[callID+in.Name] = in.Value
			continue
		}
		b.found[callID] = append(b.found[callID], in)
	}
	return nil
}

func (b *memory) CallChanged(_ context.Context, c event.Call) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed = append(b.changed, c)
	b.calls[c.ID] = c
	return nil
}

// RecordingAnswered keeps the call, and forgets what was said before a no.
func (b *memory) RecordingAnswered(ctx context.Context, c event.Call) error {
	if b.refuseAnswer != nil {
		if err := b.refuseAnswer(c); err != nil {
			return err
		}
	}
	if err := b.CallChanged(ctx, c); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.Recording.Answer == "no" {
		delete(b.said, c.ID)
		delete(b.found, c.ID)
	}
	return nil
}

func (b *memory) CallEnded(_ context.Context, c event.Call, whole []insights.Insight) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = append(b.ended, c)
	b.found[c.ID] = append(b.found[c.ID], whole...)
	b.calls[c.ID] = c
	return nil
}

func (b *memory) OpenCalls(context.Context) ([]event.Call, map[string][]insights.Utterance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var open []event.Call
	said := map[string][]insights.Utterance{}
	for id, c := range b.calls {
		if c.Open() {
			open = append(open, c)
			said[id] = slices.Clone(b.said[id])
		}
	}
	return open, said, nil
}

// only gives the one call there is, and what was said on it.
func (b *memory) only(t testing.TB) (event.Call, []insights.Utterance) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.calls) != 1 {
		t.Fatalf("%d calls, want 1", len(b.calls))
	}
	for id, c := range b.calls {
		return c, b.said[id]
	}
	return event.Call{}, nil
}

// shownCaption is a partial caption as a screen got it.
type shownCaption struct {
	who     insights.Speaker
	segment int
	text    string
}

type screen struct {
	mu    sync.Mutex
	shown []shownCaption
}

func (s *screen) Partial(_ string, who insights.Speaker, segment int, text string, _, _ insights.Seconds) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = append(s.shown, shownCaption{who, segment, text})
}

// rig is a manager with everything around it faked.
type rig struct {
	*Manager
	brain  *memory
	screen *screen
	o      Options
}

// newRig makes a manager whose engine knows the dialogue. change may alter
// the options first.
func newRig(t testing.TB, change func(*Options)) *rig {
	t.Helper()
	r := &rig{brain: newMemory(), screen: &screen{}}
	r.o = Options{
		Brain: r.brain, Captions: r.screen, Dir: t.TempDir(), Key: masterKey,
		Logger: slogDiscard(), Engine: knows(dialogue), Extras: Extras{Sounds: detects},
	}
	if change != nil {
		change(&r.o)
	}
	var err error
	if r.Manager, err = New(r.o); err != nil {
		t.Fatal(err)
	}
	return r
}

// detects finds what is no speech.
func detects(rate int, called bool) transcribe.SoundDetector {
	d, err := sound.New(sound.Options{Rate: rate, Called: called})
	if err != nil {
		return nil
	}
	return d
}

// knows is an engine choice that replays a transcript.
func knows(lines []scripted.Line) func(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
	return func(_ event.Call, who insights.Speaker, failed []string) (transcribe.Engine, string) {
		if len(failed) > 0 {
			return nil, ""
		}
		return scripted.New(scripted.ForParty(lines, string(who))), "scripted"
	}
}

func slogDiscard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func start(call, stream string) ingest.Start {
	return ingest.Start{
		Platform: "test", Call: call, Stream: stream, From: "+15550100",
		Parties: []insights.Speaker{insights.Agent, insights.Customer}, At: time.Now(),
	}
}

func (r *rig) open(t testing.TB, stream string) ingest.Stream {
	t.Helper()
	s, err := r.Open(t.Context(), start("call-1", stream))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wait lets time pass; inside synctest it costs nothing.
func wait(d time.Duration) { <-time.After(d) }

// play sends both parties' audio of the dialogue between two moments of the
// call, on a stream whose zero is at `zero`; pace is the time a frame takes.
func play(s ingest.Stream, zero, from, to, pace time.Duration) {
	for at := from; at < to; at += transcribe.FrameDuration {
		for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
			f := speech(who, at)
			f.At -= zero
			s.Audio(who, f)
		}
		if pace > 0 {
			wait(pace)
		}
	}
}

const realTime = transcribe.FrameDuration

// finish stops a stream and waits for the call to be committed as ended.
func (r *rig) finish(t testing.TB, s ingest.Stream) (event.Call, []insights.Utterance) {
	t.Helper()
	s.Stop(ingest.Stopped)
	return r.drained(t)
}

// shut closes the manager, which may not take long.
func (r *rig) shut(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
}

func (r *rig) drained(t testing.TB) (event.Call, []insights.Utterance) {
	t.Helper()
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.shut(t)
	if n := len(r.brain.ended); n != 1 {
		t.Fatalf("the call ended %d times", n)
	}
	if ids, err := recording.Spooled(r.o.Dir); err != nil || len(ids) > 0 {
		t.Errorf("spools left: %v, %v", ids, err)
	}
	return r.brain.only(t)
}

// wantWords checks that each party said every word of the dialogue once, in
// its place; between two moments a party may be missing.
func wantWords(t testing.TB, said []insights.Utterance, lines []scripted.Line) {
	t.Helper()
	for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
		var got, want []string
		mine := slices.DeleteFunc(slices.Clone(said), func(u insights.Utterance) bool { return u.Speaker != who })
		slices.SortStableFunc(mine, func(a, b insights.Utterance) int { return int(1000 * (a.Start - b.Start)) })
		for i, u := range mine {
			got = append(got, strings.Fields(u.Text)...)
			if i > 0 && u.Start < mine[i-1].End {
				t.Errorf("%s: %q at %v overlaps what ended at %v", who, u.Text, u.Start, mine[i-1].End)
			}
		}
		for _, l := range scripted.ForParty(lines, string(who)) {
			want = append(want, strings.Fields(l.Text)...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s said\n%s\nwant\n%s", who, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
	for i, u := range said {
		if u.Seq != i+1 || u.ID == "" || u.Confidence < 0 || u.Confidence > 1 {
			t.Errorf("utterance %d has seq %d, id %q, confidence %v", i+1, u.Seq, u.ID, u.Confidence)
		}
	}
}

// heardBack reads the recording of a call.
func heardBack(t testing.TB, r *rig, callID string) audio.WAV {
	t.Helper()
	p, err := recording.Open(r.o.Dir, callID, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	w, err := audio.ReadWAV(p)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// loudAt tells whether a channel sounds around a moment.
func loudAt(w audio.WAV, channel int, at time.Duration) bool {
	i := int(at * 8000 / second)
	return i+160 <= len(w.Channels[channel]) && peak(w.Channels[channel][i:i+160]) > soundFloor
}

// engineFunc is an engine made of a function.
type engineFunc func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error

func (f engineFunc) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	return f(ctx, frames, emit)
}

// dying makes an engine that fails in its nth run when it has heard up to a
// moment.
func dying(engine transcribe.Engine, run *int, dies map[int]time.Duration, verdict transcribe.Verdict) transcribe.Engine {
	return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
		*run++
		at, mortal := dies[*run]
		if !mortal {
			return engine.Transcribe(ctx, frames, emit)
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		fed := make(chan transcribe.Frame)
		done := make(chan error, 1)
		go func() { done <- engine.Transcribe(ctx, fed, emit) }()
		for f := range frames {
			if f.End() > at {
				break
			}
			select {
			case fed <- f:
			case <-ctx.Done():
			}
		}
		cancel()
		<-done
		return &transcribe.Error{Engine: "dying", Verdict: verdict, Err: errors.New("worker killed")}
	})
}
