package correct

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"heed/insights"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/transcribe/audio"
)

// margin is how much is cut out before and after the words, where nobody of
// the same party speaks there: engines cut a word's first sound off otherwise.
const margin insights.Seconds = 0.25

// ErrNotEmpty is a folder that holds something already.
var ErrNotEmpty = errors.New("the folder is not empty: an evaluation set needs one of its own")

// Source is the server that the calls are on.
type Source interface {
	// Corrections gives a page; next is empty on the last one.
	Corrections(ctx context.Context, after string) (page []event.Correction, next string, err error)
	Call(ctx context.Context, id string) (*desk.Record, error)
	// Recording gives the WAV file of a call; the caller closes it.
	Recording(ctx context.Context, callID string) (io.ReadCloser, error)
}

// All reads every correction, newest first.
func All(ctx context.Context, src Source) ([]event.Correction, error) {
	var all []event.Correction
	for after := ""; ; {
		page, next, err := src.Corrections(ctx, after)
		if err != nil {
			return nil, fmt.Errorf("corrections: %w", err)
		}
		all = append(all, page...)
		if after = next; next == "" {
			return all, nil
		}
	}
}

// Summary says what an export holds, and what it left out and why.
type Summary struct {
	Clips   int
	Seconds float64
	LeftOut map[string]int // by reason, in words
}

// row is a line of the manifest as internal/eval reads it, with what else is
// known.
type row struct {
	File  string `json:"file"`
	Text  string `json:"text"`
	Kind  string `json:"kind"`
	Heard string `json:"heard"`
	Call  string `json:"call"`
}

// Export writes an evaluation set into a folder, which it makes: a clip of one
// party for each correction and manifest.jsonl. A correction is left out when
// its recording was not kept whole, when anything of it was removed, or when
// it holds figures, of which nobody knows how they were said. The folder holds
// what callers said; it is its owner's alone.
func Export(ctx context.Context, src Source, dir string) (Summary, error) {
	e := &exporter{src: src, dir: dir, sum: Summary{LeftOut: map[string]int{}}}
	if err := e.prepare(); err != nil {
		return e.sum, fmt.Errorf("export to %s: %w", dir, err)
	}
	all, err := All(ctx, src)
	if err != nil {
		return e.sum, err
	}
	// A call's recording is fetched once; the oldest call comes first.
	slices.SortStableFunc(all, func(a, b event.Correction) int {
		return cmp.Or(cmp.Compare(a.CallID, b.CallID), cmp.Compare(a.Start, b.Start))
	})
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(c event.Correction) bool { return c.CallID != all[0].CallID })
		if n < 0 {
			n = len(all)
		}
		if err := e.call(ctx, all[:n]); err != nil {
			return e.sum, fmt.Errorf("export call %s: %w", all[0].CallID, err)
		}
		all = all[n:]
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.jsonl"), e.manifest, 0o600); err != nil {
		return e.sum, fmt.Errorf("export: %w", err)
	}
	return e.sum, nil
}

type exporter struct {
	src      Source
	dir      string
	sum      Summary
	manifest []byte
}

