package decide_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"heed/internal/decide"
	"heed/internal/strict"
)

// TestSlotsOfAPolicy asks in the slots of a policy, and compares it with the
// defaults.
func TestSlotsOfAPolicy(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, policyText+"slots: [{slot: kiosk, channel: agent, answers: 1, live: true}, {slot: agent.call, channel: agent}]\n",
		catalogueText(actionText("one", "    purpose: service"), actionText("two", "    purpose: service")))
	for slot, want := range map[string]int{"kiosk": 1, "agent.call": 2, "web.banner": 2} {
		r := request(cus("cus_1"), nil)
		r.Slot = slot
		if got := d.Decide("d", r); len(got.Actions) != want || got.Asked == nil || got.Asked.N == 0 {
			t.Errorf("%s shows %d, want %d; asked %+v", slot, len(got.Actions), want, got.Asked)
		}
	}
	cat := d.Catalogue()
	if got := fmt.Sprint(cat.Slots()); got != "[{agent.call agent 3 false} {kiosk agent 1 true}]" {
		t.Errorf("slots %s", got)
	}
	if _, known := cat.Slot("web.banner"); known {
		t.Error("a slot is known that is not on the list")
	}
	differ := make(map[string]string)
	for _, f := range cat.Differences() {
		differ[f.Field] = f.Default + ">" + f.Set
	}
	for field, want := range map[string]string{
		"slots[kiosk].answers": ">1", "slots[web.banner].wait": "30m0s>", "slots[agent.call].live": "true>false",
	} {
		if differ[field] != want {
			t.Errorf("%s: %q, want %q of %v", field, differ[field], want, differ)
		}
	}
}

func TestSlotsAreRefused(t *testing.T) {
	t.Parallel()
	const call = "{slot: agent.call, channel: agent}"
	for list, want := range map[string]string{
		"[]":                              "slots: has no agent.call",
		"[{slot: agent.call}]":            "slots: has no agent.call",
		"[" + call + ", " + call + "]":    "slots[1].slot: \"agent.call\" is not a new slot",
		"[" + call + ", {slot: \"a b\"}]": "slots[1].slot: \"a b\" is not a new slot",
		"[" + call + ", {slot: a, channel: pigeon}]": "slots[1].channel: \"pigeon\" is not a channel",
		"[" + call + ", {slot: a, answers: 21}]":     "slots[1].answers: is 21",
		"[" + call + ", {slot: a, wait: -1h}]":       "slots[1].wait: is -1h",
		"[" + call + ", {slot: a, wait: 91d}]":       "slots[1].wait: is 91d",
		"[" + call + ", {slot: a, waits: 1h}]":       "slots[1].waits: is not a known key (did you mean wait?)",
	} {
		_, err := loadText(policyText+"slots: "+list+"\n", oneAction)
		if _, ok := errors.AsType[*strict.Problem](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", list, err, want)
		}
	}
	if err := decide.CheckPolicy([]byte(`{"slots":[{"slot":"agent.call","channel":"agent","wait":"1 h"}]}`)); err == nil {
		t.Error("a wait that is none was taken")
	}
}
