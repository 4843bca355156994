package sherpa

import (
	"heed/transcribe/audio"
)

// front is what stands before the model: the model's rate, a steady level,
// and a trace of noise.
type front struct {
	resampler *audio.Resampler
	leveler   *audio.Leveler
	noise     *audio.Noise
	pcm       []int16
	samples   []float32
}

func newFront(t Tuning) front {
	return front{
		leveler: audio.NewLeveler(modelRate, audio.LevelOptions{Target: t.Level}),
		noise:   audio.NewNoise(t.Seed, t.Noise),
	}
}

// begin starts a new stream of the given rate. Level and noise go on.
func (f *front) begin(rate int) (err error) {
	f.resampler, err = audio.NewResampler(rate, modelRate)
	return err
}

// resample gives the audio at the model's rate, valid until the next call,
// and the rest of it at the end of a stream.
func (f *front) resample(pcm []int16) []int16 {
	f.pcm = f.resampler.Process(f.pcm[:0], pcm)
	return f.pcm
}

func (f *front) rest() []int16 {
	f.pcm = f.resampler.Flush(f.pcm[:0])
	return f.pcm
}

// ready makes audio of the model's rate into what the model hears, valid
// until the next call. The audio is changed.
func (f *front) ready(pcm []int16) []float32 {
	f.leveler.Process(pcm)
	return f.noisy(pcm)
}

// quiet gives n samples of noise only.
func (f *front) quiet(n int) []float32 {
	f.pcm = append(f.pcm[:0], make([]int16, n)...)
	return f.noisy(f.pcm)
}

func (f *front) noisy(pcm []int16) []float32 {
	f.noise.Add(pcm)
	f.samples = audio.ToFloat(f.samples[:0], pcm)
	return f.samples
}
