package engines

import (
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
)

// CountryOf gives the country (ISO 3166) of a telephone number, E.164; empty
// for one that belongs to none.
func CountryOf(number string) string {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(n)
}

// LanguageOf guesses the language (BCP 47 base) of whoever has a telephone
// number, E.164, from its country: the one that most people there write, by
// Unicode's likely subtags. Only a language that is known counts, since a wrong
// guess is worse than the default; empty when there is none. A country of
// several languages gives the most usual one, so a platform that says the
// language is to be believed before this.
func LanguageOf(number string, knows func(language string) bool) string {
	region, err := language.ParseRegion(CountryOf(number))
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
