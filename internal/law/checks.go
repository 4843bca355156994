package law

import (
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
)

// checks in their order: what the person said first, then the lists, then
// time and form.
var checks = []Check{
	{"do_not_track", "Who does not want to be tracked gets plain service only", tracking},
	{"marketing_objection", "An objection to marketing ends it, and the profiling for it, at once", objection},
	{"global_privacy_control", "The browser's signal Sec-GPC: 1 is an opt-out of sale and sharing", saleOptOut},
	{"revocation", "A stop said to one marketing call or text reaches as far as the law says", revoked},
	{"do_not_call", "Numbers on our own or an authority's list are not called or texted for marketing", doNotCall},
	{"quiet_hours", "Marketing calls and texts come at a decent hour of the person's own place", quietHours},
	{"written_consent", "Marketing texts, and calls by machine, need a consent in writing", writtenConsent},
	{"automated_decision", "What changes somebody's rights is not decided without a person", automatedDecision},
}

// sells says whether a purpose is somebody's marketing.
func sells(p consent.Purpose) bool { return p == consent.Marketing || p == consent.Sale }

// rings says whether a channel is a telephone.
func rings(channel string) bool { return channel == "call" || channel == "sms" }

func (q *question) says(p consent.Purpose, channel string) consent.Answer {
	return consent.Now(q.Ledger, consent.Cell{Purpose: p, Channel: channel, Topic: q.Topic, Address: q.Address}, q.At)
}

func on(a consent.Answer) string {
	return a.Row.At.Format("2 January 2006") + " (" + a.Row.Source + ")"
}

const gdpr21 = "GDPR article 21(2) and (3)"

func tracking(q *question) Finding {
	const source = "the person's own choice; GDPR article 21(1)"
	switch a := q.says(consent.Tracking, q.Channel); {
	case !a.Denies():
		return allowed(source, "tracking was not refused")
	case q.Purpose == consent.Service:
		return allowed(source, "service goes on for who is not tracked")
	default:
		return refused(source, "the customer asked on %s not to be tracked: only plain service is left", on(a))
	}
}

func objection(q *question) Finding {
	if !sells(q.Purpose) {
		return allowed(gdpr21, "it is not marketing")
	}
	if a := q.says(consent.Marketing, q.Channel); a.Denies() {
		return refused(gdpr21, "the customer objected to marketing on %s", on(a))
	}
	return allowed(gdpr21, "no objection to marketing is on record")
}

func saleOptOut(q *question) Finding {
	const source = "Cal. Civ. Code 1798.135; 11 CCR 7025"
	if q.Purpose != consent.Sale {
		return allowed(source, "nothing is sold or shared")
	}
	if a := q.says(consent.Sale, q.Channel); a.Denies() {
		return refused(source, "the customer opted out of sale and sharing on %s", on(a))
	}
	return allowed(source, "no opt-out of sale and sharing is on record")
}

// revoked widens a no that was said to one marketing call or text, whether it
// took a yes back or answered a question: a stop is a stop.
func revoked(q *question) Finding {
	rule := q.strictest(scopesOf(q.rules.revocation))
	if !sells(q.Purpose) || !rings(q.Channel) {
		return allowed(rule.source, "it is no marketing call or text")
	}
	for i := range q.Ledger {
		row := &q.Ledger[i]
		if said := (consent.Answer{State: row.State}); !said.Denies() || row.Purpose != consent.Marketing || row.At.After(q.At) || !q.reaches(row, scopes[rule.level]) {
			continue
		}
		// The cell that was closed may have been opened again.
		if a := consent.Now(q.Ledger, row.Cell, q.At); a.Denies() {
			return refused(rule.source, "the customer said stop on %s, and that reaches %s", on(a), reach[scopes[rule.level]])
		}
	}
	return allowed(rule.source, "no stop is in force")
}

var reach = map[string]string{"topic": "its topic", "channel": "all marketing by that channel", "number": "all marketing to the number"}

// reaches says whether a withdrawal is about this call or text.
func (q *question) reaches(row *consent.Row, scope string) bool {
	if row.Address != "" && row.Address != q.Address {
		return false
	}
	switch scope {
	case "number":
		return row.Channel == "" || rings(row.Channel)
	case "channel":
		return row.Channel == "" || row.Channel == q.Channel
	default:
		return (row.Channel == "" || row.Channel == q.Channel) && (row.Topic == "" || row.Topic == q.Topic)
	}
}

func doNotCall(q *question) Finding {
	const source = "47 CFR 64.1200(c)(2) and (d); the lists themselves"
	if !sells(q.Purpose) || !rings(q.Channel) {
		return allowed(source, "it is no marketing call or text")
	}
	for _, l := range q.Listed {
		a := q.says(consent.Marketing, q.Channel)
		if l.National && a.State == consent.Granted && inWriting(a.Row) {
			continue // whoever invited the call in writing is called all the same
		}
		since := ""
		if !l.Since.IsZero() {
			since = " since " + l.Since.Format("2 January 2006")
		}
		return refused(source, "the number is on the do-not-call list %q%s", l.List, since)
	}
	return allowed(source, "the number is on no do-not-call list")
}

