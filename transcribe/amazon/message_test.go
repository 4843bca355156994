package amazon

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// The bytes of a message, written out by the document's tables: total length,
// length of headers, checksum, the three headers, audio, checksum.
func TestAudioEventBytes(t *testing.T) {
	got, err := audioEvent([]byte{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	headers := "0d" + hex.EncodeToString([]byte(":content-type")) + "070018" + hex.EncodeToString([]byte("application/octet-stream")) +
		"0b" + hex.EncodeToString([]byte(":event-type")) + "07000a" + hex.EncodeToString([]byte("AudioEvent")) +
		"0d" + hex.EncodeToString([]byte(":message-type")) + "070005" + hex.EncodeToString([]byte("event"))
	text := hex.EncodeToString(got)
	if want := "0000006a" + "00000058"; text[:16] != want {
		t.Errorf("prelude %s, want %s", text[:16], want)
	}
	if text[24:len(text)-8] != headers+"0102" {
		t.Errorf("message %s\nwant    %s", text[24:len(text)-8], headers+"0102")
	}
}

func TestParseEvents(t *testing.T) {
	for _, c := range []struct {
		name, payload string
		want          []remote.Result
	}{
		{"nothing", `{"Transcript":{"Results":[]}}`, nil},
		{
			"a partial", `{"Transcript":{"Results":[{"ResultId":"a","IsPartial":true,"StartTime":1.5,"EndTime":2.25,"Alternatives":[
			{"Transcript":"Hi","Items":[{"Content":"Hi","Type":"pronunciation","StartTime":1.5,"EndTime":2.25,"Confidence":null,"Stable":false}]}]}]}}`,
			[]remote.Result{{
				Key: "a", Text: "Hi", Start: 1500 * time.Millisecond, End: 2250 * time.Millisecond,
				Words: []transcribe.Word{{Text: "Hi", Start: 1500 * time.Millisecond, End: 2250 * time.Millisecond}},
			}},
		},
		{
			"a final with punctuation", `{"Transcript":{"Results":[{"ResultId":"a","IsPartial":false,"StartTime":1,"EndTime":2,"Alternatives":[
			{"Transcript":"Hi.","Items":[{"Content":"Hi","Type":"pronunciation","StartTime":1,"EndTime":2,"Confidence":0.5},
			{"Content":".","Type":"punctuation","StartTime":2,"EndTime":2,"Confidence":0}]}, {"Transcript":"Hay"}]}]}}`,
			[]remote.Result{{
				Key: "a", Final: true, Text: "Hi.", Start: time.Second, End: 2 * time.Second,
				Words: []transcribe.Word{{Text: "Hi", Start: time.Second, End: 2 * time.Second, Confidence: 0.5}},
			}},
		},
		{
			"no alternative", `{"Transcript":{"Results":[{"ResultId":"a","EndTime":3}]}}`,
			[]remote.Result{{Key: "a", Final: true, End: 3 * time.Second}},
		},
		{
			"times that cannot be", `{"Transcript":{"Results":[{"ResultId":"a","StartTime":-1,"EndTime":1e300,"Alternatives":[
			{"Transcript":"x","Items":[{"Content":"x","StartTime":9,"EndTime":3,"Confidence":7}]}]}]}}`,
			[]remote.Result{{
				Key: "a", Final: true, Text: "x", End: longest,
				Words: []transcribe.Word{{Text: "x", Start: 9 * time.Second, End: 9 * time.Second, Confidence: 1}},
			}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parse(encoded(t, []byte(c.payload), ":message-type", "event", ":event-type", "TranscriptEvent"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseTheRest(t *testing.T) {
	other, err := parse(encoded(t, nil, ":message-type", "event", ":event-type", "CategoryEvent"))
	if err != nil || other != nil {
		t.Errorf("an event of another kind gave %v, %v", other, err)
	}
	_, err = parse(encoded(t, nil, ":message-type", "error", ":error-code", "InternalFailure", ":error-message", "oops"))
	if err == nil || transcribe.VerdictOf(err) != transcribe.Retry {
		t.Errorf("an error message gave %v, want another try", err)
	}
	_, err = parse(encoded(t, []byte("no JSON"), ":message-type", "exception", ":exception-type", "LimitExceededException"))
	if _, ok := errors.AsType[*remote.RateLimited](err); !ok {
		t.Errorf("an exception without a body gave %v, want rate limited", err)
	}
	two := append(encoded(t, nil, ":message-type", "event"), 0)
	for name, b := range map[string][]byte{
		"a message and more": two, "no type": encoded(t, nil), "nothing": nil, "cut off": two[:9],
	} {
		if _, err := parse(b); !errors.Is(err, remote.ErrGarbage) {
			t.Errorf("%s: %v, want garbage", name, err)
		}
	}
}

// FuzzParse reads any bytes.
func FuzzParse(f *testing.F) {
	f.Add(encoded(f, []byte(`{"Transcript":{"Results":[{"ResultId":"a","Alternatives":[{"Items":[{"Content":"x","EndTime":1}]}]}]}}`), ":message-type", "event", ":event-type", "TranscriptEvent"))
	f.Add(encoded(f, []byte(`{"Message":"no"}`), ":message-type", "exception", ":exception-type", "BadRequestException"))
	f.Add([]byte{0, 0, 0, 16, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := parse(b)
		if err != nil && len(out) > 0 {
			t.Fatal("results and an error")
		}
		checkAll(t, out)
	})
}

// FuzzTranscript reads any payload, which FuzzParse hardly reaches through
// the checksums.
func FuzzTranscript(f *testing.F) {
	f.Add([]byte(`{"Transcript":{"Results":[{"ResultId":"a","IsPartial":true,"StartTime":1,"EndTime":-2,"Alternatives":[{"Transcript":"x","Items":[{"Content":"x","Type":"punctuation","StartTime":1e99,"Confidence":-3}]}]}]}}`))
	f.Add([]byte(`{"Transcript":{"Results":[null,{"Alternatives":[null]}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := transcript(b)
		if err != nil && bytes.Contains(b, []byte("secret")) && bytes.Contains([]byte(err.Error()), []byte("secret")) {
			t.Fatal("the error repeats the text")
		}
		checkAll(t, out)
	})
}

// checkAll holds what the runner may rely on.
func checkAll(t *testing.T, results []remote.Result) {
	t.Helper()
	for _, r := range results {
		if r.Start < 0 || r.End < 0 || r.Start > longest || r.End > longest {
			t.Fatalf("times %v to %v", r.Start, r.End)
		}
		for _, w := range r.Words {
			if w.Start < 0 || w.End < w.Start || w.End > longest || w.Text == "" {
				t.Fatalf("word %+v", w)
			}
			if c := w.Confidence; math.IsNaN(c) || c < 0 || c > 1 {
				t.Fatalf("confidence %v", c)
			}
		}
	}
}
