package config

import (
	"testing"
	"time"
)

func TestQuietHours(t *testing.T) {
	for text, want := range map[string][2]time.Duration{
		"": {}, "22:00-07:30": {22 * time.Hour, 7*time.Hour + 30*time.Minute}, "00:00 - 06:00": {0, 6 * time.Hour},
	} {
		from, to, err := Alerts{Quiet: text}.Hours()
		if err != nil || from != want[0] || to != want[1] {
			t.Errorf("%q: %s to %s, %v", text, from, to, err)
		}
	}
	for _, bad := range []string{"22", "22:00", "22:00-22:00", "25:00-07:00", "a-b", "22:00-07:00-08:00", "-"} {
		if _, _, err := (Alerts{Quiet: bad}).Hours(); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
