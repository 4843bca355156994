package api

import (
	"time"

	"heed/internal/sidebyside"
)

// EngineTrials are the latest trials and what can be compared.
type EngineTrials struct {
	Trials  []EngineTrial  `json:"trials" nullable:"false" doc:"The latest first, without results"`
	Choices []EngineChoice `json:"choices" nullable:"false"`
}

// EngineChoice is an engine that can be compared.
type EngineChoice struct {
	Name      string   `json:"name" example:"sherpa"`
	Model     string   `json:"model,omitempty"`
	Note      string   `json:"note,omitempty"`
	Languages []string `json:"languages,omitempty" doc:"BCP 47; none is any"`
	Remote    bool     `json:"remote,omitempty" doc:"It runs elsewhere: the recording is sent there"`
	Loaded    bool     `json:"loaded" doc:"It hears calls now; another one is started for the trial"`
}

// EngineTrial is a trial of two engines.
type EngineTrial struct {
	ID      string       `json:"id"`
	Call    string       `json:"call_id,omitempty"`
	File    string       `json:"file,omitempty"`
	Engines []string     `json:"engines" nullable:"false"`
	By      string       `json:"by"`
	Began   time.Time    `json:"began_at"`
	State   string       `json:"state" enum:"running,done,failed,stopped"`
	Now     string       `json:"now,omitempty" doc:"The engine that hears now"`
	Share   float64      `json:"share" doc:"How far it is, 0 to 1"`
	Fault   string       `json:"fault,omitempty" doc:"Why it failed"`
	Result  *TrialResult `json:"result,omitempty"`
}

// TrialResult is what came of a trial.
type TrialResult struct {
	Seconds   float64        `json:"seconds" doc:"Of the recording that were heard"`
	Cut       bool           `json:"cut,omitempty" doc:"The recording goes on behind them"`
	Engines   []TrialFigures `json:"engines" nullable:"false"`
	Different int            `json:"different" doc:"Words that are not the same in both"`
	Share     float64        `json:"different_share" doc:"Of the words of the longer of the two, 0 to 1"`
	Corrected int            `json:"corrected,omitempty" doc:"Lines that people corrected"`
	Turns     int            `json:"turns,omitempty" doc:"Of so many. Those that nobody corrected count as they were heard on the call, which favours the engine that heard them"`
	Lines     []TrialLine    `json:"lines" nullable:"false"`
}

// TrialFigures are how one engine did.
type TrialFigures struct {
	Name    string       `json:"name"`
	Model   string       `json:"model,omitempty"`
	Words   int          `json:"words"`
	Errors  *TrialErrors `json:"errors,omitempty" doc:"Against what was said, where people corrected the call"`
	Elapsed float64      `json:"elapsed_seconds"`
	Speed   float64      `json:"real_time_factor" doc:"Seconds that one second of the recording took, both parties together; calls that are live go first"`
	CPU     *float64     `json:"cpu_seconds,omitempty"`
	Unsaid  string       `json:"cpu_unknown,omitempty" enum:"untold,shared" doc:"Why the CPU time is not known: it runs elsewhere or does not tell; or it heard calls beside"`
}

// TrialErrors are a word error rate and what it is made of.
type TrialErrors struct {
	Rate          float64 `json:"rate" doc:"0.15 is 15 %; it may be above 1"`
	Words         int     `json:"words" doc:"That were said"`
	Substitutions int     `json:"substitutions"`
	Deletions     int     `json:"deletions"`
	Insertions    int     `json:"insertions"`
}

// TrialLine is a stretch of one party's speech, as both have it.
type TrialLine struct {
	Speaker string      `json:"speaker,omitempty" enum:"agent,customer"`
	Start   float64     `json:"start"`
	End     float64     `json:"end"`
	Said    string      `json:"said,omitempty" doc:"What was said, where people corrected the call"`
	First   []TrialWord `json:"first" nullable:"false"`
	Second  []TrialWord `json:"second" nullable:"false"`
	Differs bool        `json:"differs"`
}

// TrialWord is a word beside what it is compared with: what was said or, where
// nobody corrected the call, what the other engine heard.
type TrialWord struct {
	Text string `json:"text,omitempty" doc:"Empty where it is missing"`
	Mark string `json:"mark" enum:"same,other,missing,added"`
	Said string `json:"said,omitempty" doc:"What stands there on the other side"`
}

func trialOf(v sidebyside.View) EngineTrial {
	return EngineTrial{
		ID: v.ID, Call: v.Call, File: v.File, Engines: v.Engines[:], By: v.By, Began: v.Began, State: v.State,
		Now: v.Now, Share: v.Share, Fault: v.Fault, Result: resultOf(v.Result),
	}
}

func resultOf(r *sidebyside.Result) *TrialResult {
	if r == nil {
		return nil
	}
	v := &TrialResult{
		Seconds: r.Seconds, Cut: r.Cut, Different: r.Different, Share: r.Share, Corrected: r.Corrected, Turns: r.Turns,
		Lines: make([]TrialLine, len(r.Lines)),
	}
	for _, f := range r.Engines {
		one := TrialFigures{Name: f.Name, Model: f.Model, Words: f.Words, Elapsed: f.Elapsed, Speed: f.Speed, CPU: f.CPU, Unsaid: f.Unsaid}
		if e := f.Errors; e != nil {
			one.Errors = &TrialErrors{e.Rate, e.Words, e.Substitutions, e.Deletions, e.Insertions}
		}
		v.Engines = append(v.Engines, one)
	}
	for i, l := range r.Lines {
		v.Lines[i] = TrialLine{
			Speaker: l.Speaker, Start: l.Start, End: l.End, Said: l.Said, Differs: l.Differs,
			First: wordsOf(l.Heard[0]), Second: wordsOf(l.Heard[1]),
		}
	}
	return v
}

func wordsOf(all []sidebyside.Word) []TrialWord {
	out := make([]TrialWord, len(all))
	for i, w := range all {
		out[i] = TrialWord{w.Text, string(w.Mark), w.Said}
	}
	return out
}
