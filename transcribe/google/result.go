package google

import (
	"strings"
	"time"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/protobuf/types/known/durationpb"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// longest bounds the times that we believe; no stream lives as long.
const longest = time.Hour

// results reads one answer. It holds at most one final, and then the interim
// results of consecutive stretches that are not settled yet (a stable
// beginning and a guess at the rest), which together are one partial.
func results(answer *speechpb.StreamingRecognizeResponse) []remote.Result {
	var out []remote.Result
	var open []string
	var end time.Duration
	for _, r := range answer.GetResults() {
		if r.GetIsFinal() {
			out = append(out, settled(r))
			continue
		}
		if best := first(r); best.GetTranscript() != "" {
			open = append(open, best.GetTranscript())
			end = max(end, offset(r.GetResultEndOffset()))
		}
	}
	if len(open) > 0 {
		out = append(out, remote.Result{Text: strings.Join(open, " "), End: end})
	}
	return out
}

// first is the likeliest alternative; nil when there is none, as in finals
// about noise.
func first(r *speechpb.StreamingRecognitionResult) *speechpb.SpeechRecognitionAlternative {
	if all := r.GetAlternatives(); len(all) > 0 {
		return all[0]
	}
	return nil
}

// settled reads a final.
func settled(r *speechpb.StreamingRecognitionResult) remote.Result {
	best := first(r)
	out := remote.Result{
		Final: true, Text: best.GetTranscript(),
		End: offset(r.GetResultEndOffset()), Confidence: share(best.GetConfidence()),
	}
	for _, w := range best.GetWords() {
		if w.GetEndOffset() == nil {
			// Without times the words are no more than the text.
			out.Words = nil
			return out
		}
		start := offset(w.GetStartOffset()) // zero is left out on the wire
		out.Words = append(out.Words, transcribe.Word{
			Text: w.GetWord(), Start: start, End: max(start, offset(w.GetEndOffset())),
			Confidence: share(w.GetConfidence()),
		})
	}
	if len(out.Words) > 0 {
		out.Start = out.Words[0].Start
	}
	return out
}

// offset is a time within the stream.
func offset(d *durationpb.Duration) time.Duration {
	return min(max(0, d.AsDuration()), longest)
}

// share is a confidence within 0..1; what is none becomes 0, "unknown".
func share(c float32) float64 {
	if !(c > 0) {
		return 0
	}
	return min(float64(c), 1)
}
