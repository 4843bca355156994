package api

import (
	"time"

	"heed/insights/search"
	"heed/internal/desk"
	"heed/internal/export"
	"heed/internal/store"
)

// said is one utterance with what is known of it and of its call.
type said struct {
	*search.Hit
	search.Facts

	call   *desk.Facts
	origin desk.Origin // for who may know it
}

// linker gives the address of a second of a call.
type linker = func(callID string, second float64) string

// column makes the columns of utterances shorter to write.
func column(name, about string, of func(*said) string) export.Column[said] {
	return export.Text(name, about, of)
}

// foundTable is saidTable, for who may know where callers came from with that
// as well.
func foundTable(link linker, origins bool) export.Table[said] {
	t := saidTable(link)
	if origins {
		t.Columns = append(t.Columns,
			column("source", "where the call came from", func(r *said) string { return r.origin.Source }),
			column("campaign", "the campaign that it came from", func(r *said) string { return r.origin.Campaign }),
			column("queue", "in which its platform put it", func(r *said) string { return r.origin.Queue }),
		)
	}
	return t
}

// saidTable is what a search finds. Columns are only ever added, at the end.
func saidTable(link linker) export.Table[said] {
	known := func(v float64) (float64, bool) { return v, true }
	return export.Table[said]{Name: "heed-search", Columns: []export.Column[said]{
		column("call_id", "the call", func(r *said) string { return r.CallID }),
		column("utterance_id", "the utterance", func(r *said) string { return r.UtteranceID }),
		export.Time("at", "when it was said, UTC", func(r *said) time.Time {
			return r.call.StartedAt.Add(r.Start.Duration())
		}),
		export.Number("second", "where it begins in the call", func(r *said) (float64, bool) { return known(float64(r.Start)) }),
		export.Number("end_second", "and ends", func(r *said) (float64, bool) { return known(float64(r.End)) }),
		column("speaker", "customer or agent", func(r *said) string { return string(r.Speaker) }),
		column("language", "of the call, BCP 47", func(r *said) string { return r.call.Language }),
		column("text", "what was said, redacted, in the words that were heard", func(r *said) string { return r.Text }),
		column("written", "the same as people write it", func(r *said) string { return r.Written }),
		export.List("intents", "what the speaker wants", func(r *said) []string { return r.Intents }),
		export.List("themes", "what it is about", func(r *said) []string { return r.Themes }),
		export.List("moments", "what happened in it", func(r *said) []string { return r.Moments }),
		export.Number("sentiment", "the customer's mood in it, -1 to 1", func(r *said) (float64, bool) {
			if r.Mood == nil {
				return 0, false
			}
			return *r.Mood, true
		}),
		column("agent", "who took the call", func(r *said) string { return r.call.Agent }),
		column("direction", "inbound or outbound", func(r *said) string { return r.call.Direction }),
		column("platform", "through which the call came", func(r *said) string { return r.call.Platform }),
		column("customer_id", "whose call it is", func(r *said) string { return r.call.CustomerID }),
		export.Time("call_started_at", "UTC", func(r *said) time.Time { return r.call.StartedAt }),
		export.Number("call_duration", "seconds", func(r *said) (float64, bool) { return known(float64(r.call.Duration)) }),
		export.List("outcomes", "what came of suggestions in the call", func(r *said) []string { return r.call.Outcomes }),
		column("link", "the second of the call in Heed", func(r *said) string { return link(r.CallID, float64(r.Start)) }),
	}}
}

// callTable is a list of calls.
func callTable(link linker) export.Table[desk.Line] {
	type line = desk.Line
	return export.Table[line]{Name: "heed-calls", Columns: []export.Column[line]{
		export.Text("call_id", "the call", func(l *line) string { return l.ID }),
		export.Time("started_at", "UTC", func(l *line) time.Time { return l.StartedAt }),
		export.Time("ended_at", "UTC; empty while it goes on", over),
		export.Number("duration", "seconds", func(l *line) (float64, bool) { return float64(l.Duration), l.EndedAt != nil }),
		export.Text("status", "live, hearing, ended or recovered", func(l *line) string { return string(l.Status) }),
		export.Text("direction", "inbound or outbound", func(l *line) string { return l.Direction }),
		export.Text("platform", "through which it came", func(l *line) string { return l.Platform }),
		export.Text("platform_call_id", "its id there", func(l *line) string { return l.PlatformCall }),
		export.Text("customer_id", "whose call it is", func(l *line) string { return l.CustomerID }),
		export.Text("agent", "who took it", func(l *line) string { return l.Agent }),
		export.Text("language", "BCP 47", func(l *line) string { return l.Language }),
		export.Text("intent", "the customer's latest", func(l *line) string { return l.Intent }),
		export.List("themes", "what it is about", func(l *line) []string { return l.Themes }),
		export.Number("mood", "mean of the customer's latest words, -1 to 1", func(l *line) (float64, bool) { return l.Mood, true }),
		export.Text("recording", "what was kept of the audio", func(l *line) string { return l.Recording.State }),
		export.Text("link", "the call in Heed", func(l *line) string { return link(l.ID, 0) }),
	}}
}

// themeTable is the calls of a theme.
func themeTable(link linker) export.Table[store.ThemeCall] {
	type call = store.ThemeCall
	return export.Table[call]{Name: "heed-theme-calls", Columns: []export.Column[call]{
		export.Text("call_id", "the call", func(c *call) string { return c.ID }),
		export.Time("started_at", "UTC", func(c *call) time.Time { return c.StartedAt }),
		export.Whole("turns", "how often the theme comes up in it", func(c *call) int64 { return c.Turns }),
		export.Text("link", "the call in Heed", func(c *call) string { return link(c.ID, 0) }),
	}}
}
