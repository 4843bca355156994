package written

import "strings"

// class says what a word can do. A word can be of several.
type class uint64

const (
	subject     class = 1 << iota // "i", "we": begins a clause before a verb
	clause                        // "i'm", "that's": begins a clause by itself
	pointer                       // "this", "there": begins a clause before "is"
	auxiliary                     // "is", "can": before a subject it asks
	finite                        // "want", "ordered": a verb that a subject can have
	own                           // a verb that seldom follows the object it is about: "i want", not "the phone i want"
	question                      // "what", "how"
	joiner                        // "and", "but", "or", "so"
	governs                       // "that", "if", "think": a clause after it belongs to it
	opening                       // "if", "when": a sentence that begins so has a second half
	filler                        // "um"
	opener                        // "yes", "okay", "well": stands before a sentence
	greeting                      // "hello"
	determiner                    // "the", "my"
	preposition                   // "of", "with"
	adverb                        // "just", "also": between a subject and its verb
	ender                         // "it", "today": what follows seldom describes it
	address                       // "sir": apart from the sentence
	title                         // "mr": a name follows
	month                         // "june"
	monthMaybe                    // "may", "march"
	single                        // one letter
	separator                     // "dash", "slash" inside of a number
	codeNoun                      // "order", "code": digits after it are in one piece
	phoneNoun                     // "phone", "call": digits after it are a telephone number
	yearCue                       // "in", "since": a year can follow
	timeCue                       // "at", "until": a time of day can follow
	nameStop                      // cannot be a name
	topLevel                      // "com", "org": ends the name of a computer
	imperative                    // "please", "let": can begin a sentence with no subject
	glued                         // the second of two words that open a sentence together
	unitWord                      // "percent", "miles": the number before it is a quantity
)

// scale is how a word takes part in a number.
type scale uint8

const (
	none scale = iota
	digit
	teen
	tens
	hundred
	big     // thousand and more
	zero    // "oh": a digit among digits only
	soft    // "to", "for": a misheard digit inside a long run of digits
	factor  // "double"
	ordUnit // "first"
	ordTeen // "tenth", "eleventh"
	ordTens // "twentieth", "hundredth"
)

// lexeme is what the lexicon knows of a word.
type lexeme struct {
	is    class
	scale scale
	value int64
}

// lexicon is built once and never changed.
var lexicon = buildLexicon()

func buildLexicon() map[string]lexeme {
	m := make(map[string]lexeme, 900)
	for _, t := range classWords {
		for w := range strings.FieldsSeq(t.words) {
			l := m[w]
			l.is |= t.is
			m[w] = l
		}
	}
	for w := range strings.FieldsSeq(measured + " percent per megabits megabit gigabits gigabit") {
		l := m[w]
		l.is |= unitWord
		m[w] = l
	}
	for w := range short {
		l := m[w]
		l.is |= unitWord
		m[w] = l
	}
	for r := 'a'; r <= 'z'; r++ {
		l := m[string(r)]
		l.is |= single
		m[string(r)] = l
	}
	put := func(w string, s scale, v int64) {
		l := m[w]
		l.scale, l.value = s, v
		m[w] = l
	}
	for _, t := range numberWords {
		v := t.first
		for w := range strings.FieldsSeq(t.words) {
			put(w, t.scale, v)
			v += t.step
		}
	}
	put("thousand", big, 1e3)
	put("million", big, 1e6)
	put("billion", big, 1e9)
	put("treble", factor, 3)
	put("hundredth", ordTens, 100)
	return m
}

