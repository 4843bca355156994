package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/internal/play"
)

func TestFlagsOfAudioHook(t *testing.T) {
	t.Parallel()
	h := hookFlags{key: "k:c2VjcmV0", pauses: []string{"12-15.5"}, discards: []string{"20-21"}}
	if err := h.check("audiohook"); err != nil {
		t.Fatal(err)
	}
	want := play.AudioHook{Key: "k", Secret: []byte("secret"), Holes: []play.Hole{
		{From: 12 * time.Second, To: 15500 * time.Millisecond}, {From: 20 * time.Second, To: 21 * time.Second, Discarded: true},
	}}
	if diff := cmp.Diff(want, h.read); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	for _, bad := range []hookFlags{
		{key: "k"}, {key: "k:*"}, {pauses: []string{"12"}}, {pauses: []string{"5-4"}}, {pauses: []string{"NaN-4"}}, {discards: []string{"-1-4"}},
	} {
		if err := bad.check("audiohook"); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	if (&hookFlags{pauses: []string{"1-2"}}).check("twilio") == nil || (&hookFlags{}).check("twilio") != nil {
		t.Error("flags of another platform")
	}
}
