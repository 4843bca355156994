package sidebyside

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/compare"
	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stuck hears nothing until it is cancelled.
type stuck struct{}

func (stuck) Transcribe(ctx context.Context, _ <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
	<-ctx.Done()
	return ctx.Err()
}

type broken struct{}

func (broken) Transcribe(context.Context, <-chan transcribe.Frame, func(transcribe.Segment) error) error {
	return errors.New("no such luck")
}

func says(text string) transcribe.Engine {
	return scripted.New([]scripted.Line{{Start: time.Second, End: 4 * time.Second, Text: text}})
}

func tone(seconds float64) audio.WAV {
	pcm := make([]int16, int(seconds*8000))
	for i := range pcm {
		pcm[i] = int16(1000 * (i % 7))
	}
	return audio.WAV{Rate: 8000, Channels: [][]int16{pcm}}
}

// bench is a service with engines, and what became of them.
func bench(t *testing.T, all map[string]Engine) *Service {
	t.Helper()
	s := New(Options{
		Logger: slog.New(slog.DiscardHandler),
		Choices: func() []Choice {
			var out []Choice
			for name := range all {
				out = append(out, Choice{Name: name})
			}
			return out
		},
		Open: func(_ context.Context, name string) (Engine, error) { return all[name], nil },
		Redactor: func() func(insights.Utterance) insights.Utterance {
			r := redact.New(redact.Default())
			return func(u insights.Utterance) insights.Utterance {
				u, _, _ = r.Final(u)
				return u
			}
		},
	})
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func ask(a, b string, src Source) Ask {
	return Ask{ID: a + b, Engines: [2]string{a, b}, Load: func() (Source, error) { return src, nil }}
}

// over waits for a trial to end.
func over(t *testing.T, s *Service, id string) View {
	t.Helper()
	s.running.Wait()
	v, err := s.One(id)
	if err != nil || v.State == Running {
		t.Fatalf("it is over and reads %+v, %v", v, err)
	}
	return v
}

func marks(words []Word) string {
	var out []string
	for _, w := range words {
		out = append(out, string(w.Mark)+":"+w.Text+"/"+w.Said)
	}
	return strings.Join(out, " ")
}

func TestTwoEnginesAreComparedWithEachOther(t *testing.T) {
	cpu, closed := time.Duration(0), 0
	s := bench(t, map[string]Engine{
		"one": {Engine: says("i want to cancel my plan")},
		"two": {Model: "m", Engine: says("i want a cancel plan please"), Close: func() error { closed++; return nil }, Load: func() (time.Duration, time.Duration) {
			cpu += 2 * time.Second
			return cpu, cpu * 2
		}},
	})
	if _, err := s.Start(t.Context(), ask("one", "two", Source{File: "x.wav", Wav: tone(6), Cut: true})); err != nil {
		t.Fatal(err)
	}
	v := over(t, s, "onetwo")
	if v.State != Done || v.Share != 1 || v.Result == nil || v.File != "x.wav" || closed != 1 {
		t.Fatalf("%+v, closed %d times", v, closed)
	}
	r := v.Result
	if len(r.Lines) != 1 || !r.Lines[0].Differs || !r.Cut || r.Different != 3 || r.Share != .5 || r.Seconds != 6 {
		t.Errorf("%+v", r)
	}
	if got := marks(r.Lines[0].Heard[0]); got != "same:i/ same:want/ other:to/a same:cancel/ added:my/ same:plan/ missing:/please" {
		t.Errorf("the first: %s", got)
	}
	if got := marks(r.Lines[0].Heard[1]); got != "same:i/ same:want/ other:a/to same:cancel/ missing:/my same:plan/ added:please/" {
		t.Errorf("the second: %s", got)
	}
	one, two := r.Engines[0], r.Engines[1]
	if one.CPU != nil || one.Unsaid != Elsewhere || one.Errors != nil || one.Words != 6 {
		t.Errorf("%+v", one)
	}
	if two.CPU == nil || *two.CPU != 2 || two.Model != "m" {
		t.Errorf("%+v", two)
	}
}

func TestTheyAreMeasuredByWhatPeopleCorrected(t *testing.T) {
	s := bench(t, map[string]Engine{"one": {Engine: says("i want to cancel")}, "two": {Engine: says("i want a counsel")}})
	said := &compare.Script{Turns: []compare.Turn{{Role: "customer", Text: "i want to cancel", Start: 1, End: 4}, {Role: "agent", Text: "sure", Start: 5, End: 6}}}
	if _, err := s.Start(t.Context(), ask("one", "two", Source{Call: "c", Wav: tone(6), Said: said, Corrected: 1})); err != nil {
		t.Fatal(err)
	}
	r := over(t, s, "onetwo").Result
	if r.Engines[0].Errors.Rate != .2 || r.Engines[1].Errors.Rate != .6 || r.Corrected != 1 || r.Turns != 2 {
		t.Errorf("%+v %+v", r.Engines[0].Errors, r.Engines[1].Errors)
	}
	if r.Lines[0].Said != "i want to cancel" || marks(r.Lines[0].Heard[1]) != "same:i/ same:want/ other:a/to other:counsel/cancel" {
		t.Errorf("%+v", r.Lines)
	}
}

func TestWhatIsSecretIsNotShown(t *testing.T) {
	card := "my card number is four one one one one one one one one one one one one one one one thank you"
	s := bench(t, map[string]Engine{"one": {Engine: says(card)}, "two": {Engine: says(card)}})
	if _, err := s.Start(t.Context(), ask("one", "two", Source{Wav: tone(6)})); err != nil {
		t.Fatal(err)
	}
	r := over(t, s, "onetwo").Result
	got := marks(append(r.Lines[0].Heard[0], r.Lines[0].Heard[1]...))
	if strings.Contains(got, "one") || strings.Contains(got, "four") || !strings.Contains(got, "card") || !strings.Contains(got, "thank") {
		t.Error(got)
	}
}

func TestOneTrialAtATime(t *testing.T) {
	s := bench(t, map[string]Engine{"one": {Engine: stuck{}}, "two": {Engine: says("x")}, "bad": {Engine: broken{}}})
	start := func(a Ask, want error) {
		t.Helper()
		if _, err := s.Start(t.Context(), a); !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", a.Engines, err, want)
		}
	}
	start(ask("one", "one", Source{}), ErrSame)
	start(ask("one", "three", Source{}), ErrUnknown)
	unreadable := errors.New("unreadable")
	start(Ask{Engines: [2]string{"one", "two"}, Load: func() (Source, error) { return Source{}, unreadable }}, unreadable)
	start(ask("one", "two", Source{Wav: tone(1)}), nil)
	start(ask("two", "one", Source{Wav: tone(1)}), ErrRunning)
	s.Cancel("onetwo")
	if v := over(t, s, "onetwo"); v.State != Stopped || v.Result != nil {
		t.Errorf("%+v", v)
	}
	s.Cancel("onetwo")
	if _, err := s.One("onetwo"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a trial that was forgotten: %v", err)
	}
	start(ask("two", "bad", Source{Wav: tone(1)}), nil)
	if v := over(t, s, "twobad"); v.State != Failed || v.Fault != "bad: no such luck" {
		t.Errorf("%+v", v)
	}
	for range Latest + 2 {
		start(ask("two", "bad", Source{Wav: tone(1)}), nil)
		over(t, s, "twobad")
	}
	if n := len(s.All()); n != Latest {
		t.Errorf("%d are kept", n)
	}
	start(ask("one", "two", Source{Wav: tone(1)}), nil)
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
	start(ask("two", "one", Source{Wav: tone(1)}), ErrRunning)
}

