package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// perCall is how many utterances a call of the corpus has.
const perCall = 30

// corpus are calls over a year whose utterances are those of a folder of
// conversations, over and over with other ids.
type corpus struct {
	texts []string
	dice  *rand.Rand
	seq   int64
	calls int64
	first time.Time
	step  time.Duration // between calls
}

// newCorpus reads the conversations of a folder of *.tsv.gz, whose second
// column is what somebody said, for so many utterances.
func newCorpus(folder string, size int) (*corpus, error) {
	files, err := filepath.Glob(filepath.Join(folder, "multidogo", "*.train.tsv.gz"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no conversations in %s: give their folder with -data (%w)", folder, os.ErrNotExist)
	}
	c := &corpus{dice: rand.New(rand.NewPCG(8, 8)), first: time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)}
	c.step = 364 * 24 * time.Hour / time.Duration(max(1, size/perCall))
	for _, name := range files {
		if err := c.read(name); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *corpus) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		for cell := range strings.SplitSeq(lines.Text(), "\t") {
			if strings.Count(cell, " ") > 2 {
				c.texts = append(c.texts, cell)
				break
			}
		}
	}
	return lines.Err()
}

// call gives the events of the next call.
func (c *corpus) call() ([]event.Event, error) {
	at := c.first.Add(time.Duration(c.calls) * c.step)
	c.calls++
	id := event.IDAt(at)
	of := event.Call{ID: id, Agent: fmt.Sprintf("agent %d", c.calls%50), Direction: "inbound", StartedAt: at}
	began, err := c.event(event.CallStarted, at, id, of)
	if err != nil {
		return nil, err
	}
	events := append(make([]event.Event, 0, perCall+2), began)
	for i := range perCall {
		u := insights.Utterance{
			ID: event.IDAt(at.Add(time.Duration(i) * 6 * time.Second)), CallID: id, Seq: i + 1, Speaker: insights.Customer, Language: "en",
			Text: c.texts[c.dice.IntN(len(c.texts))], Start: insights.Seconds(6 * i), End: insights.Seconds(6*i + 5),
		}
		var found []insights.Insight
		if i%2 == 0 {
			u.Speaker = insights.Agent
		} else {
			found = append(found, insights.Insight{Kind: insights.Sentiment, Value: c.dice.Float64()*2 - 1})
		}
		if i%6 == 1 {
			found = append(found,
				insights.Insight{Kind: insights.Intent, Name: fmt.Sprintf("intent_%d", c.dice.IntN(60))},
				insights.Insight{Kind: insights.Theme, Name: fmt.Sprintf("theme_%d", c.dice.IntN(200))})
		}
		e, err := c.event(event.UtteranceSpoken, at.Add(time.Duration(i)*6*time.Second), id, struct {
			Utterance insights.Utterance `json:"utterance"`
			Insights  []insights.Insight `json:"insights"`
		}{u, found})
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	of.Duration = insights.Seconds(60 + c.dice.IntN(1200))
	e, err := c.event(event.CallEnded, at.Add(20*time.Minute), id, event.EndedCall{Call: of})
	return append(events, e), err
}

func (c *corpus) event(kind event.Type, at time.Time, call string, what any) (event.Event, error) {
	e, err := event.New(kind, at, event.About{Subject: call, Call: call}, what)
	c.seq++
	e.Seq = c.seq
	return e, err
}
