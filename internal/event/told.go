package event

import (
	"errors"
	"time"
)

const (
	// CallTold says what the webhooks of its platform tell of a call; its payload
	// is a [Facts].
	CallTold Type = "call.told"
	// CallTracked says what a call-tracking service tells of a call, heard here or
	// not. Its subject is the record of that and its payload a [Tracking] without
	// what is personal.
	CallTracked Type = "call.tracked"
)

// Told is one thing that a platform or a call-tracking service told of a call
// beside its audio, put into the names of this package. What has no such name
// is counted and not kept.
type Told struct {
	Provider string `json:"provider"` // the door's name, such as "twilio"
	ID       string `json:"id"`       // tells it from all others of the provider
	Call     string `json:"call"`     // the provider's id of the call
	// At is when it happened, by the provider; zero where that does not say.
	At       time.Time         `json:"at,omitzero"`
	Received time.Time         `json:"received,omitzero"`
	Fields   map[string]string `json:"fields,omitempty"` // by the names below
	// Corrects is the ID of an event in whose place this one stands.
	Corrects string `json:"corrects,omitempty"`
	// Tracking says that it is of a call-tracking service.
	Tracking bool `json:"tracking,omitempty"`
	// Ends says that the platform considers the call over.
	Ends    bool `json:"ends,omitempty"`
	Unknown int  `json:"unknown,omitempty"` // fields that have no name here
}

// Names of fields. Numbers are E.164 once they are kept, times RFC 3339 and
// lengths seconds. Those of a touch have its model before them where it is not
// the one that the service reports by: "last.source".
const (
	FieldPhase     = "phase" // one of the Phase constants
	FieldDirection = "direction"
	FieldFrom      = "from"
	FieldTo        = "to"
	FieldQueue     = "queue"
	FieldAgent     = "agent"
	FieldCause     = "cause"
	FieldRinging   = "ringing_at"
	FieldAnswered  = "answered_at"
	FieldEnded     = "ended_at"

	FieldRecording         = "recording_id"
	FieldRecordingURL      = "recording_url"
	FieldRecordingAt       = "recording_at"
	FieldRecordingChannels = "recording_channels"

	FieldCaller      = "caller"
	FieldNumber      = "tracking_number"
	FieldDestination = "destination"
	FieldStarted     = "started_at"
	FieldRing        = "ring_seconds"
	FieldTalk        = "talk_seconds"
	FieldTotal       = "total_seconds"
	FieldWasAnswered = "answered"
	FieldTouch       = "touch" // the model of the names without one
	FieldGAClient    = "ga_client"
	FieldGASession   = "ga_session"
)

// Where a call is, as its platform tells.
const (
	PhaseRinging  = "ringing"
	PhaseAnswered = "answered"
	PhaseEnded    = "ended"
)

// TouchFields are the names of what is known of a touch.
func TouchFields() []string {
	return []string{"source", "medium", "campaign", "keyword", "match_type", "content", "landing", "referrer"}
}

// TouchModels are the touches that are told apart.
func TouchModels() []string { return []string{"first", "last", "lead"} }

// ClickFields are the names of click ids. They are of the most valuable click,
// which need not be that of any touch.
func ClickFields() []string { return []string{"gclid", "gbraid", "wbraid", "fbclid", "msclkid"} }

// NumberFields are the names of fields that hold telephone numbers.
func NumberFields() []string {
	return []string{FieldFrom, FieldTo, FieldCaller, FieldNumber, FieldDestination}
}

// TimeFields are the names of fields that hold moments.
func TimeFields() []string {
	return []string{FieldRinging, FieldAnswered, FieldEnded, FieldStarted, FieldRecordingAt}
}

