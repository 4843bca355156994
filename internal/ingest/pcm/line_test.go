package pcm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/transcribe"
)

// tape writes down what leaves a line and checks that frames never overlap.
type tape struct {
	frames []string
	pcm    map[insights.Speaker][]int16
	ends   map[insights.Speaker]time.Duration
	broken string
}

func (r *tape) take(who insights.Speaker, f transcribe.Frame) {
	if r.pcm == nil {
		r.pcm, r.ends = map[insights.Speaker][]int16{}, map[insights.Speaker]time.Duration{}
	}
	if f.At < r.ends[who] || f.Wall.IsZero() || len(f.PCM) == 0 {
		r.broken = fmt.Sprintf("%s at %v after %v, %d samples", who, f.At, r.ends[who], len(f.PCM))
	}
	r.ends[who] = f.End()
	r.pcm[who] = append(r.pcm[who], f.PCM...)
	r.frames = append(r.frames, fmt.Sprintf("%d+%d", f.At.Milliseconds(), f.Duration().Milliseconds()))
}

func mono(rate int) Format {
	return Format{Encoding: L16, Rate: rate, Channels: []insights.Speaker{insights.Customer}}
}

func newLine(t interface{ Fatal(...any) }, f Format, began time.Time, r *tape) *Line {
	l, err := New(f, began, r.take)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// came is a message: so many milliseconds of audio at so many milliseconds
// after the start.
type came struct{ at, ms int }

// steadily is audio that comes as it is spoken, 20 ms a message.
func steadily(from, to int) (out []came) {
	for at := from; at < to; at += 20 {
		out = append(out, came{at + 20, 20})
	}
	return out
}

func TestLine(t *testing.T) {
	t.Parallel()
	const second = 1000
	for _, c := range []struct {
		name    string
		in      []came
		gaps    int
		length  int // milliseconds
		changed func(l *Line)
	}{
		{name: "as it is spoken", in: steadily(0, 3*second), length: 3000},
		{name: "the sender was quiet for 5 s", in: append(steadily(0, second), steadily(6*second, 8*second)...), gaps: 1, length: 8000},
		{name: "quiet, and over before that is sure", in: append(steadily(0, second), steadily(6*second, 6*second+100)...), gaps: 1, length: 6100},
		{name: "quiet from the start", in: steadily(4*second, 5*second), gaps: 1, length: 5000},
		{name: "a pause within the allowance is let pass", in: append(steadily(0, second), steadily(1900, 3*second)...), length: 2100},
		{
			name: "short pauses add up", in: append(append(steadily(0, second), steadily(1700, 2*second)...), steadily(2700, 4*second)...),
			gaps: 1, length: 4000,
		},
		{name: "held up for 5 s, then all at once", in: append(steadily(0, second), append([]came{{6 * second, 5 * second}}, steadily(6*second, 7*second)...)...), length: 7000},
		{
			name:   "held up for 3 s, then in a burst of 20 ms each",
			in:     append(append(steadily(0, second), repeat(came{4 * second, 20}, 150)...), steadily(4*second, 5*second)...),
			length: 5000,
		},
		{
			name:   "held up for 6 s, then at three times the speed",
			in:     append(append(steadily(0, second), thrice(7*second, 450)...), steadily(10*second, 11*second)...),
			length: 11000,
		},
		{
			name: "quiet for 2 s and held up for 2 s more",
			in:   append(append(steadily(0, second), repeat(came{5 * second, 20}, 100)...), steadily(5*second, 6*second)...),
			gaps: 1, length: 6000,
		},
		{name: "faster than it is spoken", in: repeat(came{100, 20}, 500), length: 10000},
		{name: "ahead first, then quiet", in: append(repeat(came{20, 20}, 100), steadily(6*second, 7*second)...), gaps: 1, length: 8980},
		{name: "nothing in the messages", in: []came{{20, 0}, {9000, 0}}, length: 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var r tape
			l := newLine(t, mono(8000), began, &r)
			for _, m := range c.in {
				l.Push(make([]byte, 16*m.ms), began.Add(time.Duration(m.at)*time.Millisecond))
			}
			l.Flush()
			if got := int(r.ends[insights.Customer].Milliseconds()); got != c.length {
				t.Errorf("it is %d ms long, want %d", got, c.length)
			}
			if got := r.gaps(); got != c.gaps {
				t.Errorf("%d gaps, want %d: %s", got, c.gaps, strings.Join(r.frames, " "))
			}
			sent := 0
			for _, m := range c.in {
				sent += 8 * m.ms
			}
			if len(r.pcm[insights.Customer]) != sent || r.broken != "" {
				t.Errorf("%d samples of %d; %s", len(r.pcm[insights.Customer]), sent, r.broken)
			}
		})
	}
}

