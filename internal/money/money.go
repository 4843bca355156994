// Package money reads and writes amounts of one currency as whole numbers of
// its smallest unit, so that sums are exact.
//
// It converts no currency into another and rounds nothing that a person wrote:
// an amount finer than the currency, or one that could mean two things, is
// refused.
package money

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// Largest is the largest amount that is taken, in smallest units.
const Largest = 1_000_000_000_000_000

// Currency is one of ISO 4217. The zero value is none.
type Currency struct {
	code  string
	scale int
}

// Parse gives the currency of a code such as "EUR", in any case of letters.
func Parse(code string) (Currency, error) {
	u, err := currency.ParseISO(code)
	if err != nil {
		return Currency{}, fmt.Errorf("%q is no currency of ISO 4217, such as EUR", code)
	}
	scale, _ := currency.Standard.Rounding(u)
	return Currency{u.String(), scale}, nil
}

// String gives the code in capitals.
func (c Currency) String() string { return c.code }

// Scale is how many digits the smallest unit is after the point: 2 of EUR.
func (c Currency) Scale() int { return c.scale }

// Text writes an amount with a point and no sign for thousands: 1234.50.
func (c Currency) Text(amount int64) string {
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	digits := strconv.FormatInt(amount, 10)
	if c.scale == 0 {
		return sign + digits
	}
	if short := c.scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	at := len(digits) - c.scale
	return sign + digits[:at] + "." + digits[at:]
}

// Float gives an amount in the currency's main unit, for JSON.
func (c Currency) Float(amount int64) float64 {
	v, _ := strconv.ParseFloat(c.Text(amount), 64) // what Text writes is a number
	return v
}

// Round gives the amount nearest to a number of the main unit, as programs
// send it; ok is false where that is none or too large.
func (c Currency) Round(v float64) (amount int64, ok bool) {
	units := math.Round(v * math.Pow10(c.scale))
	if math.IsNaN(units) || math.Abs(units) > Largest {
		return 0, false
	}
	return int64(units), true
}

var (
	errNumber = errors.New("is no amount such as 1234.50")
	errLarge  = errors.New("is larger than anybody spends")
)

// Read reads an amount as people and ad platforms write it: 1234.5, 1,234.50,
// 1.234,50 or 1234,50. What might be thousands or a fraction, as 1,234 may, is
// refused unless decimal is the comma or the point.
func (c Currency) Read(text string, decimal rune) (int64, error) {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\'' {
			return -1 // thousands are parted by these too
		}
		return r
	}, strings.TrimSpace(text))
	digits = strings.TrimPrefix(digits, "+")
	sign := int64(1)
	if rest, minus := strings.CutPrefix(digits, "-"); minus {
		digits, sign = rest, -1
	}
	whole, fraction, err := parts(digits, decimal)
	if err != nil {
		return 0, err
	}
	if fraction = strings.TrimRight(fraction, "0"); len(fraction) > c.scale {
		return 0, fmt.Errorf("is finer than the smallest unit of %s", c.code)
	}
	whole += fraction + strings.Repeat("0", c.scale-len(fraction))
	if whole = strings.TrimLeft(whole, "0"); len(whole) > 16 {
		return 0, errLarge
	}
	if whole == "" {
		return 0, nil
	}
	v, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, errNumber
	}
	if v > Largest {
		return 0, errLarge
	}
	return sign * v, nil
}

// parts splits a number into the digits before and after its decimal mark.
func parts(s string, decimal rune) (whole, fraction string, err error) {
	mark := decimal
	if points, commas := strings.Count(s, "."), strings.Count(s, ","); mark == 0 {
		mark, err = markOf(s, points, commas)
		if err != nil {
			return "", "", err
		}
	}
	thousands := ","
	if mark == ',' {
		thousands = "."
	}
	whole, fraction, _ = strings.Cut(s, string(mark))
	if groups := strings.Split(whole, thousands); len(groups) > 1 {
		for _, g := range groups[1:] {
			if len(g) != 3 {
				return "", "", errNumber
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", "", errNumber
	}
	return whole, fraction, nil
}

// markOf tells which sign is the decimal mark.
func markOf(s string, points, commas int) (rune, error) {
	last := strings.LastIndexAny(s, ".,")
	switch {
	case points > 0 && commas > 0:
		return rune(s[last]), nil // the last of two kinds
	case points > 1:
		return ',', nil
	case commas > 1:
		return '.', nil
	case points+commas == 1 && len(s)-last-1 == 3 && strings.Trim(s[:last], "0") != "":
		return 0, fmt.Errorf("may mean thousands or a fraction: write %s or %s.%s0", s[:last]+s[last+1:], s[:last], s[last+1:])
	case commas == 1:
		return ',', nil
	}
	return '.', nil
}
