package watch

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"heed/insights"
	"heed/internal/event"
)

const (
	// mostPoints of the course of a mood are kept, and shown of it.
	mostPoints, shownPoints = 240, 40
	// fade is how much of the mood before remains when there are newer words.
	fade = 0.6
)

// Point is the mood of a customer at a second of the call, -1..1, as it went:
// the latest words count most.
type Point struct {
	At    insights.Seconds `json:"at"`
	Value float64          `json:"value"`
}

// Who says who is on a call.
type Who struct {
	Call       string    `json:"call_id"`
	Agent      string    `json:"agent,omitempty"`
	CustomerID string    `json:"customer_id,omitempty"`
	Customer   string    `json:"customer,omitempty" doc:"The customer's name, where it is known"`
	From       string    `json:"from,omitempty" doc:"E.164"`
	To         string    `json:"to,omitempty" doc:"E.164"`
	Direction  string    `json:"direction"`
	Queue      string    `json:"queue,omitempty"`
	Language   string    `json:"language,omitempty"`
	StartedAt  time.Time `json:"started_at"`
}

// Topic is what was spoken of last.
type Topic struct {
	Kind string           `json:"kind" enum:"theme,intent"`
	Name string           `json:"name"`
	At   insights.Seconds `json:"at"`
}

// Audio is how well the call is heard.
type Audio struct {
	State     string `json:"state" enum:"good,poor,paused,deaf" doc:"poor: audio was lost or came late; paused: the engine restarts, words come late; deaf: there is no engine"`
	Recording string `json:"recording"`
	// Lost is the share of the frames that never came or were dropped, 0..1.
	Lost  float64  `json:"lost,omitempty" doc:"Share of the audio that was lost, 0..1"`
	Notes []string `json:"notes,omitempty"`
}

// Live is what is known of a call while it goes on. Its zero value takes events
// by [Live.Take]; it has no clock.
type Live struct {
	Who

	Topic *Topic `json:"topic,omitempty"`
	// Mood is the latest of the course; absent until the customer said something.
	Mood   *float64 `json:"mood,omitempty"`
	Course []Point  `json:"course"`
	// Spoken is when the last words ended, those in the making too.
	Spoken  insights.Seconds `json:"spoken"`
	Speaker insights.Speaker `json:"speaker,omitempty"`
	Overlap float64          `json:"overlap" doc:"Share of the call in which both spoke"`
	DeadAir float64          `json:"dead_air" doc:"Share of the call in which nobody spoke for 3 seconds or more"`
	Risk    Risk             `json:"risk"`
	Audio   Audio            `json:"audio"`

	seq      int64 // of the last event that was taken
	points   []Point
	worst    worst
	heard    *event.Spoken // by the last event alone
	finished bool
}

// person is what the profile of somebody tells.
type person struct {
	name    string
	leaving float64 // how likely they are to leave, 0..1
}

// worst is what was said on the call that makes it a matter for somebody else.
type worst struct {
	annoyed, asks, leaving, complains, best float64

	people map[string]person // who is or was thought to be on the call
}

// Types are the events that a live call is made of.
func Types() []event.Type {
	return []event.Type{event.CallStarted, event.CallChanged, event.CallEnded, event.CallMoved, event.CallForgotten, event.CallTold, event.UtteranceSpoken, event.ProfileChanged, event.ProfileErased}
}

// Take folds the next event of the call. One that was taken before changes
// nothing.
func (l *Live) Take(e event.Event) error {
	l.heard = nil
	if e.Seq <= l.seq || e.Erased() {
		return nil
	}
	l.seq = e.Seq
	if err := l.fold(e); err != nil {
		return fmt.Errorf("watch: event %d: %w", e.Seq, err)
	}
	l.Risk = l.risk()
	return nil
}

func (l *Live) fold(e event.Event) error {
	switch e.Type {
	case event.CallStarted, event.CallChanged, event.CallEnded:
		return l.takeCall(e)
	case event.CallForgotten:
		l.forget()
	case event.CallMoved:
		var m event.Moved
		if err := json.Unmarshal(e.Data, &m); err != nil {
			return err
		}
		l.CustomerID, l.Customer = m.To, l.worst.people[m.To].name
	case event.CallTold:
		return l.takeTold(e)
	case event.UtteranceSpoken:
		return l.takeSpoken(e)
	case event.ProfileChanged:
		return l.takeProfile(e)
	default: // not among the types of a call
	}
	return nil
}

func (l *Live) takeCall(e event.Event) error {
	var c event.Call
	if err := json.Unmarshal(e.Data, &c); err != nil {
		return err
	}
	queue, agent := l.Queue, l.Agent
	l.Who = Who{
		Call: c.ID, Agent: c.Agent, CustomerID: c.CustomerID, Customer: c.CustomerName, From: c.From, To: c.To,
		Direction: c.Direction, Language: c.Language, StartedAt: c.StartedAt, Queue: queue,
	}
	if c.Agent == "" {
		l.Agent = agent
	}
	l.Audio = audioOf(&c)
	l.finished = c.Status != event.CallLive
	return nil
}

// takeTold takes what the platform's webhooks tell.
func (l *Live) takeTold(e event.Event) error {
	var f event.Facts
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return err
	}
	l.Queue = f.Queue
	if l.Agent == "" {
		l.Agent = f.Agent
	}
	return nil
}

