package themesearch

import (
	"slices"
	"testing"

	"heed/internal/eval/rows"
)

func turns() []rows.Row {
	return []rows.Row{
		{Text: "the parcels have not arrived", Labels: []string{"MissingParcel"}},
		{Text: "a missing parcel, and another", Labels: []string{"MissingParcel"}},
		{Text: "i pay too much", Labels: []string{"price_complaint"}},
		{Text: "it is dear", Labels: []string{"price_complaint"}},
		{Text: "parcel of nothing", OOS: true},
	}
}

// known is an encoder that knows two meanings.
type known struct{}

func (known) Dim() int { return 2 }

func (known) Encode(dst []float32, text string) {
	clear(dst)
	switch {
	case slices.Contains([]string{"price complaint", "i pay too much", "it is dear"}, text):
		dst[0] = 1
	case text == "missing parcel" || text == "a missing parcel, and another":
		dst[1] = 1
	}
}

func TestMeasure(t *testing.T) {
	m, err := Measure(turns(), known{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 5 || m.Labels != 2 {
		t.Errorf("%d rows, %d labels", m.Rows, m.Labels)
	}
	// Words find one label perfectly but for an intruder, the other not at all.
	if m.Words.MAP <= 0.4 || m.Words.MAP > 0.5 {
		t.Errorf("words: MAP %.3f", m.Words.MAP)
	}
	if m.Encoder.MAP != (0.5+1)/2 {
		t.Errorf("encoder: MAP %.3f", m.Encoder.MAP)
	}
	if m.Fused.MAP <= max(m.Words.MAP, m.Encoder.MAP) {
		t.Errorf("both: MAP %.3f, not more than each alone", m.Fused.MAP)
	}
	if m.Fused.P10 != 0.2 {
		t.Errorf("both: P@10 %.3f, want 2 of 10", m.Fused.P10)
	}
}

func TestMeasureWithoutEncoder(t *testing.T) {
	m, err := Measure(turns(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Fused != m.Words || m.Encoder != (Ranking{}) {
		t.Errorf("%+v", m)
	}
	if _, err := Measure([]rows.Row{{Text: "x", OOS: true}}, nil); err == nil {
		t.Error("rows without labels were measured")
	}
}

func TestBM25PrefersRareWordsAndShortTexts(t *testing.T) {
	x := newBM25([]string{
		"card card card", "the card and the pin and the account and more", "a pin", "the card", "nothing here",
	})
	if got := x.search("cards pins"); len(got) != 4 || got[0] != 2 {
		t.Errorf("%v: the short text with the rarer word is not first", got)
	}
	if got := x.search("zebra"); got != nil {
		t.Errorf("%v for a word that is nowhere", got)
	}
}
