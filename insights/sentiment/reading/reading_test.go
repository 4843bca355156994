package reading

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

var shared = sync.OnceValue(New)

func TestCourtesiesAreCutOnTheTelephoneOnly(t *testing.T) {
	for _, c := range []struct{ say, left string }{
		{"good morning how are you", ""},
		{"yes please thank you", ""},
		{"no thank you", ""},
		{"no problem", ""},
		{"that is good for me", "that is good for me"},
		{"you are great", "you are great"},
		{"i would like to pay my credit card please", "i would to my card"},
		{"Well, that's awful!", ", that's awful!"},
	} {
		text, words := clip(c.say)
		left, kept := cut(text, words)
		if got := strings.Join(strings.Fields(left), " "); got != c.left {
			t.Errorf("%q leaves %q, want %q", c.say, got, c.left)
		}
		if len(kept) == 0 != (c.left == "") {
			t.Errorf("%q keeps %d words", c.say, len(kept))
		}
	}
	whole, call := shared().Read("thanks, it is broken"), shared().ReadCall("thanks, it is broken")
	if len(whole.Features) <= len(call.Features) || whole.Figures[0] <= call.Figures[0] {
		t.Error("thanks does not count in a sentence from elsewhere")
	}
}

func TestNothingIsKnownOfNumbersAndOtherScripts(t *testing.T) {
	for _, say := range []string{"", "four seven one nine", "uh um", "أريد إلغاء العقد", "ես ուզում եմ", "\xff\xfe", "4711"} {
		if got := shared().Read(say); len(got.Features) > 0 {
			t.Errorf("%q has %d features", say, len(got.Features))
		}
	}
	if got := shared().Read("😀"); len(got.Features) == 0 {
		t.Error("a smile has no features")
	}
}

func TestCallReadsTheLatestTurns(t *testing.T) {
	old := make([]Turn, MaxTurns)
	for i := range old {
		old[i] = Turn{Text: "useless", Mood: -1}
	}
	fresh := make([]Turn, MaxTurns)
	for i := range fresh {
		fresh[i] = Turn{Text: "lovely", Mood: 1}
	}
	got, figures := Call(append(old, fresh...))
	want, alone := Call(fresh)
	if !slices.Equal(got, want) || figures != alone {
		t.Error("turns of long ago count")
	}
	if _, figures = Call([]Turn{{"no", 1}, {"no!", -1}}); figures != [CallFigures]float64{-0.25, 0, 0.2} {
		t.Errorf("figures %v", figures)
	}
	if features, _ := Call([]Turn{{strings.Repeat("word ", 10_000), 0}}); len(features) > 2*turnWords {
		t.Errorf("%d features of a long turn", len(features))
	}
}
