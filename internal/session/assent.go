package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
)

// Assent is how a call may be kept, as it begins.
type Assent struct {
	// How is "none", "announce" or "ask"; empty is "announce". With "ask"
	// nothing is kept, shown or understood before a yes.
	How string
	// Answer is what the caller said before the call: "yes", "no" or nothing.
	Answer string
	// Announce is what the agent is to say at the start; empty is nothing.
	Announce string
}

// The states of a recording beside those of the recorder.
const (
	stateAsking = "asking"
	statePaused = "paused"
)

// assent is what the caller said to being recorded, and what follows from it.
// It belongs to the goroutine of run.
type assent struct {
	asking  bool
	asked   bool // somebody has asked the caller
	refused bool
	paused  bool
	held    []heard // said before the answer
	orders  chan order
	over    chan struct{} // closed when no order is taken any more
}

// order is what somebody wants, and where the answer goes.
type order struct {
	what  Order
	by    string
	at    time.Duration // of the call
	reply chan error
}

// begin sets what is known before the first frame.
func (c *call) begin(a Assent) {
	c.record.Recording.Assent, c.record.Recording.Announce = a.How, a.Announce
	switch {
	case a.Answer == "no":
		c.assent.refused = true
		c.record.Recording.Answer = a.Answer
		c.in.refuse()
	case a.Answer == "yes":
		c.record.Recording.Answer = a.Answer
	case a.How == "ask":
		c.assent.asking = true
		c.in.tape.hold(true)
	}
}

// Recording changes what is kept of a live call, and gives how it stands then.
// A pause and a refusal hold from the moment of the call, whatever becomes of
// the commit; it returns after that. The error is ingest.ErrOver for a call that does
// not live in this process.
func (m *Manager) Recording(ctx context.Context, callID string, what Order, by string) error {
	c := m.find(callID)
	if c == nil {
		return fmt.Errorf("recording of call %s: %w", callID, ingest.ErrOver)
	}
	o := order{what: what, by: by, reply: make(chan error, 1)}
	switch what { // at once; the rest belongs to the actor
	case Pause:
		o.at = c.in.pause()
	case Refuse:
		o.at = c.in.at()
		c.in.refuse()
	case Resume, Allow:
		o.at = c.in.at()
	default:
		return fmt.Errorf("recording of call %s: %q: %w", callID, what, ErrStart)
	}
	select {
	case c.assent.orders <- o:
	case <-c.assent.over:
		return fmt.Errorf("recording of call %s: %w", callID, ingest.ErrOver)
	case <-ctx.Done():
		return fmt.Errorf("recording of call %s: %w", callID, ctx.Err())
	}
	select {
	case err := <-o.reply:
		return err
	case <-ctx.Done():
		return fmt.Errorf("recording of call %s: %w", callID, ctx.Err())
	}
}

// find gives a live call by its id, or nil.
func (m *Manager) find(callID string) *call {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.calls {
		if e.call != nil && e.call.record.ID == callID {
			return e.call
		}
	}
	return nil
}

// obey carries out an order. The error ends the call's actor; what the one who
// ordered has to know is in the reply.
func (c *call) obey(ctx context.Context, o order) error {
	if c.assent.refused {
		if o.what == Refuse {
			o.reply <- nil
		} else {
			o.reply <- fmt.Errorf("recording of call %s: %w", c.record.ID, ErrRefused)
		}
		return nil
	}
	at := insights.SecondsOf(o.at)
	switch o.what {
	case Refuse:
		err := c.refuse(ctx, o.by, at)
		o.reply <- err
		return err
	case Allow:
		err := c.agree(ctx, o.by, at)
		o.reply <- err
		return err
	case Pause:
		if !c.assent.paused {
			c.record.Recording.Paused = append(slices.Clip(c.record.Recording.Paused), insights.Stretch{Start: at})
		}
		c.assent.paused = true
	case Resume:
		if c.assent.paused {
			c.endPause(insights.SecondsOf(c.in.resume()))
		}
		c.assent.paused = false
	}
	c.script.pauses = c.record.Recording.Paused
	c.look()
	err := c.o.Brain.CallChanged(ctx, c.record)
	if err != nil {
		err = fmt.Errorf("recording of call %s: %w", c.record.ID, err) // the next report tells it
	}
	o.reply <- err
	return nil
}

// endPause says where a pause that goes on has its end. The list is not
// changed in place: the brain may still hold it.
func (c *call) endPause(at insights.Seconds) {
	paused := slices.Clone(c.record.Recording.Paused)
	if n := len(paused); n > 0 && paused[n-1].End == 0 {
		paused[n-1].End = at
		c.record.Recording.Paused = paused
	}
}

