package amazon

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

func TestNewRefusesWhatTheServiceWould(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want string // in the error; empty for none
	}{
		{"nothing said", Options{}, ""},
		{"everything", Options{
			AccessKey: "a", Secret: "b", Token: "c", Region: "eu-central-1", URL: "wss://transcribe.private.example:8443",
			Language: "de", Vocabulary: "products", Model: "calls", Stability: "high",
		}, ""},
		{"a key without a secret", Options{AccessKey: "a"}, "together"},
		{"a secret without a key", Options{Secret: "a"}, "together"},
		{"only a token", Options{Token: "a"}, "together"},
		{"a key and a profile", Options{AccessKey: "a", Secret: "b", Profile: "p"}, "not both"},
		{"a region with a host in it", Options{Region: "evil.example/"}, "region"},
		{"a vocabulary with a query in it", Options{Vocabulary: "a&b=c"}, "vocabulary"},
		{"a model of spaces", Options{Model: " "}, "model"},
		{"some stability", Options{Stability: "some"}, "stability"},
		{"no language", Options{Language: "x"}, "language"},
		{"a continent", Options{Language: "es-419"}, "language"},
		{"https", Options{URL: "https://h"}, "URL"},
		{"a path", Options{URL: "wss://h/x"}, "URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.o)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("New = %v, want %q", err, c.want)
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1":  "wss://transcribestreaming.us-east-1.amazonaws.com:8443",
		"cn-north-1": "wss://transcribestreaming.cn-north-1.amazonaws.com.cn:8443",
	} {
		if got := (Options{}).endpoint(region); got != want {
			t.Errorf("endpoint in %s = %s, want %s", region, got, want)
		}
	}
}

// The signed address holds what was asked for and nothing else. That its
// signature is right is the fake's to say.
func TestSignedAddress(t *testing.T) {
	e, err := New(Options{Vocabulary: "products", Model: "calls", Stability: "medium", Language: "en-gb"})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := e.o.sign(context.Background(), "eu-west-2", aws.Credentials{AccessKeyID: "id", SecretAccessKey: "s", SessionToken: "t"}, 8000)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for key, want := range map[string]string{
		"language-code": "en-GB", "media-encoding": "pcm", "sample-rate": "8000", "vocabulary-name": "products",
		"language-model-name": "calls", "enable-partial-results-stabilization": "true", "partial-results-stability": "medium",
		"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Expires": "300", "X-Amz-SignedHeaders": "host", "X-Amz-Security-Token": "t",
	} {
		if q.Get(key) != want {
			t.Errorf("%s = %q, want %q", key, q.Get(key), want)
		}
		q.Del(key)
	}
	scope := strings.SplitN(q.Get("X-Amz-Credential"), "/", 3)
	if scope[0] != "id" || scope[2] != "eu-west-2/transcribe/aws4_request" || len(q) != 3 {
		t.Errorf("credential %v, and also %v", scope, q)
	}
	if u.Scheme != "wss" || u.Host != "transcribestreaming.eu-west-2.amazonaws.com:8443" || u.Path != path {
		t.Errorf("address %s://%s%s", u.Scheme, u.Host, u.Path)
	}
}

func TestHintsChangeTheLanguage(t *testing.T) {
	f, first := newFake(t)
	o := f.options()
	o.Vocabulary, o.Model = "products", "calls"
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	e.pace, e.maxSession = first.pace, first.maxSession
	words := said(3)
	for i, c := range []struct{ hint, language, vocabulary string }{
		{"", "en-US", "products"}, {"en", "en-US", "products"}, {"fr", "fr-FR", ""}, {"nonsense language", "en-US", "products"},
	} {
		call(t, e.With(transcribe.Hints{Language: c.hint, Phrases: []string{"heed"}}), words).want(t, words)
		q := f.query(i)
		if q.Get("language-code") != c.language || q.Get("vocabulary-name") != c.vocabulary || q.Has("language-model-name") != (c.vocabulary != "") {
			t.Errorf("hint %q: asked for %v", c.hint, q)
		}
	}
}

