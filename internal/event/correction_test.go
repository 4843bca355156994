package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
)

// What was written for other words must not stay with the corrected ones.
func TestACorrectionIsAppliedWhole(t *testing.T) {
	heard := insights.Utterance{
		ID: "u", Seq: 3, Speaker: insights.Customer, Start: 1, End: 4, Text: "i pay fifty four", Written: "I pay 54.", WrittenWords: []int{1, 1, 2},
		Words: []insights.Word{{Text: "i", Start: 1, End: 1.2}}, Confidence: 0.8, Engine: "sherpa",
	}
	got := event.Correction{Text: "I pay for it.", Plain: "i pay for it"}.Applied(heard)
	want := insights.Utterance{
		ID: "u", Seq: 3, Speaker: insights.Customer, Start: 1, End: 4, Text: "i pay for it", Written: "I pay for it.", Confidence: 0.8, Engine: "sherpa",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if heard.Text != "i pay fifty four" || len(heard.WrittenWords) != 3 {
		t.Error("the utterance as heard was changed")
	}
}
