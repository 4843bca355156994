package jsonmedia

import (
	"encoding/binary"
	"math"
	"testing"

	"heed/insights"
)

// speechLike is a loud, smooth sound of some milliseconds at 8 kHz.
func speechLike(ms int) (pcm []int16) {
	for i := range 8 * ms {
		pcm = append(pcm, int16(9000*math.Sin(2*math.Pi*220*float64(i)/8000)))
	}
	return pcm
}

func TestLinearSamplesAreReadInEitherByteOrder(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		both, ok := order.(interface {
			binary.ByteOrder
			binary.AppendByteOrder
		})
		if !ok {
			t.Fatal("no byte order")
		}
		decode := Format{Encoding: "L16", Rate: 8000}.decoder()
		decode(nil, make([]byte, 320)) // silence tells nothing
		raw := []byte{}
		pcm := speechLike(40)
		for _, v := range pcm {
			raw = both.AppendUint16(raw, uint16(v)) //nolint:gosec // the same bits
		}
		got := decode(nil, raw)
		quiet := decode(nil, both.AppendUint16(nil, 3))
		if len(got) != len(pcm) || got[11] != pcm[11] || quiet[0] != 3 {
			t.Errorf("%s: %v, want %v; then %v", name, got[:12], pcm[:12], quiet)
		}
	}
}

func TestFormatsThatCanBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    Format
		want bool
	}{
		{Format{}, true},
		{Format{Encoding: "PCMU", Rate: 8000, Channels: 1}, true},
		{Format{Encoding: "audio/x-mulaw;rate=8000"}, true},
		{Format{Encoding: "PCMA"}, true},
		{Format{Encoding: "audio/x-l16", Rate: 16000}, true},
		{Format{Encoding: "audio/x-raw", Rate: 8000}, true},
		{Format{Encoding: "audio/x-mulaw", Rate: 16000}, false},
		{Format{Encoding: "audio/x-mulaw", Channels: 2}, false},
		{Format{Encoding: "OPUS", Rate: 16000}, false},
		{Format{Encoding: "L16", Rate: 44100}, false},
	} {
		if got := c.f.decoder() != nil; got != c.want {
			t.Errorf("%+v: can be read %v", c.f, got)
		}
	}
}

func TestWhoSpeaks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tracks []string
		params map[string]string
		want   [Sides]insights.Speaker
	}{
		{nil, nil, [Sides]insights.Speaker{insights.Customer, insights.Agent}},
		{nil, map[string]string{"direction": "outbound"}, [Sides]insights.Speaker{insights.Agent, insights.Customer}},
		{[]string{"inbound_track"}, nil, [Sides]insights.Speaker{insights.Customer, ""}},
		{[]string{"outbound", "outbound"}, map[string]string{"customer": "outbound"}, [Sides]insights.Speaker{"", insights.Customer}},
	} {
		var o Opening
		if err := o.Speak(c.tracks, o.Describe(c.params)); err != nil || o.parties != c.want {
			t.Errorf("%v %v: %v, %v", c.tracks, c.params, o.parties, err)
		}
	}
	var o Opening
	if err := o.Speak([]string{"video"}, Inbound); err == nil {
		t.Error("no track is known, and none is refused")
	}
}
