// Package assent reads what people on a call say about the call being
// recorded: whether the agent asks, and whether the caller's words are a yes or
// a no.
//
// It is no classifier: what follows a no cannot be undone, so only plain words
// count, and a question ("is this call recorded?") is no answer. Whoever says
// it in another way, or in another language than English, has an agent with a
// key for it. It keeps nothing.
package assent

import (
	"slices"
	"strings"
)

// Asks says whether the agent's words ask the caller, or tell them, about a
// recording.
func Asks(text string) bool {
	return slices.ContainsFunc(words(text), isRecord)
}

// Read says whether the caller's words are a yes or a no to the recording.
// asked tells that the caller was asked just before: then a bare "yes" or "no"
// counts. Both are false for anything else.
func Read(text string, asked bool) (yes, no bool) {
	w := words(text)
	if at := slices.IndexFunc(w, isRecord); at >= 0 && !question(w) && !noun(w, at) {
		switch {
		case against(w):
			return false, true
		case agrees(w):
			return true, false
		}
	}
	if !asked {
		return false, false
	}
	return bare(w)
}

// words gives the words in small letters, with short forms written out.
func words(text string) []string {
	out := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!?\"()", r) })
	var long []string
	for _, w := range out {
		w = strings.ReplaceAll(w, "’", "'")
		if rest, ok := strings.CutSuffix(w, "n't"); ok {
			if rest == "ca" {
				rest = "can"
			}
			long = append(long, rest, "not")
			continue
		}
		switch w {
		case "dont", "doesnt", "didnt", "cant", "wont":
			long = append(long, strings.TrimSuffix(w, "nt"), "not")
		case "i'd":
			long = append(long, "i", "would")
		default:
			long = append(long, w)
		}
	}
	return long
}

func isRecord(w string) bool {
	return slices.Contains([]string{"record", "recorded", "recording", "recordings", "tape", "taped", "taping"}, w)
}

// The words that open a question about the recording, not an answer.
var asking = []string{"are", "is", "am", "was", "were", "do", "does", "did", "have", "has", "why", "where", "when", "how", "who", "what", "will"}

// openers may stand before the first word that counts.
var openers = []string{"uh", "um", "well", "so", "and", "but", "ok", "okay", "sorry", "hello", "hi", "excuse", "wait", "oh", "before", "we", "start", "hey"}

func question(w []string) bool {
	for i, x := range w {
		if slices.Contains(openers, x) {
			continue
		}
		next := ""
		if i+1 < len(w) {
			next = w[i+1]
		}
		// "do not record" and "do you record" begin alike.
		return slices.Contains(asking, x) && next != "not"
	}
	return false
}

// noun says that the word is about a thing on file: "no record of my order",
// "it was not recorded in my account".
func noun(w []string, at int) bool {
	before := ""
	if at > 0 {
		before = w[at-1]
	}
	if w[at] == "record" && slices.Contains([]string{"a", "any", "no", "my", "your", "the", "on", "of", "track"}, before) {
		return true
	}
	return w[at] == "recorded" && slices.ContainsFunc(w[at+1:], func(x string) bool {
		return slices.Contains([]string{"in", "on", "at", "as", "wrong", "wrongly"}, x)
	})
}

// against finds a plain refusal.
func against(w []string) bool {
	text := " " + strings.Join(w, " ") + " "
	for _, p := range []string{
		" pause ", " not mind ", " no problem ", " not a problem ", " not object ", " no objection ", " not against ",
		" did not ask ", " no reason ", " not sure ",
	} {
		if strings.Contains(text, p) {
			return false
		}
	}
	for _, p := range []string{
		" not record", " not tape ", " recorded and i do not want that ", " not give my permission for a recording ", " no recording", " stop record", " stop the record", " stop this record", " stop your record", " stop me record",
		" without record", " without a recording", " without the recording", " against record", " against the record",
		" recording off ", " off the recording", " off that recording", " off this recording", " delete the recording of this call",
		" not be recorded", " not being recorded", " not to be recorded", " rather not be record", " not allowed to record",
		" object to the recording", " object to being recorded", " object to this being recorded", " refuse to be recorded",
		" not agree to the recording", " not agree to being recorded", " not agree to be recorded", " not agree to record",
		" not consent to the recording", " not consent to being recorded", " not consent to record", " not permission to record",
		" not give permission to record", " not give you permission to record",
	} {
		if strings.Contains(text, p) {
			return true
		}
	}
	return wish(w)
}

// wish reads "i do not want (you to record | this call | to be) recorded".
func wish(w []string) bool {
	for i := 0; i+1 < len(w); i++ {
		if w[i] != "not" || !slices.Contains([]string{"want", "like", "wish", "agree", "allow", "consent", "permit"}, w[i+1]) {
			continue
		}
		const reach = 7 // words of one wish
		if slices.ContainsFunc(w[i+2:min(len(w), i+2+reach)], isRecord) {
			return true
		}
	}
	return false
}

// agrees finds a plain yes that names the recording.
func agrees(w []string) bool {
	text := " " + strings.Join(w, " ") + " "
	return slices.ContainsFunc([]string{
		" you may record", " you can record", " i agree to the recording", " i agree to be", " i agree to being recorded",
		" fine to record", " okay to record", " ok to record", " happy to be recorded", " happy for you to record", " allow the recording",
		" allow you to record", " allowed to record", " go ahead and record", " i consent to the recording", " i consent to being recorded",
		" not mind being recorded", " not mind the recording", " not mind if you record", " not mind you recording",
		" recording is fine", " recording is okay", " recording is ok", " being recorded is fine",
	}, func(p string) bool { return strings.Contains(text, p) })
}

// bare reads the answer to a question that was just asked, by how it begins.
func bare(w []string) (yes, no bool) {
	for len(w) > 0 && slices.Contains(openers, w[0]) && w[0] != "ok" && w[0] != "okay" {
		w = w[1:]
	}
	text := strings.Join(w, " ") + " "
	starts := func(list ...string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(text, p+" ") })
	}
	switch {
	case starts("no problem", "no worries", "no that is fine", "no that's fine", "no go ahead", "not at all", "no i do not mind", "no not at all", "i do not mind"):
		return true, false
	case starts("no", "nope", "nah", "never", "rather not", "i would rather not", "i would prefer not", "please do not", "do not", "i do not want", "not really", "absolutely not", "certainly not", "i refuse", "i do not agree"):
		return false, true
	case starts("yes", "yeah", "yep", "yup", "sure", "of course", "ok", "okay", "fine", "that is fine", "that's fine", "that is ok", "that is okay",
		"that's ok", "that's okay", "go ahead", "please do", "certainly", "absolutely", "alright", "all right", "i agree", "agreed", "by all means", "it is fine"):
		return true, false
	}
	return false, false
}
