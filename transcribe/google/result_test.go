package google

import (
	"math"
	"testing"
	"time"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// parse reads an answer's text form.
func parse(t testing.TB, text string) *speechpb.StreamingRecognizeResponse {
	t.Helper()
	r := &speechpb.StreamingRecognizeResponse{}
	if err := prototext.Unmarshal([]byte(text), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResults(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         []remote.Result
	}{
		{"nothing", ``, nil},
		{"only an event", `speech_event_type: SPEECH_ACTIVITY_BEGIN`, nil},
		{
			"a stable beginning and a guess",
			`results { alternatives { transcript: "I want" } stability: 0.9 result_end_offset { seconds: 2 } }
			 results { alternatives { transcript: " to cancel" } stability: 0.01 result_end_offset { seconds: 3 } }`,
			[]remote.Result{{Text: "I want  to cancel", End: 3 * time.Second}},
		},
		{
			"a final and the next beginning",
			`results { is_final: true result_end_offset { seconds: 2 } alternatives {
				transcript: "Hello there." confidence: 0.75
				words { word: "Hello" end_offset { nanos: 500000000 } confidence: 0.5 }
				words { word: "there." start_offset { seconds: 1 } end_offset { seconds: 2 } } } }
			 results { alternatives { transcript: "how" } }`,
			[]remote.Result{
				{Final: true, Text: "Hello there.", End: 2 * time.Second, Confidence: 0.75, Words: []transcribe.Word{
					{Text: "Hello", End: 500 * time.Millisecond, Confidence: 0.5},
					{Text: "there.", Start: time.Second, End: 2 * time.Second},
				}},
				{Text: "how"},
			},
		},
		{
			"a final about noise",
			`results { is_final: true result_end_offset { seconds: 9 } }`,
			[]remote.Result{{Final: true, End: 9 * time.Second}},
		},
		{
			"words without times",
			`results { is_final: true alternatives { transcript: "a b" words { word: "a" } words { word: "b" } } }`,
			[]remote.Result{{Final: true, Text: "a b"}},
		},
		{
			"times that cannot be",
			`results { is_final: true result_end_offset { seconds: -5 } alternatives { transcript: "a" confidence: 7
				words { word: "a" start_offset { seconds: 9 } end_offset { seconds: 3 } confidence: -1 } } }`,
			[]remote.Result{{Final: true, Text: "a", Start: 9 * time.Second, Confidence: 1, Words: []transcribe.Word{
				{Text: "a", Start: 9 * time.Second, End: 9 * time.Second},
			}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, results(parse(t, c.answer))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzResults reads any message that the client's decoder lets through.
func FuzzResults(f *testing.F) {
	for _, text := range []string{
		`results { is_final: true alternatives { transcript: "a" words { word: "a" end_offset { seconds: 1 } } } }`,
		`results { alternatives { transcript: "b" confidence: nan } stability: 1 }`,
		`results { is_final: true result_end_offset { seconds: 9223372036854775807 nanos: -1 } }`,
	} {
		b, err := proto.Marshal(parse(f, text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		answer := &speechpb.StreamingRecognizeResponse{}
		if proto.Unmarshal(b, answer) != nil {
			return
		}
		out := results(answer)
		if len(out) > len(answer.GetResults()) {
			t.Fatalf("%d results of %d", len(out), len(answer.GetResults()))
		}
		for _, r := range out {
			sane(t, r)
		}
	})
}

// sane holds what the runner may rely on.
func sane(t *testing.T, r remote.Result) {
	t.Helper()
	if r.Start < 0 || r.End < 0 || r.Start > longest || r.End > longest {
		t.Fatalf("times %v to %v", r.Start, r.End)
	}
	if !r.Final && (r.Text == "" || len(r.Words) > 0) {
		t.Fatalf("partial %+v", r)
	}
	confidences := []float64{r.Confidence}
	for _, w := range r.Words {
		if w.Start < 0 || w.End < w.Start || w.End > longest {
			t.Fatalf("word %+v", w)
		}
		confidences = append(confidences, w.Confidence)
	}
	for _, c := range confidences {
		if math.IsNaN(c) || c < 0 || c > 1 {
			t.Fatalf("confidence %v", c)
		}
	}
}
