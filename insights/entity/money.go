package entity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// paying are words near a sum that is said without its currency, or with one
// that is a weight as well.
const paying = "pay paid paying pays charged charge charges cost costs price owe owed refund refunded bill billed fee worth debit credit transfer spend spent balance deposit withdraw"

// money reads "$54", "54 euros", "fifty cents", "49.99 a month".
func (s *scan) money(at int) int {
	if n := s.sign(at); n > 0 {
		return n
	}
	v, n := s.decimal(at)
	if n == 0 {
		if !s.oneOf(at, "a an") || !s.oneOf(at+1, "dollar euro quid grand") {
			return 0
		}
		v, n = 1, 1
	}
	v, n = s.scaled(at, v, n)
	if currency := s.currency(s.low(at + n)); currency != "" {
		return s.sum(at, n+1, v, currency, 0.95)
	}
	if s.grand(at, n) {
		return s.sum(at, n, v, s.own(), 0.8)
	}
	if taken := s.sterling(at, v, n); taken > 0 {
		return taken
	}
	return s.bare(at, n, v)
}

// sterling reads what counts coins, and pounds, which may be a weight.
func (s *scan) sterling(at int, v float64, n int) int {
	switch unit := s.low(at + n); unit {
	case "cents", "cent", "pence", "p":
		if v < 100 && (unit != "p" || s.region == "GB") {
			return s.sum(at, n+1, v/100, s.small(unit), 0.9)
		}
	case "pounds", "pound":
		if s.oneOf(at+n+1, "sterling") {
			return s.sum(at, n+2, v, "GBP", 0.95)
		}
		if s.region == "GB" || s.region == "IE" || s.any(at-4, at, paying) {
			return s.sum(at, n+1, v, "GBP", 0.8)
		}
	}
	return 0
}

// sign reads a sum with its sign, in any language.
func (s *scan) sign(at int) int {
	sum, currency, n := s.signed(at)
	if n == 0 {
		return 0
	}
	return s.sum(at, n, sum, currency, 0.95)
}

// scaled takes a thousand, a million behind a number.
func (s *scan) scaled(at int, v float64, n int) (float64, int) {
	switch s.low(at + n) {
	case "hundred":
		return v * 100, n + 1
	case "thousand", "k", "grand":
		return v * 1e3, n + 1
	case "million":
		return v * 1e6, n + 1
	case "billion":
		return v * 1e9, n + 1
	}
	return v, n
}

// bare reads a price said without its currency: "49.99 a month".
func (s *scan) bare(at, n int, v float64) int {
	_, cents, point := strings.Cut(s.low(at), ".")
	if !point || len(cents) != 2 || n != 1 {
		return 0
	}
	each := s.oneOf(at+1, "per each every monthly") || s.oneOf(at+1, "a") && s.oneOf(at+2, "month year week day")
	if !each && !s.any(at-3, at, paying) {
		return 0
	}
	return s.sum(at, 1, v, s.dollar(), 0.7)
}

// signed reads a sum with its sign.
func (s *scan) signed(at int) (sum float64, currency string, n int) {
	w := s.low(at)
	for _, sign := range [...]string{"us$", "$", "€", "£", "eur", "usd", "gbp", "chf"} {
		rest, ok := strings.CutPrefix(w, sign)
		if !ok {
			rest, ok = strings.CutSuffix(w, sign)
		}
		if !ok {
			continue
		}
		n = 1
		if rest == "" {
			rest, n = s.low(at+1), 2
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(rest, ",", ""), 64)
		if err != nil || rest[0] < '0' || rest[0] > '9' || math.IsInf(v, 0) {
			return 0, "", 0
		}
		v, n = s.scaled(at, v, n)
		return v, s.currency(sign), n
	}
	return 0, "", 0
}

// sum notes a sum. Nothing of a tenth of a cent, or of more than is on earth.
func (s *scan) sum(at, n int, v float64, currency string, sure float64) int {
	if v < 0.005 || v > 1e13 {
		return 0
	}
	return s.add(at, n, found{name: Money, text: fmt.Sprintf("%s %.2f", currency, v), value: math.Round(v*100) / 100, sure: sure})
}

// currency gives the currency of a sign or a word.
func (s *scan) currency(unit string) string {
	switch unit {
	case "$", "dollar", "dollars", "bucks", "buck":
		return s.dollar()
	case "us$", "usd":
		return "USD"
	case "€", "euro", "euros", "eur":
		return "EUR"
	case "£", "quid", "gbp":
		return "GBP"
	case "francs", "chf":
		return "CHF"
	case "rupees":
		return "INR"
	}
	return ""
}

// small gives the currency of coins.
func (s *scan) small(unit string) string {
	if strings.HasPrefix(unit, "p") {
		return "GBP"
	}
	if s.region == "IE" || s.region == "DE" || s.region == "FR" || s.region == "AT" || s.region == "NL" {
		return "EUR"
	}
	return s.dollar()
}

// grand tells a thousand of money, where somebody pays: not "two grand pianos".
func (s *scan) grand(at, n int) bool {
	return n > 1 && s.oneOf(at+n-1, "grand") && s.any(at-5, at, paying)
}

// own gives the money of the country where it is a pound, a euro or a dollar.
func (s *scan) own() string {
	if s.region == "GB" {
		return "GBP"
	}
	return s.small("cent")
}

// dollar gives the country's own dollar, else that of the United States.
func (s *scan) dollar() string {
	switch s.region {
	case "CA", "AU", "NZ", "SG", "HK":
		return s.region + "D"
	}
	return "USD"
}