// thrice is audio that comes three times as fast as it was spoken.
func thrice(from, messages int) (out []came) {
	for i := range messages {
		out = append(out, came{from + (i+1)*20/3, 20})
	}
	return out
}

func repeat(m came, n int) (out []came) {
	for range n {
		out = append(out, m)
	}
	return out
}

func (r *tape) gaps() (n int) {
	end := 0
	for _, f := range r.frames {
		var at, ms int
		_, _ = fmt.Sscanf(f, "%d+%d", &at, &ms)
		if at > end {
			n++
		}
		end = at + ms
	}
	return n
}

func TestWhoIsOnWhichChannel(t *testing.T) {
	t.Parallel()
	began := time.Now()
	var r tape
	l := newLine(t, Format{Encoding: L16, Rate: 8000, Channels: []insights.Speaker{insights.Agent, insights.Customer}}, began, &r)
	// Messages end in the middle of a sample, and between the channels.
	var all []byte
	for i := range 160 {
		all = binary.LittleEndian.AppendUint16(all, uint16(i))
		all = binary.LittleEndian.AppendUint16(all, uint16(-i))
	}
	for from, n := 0, 1; from < len(all); from, n = from+n, n%7+1 {
		l.Push(all[from:min(from+n, len(all))], began.Add(20*time.Millisecond))
	}
	l.Flush()
	for i := range 160 {
		if a, c := r.pcm[insights.Agent][i], r.pcm[insights.Customer][i]; int(a) != i || int(c) != -i {
			t.Fatalf("sample %d: agent %d, customer %d", i, a, c)
		}
	}
	if r.broken != "" || len(r.pcm[insights.Agent]) != 160 {
		t.Errorf("%d samples; %s", len(r.pcm[insights.Agent]), r.broken)
	}
}

func TestEncodingsAndRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		encoding Encoding
		rate     int
		out      int // Hz
		bytes    int // of a second
	}{
		{Mulaw, 8000, 8000, 8000},
		{Alaw, 8000, 8000, 8000},
		{L16, 8000, 8000, 16000},
		{L16, 12000, 16000, 24000},
		{L16, 16000, 16000, 32000},
		{L16, 24000, 16000, 48000},
		{L16, 44100, 16000, 88200},
		{L16, 48000, 48000, 96000},
		{L16, 64000, 16000, 128000},
	} {
		t.Run(fmt.Sprintf("%s %d", c.encoding, c.rate), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var r tape
			var rates []int
			l, err := New(Format{c.encoding, c.rate, []insights.Speaker{insights.Customer}}, began, func(who insights.Speaker, f transcribe.Frame) {
				rates = append(rates, f.Rate)
				r.take(who, f)
			})
			if err != nil {
				t.Fatal(err)
			}
			second := make([]byte, c.bytes)
			if c.encoding != L16 {
				for i := range second {
					second[i] = 0xD5
				}
			} else {
				for i := 0; i < len(second); i += 2 {
					v := 8000 * math.Sin(2*math.Pi*400*float64(i/2)/float64(c.rate))
					binary.LittleEndian.PutUint16(second[i:], uint16(int16(v)))
				}
			}
			for i := range 50 {
				l.Push(second[i*c.bytes/50:(i+1)*c.bytes/50], began.Add(time.Duration(i+1)*20*time.Millisecond))
			}
			l.Push(second, began.Add(5*time.Second)) // after a silence of 3 s
			l.Flush()
			if rates[0] != c.out || len(r.pcm[insights.Customer]) != 2*c.out || r.ends[insights.Customer] != 5*time.Second || r.broken != "" {
				t.Errorf("%d samples at %d Hz up to %v; %s", len(r.pcm[insights.Customer]), rates[0], r.ends[insights.Customer], r.broken)
			}
			if c.encoding != L16 {
				return
			}
			zero := 0
			for i, v := range r.pcm[insights.Customer][1:c.out] {
				if v >= 0 && r.pcm[insights.Customer][i] < 0 {
					zero++
				}
			}
			if zero < 398 || zero > 401 {
				t.Errorf("a tone of 400 Hz has become one of %d", zero)
			}
		})
	}
}