// numberWords are the words of numbers, each list counting up; never changed.
var numberWords = []struct {
	scale       scale
	first, step int64
	words       string
}{
	{digit, 0, 1, "zero one two three four five six seven eight nine"},
	{teen, 10, 1, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"},
	{tens, 20, 10, "twenty thirty forty fifty sixty seventy eighty ninety"},
	{hundred, 100, 0, "hundred"},
	{zero, 0, 0, "oh o nought"},
	{soft, 2, 2, "to for"},
	{factor, 2, 1, "double triple quadruple"},
	{ordUnit, 1, 1, "first second third fourth fifth sixth seventh eighth ninth"},
	{ordTeen, 10, 1, `tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`},
	{ordTens, 20, 10, "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"},
}

// classWords are the words of each class; never changed.
var classWords = []struct {
	is    class
	words string
}{
	{subject, "i you we they he she it everyone everybody somebody someone nobody"},
	{clause, `i'm i've i'll i'd you're you've you'll we're we've we'll we'd they're they've they'll they'd he's he'll she's
		she'll it's it'll that's that'll there's here's let's`},
	{pointer, "this that there here these those which everything"},
	{auxiliary, `am is are was were do does did have has had can could will would shall should may might must isn't aren't
		wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't cannot`},
	{finite, `want need think guess hope wish know understand see like love got get bought ordered paid received tried try
		called call sent send said say told tell went go came come gave give made make took take work works worked keep
		keeps kept got use used placed signed changed looked look found find lost saw noticed thought wanted needed
		started stopped left asked ask spoke talked heard feel felt believe appreciate remember forgot cancelled canceled
		returned live moved spent cost costs says seems happened happens wanna gonna wonder trying expect expected
		suggest recommend apologize apologise`},
	{own, `am is are was were will would want need think guess hope wish understand see appreciate apologize apologise
		wanna have got love wanted took don't didn't can't couldn't won't wouldn't haven't hasn't believe know`},
	{question, "what where when who why how which whose what's where's who's how's when's"},
	{joiner, "and but or so"},
	{governs, `that if when because since while until unless though although whether think know say says said see hear hope
		guess sure believe mean wish what where who why how which whose than as like after before once told tell thought
		whatever whenever wherever feel understand suppose figured realized noticed ensure make let anything everything
		something nothing all way time thing reason person one only maybe perhaps also then just not never really actually
		what's now hoping wondering cuz gonna wanna heard forgot long soon get need obviously hopefully else`},
	{opening, "if when once since while after before because although though until unless as whenever"},
	{filler, "um uh uhm erm er hmm hm mm mhm"},
	{opener, `yes yeah yep yup no nope okay ok alright sure well oh ah great perfect right absolutely certainly exactly
		definitely excellent wonderful sorry actually so correct awesome fine thanks gotcha`},
	{greeting, "hello hi hey goodbye bye"},
	{determiner, `the a an my your his her our their this these those some any no every each another its`},
	{preposition, `of to in on at for from with by about into onto over under between without through during against
		towards toward within regarding via per than upon`},
	{adverb, `just also already still never only really actually always probably currently recently definitely kinda
		sort kind usually now then even`},
	{ender, `it them me him us today tomorrow yesterday tonight now yet already again anymore there here too either either
		please back sorry anyway though soon ago well alright right everything anything nothing something fine okay done
		late broken working days weeks months years hours minutes morning afternoon evening online account help problem
		issue charged waiting pm am`},
	{address, "sir ma'am madam"},
	{title, "mr mrs ms dr mister"},
	{month, "january february april june july august september october november december"},
	{monthMaybe, "may march"},
	{separator, "dash hyphen slash"},
	{codeNoun, `order account reference confirmation tracking ticket invoice customer policy serial model pin code zip
		postcode postal extension number digits ending id case membership booking reservation flight passcode username
		contract meter product part item voucher coupon`},
	{phoneNoun, "phone telephone mobile cell landline call dial callback fax reach"},
	{yearCue, "in since of year until till from before after during by late early around"},
	{timeCue, "at by until till before around"},
	{nameStop, `a an the and or but so i you he she it we they my your his her our their calling speaking from with about
		regarding not is was are am at on in for to of that this here there just very really ridiculous great good bad fine
		okay ok yes no sorry what how why when where who spelled spelling and's please can could would will do does did have
		has had because if then also actually uh um erm well one two three four five six seven eight nine ten zero first
		last over under it's i'm i've i'd i'll we're thank thanks hello hi calling speaking going trying looking sure
		correct wrong right still again like as by absolutely it's what's`},
	{topLevel, "com org net edu gov info biz eu io uk de fr es it nl at ch ie ca au nz us tv app dev co"},
	{imperative, "please let"},
}
