package main

import (
	"encoding/json"
	"strings"
	"time"

	"heed/insights"
	"heed/transcribe/audio"
	"heed/transcribe/scripted"
)

// caption is one change of a party's captions as a screen got it.
type caption struct {
	at         time.Time
	who, text  string
	start, end insights.Seconds
	final      bool
}

// last is the caption's last word.
func (c caption) last() string {
	if i := strings.LastIndexByte(c.text, ' '); i >= 0 {
		return c.text[i+1:]
	}
	return c.text
}

func parsePartial(data string) caption {
	var p struct {
		Speaker    string
		Text       string
		Start, End insights.Seconds
	}
	if json.Unmarshal([]byte(data), &p) != nil {
		return caption{}
	}
	return caption{at: time.Now(), who: p.Speaker, text: p.Text, start: p.Start, end: p.End}
}

// truth is what a recording says and when each turn's sound really ends: the
// script's times include the silence that the voice leaves behind it.
func truth(lines []scripted.Line, wav audio.WAV) []scripted.Line {
	const loud = 300 // of 32768, -41 dBFS
	out := make([]scripted.Line, len(lines))
	for i, l := range lines {
		pcm := wav.Channels[0]
		if l.Speaker == string(insights.Customer) && len(wav.Channels) > 1 {
			pcm = wav.Channels[1]
		}
		end := min(int(l.End.Seconds()*float64(wav.Rate)), len(pcm))
		start := int(l.Start.Seconds() * float64(wav.Rate))
		for end > start && pcm[end-1] < loud && pcm[end-1] > -loud {
			end--
		}
		l.End = time.Duration(end) * time.Second / time.Duration(wav.Rate)
		out[i] = l
	}
	return out
}

// turnGap is how long a party must be silent after a turn for the turn to have
// an end that can be waited for.
const turnGap = 1500 * time.Millisecond

// lateness gives, for each turn with silence behind it, how long after its
// last sound its last word was on the screen to stay, and how long after it
// its final was.
func lateness(captions []caption, turns []scripted.Line, zero time.Time) (visible, final []time.Duration) {
	for _, who := range []string{string(insights.Agent), string(insights.Customer)} {
		own := scripted.ForParty(turns, who)
		for i, t := range own {
			if i+1 < len(own) && own[i+1].Start-t.End < turnGap {
				continue
			}
			shown, done, ok := closing(captions, who, t)
			if !ok {
				continue
			}
			spoken := zero.Add(t.End)
			visible = append(visible, shown.Sub(spoken))
			final = append(final, done.Sub(spoken))
		}
	}
	return visible, final
}

// closing finds the final that ends a turn, and since when its last word had
// been the last on the screen.
func closing(captions []caption, who string, t scripted.Line) (shown, done time.Time, ok bool) {
	const slack = 400 * time.Millisecond // engines' word times are off by as much
	at := -1
	for i, c := range captions {
		if c.who == who && c.final && c.start.Duration() < t.End && c.end.Duration() > t.End-slack {
			at = i
			break
		}
	}
	if at < 0 {
		return shown, done, false
	}
	done = captions[at].at
	shown = done
	for i := at - 1; i >= 0; i-- {
		c := captions[i]
		if c.who != who {
			continue
		}
		if c.final || c.last() != captions[at].last() {
			break
		}
		shown = c.at
	}
	return shown, done, true
}
