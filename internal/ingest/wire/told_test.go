package wire

import (
	"testing"
	"time"
)

func TestMomentsAsPlatformsWriteThem(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-05-01T12:00:00Z", "2026-05-01T14:00:00.000+02:00", "Fri, 01 May 2026 12:00:00 +0000", "Fri, 01 May 2026 12:00:00 GMT",
		"2026-05-01 12:00:00 +0000", "2026-05-01 12:00:00 UTC", "2026-05-01 12:00:00", "2026-05-01T12:00:00", "1777636800", "1777636800000",
	} {
		if got := Moment(s); !got.Equal(want) {
			t.Errorf("%s: %v", s, got)
		}
	}
	for _, s := range []string{"", "soon", "17776368", "99999999999999999999", "-1777636800", "2026-13-01T12:00:00Z"} {
		if got := Moment(s); !got.IsZero() || Written(got) != "" {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// FuzzMoment: what is read as a moment is the same when it was written.
func FuzzMoment(f *testing.F) {
	f.Add("2026-05-01T12:00:00Z")
	f.Add("1777636800000")
	f.Fuzz(func(t *testing.T, s string) {
		if at := Moment(s); !at.IsZero() && at.Year() > 0 && at.Year() < 9999 && !Moment(Written(at)).Equal(at) {
			t.Errorf("%q: %v is written as %s", s, at, Written(at))
		}
	})
}
