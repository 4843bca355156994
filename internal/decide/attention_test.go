package decide_test

import (
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
)

const attended = `version: 1
actions:
  - id: first
    issue: care
    group: a
    purpose: service
    title: First
    say: First.
    channels: [agent]
    value: {margin: 50}
    prior: {p: 0.6}
    attention: {per_call: 2, cool_down: 2m, unless_said: ["no thank you"]}
  - id: second
    issue: care
    group: b
    purpose: service
    title: Second
    say: Second.
    channels: [agent]
    value: {margin: 5}
    prior: {p: 0.5}
`

func attentive(t *testing.T, policy string) *decide.Decider {
	t.Helper()
	files := fstest.MapFS{"care.yaml": {Data: []byte(attended)}}
	if policy != "" {
		files["policy.yaml"] = &fstest.MapFile{Data: []byte("version: 1\n" + policy)}
	}
	c, err := decide.LoadCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAnAgentsAttention: what rests, what is said against, and what is too
// much is not chosen, and says why; what stands first stays.
func TestAnAgentsAttention(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return at.Add(-d) }
	for _, tt := range []struct {
		name, policy string
		attention    *decide.Attention
		first, rule  string
	}{
		{"nobody looks", "", nil, "first", ""},
		{"nothing was shown", "", &decide.Attention{}, "first", ""},
		{"it stands first and stays", "", &decide.Attention{Shown: []decide.Showing{{"first", ago(time.Second)}}}, "first", ""},
		{"it rests", "", &decide.Attention{Shown: []decide.Showing{{"first", ago(5 * time.Minute)}, {"second", ago(time.Minute)}}}, "second", "contact.cool_down"},
		{"it has rested", "", &decide.Attention{Shown: []decide.Showing{{"first", ago(5 * time.Minute)}, {"second", ago(3 * time.Minute)}}}, "first", ""},
		{"it came often enough", "", &decide.Attention{Shown: []decide.Showing{
			{"first", ago(9 * time.Minute)}, {"second", ago(8 * time.Minute)}, {"first", ago(7 * time.Minute)}, {"second", ago(6 * time.Minute)},
		}}, "second", "contact.per_call"},
		{"it was said against", "", &decide.Attention{Said: map[string]string{"first": "no thank you"}}, "second", "contact.unless_said"},
		{"the agent has had enough", "attention: {per_call: 1}", &decide.Attention{Shown: []decide.Showing{{"second", ago(time.Minute)}}}, "second", "contact.attention"},
		{"this agent may have more", "attention: {per_call: 1, agents: [{agent: Dana, per_call: 4}]}", &decide.Attention{Agent: "dana", Shown: []decide.Showing{{"second", ago(time.Minute)}}}, "first", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := decide.Request{Slot: "agent.call", Channel: "agent", CallID: "c", At: at, Profile: customer.New("p", at.Add(-time.Hour))}
			r.Attention = tt.attention
			got := attentive(t, tt.policy).Decide("d", r)
			if len(got.Actions) == 0 || got.Actions[0].Action != tt.first {
				t.Fatalf("%+v: %s", got.Actions, got.Because)
			}
			rule := ""
			for _, e := range got.NotChosen {
				if e.Action == "first" {
					rule = e.Rule
				}
			}
			if rule != tt.rule {
				t.Errorf("it is out by %q, want %q", rule, tt.rule)
			}
			if asked := got.Asked.Attention; (asked != nil) != (tt.attention != nil) {
				t.Errorf("the decision keeps %+v", asked)
			}
		})
	}
}

func TestWhatIsSaidAgainst(t *testing.T) {
	t.Parallel()
	c := attentive(t, "").Catalogue()
	a := c.Hears(decide.Attention{}, "well No, thank YOU very much")
	if a.Said["first"] != "no thank you" || len(a.Said) != 1 {
		t.Errorf("%+v", a)
	}
	if a = c.Hears(decide.Attention{}, "no thanks to you, thank you"); len(a.Said) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestAttentionIsShown(t *testing.T) {
	t.Parallel()
	show := func(a decide.Attention, action string) decide.Attention {
		d := decide.Decision{}
		if action != "" {
			d.Actions = []decide.Choice{{Action: action}}
		}
		return a.Show(&d)
	}
	var a decide.Attention
	for _, action := range []string{"", "x", "x", "", "x", "y"} {
		a = show(a, action)
	}
	if got := len(a.Shown); got != 4 || a.Shown[3].Action != "y" {
		t.Errorf("%+v", a.Shown)
	}
	for i := range 200 {
		a = show(a, string(rune('a'+i%2)))
	}
	if len(a.Shown) != 64 {
		t.Errorf("%d are remembered", len(a.Shown))
	}
}

func TestBudgetsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{
		"attention: {per_call: 101}", "attention: {per_call: -1}", "attention: {cool_down: 5h}", "attention: {agents: [{per_call: 1}]}",
	} {
		if _, err := decide.LoadCatalogue(fstest.MapFS{"care.yaml": {Data: []byte(attended)}, "policy.yaml": {Data: []byte("version: 1\n" + policy)}}); err == nil {
			t.Errorf("%s was taken", policy)
		}
	}
}