// answered takes a final through what the caller said to being recorded. It is
// true when nothing else is to be done with it.
func (c *call) answered(ctx context.Context, h heard) (done bool, err error) {
	if c.assent.refused {
		return true, nil
	}
	yes, no := false, false
	if h.who == insights.Agent {
		c.assent.asked = c.assent.asked || c.o.Answer.Asks(h.seg.Text)
	} else {
		yes, no = c.o.Answer.Read(h.seg.Text, c.assent.asked)
		c.assent.asked = c.assent.asked && !yes && !no
	}
	switch {
	case no:
		c.in.refuse()
		return true, c.refuse(ctx, "caller", insights.SecondsOf(h.seg.Start))
	case !c.assent.asking:
		return false, nil
	}
	c.assent.held = append(c.assent.held, h)
	if yes {
		return true, c.agree(ctx, "caller", insights.SecondsOf(h.seg.Start))
	}
	return true, nil
}

// agree keeps what was held back, in its order.
func (c *call) agree(ctx context.Context, by string, at insights.Seconds) error {
	if !c.assent.asking {
		return nil
	}
	c.assent.asking = false
	c.note("yes", by, at)
	err := c.insist(ctx, "agree to the recording", func(ctx context.Context) error {
		c.look()
		return c.o.Brain.RecordingAnswered(ctx, c.record)
	})
	if err != nil {
		return err
	}
	c.in.tape.hold(false)
	held := c.assent.held
	c.assent.held = nil
	for _, h := range held {
		if err := c.keep(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// refuse destroys what there is of the call and keeps nothing more. The intake
// was told before.
func (c *call) refuse(ctx context.Context, by string, at insights.Seconds) error {
	c.assent.refused, c.assent.asking, c.assent.paused = true, false, false
	c.assent.held = nil
	c.note("no", by, at)
	c.script = newScript(c.o, c.record)
	err := c.insist(ctx, "refuse the recording", func(ctx context.Context) error {
		c.look()
		return c.o.Brain.RecordingAnswered(ctx, c.record)
	})
	// The proof is stored before the audio goes, so that a crash in between
	// does not bring it back; without it the audio goes all the same.
	c.discard()
	return err
}

func (c *call) discard() {
	if err := c.rec.Discard(); err != nil {
		c.log.Error("destroy what was recorded", "error", err)
	}
}

func (c *call) note(answer, by string, at insights.Seconds) {
	r := &c.record.Recording
	r.Answer, r.AnsweredBy, r.AnsweredAt = answer, by, at
	for p := range parties { // captions that stand must go
		c.o.Captions.Partial(c.record.ID, p.speaker(), c.shown[p]+1, "", 0, 0)
	}
}

// unanswered ends a call in which nobody ever said yes: nothing is kept.
func (c *call) unanswered() {
	if !c.assent.asking {
		return
	}
	c.in.refuse()
	c.assent.asking, c.assent.refused, c.assent.held = false, true, nil
	c.script = newScript(c.o, c.record)
	c.discard()
}

// silent says whether nothing of the call is shown or understood now.
func (c *call) silent() bool { return c.assent.refused || c.assent.asking }

// setRecording puts how the recorder stands into the record, under what the
// caller said.
func (c *call) setRecording(st recording.Status) {
	r := &c.record.Recording
	r.State, r.Lost, r.Bytes = string(st.State), insights.SecondsOf(st.Lost), st.Bytes
	switch {
	case c.assent.refused:
		r.State, r.Lost, r.Bytes = string(recording.Refused), 0, 0
		c.record.Captions = event.CaptionsOff
	case c.assent.asking:
		r.State = stateAsking
		c.record.Captions = event.CaptionsOff
	case c.assent.paused && st.State == recording.Recording:
		r.State = statePaused
	}
}

// endRefused closes a call of no process whose caller had said no, or had not
// said yes.
func (c *call) endRefused(ctx context.Context, dir string, as ending) error {
	c.assent.refused = true
	c.setRecording(recording.Status{})
	if err := c.end(ctx, as.status, as.why, c.estimatedEnd()); err != nil {
		return err
	}
	return recording.Discard(dir, c.record.ID)
}

// Answers reads what people say about being recorded.
type Answers interface {
	// Asks says whether the agent's words ask the caller.
	Asks(text string) bool
	// Read says whether the caller's words are a yes or a no. asked tells that
	// the caller was asked and has not answered yet.
	Read(text string, asked bool) (yes, no bool)
}

// noAnswers understands nobody: only orders count.
type noAnswers struct{}

func (noAnswers) Asks(string) bool                 { return false }
func (noAnswers) Read(string, bool) (yes, no bool) { return false, false }
