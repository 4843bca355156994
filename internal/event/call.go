package event

import (
	"time"

	"heed/insights"
)

// Call is the record of one phone call: the payload of the call events and
// the row that the store keeps.
type Call struct {
	ID string `json:"id"`
	// Platform is the door it came through, such as "twilio"; PlatformCall is
	// that platform's own id, and the pair is unique.
	Platform     string `json:"platform"`
	PlatformCall string `json:"platform_call_id"`
	Direction    string `json:"direction"`      // "inbound" or "outbound"
	From         string `json:"from,omitempty"` // E.164, empty when withheld
	To           string `json:"to,omitempty"`   // E.164
	CustomerID   string `json:"customer_id,omitempty"`
	CustomerName string `json:"customer_name,omitempty"`
	Agent        string `json:"agent,omitempty"`
	Language     string `json:"language,omitempty"`
	// TrackingID is a call-tracking service's id of the call, when that came with it.
	TrackingID string `json:"tracking_id,omitempty"`

	Status    CallStatus       `json:"status"`
	StartedAt time.Time        `json:"started_at"`
	EndedAt   *time.Time       `json:"ended_at,omitempty"`
	Duration  insights.Seconds `json:"duration"`
	EndReason string           `json:"end_reason,omitempty"`

	Captions  CaptionState `json:"captions"`
	Recording Recording    `json:"recording"`
	Health    Health       `json:"health"`

	// Sounds are what was on the line beside speech, in the order in which
	// they were found: the first MaxSounds. MoreSounds counts the others.
	Sounds     []Sound `json:"sounds,omitempty"`
	MoreSounds int     `json:"more_sounds,omitempty"`
}

// EndedCall is the payload of [CallEnded]; what reads a [Call] reads it too.
type EndedCall struct {
	Call

	// Figures are what was measured of the whole call.
	Figures []insights.Insight `json:"figures,omitempty"`
}

// MaxSounds bounds the sounds that are kept of a call.
const MaxSounds = 200

// Sound is something on the line that is not speech. Its words, if an engine
// heard any in it, are not kept.
type Sound struct {
	// Kind is "music", "ringing", "busy", "congestion", "special" (the three
	// tones before an announcement), "dial_tone", "keys", "fax", "beep" or
	// "machine": an answering machine, from its greeting to its beep.
	Kind       string           `json:"kind"`
	Speaker    insights.Speaker `json:"speaker"` // on whose side it was heard
	Start      insights.Seconds `json:"start"`
	End        insights.Seconds `json:"end"`        // of what was heard so far
	Confidence float64          `json:"confidence"` // 0..1
	// Keys is how many keys were pressed at most. Which ones is never kept:
	// they may be a card number.
	Keys int  `json:"keys,omitempty"`
	Open bool `json:"open,omitempty"` // it may still go on
}

// Music says where music was on either side, as far as Sounds tells: on a
// telephone line most of it is a hold.
func (c Call) Music() []insights.Stretch {
	var out []insights.Stretch
	for _, s := range c.Sounds {
		if s.Kind == "music" {
			out = append(out, insights.Stretch{Start: s.Start, End: s.End})
		}
	}
	return out
}

// CallStatus is where a call is in its life.
type CallStatus string

// A call is live until its door closes it; one that a crash left open is
// transcribed from its recording and ends as recovered. A call that is over
// and of which only a recording has come is hearing until its words are stored.
const (
	CallLive      CallStatus = "live"
	CallHearing   CallStatus = "hearing"
	CallOver      CallStatus = "ended"
	CallRecovered CallStatus = "recovered"
)

// Past says that the call was over before Heed knew of it and is being heard
// from a recording: nobody is told of it as of a call that goes on, and nothing
// is suggested.
func (c Call) Past() bool { return c.Status == CallHearing }

// Open says that more of the call is to come: it lives, or is being heard.
func (c Call) Open() bool { return c.Status == CallLive || c.Past() }

// CaptionState tells the screen whether words are coming.
type CaptionState string

// Captions are live, paused while the engine restarts (nothing is lost, they
// come late), or off because there is no engine.
const (
	CaptionsLive   CaptionState = "live"
	CaptionsPaused CaptionState = "paused"
	CaptionsOff    CaptionState = "off"
)

// Recording says what was kept of the audio, and what the caller said to it.
type Recording struct {
	// State is "recording", "kept", "partial" (some was lost, see Lost),
	// "lost" or "none"; "asking" while nothing is kept before a yes, "paused"
	// while somebody must not be heard, and "refused" when the caller said no
	// and whatever there was of the call was destroyed.
	State string `json:"state"`
	// Lost is how much audio could not be written, such as on a full disk.
	Lost  insights.Seconds `json:"lost,omitempty"`
	Bytes int64            `json:"bytes,omitempty"`
	// Assent is how the caller's yes was to be had: "none", "announce", "ask".
	Assent string `json:"assent,omitempty"`
	// Announce is what the agent is to say at the start, so that the caller is
	// told; empty where nobody need be, or where the platform says it.
	Announce string `json:"announce,omitempty"`
	// Answer is what came of it, "yes", "no" or empty; AnsweredBy is "caller"
	// when it was heard, else who entered it; AnsweredAt is the call's second.
	Answer     string           `json:"answer,omitempty"`
	AnsweredBy string           `json:"answered_by,omitempty"`
	AnsweredAt insights.Seconds `json:"answered_at,omitempty"`
	// Paused are the stretches of the call of which nothing was kept on
	// purpose; the last has no end while the pause goes on.
	Paused []insights.Stretch `json:"paused,omitempty"`
}

// Health counts what went wrong on the way in. All figures but Drift only grow.
type Health struct {
	Frames     int64            `json:"frames"`
	Duplicates int64            `json:"duplicates,omitempty"`
	Late       int64            `json:"late,omitempty"`    // came after their place was filled
	Lost       int64            `json:"lost,omitempty"`    // never came, or not in time
	Garbage    int64            `json:"garbage,omitempty"` // messages that did not parse
	Dropped    int64            `json:"dropped,omitempty"` // by us: the engine was too slow
	Gaps       int64            `json:"gaps,omitempty"`
	GapTime    insights.Seconds `json:"gap_time,omitempty"`
	Reconnects int64            `json:"reconnects,omitempty"`
	// ClockOffset is by how much later the agent's frames came than the
	// customer's when both had begun, where they are two streams.
	ClockOffset insights.Seconds `json:"clock_offset,omitempty"`
	// Drift is by how much the agent's stream has come to lie behind the
	// customer's, where they came with clocks of their own; it was made good.
	Drift insights.Seconds `json:"clock_drift,omitempty"`
	// Notes are plain sentences for the operator, newest last, at most 8:
	// "customer track silent since 0:42".
	Notes []string `json:"notes,omitempty"`
}
