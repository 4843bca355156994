package entity

import (
	"fmt"
	"strconv"
	"strings"

	"heed/insights/written"
)

// clock reads a time of day: "3:30 PM", "half past ten", "at nine", "noon".
func (s *scan) clock(at int) int {
	for _, read := range [...]func(*scan, int) (hour, minute, n int){(*scan).noon, (*scan).past60, (*scan).digital, (*scan).hourOnly} {
		h, m, n := read(s, at)
		if n == 0 {
			continue
		}
		half, k := s.half(at + n)
		sure := 0.95
		text := fmt.Sprintf("%d:%02d", h, m)
		switch {
		case h > 12 || h == 0 || half == "" && h == 12:
			text = fmt.Sprintf("%02d:%02d", h, m)
		case half == "am":
			text = fmt.Sprintf("%02d:%02d", h%12, m)
		case half == "pm":
			text = fmt.Sprintf("%02d:%02d", h%12+12, m)
		default:
			sure = 0.85
		}
		return s.add(at, n+k, found{name: Time, text: text, sure: sure})
	}
	return 0
}

// half reads which half of the day is meant.
func (s *scan) half(at int) (half string, n int) {
	switch w := s.low(at); w {
	case "am", "pm":
		return w, 1
	case "a.m", "p.m":
		return strings.ReplaceAll(w, ".", ""), 1
	case "o'clock":
		half, n = s.half(at + 1)
		return half, n + 1
	case "morning", "afternoon", "evening":
		return partOfDay(w), 1
	case "in":
		if half = partOfDay(s.low(at + 2)); half != "" && s.oneOf(at+1, "the") {
			return half, 3
		}
	case "tonight":
		return "pm", 0
	case "tomorrow", "this":
		return partOfDay(s.low(at + 1)), 0
	}
	return s.atNight(at)
}

// atNight reads "at night", and "night" behind an hour with its minutes: "one
// night" is a length of time.
func (s *scan) atNight(at int) (half string, n int) {
	switch {
	case s.oneOf(at, "at") && s.oneOf(at+1, "night"):
		return "pm", 2
	case s.oneOf(at, "night") && strings.Contains(s.low(at-1), ":"):
		return "pm", 1
	}
	return "", 0
}

func partOfDay(w string) string {
	switch w {
	case "morning":
		return "am"
	case "afternoon", "evening":
		return "pm"
	}
	return ""
}

func (s *scan) noon(at int) (hour, minute, n int) {
	switch s.low(at) {
	case "noon", "midday":
		return 12, 0, 1
	case "midnight":
		return 0, 0, 1
	}
	return 0, 0, 0
}

// past60 reads "half past ten", "quarter to five", "twenty past seven", and
// "half eight", which is half past.
func (s *scan) past60(at int) (hour, minute, n int) {
	if h := s.halfPast(at); h > 0 {
		return h, 30, 2
	}
	minute, p := s.minutes(at)
	past := s.oneOf(p, "past after")
	h, k := s.whole(p + 1)
	if minute == 0 || !s.oneOf(p, "past after to before till") || k == 0 || h < 1 || h > 24 {
		return 0, 0, 0
	}
	p += 1 + k
	if past {
		return int(h) % 24, minute, p - at
	}
	// "five to six" is a range as often as a time: something must say which.
	if half, _ := s.half(p); half == "" && minute != 15 && !s.oneOf(at-1, "at by until till") {
		return 0, 0, 0
	}
	if h == 1 {
		h = 13
	}
	return int(h) - 1, 60 - minute, p - at
}

// halfPast reads "half eight" and gives the hour, 0 for none.
func (s *scan) halfPast(at int) int {
	if !s.oneOf(at, "half") || !s.oneOf(at-1, "at around about by until till before after from") {
		return 0
	}
	if h, k := s.whole(at + 1); k == 1 && h >= 1 && h <= 12 && !s.oneOf(at+2, "of hours days weeks months years percent") {
		return int(h)
	}
	return 0
}

// minutes reads what stands before "past" and "to", and gives the place behind
// it; 0 minutes are none.
func (s *scan) minutes(at int) (minute, behind int) {
	switch {
	case s.oneOf(at, "half") && s.oneOf(at+1, "past"):
		return 30, at + 1
	case s.oneOf(at, "quarter"):
		return 15, at + 1
	case s.oneOf(at, "a") && s.oneOf(at+1, "quarter"):
		return 15, at + 2
	}
	v, k := s.whole(at)
	if k == 0 || v < 1 || v > 29 {
		return 0, at
	}
	if s.oneOf(at+k, "minutes minute") {
		k++
	}
	return int(v), at + k
}

// digital reads "3:30" and "15:30", and "7" before "PM".
func (s *scan) digital(at int) (hour, minute, n int) {
	w := s.low(at)
	if !startsDigit(w) {
		return s.spelled(at)
	}
	half, _ := s.half(at + 1)
	h, m, parted := strings.Cut(w, ":")
	if !parted && half != "" {
		h, m, parted = strings.Cut(w, ".")
	}
	hour = twoDigits(h)
	if parted {
		return onDial(hour, m)
	}
	if half == "" && !s.oneOf(at+1, "o'clock") || hour < 1 || hour > 12 {
		return 0, 0, 0
	}
	return hour, 0, 1
}