// inWriting says whether the ledger holds what the person agreed to.
func inWriting(r *consent.Row) bool {
	return r != nil && (r.Wording != "" || r.WordingID != "" || r.Evidence != "") && r.CallID == ""
}

func writtenConsent(q *question) Finding {
	if !sells(q.Purpose) {
		return allowed("", "it is not marketing")
	}
	for _, s := range q.rules.written {
		if !slices.Contains(s.Channels, q.Channel) || !q.mayBeIn(s) {
			continue
		}
		a := q.says(consent.Marketing, q.Channel)
		if a.State == consent.Granted && inWriting(a.Row) {
			return allowed(s.Source, "the ledger holds the words of the consent of "+on(a))
		}
		return refused(s.Source, "marketing by %s needs a consent in writing there, and the ledger holds no words of one", q.Channel)
	}
	return allowed("", "no consent in writing is needed there")
}

func automatedDecision(q *question) Finding {
	const source = "GDPR article 22"
	switch {
	case q.Effect == "":
		return allowed(source, "it has no legal or similar effect")
	case q.Human:
		return allowed(source, "a person decides; the customer may have it explained and contest it")
	default:
		return refused(source, "it has a %s effect and nobody would look at it: only a person may decide it", q.Effect)
	}
}

func quietHours(q *question) Finding {
	if !sells(q.Purpose) || !rings(q.Channel) {
		return allowed("", "it is no marketing call or text")
	}
	spots := q.where()
	if len(spots) == 0 {
		return refused("", "nothing tells where the customer is, so it may be night there")
	}
	source := ""
	for _, s := range spots {
		local := q.At.In(s.zone)
		for _, w := range q.rules.windowsOf(s, q.Channel) {
			source = w.Source
			holiday := q.rules.closed(w, s, local)
			if holiday == "" && w.open(local) {
				continue
			}
			when := local.Format("15:04 on Monday") + holiday
			if len(spots) > 1 {
				return refused(w.Source, "it is %s in %s, where the customer may be (%s)", when, s.zone, s.from)
			}
			return refused(w.Source, "it is %s at the customer's place (%s, by %s)", when, s.zone, s.from)
		}
	}
	return allowed(source, "it is "+q.At.In(spots[0].zone).Format("15:04 on Monday")+" at the customer's place ("+spots[0].zone.String()+", by "+spots[0].from+")")
}

// open says whether a local time lies in the window of its day of the week.
func (w *window) open(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(w.days[local.Weekday()], func(s span) bool { return minute >= s.from && minute < s.to })
}

// windowsOf gives what holds at a spot: of the part of the country and of the
// country; of its group, or the common one, only where those say nothing.
func (r *Rules) windowsOf(s spot, channel string) []*window {
	var own, group, common []*window
	for i := range r.windows {
		w := &r.windows[i]
		switch {
		case len(w.Channels) > 0 && !slices.Contains(w.Channels, channel):
		case s.place != "" && (w.Place == s.place || w.Place == s.country()):
			own = append(own, w)
		case slices.Contains(r.groups[w.Place], s.country()):
			group = append(group, w)
		case w.Place == "*":
			common = append(common, w)
		}
	}
	for _, found := range [][]*window{own, group} {
		if len(found) > 0 {
			return found
		}
	}
	return common
}

// mayBeIn says whether the person may be where a rule holds; of whom nothing
// is known, they may.
func (q *question) mayBeIn(s scoped) bool {
	if s.Place == "*" || len(q.where()) == 0 {
		return true
	}
	return slices.ContainsFunc(q.where(), func(at spot) bool { return q.rules.holds(s, at) })
}

func (r *Rules) holds(s scoped, at spot) bool {
	return s.Place == "*" || s.Place == at.place || s.Place == at.country() || slices.Contains(r.groups[s.Place], at.country())
}

// ranked is a rule with a level; more is stricter.
type ranked struct {
	scoped

	level  int
	source string
}

// strictest gives the strictest of the rules that hold wherever the person may
// be, at each place the most specific.
func (q *question) strictest(list []ranked) ranked {
	spots := q.where()
	if len(spots) == 0 {
		spots = []spot{{}}
	}
	best := ranked{level: -1}
	for _, at := range spots {
		if found, ok := q.rules.mostSpecific(list, at); ok && found.level > best.level {
			best = found
		}
	}
	best.level = max(best.level, 0)
	return best
}

func (r *Rules) mostSpecific(list []ranked, at spot) (best ranked, ok bool) {
	depth := -1
	for _, x := range list {
		if !r.holds(x.scoped, at) {
			continue
		}
		d := 1 // a group
		switch {
		case x.Place == "*":
			d = 0
		case strings.Contains(x.Place, "-"):
			d = 3
		case x.Place == at.country():
			d = 2
		}
		if d > depth {
			best, depth, ok = x, d, true
		}
	}
	return best, ok
}

func scopesOf(list []revocation) []ranked {
	out := make([]ranked, len(list))
	for i, v := range list {
		out[i] = ranked{v.scoped, slices.Index(scopes, v.Scope), v.Source}
	}
	return out
}
