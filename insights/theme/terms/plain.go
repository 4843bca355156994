package terms

import "strings"

// plain words of English that carry no theme: function words, courtesies and
// what calls are opened, kept going and closed with. Never changed.
var plain = set(`
a an the this that these those there here it its i me my mine myself we us our ours you your yours he him his she her
hers they them their theirs who whom whose which what when where why how
and or but if then than so as because while until although though since unless whether also too
of at by for with about against between into through during before after above below to from up down in out on off
over under again further once within without upon around
am is are was were be been being have has had having do does did doing done will would shall should can could may
might must ought going gonna get got getting gets let lets make made
not no nor none nothing only own same such very just really quite rather pretty even still yet already ever never always
all any both each few more most other another some many much lot lots bit little
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety
hundred thousand first second third zero
yes yeah yep yup no nope ok okay alright right sure fine great good perfect awesome cool wonderful excellent correct
exactly absolutely definitely certainly course
hi hello hey bye goodbye morning afternoon evening day night thank thanks please sorry welcome appreciate pardon excuse
nice name sir madam mam ma'am miss mister
well oh um uh hmm like know mean think guess see say said says tell told ask asked asking speak talk talking call called
calling calls phone wondering wonder hoping hope trying try tried looking look need needed needs want wanted wants would
like help helped helping assist assistance able possible possibly maybe actually basically kind sort
hear heard back else cheers hiya question questions thing things something anything everything stuff way ways time today now moment second minute
go goes went gone come came take took give gave put use used using keep kept
yourself themselves himself herself itself ourselves
`)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}
