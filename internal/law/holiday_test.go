package law_test

import (
	"strings"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/law"
)

// Days as calendars have them, at eleven, when every window here is open but
// for the holiday.
func TestHolidays(t *testing.T) {
	t.Parallel()
	const paris, birmingham = "+33123456789", "+12055550123"
	for _, c := range []struct {
		name, number, zone, date string
		holiday                  bool
	}{
		{"Easter Monday 2026", paris, "Europe/Paris", "2026-04-06", true},
		{"the Tuesday after it", paris, "Europe/Paris", "2026-04-07", false},
		{"Easter Monday 2024", paris, "Europe/Paris", "2024-04-01", true},
		{"Easter Monday 2019, late", paris, "Europe/Paris", "2019-04-22", true},
		{"Easter Monday 2008, very early", paris, "Europe/Paris", "2008-03-24", true},
		{"Easter Monday 2038, the latest there is", paris, "Europe/Paris", "2038-04-26", true},
		{"Ascension 2027", paris, "Europe/Paris", "2027-05-06", true},
		{"Whit Monday 2025", paris, "Europe/Paris", "2025-06-09", true},
		{"the national day", paris, "Europe/Paris", "2026-07-14", true},
		{"an ordinary Friday", paris, "Europe/Paris", "2026-04-10", false},
		{"Good Friday is none in France", paris, "Europe/Paris", "2026-04-03", false},
		{"and one in Germany", berlin, "Europe/Berlin", "2026-04-03", true},
		{"the day of unity", berlin, "Europe/Berlin", "2025-10-03", true},
		{"Corpus Christi is regional", berlin, "Europe/Berlin", "2026-06-04", false},
		{"Thanksgiving in Alabama, by the days of the country", birmingham, "America/Chicago", "2026-11-26", true},
		{"the Thursday before", birmingham, "America/Chicago", "2026-11-19", false},
		{"Memorial Day, the last Monday", birmingham, "America/Chicago", "2026-05-25", true},
		{"the Monday before", birmingham, "America/Chicago", "2026-05-18", false},
		{"Labor Day on the first", birmingham, "America/Chicago", "2025-09-01", true},
		{"New York has no rule on holidays", newYork, "America/New_York", "2026-11-26", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.ParseInLocation(time.DateOnly, c.date, zone)
			if err != nil {
				t.Fatal(err)
			}
			f := of(t, law.Case{At: at.Add(11 * time.Hour), Purpose: consent.Marketing, Channel: "call", Number: c.number}, "quiet_hours")
			if f.Allowed == c.holiday || strings.Contains(f.Reason, "a public holiday") != c.holiday {
				t.Errorf("allowed %v: %s", f.Allowed, f.Reason)
			}
		})
	}
}

// A file of the operator adds the holidays of a place, and a window of its own
// may close on those that ship.
func TestHolidaysOfTheOperator(t *testing.T) {
	t.Parallel()
	own, err := rules(t).Extend("own.yaml", []byte(`version: 1
windows:
  - {place: US-NY, channels: [call, sms], weekdays: "08:00-20:00", holidays: [public, "04-15"], source: our lawyer}
holidays:
  - {place: US-NY, days: [easter+9], source: our lawyer}
`))
	if err != nil {
		t.Fatal(err)
	}
	zone, _ := time.LoadLocation("America/New_York")
	for date, says := range map[string]string{
		"2026-04-13": "", "2026-04-14": "a public holiday", "2026-04-15": "a holiday of the rules", "2027-04-15": "a holiday of the rules", "2026-07-03": "", "2025-07-04": "a public holiday",
	} {
		at, _ := time.ParseInLocation(time.DateOnly, date, zone)
		f := own.Refusal(law.Case{At: at.Add(11 * time.Hour), Purpose: consent.Marketing, Channel: "call", Number: newYork})
		if (f == nil) != (says == "") || (f != nil && !strings.Contains(f.Reason, says)) {
			t.Errorf("%s: %+v, want %q", date, f, says)
		}
	}
	for _, bad := range []string{"13-01", "easter+x", "monday 5 01", "noday 1 01", "monday 1 13", "holy", ""} {
		text := "version: 1\nholidays:\n  - {place: US, days: [\"" + bad + "\"], source: x}"
		if _, err := rules(t).Extend("own.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "own.yaml:3: holidays[0].days") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
