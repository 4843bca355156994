package audiohook

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"heed/internal/ingest"
)

// open begins the stream, but for a probe and where no audio is wanted. A
// second one changes nothing.
func (f *feed) open(ctx context.Context, e *envelope, now time.Time) {
	if f.state != preparing {
		return
	}
	p, err := readOpen(e.Parameters)
	if err != nil {
		f.fail("Invalid Message: Invalid/missing parameters")
		return
	}
	if f.who.organization != "" && !strings.EqualFold(p.OrganizationID, f.who.organization) {
		f.door.counts.Refused("organization")
		f.state = lost
		f.out.put("disconnect", farewell{Reason: "unauthorized"})
		f.work.Go(f.sendAway)
		return
	}
	if isLanguage(p.Language) {
		f.tongue = p.Language
	}
	f.media = choose(p.Media)
	if f.media == nil {
		f.log.Warn("no audio that is understood was offered")
	}
	if f.media != nil && !p.probe() {
		if err := f.begin(ctx, &p, now); err != nil {
			f.refuse(err)
			return
		}
	}
	f.state = active
	f.out.put("opened", f.answer(&p))
}

// answer is what opened says.
func (f *feed) answer(p *openParameters) opened {
	a := opened{Media: []json.RawMessage{}}
	if f.media != nil {
		a.Media = append(a.Media, f.media.offer)
	}
	if p.SupportedLanguages {
		languages := append([]string{}, f.door.options.Languages...)
		a.SupportedLanguages = &languages
	}
	return a
}

// begin opens the stream and follows the call. A conversation that has ended
// goes on as a call of its own: it was transferred.
func (f *feed) begin(ctx context.Context, p *openParameters, now time.Time) error {
	s := p.start(f.who.session, f.media)
	s.At = now
	opening, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	stream, err := f.door.options.Calls.Open(opening, s)
	if errors.Is(err, ingest.ErrOver) {
		s.Call += "/" + s.Stream
		stream, err = f.door.options.Calls.Open(opening, s)
	}
	if err != nil {
		return err //nolint:wrapcheck // refuse tells them apart
	}
	f.stream = stream
	f.log = f.log.With("call", s.Call, "stream", s.Stream)
	f.log.Info("stream opened", "tracks", len(s.Parties), "continues", len(p.ContinuedSessions))
	f.follow(ctx, f.door.options.Assist || p.own()["agentassist"] == "true")
	return nil
}

// openWithin leaves time for the answer, for which the client waits 5 s.
const openWithin = 4500 * time.Millisecond

// refuse says why no call was opened.
func (f *feed) refuse(err error) {
	f.log.Warn("stream refused", "error", err)
	switch {
	case errors.Is(err, ingest.ErrBusy):
		f.disconnect("No more calls can be taken now")
	case errors.Is(err, ingest.ErrStopping):
		f.disconnect("The server is shutting down")
	default:
		f.disconnect("The call could not be opened")
	}
}

// close ends the stream at once, and the session when all was heard.
func (f *feed) close(e *envelope) {
	if f.state == closing {
		return
	}
	f.state = closing
	var p struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(e.Parameters, &p) // it is over either way
	if f.stream == nil || p.Reason == "reconnect" || p.Reason == "error" {
		f.stop(ingest.Closed) // the call may go on in another session
		f.out.put("closed", nothing{})
		return
	}
	f.stop(ingest.Stopped)
	heard := f.heard
	f.work.Go(func() {
		timer := time.NewTimer(closeWithin)
		defer timer.Stop()
		select {
		case <-heard:
		case <-timer.C:
		case <-f.out.done:
			return
		}
		f.out.put("closed", nothing{})
	})
}

// pause notes that no audio comes.
func (f *feed) pause() {
	if f.state == active {
		f.state = paused
		f.time.cut()
	}
}

// skip leaves a hole where audio was discarded. What comes back from a pause
// that was none is no hole.
func (f *feed) skip(e *envelope) {
	var h hole
	if err := json.Unmarshal(e.Parameters, &h); err != nil {
		h = hole{}
	}
	d, err := h.length()
	if err != nil {
		f.fail("Invalid Message: Invalid/missing parameters")
		return
	}
	switch {
	case e.Type == "resumed" && f.state == paused:
		f.state = active
	case e.Type == "discarded" && (f.state == active || f.state == paused):
	default:
		return
	}
	if d > 0 {
		f.time.skip(d, e.at)
	}
}

// update takes another language, which ends what is being said. The call's
// engine stays.
func (f *feed) update() {
	if f.state == active || f.state == paused {
		f.time.cut()
		f.out.put("updated", nothing{})
	}
}

// complaint logs an error of the client's, which goes on.
func (f *feed) complaint(e *envelope) {
	var p struct {
		Code int `json:"code"`
	}
	_ = json.Unmarshal(e.Parameters, &p) // that there was one is enough
	f.log.Warn("the platform reports an error", "code", p.Code)
}

// digit passes on a key.
func (f *feed) digit(e *envelope) {
	var p struct {
		Digit string `json:"digit"`
	}
	_ = json.Unmarshal(e.Parameters, &p) // no digit is none
	if f.stream != nil && len(p.Digit) == 1 && strings.Contains("0123456789*#ABCD", p.Digit) {
		f.stream.Digit(f.party(), p.Digit, f.time.now())
	}
}
