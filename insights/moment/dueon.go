package moment

import (
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/insights/entity"
	"heed/insights/spoken"
)

// named gives the dates and lengths of time that were found in an utterance.
func named(u *insights.Utterance, call *insights.Call) []insights.Insight {
	if call == nil {
		return nil
	}
	var out []insights.Insight
	for i := range call.Insights {
		in := &call.Insights[i]
		if in.Kind == insights.Entity && in.UtteranceID == u.ID && len(in.Evidence) == 1 && in.Evidence[0].To <= len(u.Text) &&
			(in.Name == entity.Date || in.Name == entity.Duration) {
			out = append(out, *in)
		}
	}
	return out
}

// byWhen widens the words of a promise that say by when to the whole of the
// dates that they touch. Where they tell nothing, the first date in the promise
// does, or the first length of time that is ahead: "within 24 hours".
func byWhen(promise, when insights.Span, words []spoken.Word, times []insights.Insight) insights.Span {
	for i := range times {
		s := times[i].Evidence[0]
		switch {
		case s.From < promise.From || s.To > promise.To:
		case when.To == 0:
			if led := ledBy(s, words); times[i].Name == entity.Date || led.From < s.From {
				when = led
			}
		case s.From <= when.To && s.To >= when.From:
			when = insights.Span{From: min(when.From, s.From), To: max(when.To, s.To)}
		}
	}
	return when
}

// ledBy widens a span to the words before it that put it ahead.
func ledBy(s insights.Span, words []spoken.Word) insights.Span {
	at, _ := place(words, s)
	for at > 0 && (leads[words[at-1].Text] || words[at-1].Text == "the") {
		at--
		s.From = words[at].From
	}
	return s
}

// dueOn gives the day of the words that say by when, or "". A length of time
// counts from the call; working days have no weekend between them.
func (a *Analyzer) dueOn(u *insights.Utterance, due insights.Span, times []insights.Insight, call *insights.Call) string {
	within := func(name string) int {
		return slices.IndexFunc(times, func(in insights.Insight) bool {
			s := in.Evidence[0]
			return in.Name == name && s.From < due.To && s.To > due.From
		})
	}
	if i := within(entity.Date); i >= 0 && times[i].Text[0] >= '0' && times[i].Text[0] <= '9' {
		return times[i].Text
	}
	i := within(entity.Duration)
	if i < 0 || call.StartedAt.IsZero() {
		return ""
	}
	said, length := u.Text[due.From:due.To], time.Duration(times[i].Value)*time.Second
	at := call.StartedAt
	if a.zone != nil {
		at = at.In(a.zone)
	}
	at = at.Add(u.End.Duration())
	if strings.Contains(said, "working") || strings.Contains(said, "business") {
		return workingDays(at, int(length/(24*time.Hour))).Format(time.DateOnly)
	}
	if length%(24*time.Hour) == 0 {
		return at.AddDate(0, 0, int(length/(24*time.Hour))).Format(time.DateOnly) // days have 23 hours, too
	}
	return at.Add(length).Format(time.DateOnly)
}

// workingDays gives the day that is n working days, 0..10,000, after a moment.
func workingDays(at time.Time, n int) time.Time {
	for n > 0 {
		at = at.AddDate(0, 0, 1)
		if day := at.Weekday(); day != time.Saturday && day != time.Sunday {
			n--
		}
	}
	return at
}