func (e *exporter) prepare() error {
	there, err := os.ReadDir(e.dir)
	if err == nil && len(there) > 0 {
		return ErrNotEmpty
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.MkdirAll(e.dir, 0o700)
}

// call exports the corrections of one call.
func (e *exporter) call(ctx context.Context, corrections []event.Correction) error {
	var wanted []event.Correction
	for _, c := range corrections {
		if why := useless(c); why != "" {
			e.sum.LeftOut[why]++
			continue
		}
		wanted = append(wanted, c)
	}
	if len(wanted) == 0 {
		return nil
	}
	r, err := e.src.Call(ctx, wanted[0].CallID)
	if err != nil {
		return err
	}
	if r.Recording.State != "kept" || r.EndedAt == nil {
		e.sum.LeftOut["the recording was not kept whole"] += len(wanted)
		return nil
	}
	file, err := e.src.Recording(ctx, r.ID)
	if err != nil {
		return err
	}
	wav, err := audio.ReadWAV(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("its recording: %w", err)
	}
	if len(wav.Channels) != 2 {
		return fmt.Errorf("its recording has %d channels, want 2", len(wav.Channels))
	}
	for _, c := range wanted {
		if err := e.one(c, r, wav); err != nil {
			return err
		}
	}
	return nil
}

// useless says why a correction's text cannot be measured against.
func useless(c event.Correction) string {
	switch {
	case removed.MatchString(c.Plain) || removed.MatchString(c.Heard):
		return "something was removed from the words"
	case hasFigures(c.Plain):
		return "figures can be said in several ways"
	}
	return ""
}

func (e *exporter) one(c event.Correction, r *desk.Record, wav audio.WAV) error {
	from, to := around(c, r.Utterances)
	pcm := wav.Channels[0]
	if c.Speaker == insights.Customer {
		pcm = wav.Channels[1]
	}
	if silenced(c, r, pcm, wav.Rate) {
		e.sum.LeftOut["a stretch of the recording is silenced"]++
		return nil
	}
	clip := stretch(pcm, wav.Rate, from, to)
	if len(clip) == 0 {
		e.sum.LeftOut["the recording ends before it"]++
		return nil
	}
	line, err := json.Marshal(row{
		File: string(c.Speaker) + "/" + c.UtteranceID + ".wav", Text: c.Plain, Kind: "utt", Heard: c.Heard, Call: c.CallID,
	})
	if err != nil {
		return err
	}
	if err := e.writeClip(string(c.Speaker), c.UtteranceID, clip, wav.Rate); err != nil {
		return err
	}
	e.manifest = append(append(e.manifest, line...), '\n')
	e.sum.Clips++
	e.sum.Seconds += float64(len(clip)) / float64(wav.Rate)
	return nil
}

// around is the time of a correction's words with the margin, as far as the
// same party says nothing else there.
func around(c event.Correction, said []insights.Utterance) (from, to insights.Seconds) {
	from, to = max(0, c.Start-margin), c.End+margin
	for _, u := range said {
		if u.ID == c.UtteranceID || u.Speaker != c.Speaker {
			continue
		}
		if u.End <= c.Start {
			from = max(from, u.End)
		}
		if u.Start >= c.End {
			to = min(to, u.Start)
		}
	}
	return from, to
}

// silenced says that what was said is not in the recording any more: a removal
// touches it, or a word that was heard is digital silence there.
func silenced(c event.Correction, r *desk.Record, pcm []int16, rate int) bool {
	for _, in := range r.Insights {
		if in.Kind == insights.Redacted && in.Speaker == c.Speaker && in.Start < c.End && in.End > c.Start {
			return true
		}
	}
	i := slices.IndexFunc(r.Utterances, func(u insights.Utterance) bool { return u.ID == c.UtteranceID })
	if i < 0 {
		return false
	}
	return slices.ContainsFunc(r.Utterances[i].Words, func(w insights.Word) bool {
		samples := stretch(pcm, rate, w.Start, w.End)
		return len(samples) > 0 && !slices.ContainsFunc(samples, func(s int16) bool { return s != 0 })
	})
}

func stretch(pcm []int16, rate int, from, to insights.Seconds) []int16 {
	at := func(s insights.Seconds) int { return min(max(0, int(float64(s)*float64(rate))), len(pcm)) }
	return pcm[at(from):max(at(from), at(to))]
}

func (e *exporter) writeClip(party, id string, pcm []int16, rate int) (err error) {
	if err := os.MkdirAll(filepath.Join(e.dir, party), 0o700); err != nil {
		return err
	}
	// The id is the server's word: it names a file here and no path.
	path := filepath.Join(e.dir, party, filepath.Base(id)+".wav")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w, err := audio.NewWAVWriter(f, audio.WAVFormat{Rate: rate, Channels: 1, Encoding: audio.PCM16})
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(w.Write(pcm), w.Close(), f.Close())
}
