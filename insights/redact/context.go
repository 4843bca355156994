package redact

import (
	"strings"

	"heed/insights"
)

// topic is what a number that is read out now would be.
type topic uint8

const (
	nothing   topic = iota
	mentioned       // a payment card was named
	asked           // its number was asked for or announced
	cardCode
	expiry
	oneTime
	identity // a social security number, a passport
	bank     // an account's number or code at a bank
	birth    // a date of birth
	telephone
	order
	account // as order: a number by which the company knows the customer
	postal
)

// harmless says that numbers of the topic may stay unless the policy says
// otherwise.
func (t topic) harmless() bool { return t >= telephone }

// phrase names a topic. A firm one changes what a card question asked for;
// a loose one does not.
type phrase struct {
	words []string
	topic topic
	firm  bool
}

// phrases by their first word, longest first; built once, never changed.
var phrases = buildPhrases()

func buildPhrases() map[string][]phrase {
	m := make(map[string][]phrase)
	put := func(t topic, firm bool, list string) {
		for line := range strings.SplitSeq(list, ",") {
			words := strings.Fields(line)
			p := phrase{words: words, topic: t, firm: firm}
			at := len(m[words[0]])
			for at > 0 && len(m[words[0]][at-1].words) < len(words) {
				at--
			}
			rest := append([]phrase{p}, m[words[0]][at:]...)
			m[words[0]] = append(m[words[0]][:at:at], rest...)
		}
	}
	put(asked, true, `card number, card numbers, card's number, cards number, car number, number on the card,
		number on your card, number on my card, number of the card, number of your card, number of my card,
		number from your card, number on the front, long number, long card number, full number, sixteen digit,
		sixteen digits, 16 digit, 16 digits, fifteen digit, card details, card detail, card information,
		card info, payment details, digits on the card, digits of the card, digits of your card,
		last numbers, digits of my card, digits on your card, digits on my card, digits on the front, read me the card,
		read me your card, read out the card, read out your card, read your card,
		numbers on the card, numbers on your card, numbers on my card, numbers of your card,
		numbers of the card, numbers of my card, numbers and your card, credit card please,
		debit card please, card please, payment card, pan number, credit card number, debit card number`)
	put(mentioned, false, `credit card, debit card, my card, your card, the card, new card, bank card, visa,
		mastercard, master card, amex, american express, maestro, a card, other card, by card, card`)
	put(cardCode, true, `security code, security number, cvv, cvc, cvv2, c v v, c v c, c v v two, c v c two,
		digits on the back, number on the back, numbers on the back, code on the back, card verification,
		three digit code, three digit number, four digit code on, card code, signature strip, last three digits,
		back of the card, back of your card, back of my card`)
	put(expiry, true, `expiry, expiration, expires, expire, valid until, valid through, valid thru, good through,
		good thru, exp date`)
	put(oneTime, true, `pin, pin number, pin code, passcode, pass code, verification code, one time code,
		one time password, one time pin, code i sent, code we sent, code i just sent, code we just sent,
		access code, sent a code, sent a new code, send a code, new code, code to your phone, code by text,
		code from the text, activation code, confirmation code, text you a code, password, the code, a code,
		six digit code`)
	put(telephone, true, `phone number, telephone number, mobile number, cell number, cell phone number,
		contact number, callback number, home number, work number, number i am calling from,
		number you are calling from, number i'm calling from, call me back at, call me back on, call me at,
		call me on, reach me at, reach me on, reach you at, reach you on, fax number, text me at`)
	put(telephone, false, `phone, mobile, cell phone, telephone, landline`)
	putOthers(put)
	return m
}

// putOthers adds what is asked for beside cards and telephone numbers.
func putOthers(put func(t topic, firm bool, list string)) {
	put(account, true, `order number, account number, reference number, ticket number, case number,
		tracking number, invoice number, customer number, member number, membership number, policy number,
		confirmation number, booking number, order id, account id, customer id, policy id, claim number, claim id,
		contract number, receipt number, reservation number, booking reference, confirmation code is,
		loyalty number, frequent flyer number`)
	put(order, true, `serial number, model number, meter number, flight number, part number, house number, extension`)
	put(postal, true, `post code, postcode, zip code, zipcode, postal code`)
	put(postal, false, `zip`)
	put(order, false, `order, account, reference, ticket, tracking, invoice, booking, serial, meter,
		flight, parcel, package, receipt`)
	put(identity, true, `social security number, social security, my social security number, your social security number,
		the social security number, my social security, your social security, my social, your social, the social, ssn,
		national insurance number, national insurance, national id, id card number, identity number, tax id,
		tax number, tax identification number, passport number, passport, driver's license, driver's licence,
		drivers license, drivers licence, driving license, driving licence, license number, licence number,
		personal number, personal identity number`)
	put(bank, true, `iban, bank account, bank account number, sort code, routing number, bank details, account and routing,
		checking account number, savings account number, bank code`)
	put(birth, true, `date of birth, birth date, birthdate, birthday, dob, born, day and month of birth, year of birth`)
}

// mention is a topic named at a place in the text.
type mention struct {
	from, to int // tokens, to exclusive
	topic    topic
	firm     bool
}

// findMentions gives what a text names, in order; the longest phrase wins.
func findMentions(tokens []token) []mention {
	var found []mention
	for i := 0; i < len(tokens); i++ {
		if tokens[i].own {
			continue
		}
		for _, p := range phrases[tokens[i].word] {
			if !saidAt(tokens[i:], p.words) {
				continue
			}
			found = append(found, mention{from: i, to: i + len(p.words), topic: p.topic, firm: p.firm})
			if p.firm { // a loose one may hide the start of a firm one: "my card number"
				i += len(p.words) - 1
			}
			break
		}
	}
	return found
}

func saidAt(tokens []token, words []string) bool {
	if len(tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if tokens[i].word != w || tokens[i].own {
			return false
		}
	}
	return true
}

// subject is the topic that is open, and how long it stays so.
type subject struct {
	topic topic
	until float64 // seconds of the call
	left  int     // final utterances
	by    insights.Speaker
	read  bool // the number was read out since it was named
}

// at gives the subject as it stands at a time: nothing when it has lapsed.
func (s subject) at(now float64) subject {
	if s.left <= 0 || now > s.until {
		return subject{}
	}
	return s
}
