package google

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"heed/transcribe"
)

func TestNewRefusesWhatTheServiceWould(t *testing.T) {
	good := Options{Project: "demo"}
	change := func(f func(*Options)) Options { o := good; f(&o); return o }
	for _, c := range []struct {
		name string
		o    Options
		want string // in the error; empty for none
	}{
		{"defaults", good, ""},
		{"no project", Options{}, "project"},
		{"a path for a project", Options{Project: "a/b"}, "project"},
		{"a location with a host in it", change(func(o *Options) { o.Location = "evil.example/" }), "location"},
		{"two kinds of credentials", change(func(o *Options) { o.Key, o.CredentialsFile = "k", "f" }), "not both"},
		{"credentials in the clear", change(func(o *Options) { o.URL, o.CredentialsFile = "http://h:1", "f" }), "TLS"},
		{"too much boost", change(func(o *Options) { o.Boost = 21 }), "boost"},
		{"less than no boost", change(func(o *Options) { o.Boost = -1 }), "boost"},
		{"no language", change(func(o *Options) { o.Language = "x" }), "language"},
		{"no port", change(func(o *Options) { o.URL = "host" }), "URL"},
		{"a path", change(func(o *Options) { o.URL = "http://host:1/x" }), "URL"},
		{"a password", change(func(o *Options) { o.URL = "http://u:p@host:1" }), "URL"},
		{"https", change(func(o *Options) { o.URL = "https://host:1" }), "URL"},
		{"own endpoint", change(func(o *Options) { o.URL = "speech.private.example:443" }), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := New(c.o)
			if c.want == "" {
				if err != nil {
					t.Fatalf("New = %v", err)
				}
				if err := e.Close(); err != nil {
					t.Errorf("Close = %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New = %v, want an error about %q", err, c.want)
			}
		})
	}
}

func TestEndpointFollowsTheLocation(t *testing.T) {
	for location, want := range map[string]string{
		"global": "speech.googleapis.com:443", "eu": "eu-speech.googleapis.com:443", "us-central1": "us-central1-speech.googleapis.com:443",
	} {
		if got := (Options{Location: location}).endpoint(); got != want {
			t.Errorf("endpoint of %s = %s, want %s", location, got, want)
		}
	}
}

func TestRegion(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en-US", "en-GB": "en-GB", "de": "de-DE", "pt": "pt-BR", "EN_us": "en-US",
		"es-419": "es-419", "zh": "cmn-Hans-CN", "zh-TW": "cmn-Hant-TW", "": "", "und": "", "12": "",
	} {
		got, err := region(tag)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("region(%q) = %q, %v, want %q", tag, got, err, want)
		}
	}
}

func TestInfo(t *testing.T) {
	e, err := New(Options{Project: "demo", Location: "eu", Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	i := e.Info()
	if i.Model != "telephony" || i.Languages[0] != "de-DE" || !strings.Contains(i.Note, "eu") {
		t.Errorf("Info = %+v", i)
	}
}

// The whole opening message, as the document has it.
func TestOpening(t *testing.T) {
	e, err := New(Options{Project: "demo", Location: "eu", Recognizer: "calls", Model: "telephony_short", Boost: 5})
	if err != nil {
		t.Fatal(err)
	}
	hinted := e.With(transcribe.Hints{Language: "de", Phrases: []string{"heed", "acme"}}).(*Engine)
	want := &speechpb.StreamingRecognizeRequest{}
	if err := prototext.Unmarshal([]byte(`
		recognizer: "projects/demo/locations/eu/recognizers/calls"
		streaming_config {
			config {
				explicit_decoding_config { encoding: LINEAR16 sample_rate_hertz: 16000 audio_channel_count: 1 }
				model: "telephony_short"
				language_codes: "de-DE"
				features { enable_word_time_offsets: true enable_word_confidence: true }
				adaptation { phrase_sets { inline_phrase_set { boost: 5 phrases { value: "heed" } phrases { value: "acme" } } } }
			}
			streaming_features { interim_results: true }
		}`), want); err != nil {
		t.Fatal(err)
	}
	if got := hinted.opening(16000); !proto.Equal(got, want) {
		t.Errorf("opening %v\nwant    %v", got, want)
	}
	if e.opening(8000).GetStreamingConfig().GetConfig().GetAdaptation() != nil || e.o.Language != "en-US" {
		t.Error("With changed the original")
	}
}

func TestHintsReachTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := newFake(t)
		words := said(3)
		call(t, e.With(transcribe.Hints{Language: "not a language", Phrases: []string{"heed"}}), words).want(t, words)
		config := f.opening(0).GetStreamingConfig().GetConfig()
		sets := config.GetAdaptation().GetPhraseSets()
		if len(sets) != 1 || sets[0].GetInlinePhraseSet().GetPhrases()[0].GetValue() != "heed" || config.GetLanguageCodes()[0] != "en-US" {
			t.Errorf("the service got %v", config)
		}
	})
}

// Whatever phrases there are, what is sent is within the service's limits, in
// the order given.
func TestUsablePhrases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(rapid.StringN(0, 120, -1), 0, 1400).Draw(t, "phrases")
		out := usable(in)
		if len(out) > maxPhrases {
			t.Fatalf("%d phrases", len(out))
		}
		at := 0
		for _, p := range out {
			if p == "" || len([]rune(p)) > maxPhraseRunes {
				t.Fatalf("phrase %q", p)
			}
			for at < len(in) && in[at] != p {
				at++
			}
			if at == len(in) {
				t.Fatalf("%q is out of order or doubled", p)
			}
			at++
		}
	})
}

func TestMissingCredentialsAreForAnotherEngine(t *testing.T) {
	e, err := New(Options{Project: "demo", CredentialsFile: t.TempDir() + "/none.json"})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, e)
	synctest.Test(t, func(t *testing.T) {
		h := call(t, e, said(3))
		if failure, ok := errors.AsType[*transcribe.Error](h.err); !ok || failure.Verdict != transcribe.UseAnother {
			t.Errorf("Transcribe = %v, want another engine", h.err)
		}
	})
}
