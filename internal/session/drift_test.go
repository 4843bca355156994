package session

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// bareIntake places frames and keeps none.
func bareIntake() (*intake, time.Time) {
	zero := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	in := newIntake(zero, time.Now, nil, [parties]*sieve{})
	in.refused = true
	return in, zero
}

// twoStreams plays two parties, each by a stream of its own, for as long as
// said, and gives the worst that their tracks were apart. Each is sent when its
// clock says so: ppm of a clock that is slow by as many millionths are
// positive. Jitter gives how late each frame comes.
func twoStreams(t interface{ Fatal(...any) }, length time.Duration, ppm [parties]float64, one bool, jitter func(p party, i int) time.Duration) (worst time.Duration, in *intake) {
	in, zero := bareIntake()
	streams := [parties]*stream{}
	for p := range parties {
		who := []insights.Speaker{p.speaker()}
		if one {
			who = []insights.Speaker{agent.speaker(), customer.speaker()}
		}
		st, ok := in.join(ingest.Start{Platform: "x", Call: "c", Stream: "s", Parties: who, At: zero})
		if !ok {
			t.Fatal("no stream")
		}
		if streams[p] = st; one {
			streams[customer], streams[agent] = st, st
			break
		}
	}
	const frame = 20 * time.Millisecond
	loud := make([]int16, 160)
	loud[0] = 9000
	for i := range int(length / frame) {
		at := time.Duration(i) * frame
		for p := range parties {
			wall := time.Duration(float64(at+frame)*(1+ppm[p]/1e6)) + jitter(p, i)
			pcm := loud
			if i%50 < 10 { // people breathe
				pcm = make([]int16, 160)
			}
			streams[p].Audio(p.speaker(), transcribe.Frame{PCM: pcm, Rate: 8000, At: at, Wall: zero.Add(wall)})
		}
		if at < 30*time.Second {
			continue // nothing can be known yet
		}
		// What is sent at one moment of ours must lie at one place.
		real := [parties]time.Duration{}
		for p := range parties {
			real[p] = in.tracks[p].end - time.Duration(float64(at+frame)*(1+ppm[p]/1e6))
		}
		worst = max(worst, (real[agent] - real[customer]).Abs())
	}
	return worst, in
}

func steady(party, int) time.Duration { return 30 * time.Millisecond }

func TestClocksThatDriftApart(t *testing.T) {
	for name, ppm := range map[string][parties]float64{
		"one is slow":     {agent: 300},
		"one is fast":     {customer: -300},
		"the other is":    {customer: 300},
		"both, otherwise": {agent: 150, customer: -150},
	} {
		worst, in := twoStreams(t, 30*time.Minute, ppm, false, steady)
		if worst > 300*time.Millisecond {
			t.Errorf("%s: turns were up to %s apart", name, worst)
		}
		want := (ppm[agent] - ppm[customer]) / 1e6 * 1800
		if got := float64(in.health.Drift); math.Abs(got-want) > .06 {
			t.Errorf("%s: a drift of %.3f s is told, it was %.3f", name, got, want)
		}
		if in.health.Gaps != 0 || in.health.Late != 0 {
			t.Errorf("%s: %+v", name, in.health)
		}
	}
}

// TestHowFarApartTwoStreamsBegan: what the way of one takes longer is told, and
// is no drift.
func TestHowFarApartTwoStreamsBegan(t *testing.T) {
	_, in := twoStreams(t, 3*time.Minute, [parties]float64{}, false, func(p party, _ int) time.Duration {
		return 30*time.Millisecond + time.Duration(p-min(agent, customer))*80*time.Millisecond
	})
	want := 80 * time.Millisecond
	if customer > agent {
		want = -want
	}
	if got := in.health.ClockOffset.Duration(); got != want || in.health.Drift != 0 {
		t.Errorf("an offset of %s is told, it was %s; %+v", got, want, in.health)
	}
}

func TestDriftIsOnlyMadeGoodBetweenStreams(t *testing.T) {
	worst, in := twoStreams(t, 10*time.Minute, [parties]float64{agent: 300, customer: 300}, true, steady)
	if worst > 5*time.Millisecond || in.tracks[agent].drift.shift != 0 || in.health.Drift != 0 {
		t.Errorf("one stream was moved: %s, %+v", worst, in.tracks[agent].drift)
	}
}

func TestWhatIsPlayedFasterThanTimeIsLeftAlone(t *testing.T) {
	_, in := twoStreams(t, 10*time.Minute, [parties]float64{agent: -900_000, customer: -800_000}, false, steady)
	for p := range parties {
		if d := in.tracks[p].drift; d.shift != 0 || d.target != 0 {
			t.Errorf("%+v", d)
		}
	}
}

// TestDriftUnderJitter: whatever a network does to single frames, tracks stay
// together and nothing is lost of them.
func TestDriftUnderJitter(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // to be repeatable
		ppm := [parties]float64{agent: 600*random.Float64() - 300, customer: 600*random.Float64() - 300}
		jitter := func(party, int) time.Duration { return time.Duration(random.IntN(80)) * time.Millisecond }
		worst, in := twoStreams(t, 10*time.Minute, ppm, false, jitter)
		if worst > 300*time.Millisecond || in.health.Late != 0 || in.health.Gaps != 0 {
			t.Errorf("seed %d, %v: %s apart, %+v", seed, ppm, worst, in.health)
		}
	}
}
