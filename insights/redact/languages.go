package redact

import "strings"

// counting words of a language: ten rows of words for 0 to 9, 10 to 19 and 20
// to 90; forms of one number are joined by a stroke.
type numerals struct {
	units, teens, tens string
	fillers            string // said inside of numbers
	double             string
}

// spokenIn holds the languages beside English in which numbers are read, by
// their BCP 47 base; never changed. For others, digits of any script are read.
var spokenIn = map[string]numerals{
	"de": {
		"null eins/ein/eine zwei/zwo drei vier fünf sechs sieben acht neun",
		"zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
		"zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig", "und äh ähm also dann", "doppel doppelt",
	},
	"nl": {
		"nul een/één twee drie vier vijf zes zeven/zeuven acht negen",
		"tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
		"twintig dertig veertig vijftig zestig zeventig tachtig negentig", "en eh dan", "dubbel dubbele",
	},
	"fr": {
		"zéro/zero un/une deux trois quatre cinq six sept huit neuf",
		"dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
		"vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante", "et euh alors puis", "double", //nolint:misspell // French
	},
	"es": {
		"cero uno/un/una dos tres cuatro cinco seis siete ocho nueve",
		"diez once doce trece catorce quince dieciséis/dieciseis diecisiete dieciocho diecinueve",
		"veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", "y eh este pues", "doble",
	},
	"pt": {
		"zero um/uma dois/duas três/tres quatro cinco seis/meia sete oito nove",
		"dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
		"vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", "e é então", "dobro duplo",
	},
	"it": {
		"zero uno/un/una due tre quattro cinque sei sette otto nove",
		"dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
		"venti trenta quaranta cinquanta sessanta settanta ottanta novanta", "e ehm allora poi", "doppio",
	},
	"sv": {
		"noll ett/en två/tva tre fyra fem sex sju/hju åtta nio",
		"tio elva tolv tretton fjorton femton sexton sjutton arton nitton",
		"tjugo trettio fyrtio femtio sextio sjuttio åttio nittio", "och eh alltså", "dubbel",
	},
	"is": {
		"núll einn/ein/eitt tveir/tvær/tvö þrír/þrjár/þrjú fjórir/fjórar/fjögur fimm sex sjö átta níu",
		"tíu ellefu tólf þrettán fjórtán fimmtán sextán sautján átján nítján",
		"tuttugu þrjátíu fjörutíu fimmtíu sextíu sjötíu áttatíu níutíu", "og sko hérna", "tvöfalt",
	},
	"ar": {
		"صفر واحد/واحدة اثنان/اثنين/اتنين ثلاثة/ثلاث/تلاتة أربعة/اربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثمان/تمانية تسعة/تسع",
		"", "عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين/اربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين تسعون/تسعين", "و", "",
	},
	"hy": {
		"զրո մեկ երկու երեք չորս հինգ վեց յոթ ութ ինը/ինն",
		"տասը տասնմեկ տասներկու տասներեք տասնչորս տասնհինգ տասնվեց տասնյոթ տասնութ տասնինը",
		"քսան երեսուն քառասուն հիսուն վաթսուն յոթանասուն ութսուն իննսուն", "և", "",
	},
}

// lexicons are those of spokenIn, built once and never changed.
var lexicons = buildLexicons()

func buildLexicons() map[string]map[string]lexeme {
	all := make(map[string]map[string]lexeme, len(spokenIn))
	for language, n := range spokenIn {
		m := make(map[string]lexeme)
		for w := range strings.FieldsSeq(n.fillers) {
			m[w] = lexeme{class: filler}
		}
		for w := range strings.FieldsSeq(n.double) {
			m[w] = lexeme{class: factor, times: 2}
		}
		n.put(m)
		all[language] = m
	}
	return all
}

// put adds the numbers, and those that the language writes as one word.
func (n numerals) put(m map[string]lexeme) {
	digit := func(i int) string { return string(rune('0' + i)) }
	for i, forms := range strings.Fields(n.units) {
		for w := range strings.SplitSeq(forms, "/") {
			m[w] = lexeme{class: number, scale: units, digits: digit(i)}
		}
	}
	for i, forms := range strings.Fields(n.teens) {
		for w := range strings.SplitSeq(forms, "/") {
			m[w] = lexeme{class: number, scale: teens, digits: "1" + digit(i)}
		}
	}
	for i, forms := range strings.Fields(n.tens) {
		for ten := range strings.SplitSeq(forms, "/") {
			m[ten] = lexeme{class: number, scale: tens, digits: digit(i+2) + "0"}
			n.joined(m, ten, digit(i+2))
		}
	}
}

// joined adds the words for one ten and its units: "einundzwanzig",
// "eenentwintig", "veintiuno", "ventuno", "tjugoett".
func (n numerals) joined(m map[string]lexeme, ten, first string) {
	for i, forms := range strings.Fields(n.units) {
		if i == 0 {
			continue
		}
		for unit := range strings.SplitSeq(forms, "/") {
			two := lexeme{class: number, scale: teens, digits: first + string(rune('0'+i))}
			short := strings.TrimRight(ten, "aei")
			for _, w := range []string{unit + "und" + ten, unit + "en" + ten, unit + "ën" + ten, ten + unit, short + unit, short + "i" + unit} {
				if _, taken := m[w]; !taken {
					m[w] = two
				}
			}
		}
	}
}

// wordsOf gives the lexicon of a language as BCP 47 writes it; nil for English
// and for those that are not known.
func wordsOf(language string) map[string]lexeme {
	base, _, _ := strings.Cut(language, "-")
	return lexicons[strings.ToLower(base)]
}