func TestInfo(t *testing.T) {
	for region, want := range map[string]string{"eu-central-1": "eu-central-1", "": "this machine's"} {
		e, err := New(Options{Region: region})
		if err != nil {
			t.Fatal(err)
		}
		if i := e.Info(); !strings.Contains(i.Note, want) || i.Languages[0] != "en-US" {
			t.Errorf("Info = %+v", i)
		}
	}
}

// bare hides this machine's own AWS settings.
func bare(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
}

func TestCredentials(t *testing.T) {
	bare(t)
	f, _ := newFake(t)
	files := t.TempDir()
	write := func(file, text string) {
		if err := os.WriteFile(filepath.Join(files, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config", "[profile calls]\nregion = "+fakeRegion+"\n")
	write("credentials", "[calls]\naws_access_key_id = "+fakeAccess+"\naws_secret_access_key = "+fakeSecret+"\n")
	for _, c := range []struct {
		name   string
		env    map[string]string
		change func(*Options)
		refuse bool
	}{
		{"temporary", nil, func(o *Options) { o.Token = fakeToken }, false},
		{"wrong secret", nil, func(o *Options) { o.Secret = "other" }, true},
		{"wrong region", nil, func(o *Options) { o.Region = "us-east-1" }, true},
		{"environment", map[string]string{
			"AWS_ACCESS_KEY_ID": fakeAccess, "AWS_SECRET_ACCESS_KEY": fakeSecret, "AWS_SESSION_TOKEN": fakeToken, "AWS_REGION": fakeRegion,
		}, func(o *Options) { *o = Options{URL: o.URL} }, false},
		{"key with the environment's region", map[string]string{"AWS_REGION": fakeRegion}, func(o *Options) { o.Region = "" }, false},
		{"profile", map[string]string{
			"AWS_CONFIG_FILE": filepath.Join(files, "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(files, "credentials"),
		}, func(o *Options) { *o = Options{URL: o.URL, Profile: "calls"} }, false},
		{"no such profile", nil, func(o *Options) { *o = Options{URL: o.URL, Profile: "calls"} }, true},
		{"no region", nil, func(o *Options) { o.Region = "" }, true},
		{"no credentials", nil, func(o *Options) { *o = Options{URL: o.URL, Region: fakeRegion} }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			o := f.options()
			c.change(&o)
			e, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			e.pace = 0
			words := said(3)
			h := call(t, e, words)
			if !c.refuse {
				h.want(t, words)
			} else if h.err == nil || transcribe.VerdictOf(h.err) != transcribe.UseAnother {
				t.Errorf("Transcribe = %v, want another engine", h.err)
			}
		})
	}
}

func TestUnknownVocabularyIsForAnotherEngine(t *testing.T) {
	f, _ := newFake(t)
	o := f.options()
	o.Vocabulary = "unknown"
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := call(t, e, said(3))
	if h.err == nil || transcribe.VerdictOf(h.err) != transcribe.UseAnother || !strings.Contains(h.err.Error(), "vocabulary couldn't be found") {
		t.Errorf("Transcribe = %v, want the service's reason and another engine", h.err)
	}
}

// TestRealService needs HEED_TEST_AMAZON=1 and what the SDK's default chain
// needs, such as AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. It
// costs some seconds of audio.
func TestRealService(t *testing.T) {
	if os.Getenv("HEED_TEST_AMAZON") == "" {
		t.Skip("the real service is asked only when HEED_TEST_AMAZON is set")
	}
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := enginetest.Speech(t)
	h := hear(t, e, remotetest.Frames(s.PCM, s.Rate, 0, step))
	if h.err != nil || !strings.Contains(h.text(), "cancel") {
		t.Errorf("heard %q, %v", h.text(), h.err)
	}
}