func TestTheMeterTellsWhatItCannotKnow(t *testing.T) {
	heard := time.Duration(0)
	load := func() (time.Duration, time.Duration) { return heard / 10, heard }
	used := meter(load)
	if _, why := used(time.Minute); why != Elsewhere {
		t.Errorf("nothing was counted: %q", why)
	}
	heard = 2 * time.Minute
	if _, why := used(time.Minute); why != Shared {
		t.Errorf("it heard others: %q", why)
	}
	if cpu, why := used(2 * time.Minute); why != "" || cpu != 12*time.Second {
		t.Errorf("%v %q", cpu, why)
	}
}

func TestReadTakesTheFirstTenMinutes(t *testing.T) {
	for seconds, want := range map[int]bool{600: false, 601: true} {
		f := audio.WAVFormat{Rate: 2000, Channels: 2, Encoding: audio.Mulaw}
		body := audio.AppendWAVHeader(nil, f, int64(seconds*f.Rate*2))
		body = append(body, bytes.Repeat([]byte{0xff, 0x10}, seconds*f.Rate)...)
		wav, more, err := Read(bytes.NewReader(body))
		if err != nil || more != want || len(wav.Channels) != 2 || len(wav.Channels[1]) != 600*2000 || wav.Channels[0][9] == wav.Channels[1][9] {
			t.Errorf("%d s: %v %v, %d samples", seconds, more, err, len(wav.Channels[0]))
		}
	}
	if _, _, err := Read(strings.NewReader("no sound at all")); !errors.Is(err, audio.ErrNotWAV) {
		t.Error(err)
	}
}
