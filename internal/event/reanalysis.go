package event

import (
	"time"

	"heed/insights"
)

// ReanalysisState is where a run over history stands.
type ReanalysisState string

// A run that a crash or a shutdown interrupted stays running until it is taken
// up again. One that was cancelled or failed is taken up by asking for the
// same again.
const (
	ReanalysisRunning   ReanalysisState = "running"
	ReanalysisDone      ReanalysisState = "done"
	ReanalysisCancelled ReanalysisState = "cancelled"
	ReanalysisFailed    ReanalysisState = "failed"
)

// Reanalysis is one run of the present analyzers over history.
type Reanalysis struct {
	ID      string              `json:"id"`
	Request ReanalysisRequest   `json:"request"`
	Since   time.Time           `json:"since"` // calls that began then or later
	Until   time.Time           `json:"until"` // and before this
	Models  []string            `json:"models" doc:"Analyzers and versions that it runs"`
	State   ReanalysisState     `json:"state" enum:"running,done,cancelled,failed"`
	Error   string              `json:"error,omitempty" doc:"Why it failed"`
	Counts  ReanalysisCounts    `json:"counts"`
	Changes []ReanalysisChange  `json:"changes" doc:"What was understood anew and what no more, by kind and name"`
	At      ReanalysisMark      `json:"at"` // the last call that is done
	Example []ReanalysisExample `json:"examples,omitempty" doc:"The first utterances that changed"`

	StartedAt time.Time  `json:"started_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// ReanalysisRequest is what a run was asked for, as it was asked.
type ReanalysisRequest struct {
	Since string          `json:"since,omitempty" doc:"A day (2026-03-01), a moment (RFC 3339) or a time back from now (30d, 12h)"`
	Until string          `json:"until,omitempty" doc:"The same; now when it is empty"`
	Call  string          `json:"call,omitempty" doc:"Only this call"`
	Kinds []insights.Kind `json:"kinds,omitempty" doc:"Only these kinds of insight; all when empty"`
	// DryRun changes nothing and is not kept.
	DryRun bool `json:"dry_run,omitempty" doc:"Only tell what would change"`
}

// ReanalysisCounts is how far a run came.
type ReanalysisCounts struct {
	Calls      int `json:"calls" doc:"That are done"`
	Total      int `json:"total" doc:"That there are to do"`
	Utterances int `json:"utterances" doc:"That were read again"`
	Changed    int `json:"changed" doc:"Of which something else is understood, or by another model"`
	Figures    int `json:"figures,omitempty" doc:"Calls of which a talk figure is another, or by another version"`
	Summaries  int `json:"summaries,omitempty" doc:"Calls of which the summary is another, or by another version"`
	Skipped    int `json:"skipped,omitempty" doc:"Calls that could not be read"`
}

// ReanalysisChange counts one kind and name of insight; what is said of a whole
// call counts once a call.
type ReanalysisChange struct {
	Kind    insights.Kind `json:"kind"`
	Name    string        `json:"name"`
	Added   int           `json:"added" doc:"Utterances, or calls, that did not have it"`
	Removed int           `json:"removed" doc:"Utterances, or calls, that have it no more"`
	Kept    int           `json:"kept" doc:"Utterances, or calls, that have it still, by a newer model or with another value"`
}

// ReanalysisMark is a place in the order of calls: by start, then id.
type ReanalysisMark struct {
	Started time.Time `json:"started,omitzero"`
	Call    string    `json:"call,omitempty"`
}

// ReanalysisExample is an utterance of which something else is understood, as
// "kind:name"; it never holds what was said.
type ReanalysisExample struct {
	Call      string   `json:"call"`
	Utterance string   `json:"utterance"`
	Was       []string `json:"was"`
	Now       []string `json:"now"`
}
