package decisions_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heed/internal/brain"
	"heed/internal/decisions"
)

func TestSlots(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range decisions.Slots() {
		names = append(names, s.Name)
		for channel, want := range map[string]error{"": nil, s.Channel: nil, "pigeon": decisions.ErrWrongChannel} {
			if s.Channel == "" {
				want = map[string]error{"": decisions.ErrWrongChannel, "pigeon": nil}[channel]
			}
			q := brain.Question{Slot: s.Name, Channel: channel}
			if err := decisions.Check(&q); !errors.Is(err, want) || (err == nil && q.Channel == "") {
				t.Errorf("%s on %q: %v, the channel is %q", s.Name, channel, err, q.Channel)
			}
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not in order: %v", names)
	}
	err := decisions.Check(&brain.Question{Slot: "moon", Channel: "web"})
	if !errors.Is(err, decisions.ErrUnknownSlot) || !strings.Contains(err.Error(), strings.Join(names, ", ")) {
		t.Errorf("an unknown slot: %v", err)
	}
}
