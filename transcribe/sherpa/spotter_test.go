package sherpa

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
)

// hawk is a parrot that also spots its phrase whenever a sound has lasted for
// half a second.
type hawk struct {
	parrot

	refuses error
}

func (h *hawk) spot(told hints) (spotting, error) {
	return &hawkStream{phrase: told.Spot[0]}, h.refuses
}

type hawkStream struct {
	phrase  string
	samples []float32
	decoded int
	loud    int
	found   bool
	closed  bool
}

func (s *hawkStream) accept(samples []float32) { s.samples = append(s.samples, samples...) }

func (s *hawkStream) step() bool {
	if len(s.samples)-s.decoded < parrotChunk {
		return false
	}
	s.found = false
	for range parrotChunk {
		if x := s.samples[s.decoded]; x > 0.1 || x < -0.1 {
			s.loud++
		}
		s.decoded++
	}
	if s.loud > modelRate/2 {
		s.found, s.loud = true, 0
	}
	return true
}

func (s *hawkStream) spotted() (sighting, bool, error) {
	at := float64(s.decoded) / modelRate
	return sighting{phrase: s.phrase, times: []float64{at - 0.5, at - 0.2}}, s.found, nil
}

func (s *hawkStream) close() { s.closed = true }

func listenFor(t *testing.T, models recognizer, phrases ...string) (*ear, *[]transcribe.Segment) {
	t.Helper()
	var got []transcribe.Segment
	e, err := newEar(models, 8000, DefaultTuning(), func(s transcribe.Segment) error {
		got = append(got, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	e.hints = hints{Spot: phrases}
	return e, &got
}

// TestSpotsComeWithTheirStretch: in the call's time, inside the final.
func TestSpotsComeWithTheirStretch(t *testing.T) {
	e, got := listenFor(t, new(hawk), "cancel")
	begin := 10 * time.Minute
	at := hearAll(t, e, begin, tone(900*ms, 8000))
	at = hearAll(t, e, at, hush(10*time.Second, 8000))
	second := at
	hearAll(t, e, at, tone(900*ms, 8000))
	if err := e.finish(); err != nil {
		t.Fatal(err)
	}
	finals := onlyFinals(*got)
	if len(finals) != 2 {
		t.Fatalf("finals %+v, want 2", finals)
	}
	for i, from := range []time.Duration{begin, second} {
		f := finals[i]
		if len(f.Spots) != 1 {
			t.Fatalf("final %+v, want one spot", f)
		}
		s := f.Spots[0]
		if s.Phrase != "cancel" || s.Confidence != DefaultTuning().Spotting || s.Start < f.Start || s.End > f.End || s.Start < from-recall || s.End > from+2*time.Second {
			t.Errorf("spot %+v of %v..%v, spoken from %v on", s, f.Start, f.End, from)
		}
	}
	for _, s := range *got {
		if !s.Final && s.Spots != nil {
			t.Errorf("spots in the partial %+v", s)
		}
	}
}

func TestNobodyListensWithoutPhrases(t *testing.T) {
	h := &hawk{refuses: errors.New("not to be asked")}
	e, _ := listenFor(t, h)
	hearAll(t, e, 0, tone(time.Second, 8000))
	if e.spots.stream != nil {
		t.Error("a spotter runs for nothing")
	}
	e, _ = listenFor(t, h, "cancel")
	if err := e.hear(0, tone(time.Second, 8000)); !errors.Is(err, h.refuses) {
		t.Errorf("%v, want the spotter's refusal", err)
	}
}

// TestStretchReachesOverItsSpots: also where words are missing; without any
// words there is no final to carry them.
func TestStretchReachesOverItsSpots(t *testing.T) {
	c := clock{next: 10 * time.Second}
	s := stretch{id: 1, ended: time.Second, spots: []transcribe.Spot{
		{Phrase: "a", Start: 500 * ms, End: 1500 * ms}, {Phrase: "b", Start: 5 * time.Second, End: 12 * time.Second},
	}}
	seg, ok := s.update([]transcribe.Word{{Text: "yes", Start: 2 * time.Second, End: 3 * time.Second}}, c, true)
	if !ok || seg.Start != time.Second || seg.End != c.next || len(seg.Spots) != 2 || seg.Spots[0].Start != time.Second {
		t.Errorf("final %+v", seg)
	}
	if s.ended != seg.End || s.spots != nil {
		t.Errorf("the next stretch begins with %+v", s)
	}
	frames := []transcribe.Frame{{Rate: 8000, PCM: make([]int16, 80000)}}
	for _, problem := range enginetest.Check([]transcribe.Segment{seg}, frames) {
		t.Error(problem)
	}
	s = stretch{id: 1, spots: []transcribe.Spot{{Phrase: "a"}}}
	if _, ok := s.update(nil, c, true); ok || s.spots != nil {
		t.Errorf("a final of spots only, left %+v", s.spots)
	}
}

// TestWeighing: the words of the phrase in a row, near the spot, count.
func TestWeighing(t *testing.T) {
	words := []transcribe.Word{
		{Text: "oil", Start: 0, End: 1 * time.Second, Confidence: 0.9},
		{Text: "the", Start: 1 * time.Second, End: 2 * time.Second, Confidence: 0.5},
		{Text: "oil", Start: 2 * time.Second, End: 3 * time.Second, Confidence: 0.8},
		{Text: "change", Start: 3 * time.Second, End: 4 * time.Second, Confidence: 0.6},
	}
	for phrase, want := range map[string]float64{"oil change": 0.7, "oil": 0.9, "the change": 0, "change oil": 0, "change": 0.6} {
		if got := probabilityOf(strings.Fields(phrase), words); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %v, want %v", phrase, got, want)
		}
	}
	at := transcribe.Spot{Phrase: "oil", Start: 2500 * ms, End: 2600 * ms, Confidence: 0.25}
	s := stretch{id: 1, spots: []transcribe.Spot{at, {Phrase: "warranty", Start: at.Start, End: at.End, Confidence: 0.25}}}
	seg, _ := s.update(words, clock{next: 10 * time.Second}, true)
	if seg.Spots[0].Confidence != 0.8 || seg.Spots[1].Confidence != 0.25 {
		t.Errorf("spots %+v, want the confidence of the word there, or the spotter's", seg.Spots)
	}
	for _, at := range []time.Duration{-time.Minute, time.Minute} {
		if got := around(words, transcribe.Spot{Start: at, End: at}); len(got) != 0 {
			t.Errorf("words %+v at %v", got, at)
		}
	}
}

func TestParseSighting(t *testing.T) {
	phrases := []string{"cancel", "refund"}
	got, ok, err := parseSighting([]byte(`{"start_time":0.00, "keyword": "1", "timestamps": [1.20, 1.44], "tokens":["▁RE", "FUND"]}`), phrases)
	if err != nil || !ok || got.phrase != "refund" || got.times[1] != 1.44 {
		t.Errorf("%+v, %t, %v", got, ok, err)
	}
	if _, ok, err := parseSighting([]byte(`{"keyword":"", "timestamps":[], "tokens":[]}`), phrases); ok || err != nil {
		t.Errorf("nothing spotted: %t, %v", ok, err)
	}
	for _, bad := range []string{`{`, `{"keyword":"2","timestamps":[1]}`, `{"keyword":"-1","timestamps":[1]}`, `{"keyword":"x","timestamps":[1]}`, `{"keyword":"0"}`} {
		if _, _, err := parseSighting([]byte(bad), phrases); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
