package transcribe

import "strings"

// BaseLanguage gives the language of a BCP 47 tag without region and script,
// in lower case: "en" of "en-GB", and of "en_GB" as some platforms write it.
func BaseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(base)
}
