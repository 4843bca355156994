package insights

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeconds(t *testing.T) {
	if got := SecondsOf(1234567 * time.Microsecond); got != 1.235 {
		t.Errorf("got %v", got)
	}
	if got := Seconds(1.2354).Duration(); got != 1235*time.Millisecond {
		t.Errorf("got %v", got)
	}
	raw, err := json.Marshal(SecondsOf(20 * time.Millisecond))
	if err != nil || string(raw) != "0.02" {
		t.Errorf("got %s, %v", raw, err)
	}
}

func TestLastOf(t *testing.T) {
	c := Call{Utterances: []Utterance{{ID: "1", Speaker: Agent}, {ID: "2", Speaker: Customer}, {ID: "3", Speaker: Agent}}}
	if u, ok := c.LastOf(Agent); !ok || u.ID != "3" {
		t.Errorf("got %v %v", u, ok)
	}
	if u, ok := c.LastOf(Customer); !ok || u.ID != "2" {
		t.Errorf("got %v %v", u, ok)
	}
	if _, ok := c.LastOf("nobody"); ok {
		t.Error("nobody spoke")
	}
}

// Each analyzer of a chain sees what those before it found, and the caller's
// slice keeps what it had.
func TestChain(t *testing.T) {
	before := make([]Insight, 1, 8)
	before[0] = Insight{Name: "old"}
	call := Call{Insights: before}
	var seen []int
	count := AnalyzerFunc(func(_ *Utterance, c *Call) []Insight {
		seen = append(seen, len(c.Insights))
		return []Insight{{Name: "new"}, {Name: "newer"}}
	})
	nothing := AnalyzerFunc(func(*Utterance, *Call) []Insight { return nil })
	got := Chain{count, nothing, count}.Analyze(&Utterance{}, &call)
	if len(got) != 4 || len(call.Insights) != 1 || before[:2][1].Name != "" {
		t.Errorf("got %v, call has %v", got, call.Insights)
	}
	if diff := cmp.Diff([]int{1, 3}, seen); diff != "" {
		t.Error(diff)
	}
	if got := (Chain{}).Analyze(&Utterance{}, &call); got != nil {
		t.Errorf("an empty chain found %v", got)
	}
}

func TestSignals(t *testing.T) {
	u := Utterance{ID: "u", CallID: "c", Speaker: Customer, Text: "i want to cancel it now", Start: 2, End: 5}
	found := []Insight{
		{Kind: Intent, Name: "cancel", Confidence: 0.9, Start: 3, Evidence: []Span{{10, 16}, {20, 23}}},
		{Kind: Sentiment, Name: "negative", Value: -0.4, Confidence: 0.7, Start: 2},
		{Kind: Moment, Name: "thanks", Evidence: []Span{{40, 50}}},
		{Kind: Redacted, Name: "card_number"},
		{Kind: Entity, Name: "money"},
		{Kind: Talk, Name: "overlap"},
		{Kind: Theme, Name: "contract", Evidence: []Span{{3, 3}}},
		{Kind: Spotted, Name: "want to cancel", Confidence: 0.5, Start: 3, Text: "want to cancel", Evidence: []Span{{2, 16}}},
		{Kind: Spotted, Name: "warranty", Confidence: 0.25, Start: 4}, // the text lacks it
	}
	want := []Signal{
		{Label: "intent.cancel", Confidence: 0.9, Speaker: Customer, CallID: "c", At: 3, UtteranceID: "u", Quote: "cancel it now"},
		{Label: "sentiment", Value: -0.4, Confidence: 0.7, Speaker: Customer, CallID: "c", At: 2, UtteranceID: "u", Quote: u.Text},
		{Label: "moment.thanks", Speaker: Customer, CallID: "c", UtteranceID: "u", Quote: u.Text},
		{Label: "theme.contract", Speaker: Customer, CallID: "c", UtteranceID: "u", Quote: u.Text},
		{Label: "spotted.want_to_cancel", Confidence: 0.5, Speaker: Customer, CallID: "c", At: 3, UtteranceID: "u", Quote: "want to cancel"},
		{Label: "spotted.warranty", Confidence: 0.25, Speaker: Customer, CallID: "c", At: 4, UtteranceID: "u"},
	}
	if diff := cmp.Diff(want, Signals(&u, found)); diff != "" {
		t.Error(diff)
	}
	u.Speaker = Agent
	for _, s := range Signals(&u, found) {
		if s.Label == "sentiment" {
			t.Error("the agent's mood became a signal")
		}
	}
	if got := Signals(&Utterance{}, []Insight{{Kind: Sentiment, Value: math.NaN()}}); got != nil {
		t.Errorf("got %v", got)
	}
}
