package audiohook

import (
	"slices"
	"strings"
)

// regions are the codes under which the platform knows a language that is
// written without one.
func regions(language string) []string {
	switch language {
	case "en":
		return []string{"en-US", "en-GB", "en-AU", "en-IN", "en-ZA"}
	case "es":
		return []string{"es-ES", "es-US"}
	case "fr":
		return []string{"fr-FR", "fr-CA"}
	case "pt":
		return []string{"pt-BR", "pt-PT"}
	case "ja":
		return []string{"ja-JP"}
	case "ko":
		return []string{"ko-KR"}
	case "zh":
		return []string{"zh-CN"}
	case "da":
		return []string{"da-DK"}
	case "sv":
		return []string{"sv-SE"}
	}
	return []string{language + "-" + strings.ToUpper(language)}
}

// Regional gives languages (BCP 47) as the platform names them, each once.
func Regional(languages []string) []string {
	var out []string
	for _, l := range languages {
		all := []string{l}
		if !isLanguage(l) {
			all = regions(l)
		}
		for _, code := range all {
			if isLanguage(code) && !slices.Contains(out, code) {
				out = append(out, code)
			}
		}
	}
	return out
}
