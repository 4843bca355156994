package sherpa_test

import (
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/sherpa"
)

// told is what a call is about, and much that it is not.
var told = transcribe.Hints{
	Phrases: []string{"northwind telecom", "maria keller", "o'malley", "contract", "a", "'tis", "qqq xyz"},
	Spot:    []string{"cancel my contract", "my contract please now", "price", "warranty", "supervisor", "good morning", "qqq xyz"},
}

// TestHintedConformance: hints change what is heard, not how it is told.
func TestHintedConformance(t *testing.T) {
	e := open(t)
	enginetest.Run(t, func(*testing.T) transcribe.Engine { return e.With(told) }, enginetest.Options{Recall: 0.7})
}

// TestPhrasesAreSpotted: those that are said, when they are said, and no
// others.
func TestPhrasesAreSpotted(t *testing.T) {
	t.Parallel()
	e, sample := open(t), enginetest.Speech(t)
	const from = 10 * time.Minute
	finals, err := hear(t.Context(), e.With(told), from, sample.PCM, sample.Rate)
	if err != nil {
		t.Fatal(err)
	}
	spotted := map[string]transcribe.Spot{}
	for _, f := range finals {
		for _, s := range f.Spots {
			if s.Start < f.Start || s.End > f.End || s.End <= s.Start || s.Confidence < 0.25 || s.Confidence > 1 {
				t.Errorf("spot %+v in %v..%v", s, f.Start, f.End)
			}
			spotted[s.Phrase] = s
		}
	}
	for phrase := range spotted {
		said := false
		for _, s := range sample.Sentences {
			said = said || strings.Contains(s.Text, phrase)
		}
		if !said {
			t.Errorf("%q was spotted and never said", phrase)
		}
	}
	for phrase, sentence := range map[string]enginetest.Spoken{"cancel my contract": sample.Sentences[0], "price": sample.Sentences[1]} {
		s, ok := spotted[phrase]
		if !ok || s.Start < from+sentence.Start-300*time.Millisecond || s.End > from+sentence.End+300*time.Millisecond {
			t.Errorf("%q: %+v (%t), said between %v and %v", phrase, s, ok, from+sentence.Start, from+sentence.End)
		}
	}
	if s := e.State(); s.Restarts != 0 {
		t.Errorf("state %+v, want no harm done", s)
	}
	plain, err := hear(t.Context(), e, from, sample.PCM, sample.Rate)
	if err != nil || len(plain) == 0 {
		t.Fatal(err)
	}
	for _, f := range plain {
		if f.Spots != nil {
			t.Errorf("spots %+v that nobody asked for", f.Spots)
		}
	}
}

// TestBoostedPhrases: of two words that sound alike the expected one is heard,
// and one that nobody says changes nothing.
func TestBoostedPhrases(t *testing.T) {
	t.Parallel()
	runtimeDir, modelDir := parts(t)
	tuning := sherpa.DefaultTuning()
	tuning.Boost = 1.5 // enough to see it
	e, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: modelDir, Command: command(t), Tuning: &tuning})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	sample := enginetest.Speech(t)
	heard := func(e transcribe.Engine) string {
		finals, err := hear(t.Context(), e, 0, sample.PCM, sample.Rate)
		if err != nil {
			t.Fatal(err)
		}
		return text(finals)
	}
	plain := heard(e)
	if !strings.Contains(plain, "want to cancel") {
		t.Fatalf("heard %q", plain)
	}
	if got := heard(e.With(transcribe.Hints{Phrases: []string{"consul"}})); !strings.Contains(got, "want to consul") {
		t.Errorf("told of a consul: %q", got)
	}
	if got := heard(e.With(transcribe.Hints{Phrases: []string{"giraffe"}})); got != plain {
		t.Errorf("told of a giraffe: %q, without %q", got, plain)
	}
}
