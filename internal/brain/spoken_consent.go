package brain

import (
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/event"
)

// wish is what an intent of the customer says of the ledger.
type wish struct {
	cell  consent.Cell
	state consent.State
}

// wishes are the intents that speak to the ledger. What closes does so at
// once; what opens waits for the agent.
var wishes = map[string]wish{
	"stop_contact":  {consent.Cell{Purpose: consent.Marketing}, consent.Withdrawn},
	"stop_calls":    {consent.Cell{Purpose: consent.Marketing, Channel: "call"}, consent.Withdrawn},
	"stop_emails":   {consent.Cell{Purpose: consent.Marketing, Channel: "email"}, consent.Withdrawn},
	"stop_sms":      {consent.Cell{Purpose: consent.Marketing, Channel: "sms"}, consent.Withdrawn},
	"stop_post":     {consent.Cell{Purpose: consent.Marketing, Channel: "post"}, consent.Withdrawn},
	"do_not_record": {consent.Cell{Purpose: consent.Recording}, consent.Denied},
	"may_record":    {consent.Cell{Purpose: consent.Recording}, consent.Granted},
	"may_email":     {consent.Cell{Purpose: consent.Marketing, Channel: "email"}, consent.Granted},
}

// wishLeast is the confidence that a wish needs. A wrong no costs a question
// to the customer, a missed one their trust.
const wishLeast = 0.5

// wish adds what the customer said of contact and recording to the ledger, as
// heard: provisional until the agent has answered. The agent's own words are
// nobody's wish. What the ledger says already is not said again.
func (w *change) wish(u *insights.Utterance, found []insights.Insight) {
	if u.Speaker != insights.Customer {
		return
	}
	for _, in := range found {
		said, speaks := wishes[in.Name]
		if in.Kind != insights.Intent || !speaks || in.Confidence < wishLeast {
			continue
		}
		at := w.call.call.StartedAt.Add(in.Start.Duration())
		if at.After(w.at) {
			at = w.at
		}
		if w.said(said, at) {
			continue
		}
		w.addRow(consent.Row{
			ID: event.NewID(), CustomerID: w.profile.ID, Cell: said.cell, State: said.state, At: at, RecordedAt: w.at,
			Source: "call", Actor: "customer", CallID: w.call.call.ID, CallSecond: float64(in.Start),
			Language: w.call.call.Language, Evidence: u.Text, Basis: consent.ByConsent,
			Medium: "phone", Method: "spoken", Provisional: true,
		})
	}
}

// said tells whether the ledger holds a wish already: the cell says the same,
// or the agent was asked and has not answered.
func (w *change) said(s wish, at time.Time) bool {
	for _, r := range consent.Open(w.rows) {
		if r.Cell == s.cell && r.State == s.state {
			return true
		}
	}
	// What another of those who are one had refused does not make a wish of
	// this one heard: what counts is the answer for all.
	now := consent.Now(w.ledger(), s.cell, at)
	return now.State == s.state || (now.Denies() && s.state != consent.Granted)
}