func TestFormatsThatAreRefused(t *testing.T) {
	t.Parallel()
	one := []insights.Speaker{insights.Customer}
	for _, c := range []struct {
		f    Format
		want error
	}{
		{Format{"opus", 8000, one}, ErrEncoding},
		{Format{"", 8000, one}, ErrEncoding},
		{Format{L16, 0, one}, ErrRate},
		{Format{L16, -8000, one}, ErrRate},
		{Format{L16, 1 << 40, one}, ErrRate},
		{Format{L16, 8000, nil}, ErrChannels},
		{Format{L16, 8000, []insights.Speaker{"a", "b", "c"}}, ErrChannels},
		{Format{L16, 8000, []insights.Speaker{insights.Agent, insights.Agent}}, ErrChannels},
	} {
		if _, err := New(c.f, time.Now(), nil); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.f, err, c.want)
		}
	}
}

func TestPositionFollowsTheWallInASilence(t *testing.T) {
	t.Parallel()
	began := time.Now()
	var r tape
	l := newLine(t, mono(8000), began, &r)
	l.Push(make([]byte, 16*20), began.Add(20*time.Millisecond))
	for after, want := range map[time.Duration]time.Duration{
		20 * time.Millisecond: 20 * time.Millisecond, 500 * time.Millisecond: 20 * time.Millisecond,
		3 * time.Second: 3 * time.Second, 24 * time.Hour: MaxGap + 20*time.Millisecond,
	} {
		if got := l.Position(began.Add(after)); got != want {
			t.Errorf("after %v it is at %v, want %v", after, got, want)
		}
	}
}

// Whatever comes and whenever, no sample is lost, none overlaps another, and
// the line never runs ahead of both clocks.
func TestLineProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]int{8000, 16000, 48000}).Draw(t, "rate")
		began := time.Now()
		now := began
		var r tape
		l := newLine(t, mono(rate), began, &r)
		sent := 0
		for range rapid.IntRange(1, 40).Draw(t, "messages") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{-50, 0, 1, 20, 40, 900, 1500, 20000}).Draw(t, "ms")) * time.Millisecond)
			n := rapid.SampledFrom([]int{0, 2, 320, 640, 8000, 16000}).Draw(t, "bytes")
			l.Push(make([]byte, n), now)
			sent += n / 2
		}
		l.Flush()
		if r.broken != "" || len(r.pcm[insights.Customer]) != sent {
			t.Fatalf("%d samples of %d; %s", len(r.pcm[insights.Customer]), sent, r.broken)
		}
		most := max(now.Sub(began), 0) + span(int64(sent), rate) + time.Second
		if end := r.ends[insights.Customer]; end > most {
			t.Fatalf("it ends at %v, after %v", end, most)
		}
	})
}

func FuzzLine(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{0, 20, 255}, uint8(2), uint16(8000))
	f.Fuzz(func(t *testing.T, data, times []byte, channels uint8, rate uint16) {
		who := []insights.Speaker{insights.Customer, insights.Agent}[:channels%2+1]
		began := time.Now()
		var r tape
		l, err := New(Format{L16, int(rate), who}, began, r.take)
		if err != nil {
			return
		}
		for i, at := range times {
			part := data[min(i*3, len(data)):min(i*3+7, len(data))]
			l.Push(part, began.Add(time.Duration(at)*50*time.Millisecond))
		}
		l.Flush()
		if r.broken != "" {
			t.Fatal(r.broken)
		}
	})
}

// BenchmarkLine is 20 ms of two parties: what a call costs fifty times a second.
func BenchmarkLine(b *testing.B) {
	for _, rate := range []int{8000, 24000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			began := time.Now()
			l, err := New(Format{L16, rate, []insights.Speaker{insights.Customer, insights.Agent}}, began, func(insights.Speaker, transcribe.Frame) {})
			if err != nil {
				b.Fatal(err)
			}
			data := make([]byte, 4*rate/50)
			b.ReportAllocs()
			for b.Loop() {
				began = began.Add(20 * time.Millisecond)
				l.Push(data, began)
			}
		})
	}
}
