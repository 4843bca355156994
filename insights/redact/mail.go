package redact

// Never changed.
var (
	endings = wordSet(`com net org edu gov info co io me uk de fr es it nl se is eu us ca au in br ie`)
	joints  = wordSet(`dot period point underscore dash hyphen minus plus`)
	// noUser are words before a spoken address that are no part of it.
	noUser = wordSet(`is it's its email mail e address to my at it the id that's thats be as on and for me say use
		yes yeah sure send was under with`)
)

// longestUser is how many words before the "at" are looked at.
const longestUser = 24

// findSpokenMail finds "j dot smith at gmail dot com".
func (p *pass) findSpokenMail() {
	if p.policy.keeps(p.who, nameEmail) {
		return
	}
	for i, t := range p.tokens {
		if t.word != "at" || i == 0 {
			continue
		}
		end := p.hostEnd(i + 1)
		if end < 0 {
			continue
		}
		p.found(p.tokens[p.userStart(i)].from, p.tokens[end].to, nameEmail)
	}
}

// hostEnd gives the last token of "gmail dot com" or "example dot co dot uk";
// -1 when none begins here.
func (p *pass) hostEnd(i int) int {
	const longest = 6 // words before the ending
	end := -1
	for j := i; j+1 < len(p.tokens) && j-i < longest; j++ {
		if p.tokens[j].word != "dot" || j == i || !endings[p.tokens[j+1].word] {
			continue
		}
		end = j + 1
		if j+2 < len(p.tokens) && p.tokens[j+2].word == "dot" {
			continue
		}
		return end
	}
	return end
}

// userStart gives the first token of what stands before the "at": one word,
// and what is joined to it by letters, digits and the names of marks.
func (p *pass) userStart(at int) int {
	first := at
	for i := at - 1; i >= max(0, at-longestUser); i-- {
		w := p.tokens[i].word
		small := len(w) == 1 || p.tokens[i].class.counts() || p.tokens[i].class == soft && w != "for" && w != "to"
		switch {
		case p.tokens[i].own:
			return first
		case small, joints[w], i == at-1:
			first = i
		case noUser[w]:
			return first
		case joints[p.tokens[i+1].word], i == at-2:
			first = i
		default:
			return first
		}
	}
	return first
}