func (l *Live) takeSpoken(e event.Event) error {
	var s event.Spoken
	if err := json.Unmarshal(e.Data, &s); err != nil {
		return err
	}
	l.hear(&s)
	return nil
}

// takeProfile learns the name of somebody, and how likely they are to leave. It
// counts while they are the call's customer: it may turn out to be another.
func (l *Live) takeProfile(e event.Event) error {
	var p struct {
		ID, Name string
		Readings []struct {
			Name  string
			Value float64
		}
	}
	if err := json.Unmarshal(e.Data, &p); err != nil {
		return err
	}
	if l.worst.people == nil {
		l.worst.people = make(map[string]person)
	}
	who := l.worst.people[p.ID]
	who.name = cmp.Or(p.Name, who.name)
	for _, r := range p.Readings {
		if r.Name == "churn_risk" {
			who.leaving = max(who.leaving, r.Value)
		}
	}
	l.worst.people[p.ID] = who
	if p.ID == l.CustomerID {
		l.Customer = cmp.Or(p.Name, l.Customer)
	}
	return nil
}

// hear takes an utterance and what was understood of it.
func (l *Live) hear(s *event.Spoken) {
	l.heard = s
	u := &s.Utterance
	if u.End >= l.Spoken {
		l.Spoken, l.Speaker = u.End, u.Speaker
	}
	if s.Talk != nil {
		l.Overlap, l.DeadAir = s.Talk["overlap"], s.Talk["dead_air"]
	}
	for i := range s.Insights {
		l.understand(&s.Insights[i])
	}
}

func (l *Live) understand(in *insights.Insight) {
	switch in.Kind {
	case insights.Theme:
		l.Topic = &Topic{"theme", in.Name, in.Start}
	case insights.Intent:
		if in.Speaker == insights.Customer && !smallTalk(in.Name) && (l.Topic == nil || l.Topic.Kind == "intent" || l.Topic.At < in.Start) {
			l.Topic = &Topic{"intent", in.Name, in.Start}
		}
		l.weigh(in)
	case insights.Moment:
		l.weigh(in)
	case insights.Sentiment:
		l.feel(in)
	default:
	}
}

// weigh notes what makes a call a matter for a supervisor. Only what the
// customer says counts.
func (l *Live) weigh(in *insights.Insight) {
	if in.Speaker != insights.Customer {
		return
	}
	switch {
	case asks(in):
		l.worst.asks = max(l.worst.asks, in.Confidence)
	case in.Name == "cancel":
		l.worst.leaving = max(l.worst.leaving, in.Confidence)
	case in.Name == "complaint":
		l.worst.complains = max(l.worst.complains, in.Confidence)
	}
}

// asks says that somebody wants to speak to somebody else.
func asks(in *insights.Insight) bool {
	return in.Kind == insights.Moment && in.Name == "escalation" || in.Kind == insights.Intent && in.Name == "human"
}

// smallTalk names the intents that a call is never about.
func smallTalk(name string) bool {
	switch name {
	case "greeting", "goodbye", "confirm", "deny":
		return true
	}
	return false
}

func (l *Live) feel(in *insights.Insight) {
	if in.Speaker != insights.Customer {
		return
	}
	if in.Name == insights.Annoyed {
		l.worst.annoyed = max(l.worst.annoyed, in.Value)
		return
	}
	v := min(1, max(-1, in.Value))
	if n := len(l.points); n > 0 {
		v = l.points[n-1].Value*fade + v*(1-fade)
	}
	v = math.Round(v*1000) / 1000
	l.points = append(l.points, Point{in.Start, v})
	if len(l.points) > mostPoints {
		l.points = l.points[1:]
	}
	l.Mood, l.Course = &v, thinned(l.points)
	l.worst.best = max(l.worst.best, v)
}

// forget drops what was said.
func (l *Live) forget() {
	l.Topic, l.Mood, l.Course, l.points, l.worst, l.Overlap, l.DeadAir = nil, nil, nil, nil, worst{}, 0, 0
}

// thinned gives a course in few points, the latest among them.
func thinned(all []Point) []Point {
	step := (len(all) + shownPoints - 1) / shownPoints
	var out []Point
	for i := (len(all) - 1) % step; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

// below says since when the mood has been under a level; false when it is not.
func (l *Live) below(level float64) (since insights.Seconds, is bool) {
	for i := len(l.points) - 1; i >= 0 && l.points[i].Value < level; i-- {
		since, is = l.points[i].At, true
	}
	return since, is
}

// States in which words do not come now.
const (
	paused = "paused"
	deaf   = "deaf"
)

// lossIsPoor is the share of lost audio from which on words are missing.
const lossIsPoor = 0.02

func audioOf(c *event.Call) Audio {
	h := c.Health
	a := Audio{State: "good", Recording: c.Recording.State, Notes: h.Notes}
	if all := h.Frames + h.Lost; all > 0 {
		a.Lost = math.Round(float64(h.Lost+h.Dropped)/float64(all)*1000) / 1000
	}
	switch {
	case c.Captions == event.CaptionsOff:
		a.State = deaf
	case c.Captions == event.CaptionsPaused:
		a.State = paused
	case a.Lost >= lossIsPoor:
		a.State = "poor"
	}
	return a
}
