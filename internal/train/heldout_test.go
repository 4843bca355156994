package train

import (
	"fmt"
	"testing"
)

// letters encodes a text by its first letter: a is one way, the rest another.
type letters struct{}

func (letters) Dim() int { return 2 }

func (letters) Encode(dst []float32, text string) {
	dst[0], dst[1] = 0, 1
	if text[0] == 'a' {
		dst[0], dst[1] = 1, 0
	}
}

func TestFewShot(t *testing.T) {
	set := newSet("letters")
	for i := range 20 {
		set.add(fmt.Sprint("a", i), "first")
		set.add(fmt.Sprint("b", i), "second")
	}
	if got := FewShot(letters{}, set.set, 2); got != 1 {
		t.Errorf("%.2f right of what lies with its own, want all", got)
	}
	wrong := newSet("mixed")
	for i := range 20 {
		wrong.add(fmt.Sprint("a", i), fmt.Sprint("label", i%2))
	}
	if got := FewShot(letters{}, wrong.set, 2); got < 0.3 || got > 0.7 {
		t.Errorf("%.2f right of what cannot be told apart, want half", got)
	}
	if got := FewShot(letters{}, newSet("none").set, 2); got != 0 {
		t.Errorf("%.2f of nothing", got)
	}
}
