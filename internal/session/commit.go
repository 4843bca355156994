package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/event"
	"heed/internal/recording"
)

const (
	// patience is how long a commit is tried again. After that the call is
	// left open, with its spool, for a later Recover.
	patience = 5 * time.Minute
	// complainCommitEvery is how often a failing commit is logged.
	complainCommitEvery = 30 * time.Second
)

// hear commits a live final. It does little before the commit: this is the
// path from the end of speech to the agent's screen.
func (c *call) hear(ctx context.Context, h heard) error {
	if done, err := c.answered(ctx, h); done || err != nil {
		return err
	}
	return c.keep(ctx, h)
}

// keep reads and commits a final.
func (c *call) keep(ctx context.Context, h heard) error {
	at := time.Now()
	p := partyOf(h.who)
	c.shown[p] = max(c.shown[p], h.caption)
	c.mute(c.script.hidden(h))
	u, ok := c.script.draft(h, false)
	if !ok {
		c.o.Captions.Partial(c.record.ID, h.who, h.caption, "", u.Start, u.End) // no final will take it away
		c.in.tape.release(h.who, h.seg.End)
		return nil
	}
	u.Delay = lateness(c.o.Now().Sub(c.in.zero.Add(u.End.Duration())))
	l := c.script.read(u, h, c.script.redactor, &c.script.said)
	c.metrics.reading.Observe(time.Since(at).Seconds())
	if err := c.say(ctx, l); err != nil {
		return err
	}
	c.in.tape.release(h.who, h.seg.End)
	return nil
}

// lateAfter is how long after its end a text counts as late: an engine's
// endpoint and its work take about one second.
const lateAfter = 3 * time.Second

// lateness is what an utterance tells of its delay.
func lateness(delay time.Duration) insights.Seconds {
	if delay < lateAfter {
		return 0
	}
	return insights.SecondsOf(delay.Truncate(100 * time.Millisecond))
}

// say commits a line, once and for all. Its mutes come first: whatever is
// committed as redacted must be silent in every recording made later.
func (c *call) say(ctx context.Context, l line) error {
	l.Seq = c.script.seq + 1
	c.mute(l.mutes)
	at := time.Now()
	soFar := c.o.Measure(append(c.script.said.Utterances, l.Utterance), 0, c.record.Music())
	found := slices.Concat(l.found, soFar)
	err := c.insist(ctx, "commit utterance", func(ctx context.Context) error {
		return c.o.Brain.Heard(ctx, c.record.ID, l.Utterance, found)
	})
	if err != nil {
		return err
	}
	c.metrics.committing.Observe(time.Since(at).Seconds())
	c.metrics.utterances.WithLabelValues(string(l.Speaker), fmt.Sprint(l.Recovered)).Inc()
	c.script.add(l)
	return nil
}

// mute silences what the redactor found.
func (c *call) mute(mutes []redact.Mute) {
	for _, m := range mutes {
		if err := c.rec.Mute(m.Speaker, (m.From - muteMargin).Duration(), (m.To + muteMargin).Duration()); err != nil {
			c.log.Error("mute recording", "error", err)
		}
	}
}

// insist tries a commit until it succeeds, ctx ends or patience does.
func (c *call) insist(ctx context.Context, what string, commit func(context.Context) error) error {
	began, wait := time.Now(), firstBackOff/2
	var complained time.Time
	for {
		err := commit(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || time.Since(began) > patience:
			return fmt.Errorf("%s: %w", what, err)
		}
		c.metrics.commitFailures.Inc()
		if time.Since(complained) > complainCommitEvery {
			c.log.Error("commit failed; trying again", "what", what, "error", err)
			complained = time.Now()
		}
		wait = backOff(ctx, wait)
	}
}

// show sends a partial caption, unless its final has overtaken it.
func (c *call) show(h heard) {
	if h.caption <= c.shown[partyOf(h.who)] || c.silent() {
		return
	}
	text := h.seg.Text
	if c.script.unheard(h.who, insights.SecondsOf(h.seg.Start), insights.SecondsOf(h.seg.End)) {
		text = ""
	}
	if text != "" {
		text = c.script.redactor.Partial(h.who, text)
	}
	c.o.Captions.Partial(c.record.ID, h.who, h.caption, text,
		insights.SecondsOf(h.seg.Start), insights.SecondsOf(h.seg.End))
}

// report is what a change of is told to the brain.
type report struct {
	captions  event.CaptionState
	recording recording.State
	lost      insights.Seconds
	counted   [6]int64
	notes     int
	sounds    int
}

