package remote

import (
	"context"
	"time"

	"heed/transcribe"
)

// considerRotation dials a successor when the session's time is nearly up:
// in a quiet moment of its last fifth, at the latest with a tenth left.
func (c *call) considerRotation(ctx context.Context, now time.Time) {
	l := c.current()
	if c.o.MaxSession == 0 || c.successor != nil || len(c.links) != 1 || !l.up || l.done || now.Before(c.fault.rotateAt) {
		return
	}
	if c.hungUp() && span(c.tape.total()-l.origin, c.tape.out) < c.o.MaxSession/10*9 {
		return // it lasts for the rest
	}
	age := max(now.Sub(l.opened), span(l.next-l.origin, c.tape.out))
	quiet := len(l.hearing.stretches) == 0
	if age < c.o.MaxSession/10*8 || !quiet && age < c.o.MaxSession/10*9 {
		return
	}
	c.successor = open(ctx, c.o, Format{Rate: c.tape.out}, 0, c.events, c.running)
}

// rotate puts the successor, which is up, in the place of the last link.
// Both hear the overlap. In its middle lies the seam: words before it are the
// old session's, words behind it the new one's, so that whoever has a word
// has heard all of it.
func (c *call) rotate() {
	old, l := c.current(), c.successor
	c.successor = nil
	if old.done { // the call ended in the meantime
		l.cancel()
		return
	}
	end := span(old.next, c.tape.out)
	ahead := end - span(old.origin, c.tape.out) - time.Since(old.opened)
	old.finish(time.Now().Add(c.o.FlushWithin + max(0, ahead)))
	old.seam = end - c.o.Overlap/2
	c.begin(l, max(c.tape.base, old.origin, old.next-count(c.o.Overlap, c.tape.out)))
	l.again = end
	c.links = append(c.links, l)
}

// finish lets no more audio into a link and bounds the wait for its rest.
func (l *link) finish(within time.Time) {
	if !l.done {
		l.done, l.within = true, within
		close(l.pieces)
	}
}

// speak emits what is ready, in order, and with news the open stretch.
func (c *call) speak(news bool) error {
	for len(c.links) > 0 {
		l := c.links[0]
		for s := l.hearing.ready(l.over, time.Now()); s != nil; s = l.hearing.ready(l.over, time.Now()) {
			if err := c.say(l, s); err != nil {
				return err
			}
		}
		if !l.over {
			break
		}
		l.cancel()
		c.links = c.links[1:]
		if len(c.links) == 0 {
			return errDone // which only a hang-up brings about
		}
		news = true
	}
	if !news || len(c.links) == 0 {
		return nil
	}
	l := c.links[0]
	if s := l.hearing.open(); s != nil {
		words, _ := c.own(l, s)
		return c.speaker.hint(words)
	}
	return nil
}

// say makes a stretch final.
func (c *call) say(l *link, s *stretch) error {
	words, echoes := c.own(l, s)
	l.echo = echoing{echoes, true}
	if err := c.speaker.say(words, !s.timed); err != nil {
		return err
	}
	end := s.end
	if l.seam > 0 {
		end = min(end, l.seam)
	}
	c.speaker.upto = max(c.speaker.upto, end)
	return nil
}

// own are the words of a stretch that are this link's to say, and the echoes
// that may follow once they are said.
func (c *call) own(l *link, s *stretch) (words, echoes []transcribe.Word) {
	words = s.words()
	if l.seam > 0 && s.timed { // of guessed times some would be on the wrong side
		words = before(words, l.seam)
	}
	if l.again <= l.hearing.origin {
		return words, nil
	}
	if !s.timed {
		if echoes = l.echo.words; !l.echo.known {
			echoes = c.speaker.echoes(l.hearing.origin)
		}
		return unrepeated(words, echoes)
	}
	n := 0
	for n < len(words) && words[n].Start < l.again+echo {
		n++
	}
	return append(c.speaker.fresh(words[:n]), words[n:]...), nil
}

// before keeps the words whose middle is before a position.
func before(words []transcribe.Word, pos time.Duration) []transcribe.Word {
	var out []transcribe.Word
	for _, w := range words {
		if middle(w) < pos {
			out = append(out, w)
		}
	}
	return out
}

// salvage makes final what the links have said of words that began before a
// position, when they are given up.
func (c *call) salvage(upto time.Duration) error {
	for _, l := range c.links {
		for _, s := range l.hearing.stretches {
			var words []transcribe.Word
			own, echoes := c.own(l, s)
			for _, w := range own {
				if w.Start < upto {
					words = append(words, w)
				}
			}
			l.echo = echoing{echoes, true}
			if err := c.speaker.say(words, !s.timed); err != nil {
				return err
			}
		}
	}
	return nil
}
