package amazon

import (
	"encoding/json"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// longest bounds the times that we believe; no stream lives as long.
const longest = 24 * time.Hour

// event is a TranscriptEvent's payload, as far as we use it.
type event struct {
	Transcript struct {
		Results []result
	}
}

// result is one stretch of speech. Partials and the final of a stretch have
// the same ResultId. Times are in seconds.
type result struct {
	ResultID     string `json:"ResultId"`
	IsPartial    bool
	StartTime    float64
	EndTime      float64
	Alternatives []alternative
}

// alternative is one reading of a stretch.
type alternative struct {
	Transcript string
	Items      []item
}

// item is a word or a punctuation mark.
type item struct {
	Content    string
	Type       string // "pronunciation" or "punctuation"
	StartTime  float64
	EndTime    float64
	Confidence float64 // null in partials
}

// transcript reads a TranscriptEvent.
func transcript(payload []byte) ([]remote.Result, error) {
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, garbage(errNoEvent)
	}
	var out []remote.Result
	for _, r := range e.Transcript.Results {
		out = append(out, r.read())
	}
	return out, nil
}

// read gives the likeliest alternative.
func (r result) read() remote.Result {
	out := remote.Result{Key: r.ResultID, Final: !r.IsPartial, Start: seconds(r.StartTime), End: seconds(r.EndTime)}
	if len(r.Alternatives) == 0 {
		return out
	}
	best := r.Alternatives[0]
	out.Text = best.Transcript
	for _, i := range best.Items {
		if i.Type == "punctuation" || i.Content == "" {
			continue
		}
		start := seconds(i.StartTime)
		out.Words = append(out.Words, transcribe.Word{
			Text: i.Content, Start: start, End: max(start, seconds(i.EndTime)), Confidence: min(max(0, i.Confidence), 1),
		})
	}
	return out
}

// seconds converts the service's times. JSON has no NaN.
func seconds(s float64) time.Duration {
	return time.Duration(min(max(0, s), longest.Seconds()) * float64(time.Second))
}
