package search

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
)

func TestWhatIsKeptComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.IntRange(0, 24*3600*1000)
		k := kept{
			Call:    rapid.OneOf(rapid.Just(event.NewID()), rapid.StringMatching(`[a-zA-Z0-9=_-]{0,40}`)).Draw(t, "call"),
			Speaker: rapid.SampledFrom([]insights.Speaker{insights.Agent, insights.Customer}).Draw(t, "speaker"),
			Start:   insights.SecondsOf(time.Duration(length.Draw(t, "start")) * time.Millisecond),
			End:     insights.SecondsOf(time.Duration(length.Draw(t, "end")) * time.Millisecond),
			At:      time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at")).UTC(),
		}
		if rapid.Bool().Draw(t, "written") {
			k.writing = writing{rapid.StringN(1, 50, -1).Draw(t, "as"), rapid.SliceOfN(rapid.IntRange(0, 99), 1, 9).Draw(t, "words")}
		}
		got, err := unkeep(map[string]any{"kept": keep(k)})
		if err != nil || !reflect.DeepEqual(got, k) {
			t.Fatalf("%+v, %v, want %+v", got, err, k)
		}
	})
}

func FuzzUnkeep(f *testing.F) {
	f.Add(keep(kept{Call: event.NewID(), Speaker: insights.Agent, Start: 1.5, End: 2, At: time.UnixMilli(1).UTC()}))
	f.Add("= 0 0 0 0 {")
	f.Add("")
	f.Fuzz(func(t *testing.T, raw string) {
		k, err := unkeep(map[string]any{"kept": raw})
		if err != nil {
			return
		}
		if again, err := unkeep(map[string]any{"kept": keep(k)}); err != nil || again.Call != k.Call || again.Start != k.Start {
			t.Errorf("%+v became %+v, %v", k, again, err)
		}
	})
}
