package assent_test

import (
	"strings"
	"testing"

	"heed/fixtures"
	"heed/insights/assent"
	"heed/insights/intent"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		asked   bool
		yes, no bool
	}{
		{"please do not record this call", false, false, true},
		{"Don't record me, please.", false, false, true},
		{"i do not want to be recorded", false, false, true},
		{"i'd rather not be recorded", false, false, true},
		{"can you stop the recording", false, false, true},
		{"you may record this", false, true, false},
		{"i do not mind being recorded", false, true, false},
		{"i have no problem with the recording", false, false, false},
		{"are you recording this", false, false, false},
		{"is this call being recorded", false, false, false},
		{"why do you record this call", false, false, false},
		{"please pause the recording", false, false, false},
		{"you have no record of my order", false, false, false},
		{"my payment was not recorded in your system", false, false, false},
		{"yes", false, false, false},
		{"no", false, false, false},
		{"yes", true, true, false},
		{"Okay, that's fine.", true, true, false},
		{"uh no", true, false, true},
		{"no problem", true, true, false},
		{"no i would not like that", true, false, true},
		{"no not at all go ahead", true, true, false},
		{"my bill is wrong", true, false, false},
		{"", true, false, false},
	} {
		if yes, no := assent.Read(c.text, c.asked); yes != c.yes || no != c.no {
			t.Errorf("%q (asked %v): yes %v, no %v", c.text, c.asked, yes, no)
		}
	}
	for text, asks := range map[string]bool{"may we record this call": true, "this call is recorded is that all right": true, "how can i help": false} {
		if assent.Asks(text) != asks {
			t.Errorf("%q asks: %v", text, !asks)
		}
	}
}

// What people say for other reasons never destroys a recording, and most ways
// to refuse one are understood.
func TestOnlyARefusalIsOne(t *testing.T) {
	t.Parallel()
	set, err := intent.LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	refusals, understood := 0, 0
	for _, i := range set.Intents {
		for _, text := range i.Sentences {
			_, no := assent.Read(text, false)
			switch {
			case i.Name != "do_not_record" && no:
				t.Errorf("%s: %q counts as a refusal", i.Name, text)
			case i.Name != "do_not_record" || strings.Contains(text, "pause"):
			case !strings.HasPrefix(text, "are ") && !strings.HasPrefix(text, "is ") && !strings.HasPrefix(text, "why ") && !strings.HasPrefix(text, "do i"):
				refusals++
				if no {
					understood++
				} else {
					t.Logf("not understood: %q", text)
				}
			}
		}
	}
	if refusals == 0 || understood*10 < refusals*8 {
		t.Errorf("%d of %d refusals understood, want 8 of 10", understood, refusals)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("please do not record", true)
	f.Fuzz(func(t *testing.T, text string, asked bool) {
		if yes, no := assent.Read(text, asked); yes && no {
			t.Errorf("%q is yes and no", text)
		}
	})
}
