package event

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxTold bounds the events that are kept of a call: the latest by their time.
const maxTold = 100

// Detail is all that one provider told of one of its calls. What it tells is
// read from the set of its events, in the order of their times, so that the
// order of arrival and repeats change nothing.
type Detail struct {
	ID       string    `json:"id"`
	Provider string    `json:"provider"`
	Call     string    `json:"call"` // the provider's id
	Tracking bool      `json:"tracking,omitempty"`
	CallID   string    `json:"call_id,omitempty"` // ours, once known
	State    JoinState `json:"state,omitempty"`
	By       string    `json:"by,omitempty"`
	Withheld bool      `json:"withheld,omitempty"` // the caller does not want to be tracked
	MadeAt   time.Time `json:"made_at"`
	Events   []Told    `json:"events,omitempty"` // by time and id, each id once
	Gone     []string  `json:"gone,omitempty"`   // ids of events that were corrected
}

// Add takes an event, and says whether it was new.
func (d *Detail) Add(t Told) bool {
	i, known := slices.BinarySearchFunc(d.Events, t, toldOrder)
	if known || slices.ContainsFunc(d.Events, func(have Told) bool { return have.ID == t.ID }) {
		return false
	}
	t.Provider, t.Call = "", "" // the detail has them
	t.Fields = maps.Clone(t.Fields)
	d.Events = slices.Insert(d.Events, i, t)
	d.Events = d.Events[max(0, len(d.Events)-maxTold):]
	if t.Corrects != "" {
		d.Correct(t.Corrects)
	}
	return true
}

func toldOrder(a, b Told) int {
	return cmp.Or(a.moment().Compare(b.moment()), cmp.Compare(a.ID, b.ID))
}

// moment is when it happened, as far as that is known.
func (t *Told) moment() time.Time {
	if t.At.IsZero() {
		return t.Received
	}
	return t.At
}

// Correct takes the word of an event back, also of one that is still to come.
func (d *Detail) Correct(id string) {
	if i, known := slices.BinarySearch(d.Gone, id); !known {
		d.Gone = slices.Insert(d.Gone, i, id)
	}
}

// Strip drops fields of all events for good.
func (d *Detail) Strip(names ...string) {
	for i := range d.Events {
		for _, n := range names {
			delete(d.Events[i].Fields, n)
		}
	}
}

// standing are the events that were not corrected.
func (d *Detail) standing() []Told {
	return slices.DeleteFunc(slices.Clone(d.Events), func(t Told) bool { return slices.Contains(d.Gone, t.ID) })
}

// latest gives the last word on each field, by the time of the events.
func latest(events []Told) map[string]string {
	out := make(map[string]string)
	for _, t := range events {
		maps.Copy(out, t.Fields)
	}
	return out
}

// Facts reads the state of a platform's call.
func (d *Detail) Facts() Facts {
	events := d.standing()
	told := latest(events)
	f := Facts{
		Provider: d.Provider, Direction: told[FieldDirection], From: told[FieldFrom], To: told[FieldTo],
		Queue: told[FieldQueue], Agent: told[FieldAgent], Cause: told[FieldCause], Events: len(events),
	}
	phase := map[string]*time.Time{}
	for _, t := range events {
		f.Unknown += t.Unknown
		p := t.Fields[FieldPhase]
		if at := t.moment(); p == PhaseEnded || phase[p] == nil { // the first ringing, the last end
			phase[p] = &at
		}
		if f.State != PhaseEnded && p != "" {
			f.State = p
		}
	}
	f.RingingAt = cmp.Or(momentOf(told[FieldRinging]), phase[PhaseRinging])
	f.AnsweredAt = cmp.Or(momentOf(told[FieldAnswered]), phase[PhaseAnswered])
	f.EndedAt = cmp.Or(momentOf(told[FieldEnded]), phase[PhaseEnded])
	return f
}

// Tracked reads the record of a call-tracking service.
func (d *Detail) Tracked() Tracking {
	events := d.standing()
	told := latest(events)
	t := Tracking{
		ID: d.ID, Provider: d.Provider, Call: d.Call, CallID: d.CallID, State: d.State, By: d.By, Withheld: d.Withheld,
		TrackedLine: TrackedLine{
			Caller: told[FieldCaller], Number: told[FieldNumber], Destination: told[FieldDestination], Direction: told[FieldDirection],
		},
		TrackedTimes: TrackedTimes{
			RingSeconds: numberOf(told[FieldRing]), TalkSeconds: numberOf(told[FieldTalk]), TotalSeconds: numberOf(told[FieldTotal]),
			Answered: truthOf(told[FieldWasAnswered]),
		},
		Attribution:  attribution(told),
		RecordingURL: told[FieldRecordingURL], ReceivedAt: d.MadeAt, Version: len(events),
	}
	if at := momentOf(told[FieldStarted]); at != nil {
		t.StartedAt = *at
	}
	for _, e := range events {
		t.Unknown += e.Unknown
	}
	return t
}

func attribution(told map[string]string) Attribution {
	a := Attribution{Touch: touchOf(told, ""), Model: told[FieldTouch]}
	for _, model := range TouchModels() {
		touch := touchOf(told, model+".")
		if touch == (Touch{}) && model == a.Model {
			touch = a.Touch
		}
		if touch != (Touch{}) {
			if a.Touches == nil {
				a.Touches = make(map[string]Touch)
			}
			a.Touches[model] = touch
		}
	}
	for _, name := range ClickFields() {
		if told[name] == "" {
			continue
		}
		if a.Clicks == nil {
			a.Clicks = make(map[string]string)
		}
		a.Clicks[name] = told[name]
	}
	if g := (Google{told[FieldGAClient], told[FieldGASession]}); g != (Google{}) {
		a.Google = &g
	}
	return a
}

func touchOf(told map[string]string, model string) Touch {
	return Touch{
		Source: told[model+"source"], Medium: told[model+"medium"], Campaign: told[model+"campaign"], Keyword: told[model+"keyword"],
		MatchType: told[model+"match_type"], Content: told[model+"content"], Landing: told[model+"landing"], Referrer: told[model+"referrer"],
	}
}

// MarketingFields are the names of everything that tells where a caller came
// from: what is not kept of one who does not want to be tracked.
func MarketingFields() []string {
	names := append(ClickFields(), FieldGAClient, FieldGASession, FieldTouch)
	for _, f := range TouchFields() {
		names = append(names, f)
		for _, model := range TouchModels() {
			names = append(names, model+"."+f)
		}
	}
	return names
}

// FieldNames are all names of fields.
func FieldNames() map[string]bool {
	out := make(map[string]bool)
	for _, names := range [][]string{
		NumberFields(), TimeFields(), MarketingFields(), {
			FieldPhase, FieldDirection, FieldQueue, FieldAgent, FieldCause, FieldRecording, FieldRecordingURL, FieldRecordingChannels,
			FieldRing, FieldTalk, FieldTotal, FieldWasAnswered,
		},
	} {
		for _, n := range names {
			out[n] = true
		}
	}
	return out
}

func momentOf(s string) *time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return nil
	}
	at = at.UTC().Truncate(time.Millisecond)
	return &at
}

func numberOf(s string) *float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n > 1e7 {
		return nil
	}
	return &n
}

func truthOf(s string) *bool {
	var yes bool
	switch strings.ToLower(s) {
	case "true", "yes", "1", "answered":
		yes = true
	case "false", "no", "0", "missed", "unanswered":
	default:
		return nil
	}
	return &yes
}
