package entity

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

const phoneNouns = "phone telephone mobile cell landline call callback reach text fax dial ring tel cellphone whatsapp"

// phone reads a telephone number.
func (s *scan) phone(at int) int {
	digits, n := s.dialled(at)
	if n == 0 || s.otherNumber(at) {
		return 0
	}
	number, err := phonenumbers.Parse(digits, s.region)
	if err != nil {
		return 0
	}
	about := s.asked.phone || s.any(at-8, at, phoneNouns) || s.oneOf(at+n, "is") && s.any(at+n, at+n+5, phoneNouns)
	f := found{name: Phone, text: phonenumbers.Format(number, phonenumbers.E164)}
	f.sure = sureOf(number, digits, about)
	if f.sure == 0 && about && len(digits) <= 8 { // without its area
		f.text, f.sure = digits, 0.6
	}
	if f.sure == 0 {
		return 0
	}
	return s.add(at, n, f)
}

// sureOf says how sure digits are a telephone number; 0 is not at all. About
// tells that the talk is of one.
func sureOf(number *phonenumbers.PhoneNumber, digits string, about bool) float64 {
	switch {
	case !about && digits[0] != '+' && len(digits) < 10:
	case phonenumbers.IsValidNumber(number):
		return 0.95
	case about && phonenumbers.IsPossibleNumber(number):
		return 0.8
	}
	return 0
}

// otherNumber tells a number of something else by its noun.
func (s *scan) otherNumber(at int) bool {
	return s.subject(at) != "" || s.any(at-6, at, secretNouns) || s.answers(at) && !s.asked.phone
}

// dialled reads the digits of a number, in one piece or several.
func (s *scan) dialled(at int) (digits string, n int) {
	for at+n < len(s.tokens) {
		w := s.text(at + n)
		if !madeOf(w, "0123456789-().+") || countDigits(w) == 0 || n > 0 && w[0] == '+' {
			break
		}
		if w[0] == '+' {
			digits = "+"
		}
		digits += strings.Map(keepDigit, w)
		n++
		if s.tokens[at+n-1].ends {
			break
		}
	}
	if len(digits) < 6 || len(digits) > 16 {
		return "", 0
	}
	return digits, n
}

func keepDigit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// email reads an address that was written out.
func (s *scan) email(at int) int {
	w := s.low(at)
	user, host, ok := strings.Cut(w, "@")
	if !ok || user == "" || len(w) > 254 || strings.Contains(host, "@") {
		return 0
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 1 || len(host)-dot < 3 || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" ||
		strings.Trim(user, "abcdefghijklmnopqrstuvwxyz0123456789-._+%") != "" {
		return 0
	}
	return s.add(at, 1, found{name: Email, text: w, sure: 0.95})
}