// Facts is the state of a call as its platform tells it: by the time of the
// events, whatever the order in which they came.
type Facts struct {
	Provider   string     `json:"provider" example:"twilio"`
	State      string     `json:"state,omitempty" enum:"ringing,answered,ended" doc:"The latest that is known by the platform's clock"`
	Direction  string     `json:"direction,omitempty" enum:"inbound,outbound"`
	From       string     `json:"from,omitempty" doc:"E.164"`
	To         string     `json:"to,omitempty" doc:"E.164"`
	Queue      string     `json:"queue,omitempty"`
	Agent      string     `json:"agent,omitempty"`
	RingingAt  *time.Time `json:"ringing_at,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Cause      string     `json:"cause,omitempty" doc:"Why it ended, in the platform's words" example:"completed"`
	Events     int        `json:"events" doc:"How many webhooks told of it"`
	Unknown    int        `json:"unknown_fields,omitempty" doc:"Fields of these that are not understood, and were not kept"`
}

// JoinState says whether the call of a tracking record is one that was heard.
type JoinState string

// A record is joined with one call, or with none: because none fits, because
// several do, or because a correction left nothing of it.
const (
	Joined    JoinState = "joined"
	Unjoined  JoinState = "unjoined"
	Ambiguous JoinState = "ambiguous"
	Withdrawn JoinState = "withdrawn"
)

// Tracking is what a call-tracking service tells of one call.
type Tracking struct {
	ID       string    `json:"tracking_id"`
	Provider string    `json:"provider" example:"callrail"`
	Call     string    `json:"provider_call_id,omitempty" doc:"The service's id of the call"`
	CallID   string    `json:"call_id,omitempty" doc:"The call that was heard"`
	State    JoinState `json:"state" enum:"joined,unjoined,ambiguous,withdrawn" doc:"Whether that is known: ambiguous when several calls or records fit, withdrawn when a correction left nothing"`
	By       string    `json:"joined_by,omitempty" enum:"id,numbers" doc:"By the service's id that came with the call, or by numbers and time"`
	// Was is the call that it was joined with before; only in events.
	Was string `json:"was_call_id,omitempty"`

	TrackedLine
	TrackedTimes
	Attribution
	// Withheld says that the caller does not want to be tracked: where the call
	// came from was not kept.
	Withheld bool `json:"withheld,omitempty"`

	RecordingURL string    `json:"recording_url,omitempty" doc:"Where the service keeps its recording"`
	ReceivedAt   time.Time `json:"received_at"`
	Version      int       `json:"version" doc:"How many events made it"`
	Unknown      int       `json:"unknown_fields,omitempty"`
}

// TrackedLine is who was connected with whom. All numbers are E.164; one that
// was withheld is empty.
type TrackedLine struct {
	Caller      string `json:"caller,omitempty" doc:"The customer's number"`
	Number      string `json:"tracking_number,omitempty"`
	Destination string `json:"destination,omitempty" doc:"The number that the call was put through to"`
	Direction   string `json:"direction,omitempty" enum:"inbound,outbound"`
}

// TrackedTimes is how a tracked call went.
type TrackedTimes struct {
	StartedAt    time.Time `json:"started_at,omitzero"`
	RingSeconds  *float64  `json:"ring_seconds,omitempty"`
	TalkSeconds  *float64  `json:"talk_seconds,omitempty"`
	TotalSeconds *float64  `json:"total_seconds,omitempty"`
	Answered     *bool     `json:"answered,omitempty"`
}

// Attribution is what led to a call.
type Attribution struct {
	Touch
	Model   string            `json:"touch,omitempty" enum:"first,last,lead" doc:"Which touch source, medium, campaign and so on are of"`
	Touches map[string]Touch  `json:"touches,omitempty" doc:"All touches that are known: first, last, lead"`
	Clicks  map[string]string `json:"click_ids,omitempty" doc:"gclid, gbraid, wbraid, fbclid, msclkid of the most valuable click"`
	Google  *Google           `json:"google_analytics,omitempty"`
}

// Touch is one contact with the advertiser.
type Touch struct {
	Source    string `json:"source,omitempty" example:"google"`
	Medium    string `json:"medium,omitempty" example:"cpc"`
	Campaign  string `json:"campaign,omitempty" example:"fibre-spring"`
	Keyword   string `json:"keyword,omitempty"`
	MatchType string `json:"match_type,omitempty"`
	Content   string `json:"content,omitempty"`
	Landing   string `json:"landing,omitempty" doc:"The page where the visit began"`
	Referrer  string `json:"referrer,omitempty"`
}

// Google is what Google Analytics calls the visitor and the visit.
type Google struct {
	Client  string `json:"client_id,omitempty"`
	Session string `json:"session_id,omitempty"`
}

// Impersonal leaves of a record what may stand in the log while nobody is known
// whose it is: no number, no id of a click or visitor, no address of a page.
func (t Tracking) Impersonal() Tracking {
	t.Call, t.Caller, t.Number, t.Destination, t.RecordingURL, t.Clicks, t.Google = "", "", "", "", "", nil, nil
	t.Touch = t.pageless()
	touches := make(map[string]Touch, len(t.Touches))
	for model, touch := range t.Touches {
		touches[model] = touch.pageless()
	}
	if t.Touches = touches; len(touches) == 0 {
		t.Touches = nil
	}
	return t
}

func (t Touch) pageless() Touch {
	t.Landing, t.Referrer = "", ""
	return t
}

// ErrTold refuses an event that names no call, or nothing that tells it from
// others.
var ErrTold = errors.New("incomplete event of a call")
