package sherpa

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/transcribe"
)

func TestOnlyPlainPhrasesAreTold(t *testing.T) {
	e := new(Engine)
	told, ok := e.With(transcribe.Hints{
		Phrases: []string{"  Northwind  Telecom ", "o’malley", "northwind telecom", "4711", "a/b", "x :9", "@1", "", "''", "naïve", "one two three four five six seven eight nine"},
		Spot:    []string{"cancel\nmy account", "cancel #0.1", strings.Repeat("a", maxPhraseLength+1)},
	}).(*hinted)
	if !ok {
		t.Fatal("the hints were not taken")
	}
	want := hints{Boost: []string{"northwind telecom", "o'malley"}, Spot: []string{"cancel my account"}}
	if diff := cmp.Diff(want, told.hints); diff != "" {
		t.Error(diff)
	}
	if e.With(transcribe.Hints{Language: "en", Phrases: []string{"4711"}}) != transcribe.Engine(e) {
		t.Error("hints of nothing made another engine")
	}
	if told.With(transcribe.Hints{}) != transcribe.Engine(e) {
		t.Error("hints were not replaced")
	}
	var many []string
	for a := range 26 {
		for b := range 26 {
			many = append(many, string(rune('a'+a))+string(rune('a'+b)))
		}
	}
	if got := plainPhrases(many); len(got) != maxPhrases || got[0] != "aa" {
		t.Errorf("%d phrases, want the first %d", len(got), maxPhrases)
	}
}

// TestHintsSurvive: whatever the engine tells fits into a message and comes
// through, at its longest too.
func TestHintsSurvive(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, sent hints) {
		m, err := readMessage(strings.NewReader(string(openMessage(7, 8000, sent).encode())))
		if err != nil {
			t.Fatalf("%v", err)
		}
		got, err := m.hints()
		if err != nil || m.rate() != 8000 || cmp.Diff(sent, got) != "" {
			t.Fatalf("%+v came as %+v, %v", sent, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.StringMatching(`[a-zA-Z'’ ]{0,90}`))
		check(t, hints{Boost: plainPhrases(list.Draw(t, "boost")), Spot: plainPhrases(list.Draw(t, "spot"))})
	})
	var longest []string
	for i := range maxPhrases {
		longest = append(longest, strings.Repeat("a", i%26+1)+strings.Repeat("b", i/26)+strings.Repeat("'", maxPhraseLength-i%26-1-i/26))
	}
	if got := plainPhrases(longest); len(got) != maxPhrases {
		t.Fatalf("%d phrases are plain", len(got))
	}
	check(t, hints{Boost: longest, Spot: longest})
}

func TestBadHintsAreRefused(t *testing.T) {
	many := `["a"` + strings.Repeat(`,"a"`, maxPhrases) + `]`
	for _, text := range []string{
		`{`, `[]`, `{"boost":"x"}`, `{"boost":["x/y"]}`, `{"spot":["x\ny"]}`, `{"spot":[""]}`, `{"spot":["UPPER"]}`, `{"spot":[" x"]}`, `{"boost":` + many + `}`,
	} {
		if _, err := parseHints([]byte(text)); !errors.Is(err, errProtocol) {
			t.Errorf("%.40s: %v, want a protocol error", text, err)
		}
	}
}

// TestBadHintsEndOneStream: the others go on.
func TestBadHintsEndOneStream(t *testing.T) {
	b := startWorker(t, new(parrot))
	bad := openMessage(1, 8000, hints{})
	bad.payload = append(bad.payload, `{"spot":["x #0.001"]}`...)
	go b.send(bad, audioOf(1, 0, tone(20*ms, 8000)), openMessage(2, 8000, hints{}), audioOf(2, 0, tone(20*ms, 8000)))
	if r := b.expect(reportFailed, 1); !strings.Contains(r.Message, "plain words") || strings.Contains(r.Message, "x #") {
		t.Errorf("refused with %q", r.Message)
	}
	b.expect(reportHeard, 2)
}

func FuzzParseHints(f *testing.F) {
	f.Add([]byte(`{"boost":["northwind telecom"],"spot":["cancel"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := parseHints(text)
		if err != nil {
			return
		}
		for _, phrase := range slices.Concat(h.Boost, h.Spot) {
			if strings.ContainsAny(phrase, "\n/:#@\x00") || len(phrase) > maxPhraseLength {
				t.Errorf("phrase %q was taken", phrase)
			}
		}
	})
}
