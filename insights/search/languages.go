package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/ckb"
	"github.com/blevesearch/bleve/v2/analysis/lang/da"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fa"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/hi"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/lang/in"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/no"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ro"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/analysis/lang/tr"
)

// stemmers say how the forms of a word are brought together, by language: the
// filters that bleve ships, but for those that leave words out. Of languages
// that are not here, such as Armenian and Icelandic, bleve knows no forms.
var stemmers = map[string][]string{
	"ar":  {ar.NormalizeName, ar.StemmerName},
	"ckb": {ckb.NormalizeName, ckb.StemmerName},
	"da":  {da.SnowballStemmerName},
	"de":  {de.NormalizeName, de.LightStemmerName},
	"en":  {en.PossessiveName, en.SnowballStemmerName},
	"es":  {es.NormalizeName, es.LightStemmerName},
	"fa":  {ar.NormalizeName, fa.NormalizeName},
	"fi":  {fi.SnowballStemmerName},
	"fr":  {fr.ElisionName, fr.LightStemmerName},
	"hi":  {in.NormalizeName, hi.NormalizeName, hi.StemmerName},
	"hu":  {hu.SnowballStemmerName},
	"it":  {it.ElisionName, it.LightStemmerName},
	"nl":  {nl.SnowballStemmerName},
	"no":  {no.SnowballStemmerName},
	"pt":  {pt.LightStemmerName},
	"ro":  {ro.SnowballStemmerName},
	"ru":  {ru.SnowballStemmerName},
	"sv":  {sv.SnowballStemmerName},
	"tr":  {tr.SnowballStemmerName},
}

// stemField holds the words of a language without their forms.
const stemField = "stem_"

// tongue is the language of a BCP 47 tag without its country.
func tongue(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}

// languageOf reads a BCP 47 tag; empty is a language without stems here.
func languageOf(tag string) string {
	base := tongue(tag)
	if base == "nb" || base == "nn" {
		base = "no"
	}
	if stemmers[base] == nil {
		return ""
	}
	return base
}

// tongues are languages that were met, in order. It is never changed.
type tongues []string

func (s tongues) with(language string) tongues {
	i, known := slices.BinarySearch(s, language)
	if known || language == "" {
		return s
	}
	return slices.Insert(slices.Clone(s), i, language)
}
