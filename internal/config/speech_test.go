package config

import (
	"slices"
	"strings"
	"testing"
)

func TestSpeechChains(t *testing.T) {
	c, _, err := load(t, "speech:\n  engine: [deepgram, sherpa/giga-en]\n  languages: [de=vosk+deepgram, fr=google]\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Speech.Engine, []string{"deepgram", "sherpa/giga-en"}) {
		t.Errorf("engine %v", c.Speech.Engine)
	}
	chains, err := c.Speech.Chains()
	if err != nil || len(chains) != 2 || !slices.Equal(chains["de"], []string{"vosk", "deepgram"}) {
		t.Errorf("chains %v, %v", chains, err)
	}
	if c, _, err = load(t, "", map[string]string{"HEED_SPEECH_ENGINE": "none"}); err != nil || c.Speech.Engine[0] != "none" {
		t.Errorf("engine %v, %v", c.Speech.Engine, err)
	}
}

func TestSpeechRefusals(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--speech-engine=auto,sherpa", `"auto" is not one of`},
		{"--speech-engine=sherpa,sherpa", "named twice"},
		{"--speech-engine=sherpa/", "is not one of"},
		{"--speech-languages=german=vosk", "LANGUAGE=ENGINE"},
		{"--speech-languages=de", "LANGUAGE=ENGINE"},
		{"--speech-languages=de=vosk,de=deepgram", "join its engines"},
		{"--speech-languages=de=ears", "is not one of"},
		{"--speech-streams=-1", "not between 0 and 10000"},
		{"--speech-overload=drop", "is not one of"},
		{"--vosk-url=localhost:2700", "must start with wss://"},
		{"--deepgram-url=ftp://x", "must start with wss://"},
	} {
		if _, _, err := load(t, "", nil, c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want it to contain %q", c.args, err, c.want)
		}
	}
}

func TestEveryKeyIsSecret(t *testing.T) {
	_, set, err := load(t, "", nil, "--deepgram-key=swordfish", "--openai-key=swordfish", "--assemblyai-key=swordfish")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, s := range set {
		if strings.Contains(s.Value, "swordfish") {
			t.Errorf("%s shows the secret", s.Name)
		}
		if s.Value == "(set, not shown)" {
			shown++
		}
	}
	if shown != 3 {
		t.Errorf("%d settings are shown as set, want 3", shown)
	}
}
