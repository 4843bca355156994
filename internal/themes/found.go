package themes

import (
	"regexp"
	"strings"

	"heed/insights/search"
	"heed/internal/store"
)

// query gives what finds the calls of a series in the search, or nothing where
// no query does: what is like a quote, or was discovered, has no words of its own.
func (a *asking) query(p *part) string {
	name := a.q.Name
	if a.q.By == "name" {
		if name = p.value; name == "" {
			return ""
		}
	}
	what := a.about(name)
	if what == "" {
		return ""
	}
	out := []string{what}
	for _, c := range []struct {
		field string
		want  *string
	}{{"source", a.q.Source}, {"campaign", a.q.Campaign}, {"queue", a.q.Queue}} {
		switch {
		case c.field == a.q.By && p != a.total:
			out = append(out, inField(c.field, p.value))
		case c.want != nil:
			out = append(out, inField(c.field, *c.want))
		}
	}
	const minute = "2006-01-02T15:04Z07:00"
	q := strings.Join(append(out, "began:"+a.from.Format(minute)+".."+a.to.In(a.from.Location()).Format(minute)), " ")
	if search.Check(q) != nil {
		return ""
	}
	return q
}

// about gives what finds lines of a name.
func (a *asking) about(name string) string {
	const customer = " speaker:customer"
	switch a.q.Kind {
	case store.TallyVolume:
		return customer[1:]
	case store.TallyIntent:
		return inField("intent", name) + customer
	case store.TallyOutcome:
		return inField("outcome", name)
	case store.TallySentiment:
		return map[string]string{"negative": "sentiment:<0", "positive": "sentiment:>0", "": "sentiment:-1..1"}[name] + customer
	}
	if of := asked(a.titles[name]); of != "" {
		return of + customer
	}
	return ""
}

var simple = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_.-]+$`)

// inField writes a condition on a field as the search reads it.
func inField(field, value string) string {
	switch {
	case value == "":
		return "NOT " + field + ":*"
	case simple.MatchString(value):
		return field + ":" + value
	}
	return field + `:"` + strings.ReplaceAll(value, `"`, "") + `"`
}

var (
	plainWords = regexp.MustCompile(`^[\p{L}\p{M}\p{N}' -]+$`)
	beginning  = regexp.MustCompile(`^[\p{L}\p{M}\p{N}]{2,}\*$`)
)

// asked writes a theme as a query, if one finds what the theme does.
func asked(th Theme) string {
	d := th.Definition
	switch {
	case d == nil || th.State == Merged:
		return ""
	case th.Kind == Rule:
		return inField("theme", d.Name)
	case th.Kind == Query:
		return "(" + d.Query + ")"
	case th.Kind != Words || len(d.Unless) > 0 || len(d.Phrases) == 0:
		return ""
	}
	parts := make([]string, len(d.Phrases))
	for i, phrase := range d.Phrases {
		switch {
		case beginning.MatchString(phrase):
			parts[i] = phrase
		case plainWords.MatchString(phrase):
			parts[i] = `"` + phrase + `"`
		default:
			return ""
		}
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}
