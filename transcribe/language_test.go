package transcribe

import "testing"

func TestBaseLanguage(t *testing.T) {
	for tag, want := range map[string]string{"": "", "en": "en", "EN": "en", "en-GB": "en", "de_AT": "de", "zh-Hans-CN": "zh", "-": ""} {
		if got := BaseLanguage(tag); got != want {
			t.Errorf("BaseLanguage(%q) = %q, want %q", tag, got, want)
		}
	}
}
