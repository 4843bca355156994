package written

import "strings"

// The reverse of the package: how numbers are said.

var (
	small  = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	byTen  = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	nthOne = strings.Fields(`- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
		fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`)
	months = strings.Fields("january february march april may june july august september october november december")
)

// say gives a number from 0 to 999,999,999,999 in words; and puts "and" behind
// hundreds, as the British do.
func say(n int64, and bool) string {
	for _, big := range []struct {
		value int64
		name  string
	}{{1e9, "billion"}, {1e6, "million"}, {1e3, "thousand"}} {
		if n < big.value {
			continue
		}
		out := say(n/big.value, and) + " " + big.name
		if rest := n % big.value; rest > 0 {
			if and && rest < 100 {
				out += " and"
			}
			out += " " + say(rest, and)
		}
		return out
	}
	switch {
	case n < 20:
		return small[n]
	case n < 100:
		if n%10 == 0 {
			return byTen[n/10]
		}
		return byTen[n/10] + " " + small[n%10]
	}
	out := small[n/100] + " hundred"
	if n%100 > 0 {
		if and {
			out += " and"
		}
		out += " " + say(n%100, and)
	}
	return out
}

// sayNth gives "twenty first" for 21, up to 99.
func sayNth(n int64) string {
	switch {
	case n < 20:
		return nthOne[n]
	case n%10 == 0:
		return strings.TrimSuffix(byTen[n/10], "y") + "ieth"
	}
	return byTen[n/10] + " " + nthOne[n%10]
}

// sayDigits reads digits out one by one; oh says "oh" for 0, doubles says
// "double four".
func sayDigits(digits string, oh, doubles bool) string {
	var out []string
	for i := 0; i < len(digits); i++ {
		word := small[digits[i]-'0']
		if oh && digits[i] == '0' {
			word = "oh"
		}
		if doubles && i+1 < len(digits) && digits[i] == digits[i+1] {
			word = "double " + word
			i++
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}