// onDial gives an hour with its minutes, when both can be.
func onDial(hour int, minutes string) (h, minute, n int) {
	minute = twoDigits(minutes)
	if hour < 0 || hour > 24 || minute < 0 || minute > 59 || len(minutes) != 2 {
		return 0, 0, 0
	}
	return hour % 24, minute, 1
}

// twoDigits reads one digit or two; anything else is -1.
func twoDigits(w string) int {
	v, err := strconv.Atoi(w)
	if err != nil || len(w) > 2 || v < 0 {
		return -1
	}
	return v
}

// spelled reads "seven" before "in the evening".
func (s *scan) spelled(at int) (hour, minute, n int) {
	v, k := s.whole(at)
	if k != 1 || v < 1 || v > 12 {
		return 0, 0, 0
	}
	if half, taken := s.half(at + 1); half == "" || taken == 0 {
		if !s.oneOf(at+1, "o'clock") {
			return 0, 0, 0
		}
	}
	return int(v), 0, 1
}

// hourOnly reads "at nine", where nothing is counted.
func (s *scan) hourOnly(at int) (hour, minute, n int) {
	v, k := s.whole(at)
	if k != 1 || v < 1 || v > 24 || !s.aboutTime(at) {
		return 0, 0, 0
	}
	return int(v) % 24, 0, 1
}

// aboutTime tells by the words around a number that it is an hour.
func (s *scan) aboutTime(at int) bool {
	if at+1 >= len(s.tokens) || s.tokens[at].ends {
		return s.oneOf(at-1, "at") || s.oneOf(at-1, "after before") && s.oneOf(at-2, "anytime time") || s.oneOf(at-1, "than") && s.oneOf(at-2, "later earlier")
	}
	if half, _ := s.half(at + 1); half != "" {
		return s.oneOf(at-1, "at until till by before after around than from between")
	}
	if s.oneOf(at+1, "on tomorrow today tonight") {
		return s.oneOf(at-1, "at until till by before after around")
	}
	return s.oneOf(at-1, "at") && (isWeekday(s.low(at+1)) || s.oneOf(at+1, "and or is would works then this sharp please if because so but"))
}

func isWeekday(w string) bool {
	_, ok := weekdays[w]
	return ok
}

// duration reads a length of time: "two weeks", "an hour".
func (s *scan) duration(at int) int {
	if s.oneOf(at, "half") && s.oneOf(at+1, "an") && s.oneOf(at+2, "hour") {
		return s.add(at, 3, found{name: Duration, text: "PT30M", value: 1800, sure: 0.9})
	}
	v, n := s.howLong(at)
	if n == 0 {
		return 0
	}
	if s.oneOf(at+n, "business working calendar more full whole") {
		n++
	}
	text, seconds := isoDuration(v, s.low(at+n))
	// "seventy two years old" is no length of time that matters.
	if text == "" || v < 1 || v > 10_000 || s.oneOf(at+n+1, "old") {
		return 0
	}
	return s.add(at, n+1, found{name: Duration, text: text, value: float64(v) * seconds, sure: 0.85})
}

// howLong reads how many of a unit: "three", "a couple of", and "a" where that
// does not say how often.
func (s *scan) howLong(at int) (v int64, n int) {
	if v, n = s.whole(at); n > 0 || !s.oneOf(at, "a an") {
		return v, n
	}
	if s.oneOf(at+1, "couple") {
		w, k := s.some(at)
		return int64(w), k
	}
	if !s.oneOf(at+1, "hour week month year") || s.oneOf(at-1, "times once twice") || s.each(at) {
		return 0, 0
	}
	return 1, 1
}

// each tells "a month" that says how often: "fifty dollars a month".
func (s *scan) each(at int) bool {
	if at == 0 {
		return false
	}
	before := s.low(at - 1)
	_, _, number := written.Number(before)
	return number || strings.ContainsAny(before, "0123456789") || within(before, "dollars euros pounds gigs gigabytes much bucks")
}

// isoDuration writes a length of time (ISO 8601), with the seconds of its unit.
func isoDuration(v int64, unit string) (text string, seconds float64) {
	switch strings.TrimSuffix(unit, "s") {
	case "minute", "min":
		return fmt.Sprintf("PT%dM", v), 60
	case "hour", "hr":
		return fmt.Sprintf("PT%dH", v), 3600
	case "day", "night":
		return fmt.Sprintf("P%dD", v), 86400
	case "week":
		return fmt.Sprintf("P%dW", v), 7 * 86400
	case "month":
		return fmt.Sprintf("P%dM", v), 30 * 86400
	case "year":
		return fmt.Sprintf("P%dY", v), 365 * 86400
	}
	return "", 0
}