// look brings the record up to date.
func (c *call) look() {
	s := c.in.look(c.o.SilentAfter)
	for p := range parties {
		if s.silent[p] {
			c.notes.set(string(p.speaker())+" track silent since ", clock(s.since[p]))
		}
		if why := c.desk.reason(p); why != "" {
			c.notes.set("no captions: ", why)
		}
	}
	c.record.Duration = insights.SecondsOf(s.length)
	c.record.Captions = c.desk.captionState()
	c.setRecording(c.in.tape.status())
	if s.health.Drift.Duration().Abs() >= driftTold {
		c.notes.set("the clocks of the two lines run apart", "; it is made good")
	}
	c.metrics.stream(&c.record.Health, &s.health)
	c.record.Health = s.health
	c.record.Health.Notes = c.notes.list()
	c.takeSounds()
}

// takeSounds puts what is not speech into the record.
func (c *call) takeSounds() {
	if c.silent() {
		c.record.Sounds, c.record.MoreSounds = nil, 0
		return
	}
	c.record.Sounds, c.record.MoreSounds, c.sounds = c.script.noise.list()
}

// reportEvery spaces out reports that nobody waits for.
const reportEvery = time.Second

// report tells the brain what changed, if anything did. A failure is made
// good by the next report.
func (c *call) report(ctx context.Context) {
	h := &c.record.Health
	now := report{
		captions: c.record.Captions, recording: recording.State(c.record.Recording.State),
		lost: c.record.Recording.Lost, notes: c.notes.version,
		sounds:  c.sounds,
		counted: [6]int64{h.Duplicates, h.Late, h.Garbage, h.Dropped, h.Gaps, h.Reconnects},
	}
	if c.reported.at.IsZero() {
		c.reported = reported{report: report{captions: event.CaptionsLive, recording: recording.Recording}, at: c.o.Now()}
	}
	urgent := now.captions != c.reported.captions || now.recording != c.reported.recording
	if now == c.reported.report || !urgent && c.o.Now().Sub(c.reported.at) < reportEvery {
		return
	}
	if err := c.o.Brain.CallChanged(ctx, c.record); err != nil {
		c.log.Warn("report call", "error", err)
		return
	}
	c.reported = reported{now, c.o.Now()}
}

// reported is the last report and when it was made.
type reported struct {
	report

	at time.Time
}

// close commits the end of a call and destroys its spool, but only once the
// recording has everything that the spool holds.
func (c *call) close(ctx context.Context, status event.CallStatus, why string, endedAt time.Time) error {
	var st recording.Status
	err := c.insist(ctx, "finish recording", func(context.Context) (err error) {
		st, err = c.rec.Seal()
		return err
	})
	if err != nil {
		return err
	}
	c.metrics.recordingLost.Add(st.Lost.Seconds())
	c.setRecording(st)
	if err := c.end(ctx, status, why, endedAt); err != nil {
		return err
	}
	if err := c.rec.Destroy(); err != nil {
		c.log.Error("destroy spool", "error", err)
	}
	return nil
}

// end commits the end of a call.
func (c *call) end(ctx context.Context, status event.CallStatus, why string, endedAt time.Time) error {
	if c.record.Captions == event.CaptionsPaused {
		c.record.Captions = event.CaptionsLive // what was late has come
	}
	endedAt = endedAt.UTC().Truncate(time.Millisecond)
	c.record.Status, c.record.EndReason, c.record.EndedAt = status, why, &endedAt
	c.record.Health.Notes = c.notes.list()
	c.takeSounds()
	c.endPause(c.record.Duration)
	var whole []insights.Insight
	if !c.silent() {
		whole = c.o.Measure(c.script.said.Utterances, c.record.Duration, c.record.Music())
	}
	err := c.insist(ctx, "end call", func(ctx context.Context) error {
		return c.o.Brain.CallEnded(ctx, c.record, whole)
	})
	if err != nil {
		return err
	}
	c.metrics.ended.WithLabelValues(string(status)).Inc()
	c.log.Info("call ended", "status", status, "reason", why, "utterances", len(c.script.said.Utterances),
		"seconds", float64(c.record.Duration), "recording", c.record.Recording.State)
	return nil
}

// notes are sentences for the operator. One that says more of the same thing
// replaces what it said before.
type notes struct {
	subjects []string
	texts    []string
	version  int
}

// maxNotes is what event.Health promises.
const maxNotes = 8

// set notes a subject's latest news; the same again changes nothing.
func (n *notes) set(subject, news string) {
	text := subject + news
	for i, s := range n.subjects {
		if s != subject {
			continue
		}
		if n.texts[i] != text {
			n.texts[i] = text
			n.version++
		}
		return
	}
	if len(n.subjects) == maxNotes {
		n.subjects, n.texts = n.subjects[1:], n.texts[1:]
	}
	n.subjects, n.texts = append(n.subjects, subject), append(n.texts, text)
	n.version++
}

// list gives the notes, newest last.
func (n *notes) list() []string { return append([]string(nil), n.texts...) }

// clock writes a time of the call as people do: 0:42, 61:07.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// restore takes over the notes of an earlier process.
func (n *notes) restore(texts []string) {
	for _, t := range texts {
		n.set(t, "")
	}
}
