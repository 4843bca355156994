package sentiment

import "heed/insights/phrase"

// cues are phrases of service calls that say a mood without a word of feeling.
func cues() []phrase.Rule {
	return []phrase.Rule{
		{Name: "angry", Phrases: []string{
			"unacceptable", "ridiculous", "sick of", "fed up", "sick and tired", "rip off", "ripped off", "scam*",
			"waste of time", "wasted my", "are you kidding", "never again", "worst", "my lawyer", "legal action",
			"hung up on", "disgrace*", "furious", "a joke", "lied to", "you lied",
		}, Unless: []string{"not a joke"}},
		{Name: "annoyed", Phrases: []string{
			"charged|billed|debited twice", "charged|billed|debited me|us twice", "charged ... twice",
			"second|third|fourth|fifth|sixth|tenth time ... call*", "second|third|fourth|fifth time i",
			"every time i call", "keep calling", "nobody ... help*", "no one ... help*", "nobody ... tell", "no one ... tell",
			"nobody ... call*", "no one ... call*", "nobody ... answer*", "no one ... answer*", "nobody came", "no one came", "still not", "still waiting",
			"have|been waiting ... hour|hours|days|weeks|months", "on hold for", "nothing has changed|happened",
			"nothing happens|works", "over and over", "again and again", "already told|explained|gave|said|called",
			"too expensive|high|slow|late", "very|so slow", "too much money", "not ... good enough", "not happy|satisfied|pleased", "never arrived|came|works|worked",
			"did not work|help", "keeps dropping|failing|happening|crashing", "not working", "stopped working",
			"speak|talk ... manager|supervisor", "want|need|get ... manager|supervisor", "promised ... call",
			"wrong again", "two weeks late", "weeks late", "how many times", "frustrat*", "very|really|so|extremely disappointed|upset|annoyed|unhappy|angry",
		}, Unless: []string{"not too expensive", "is now working"}},
		{Name: "pleased", Phrases: []string{
			"made my day", "exactly what i wanted", "works perfectly", "very helpful", "so helpful", "really helpful",
			"thank you so much", "thank you very much", "you have been great|wonderful|amazing", "that was quick|fast",
		}, Unless: []string{"not very|so|really helpful", "would be very|so|really helpful"}},
	}
}

// strength is how far a cue pulls.
func strength(cue string) float64 {
	switch cue {
	case "angry":
		return -0.55
	case "annoyed":
		return -0.35
	}
	return 0.35
}
