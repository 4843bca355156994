package decisions_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heed/fixtures"
	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/decisions"
)

type rules struct{ catalogue *decide.Catalogue }

func (r rules) Catalogue() *decide.Catalogue { return r.catalogue }

func TestSlots(t *testing.T) {
	t.Parallel()
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	service := decisions.New(decisions.Options{Rules: rules{c}})
	var names []string
	for _, s := range c.Slots() {
		names = append(names, s.Name)
		for channel, want := range map[string]error{"": nil, s.Channel: nil, "pigeon": decisions.ErrWrongChannel} {
			if s.Channel == "" {
				want = map[string]error{"": decisions.ErrWrongChannel, "pigeon": nil}[channel]
			}
			q := brain.Question{Slot: s.Name, Channel: channel}
			if err := service.Check(&q); !errors.Is(err, want) || (err == nil && q.Channel == "") {
				t.Errorf("%s on %q: %v, the channel is %q", s.Name, channel, err, q.Channel)
			}
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not in order: %v", names)
	}
	err = service.Check(&brain.Question{Slot: "moon", Channel: "web"})
	if !errors.Is(err, decisions.ErrUnknownSlot) || !strings.Contains(err.Error(), strings.Join(names, ", ")) {
		t.Errorf("an unknown slot: %v", err)
	}
}
