package discover

import "strings"

// fillers are English words of spoken talk that may shape a sentence's meaning
// but never name a theme, nor make one. Never changed.
var fillers = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`
cuz cause guys guy folks anyway anyways hopefully obviously honestly literally probably apparently currently usually
quick quickly soon later ago till long longer big old real somebody someone anybody anyone everybody everyone happen
happens happened happening ahead start started end part point sense idea fact reason case couple whole different
understand understood remember forgot believe feel wait second seconds minutes hour hours week weeks month months year
years yesterday tomorrow`) {
		out[w] = true
	}
	return out
}()
