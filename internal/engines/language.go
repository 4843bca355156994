package engines

import (
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
)

// LanguageOf guesses the language (BCP 47 base) of whoever has a telephone
// number, E.164, from its country: the one that most people there write, by
// Unicode's likely subtags. Only a language that is known counts, since a wrong
// guess is worse than the default; empty when there is none. A country of
// several languages gives the most usual one, so a platform that says the
// language is to be believed before this.
func LanguageOf(number string, knows func(language string) bool) string {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return ""
	}
	region, err := language.ParseRegion(phonenumbers.GetRegionCodeForNumber(n))
	if err != nil || !region.IsCountry() {
		return ""
	}
	tag, err := language.Compose(language.Und, region)
	if err != nil {
		return ""
	}
	likely, _ := tag.Base()
	if !knows(likely.String()) {
		return ""
	}
	return likely.String()
}
