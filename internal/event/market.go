package event

import "time"

// ConversionsExported says that conversions were written for an ad platform;
// its payload is an [Export], in which nobody is.
const ConversionsExported Type = "conversions.exported"

// Export says who had conversions written for whom, and how many.
type Export struct {
	By        string    `json:"by"`
	Format    string    `json:"format" example:"google-ads"`
	Of        string    `json:"of" enum:"orders,calls"`
	Identify  string    `json:"identify" enum:"clicks,numbers"`
	From      string    `json:"from" example:"2026-03-01"`
	To        string    `json:"to" example:"2026-03-31"`
	At        time.Time `json:"at"`
	Rows      int       `json:"rows"`
	Unwilling int       `json:"left_out_without_consent" doc:"Of people who did not allow it to be told to advertisers"`
	Unknown   int       `json:"left_out_without_id" doc:"Without a click id of the platform, or a number"`
	GivenBack int       `json:"left_out_given_back" doc:"Orders of which nothing is left"`
}
