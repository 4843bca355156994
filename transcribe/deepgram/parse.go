package deepgram

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// message is every message of the service; the type says which fields it has.
type message struct {
	Type        string          `json:"type"`
	Start       float64         `json:"start"`
	Duration    float64         `json:"duration"`
	IsFinal     bool            `json:"is_final"`
	SpeechFinal bool            `json:"speech_final"`
	Finalized   bool            `json:"from_finalize"`
	Channel     json.RawMessage `json:"channel"` // an object in Results, numbers elsewhere
	LastWordEnd float64         `json:"last_word_end"`
	Code        string          `json:"code"` // of an Error
}

// channel is what was heard in the one channel of a session.
type channel struct {
	Alternatives []struct {
		Transcript string  `json:"transcript"`
		Confidence float64 `json:"confidence"`
		Words      []struct {
			Word       string  `json:"word"`
			Start      float64 `json:"start"`
			End        float64 `json:"end"`
			Confidence float64 `json:"confidence"`
		} `json:"words"`
	} `json:"alternatives"`
}

// parser turns messages into results. An utterance is the pieces that are
// is_final up to one that is speech_final, or up to an UtteranceEnd.
type parser struct {
	open bool // pieces of the utterance have come
}

// message reads one message; those that say nothing about speech give nothing.
func (p *parser) message(b []byte) ([]remote.Result, error) {
	var m message
	if err := json.Unmarshal(b, &m); err != nil || m.Type == "" {
		return nil, remote.Refused(name, remote.ErrGarbage)
	}
	switch m.Type {
	case "Results":
		return p.results(m)
	case "UtteranceEnd":
		p.open = false
		return []remote.Result{{Final: true, End: seconds(m.LastWordEnd)}}, nil
	case "Error":
		// The text may repeat what we sent; the code never does.
		return nil, fmt.Errorf("deepgram says %.40q: %w", m.Code, errService)
	}
	return nil, nil
}

// errService is a failure that the service reports in a message.
var errService = errors.New("error of the service")

// results reads what was heard.
func (p *parser) results(m message) ([]remote.Result, error) {
	var c channel
	if err := json.Unmarshal(m.Channel, &c); err != nil {
		return nil, remote.Refused(name, remote.ErrGarbage)
	}
	r := remote.Result{Start: seconds(m.Start), End: seconds(m.Start + m.Duration), Append: m.IsFinal}
	if len(c.Alternatives) > 0 {
		best := c.Alternatives[0]
		r.Text, r.Confidence = best.Transcript, best.Confidence
		for _, w := range best.Words {
			r.Words = append(r.Words, transcribe.Word{
				Text: w.Word, Start: seconds(w.Start), End: seconds(w.End), Confidence: w.Confidence,
			})
		}
	}
	spoken := r.Text != "" || len(r.Words) > 0
	p.open = p.open || m.IsFinal && spoken
	// Without an open utterance, a piece without words says that nobody spoke.
	r.Final = m.IsFinal && (m.SpeechFinal || m.Finalized || !p.open)
	if r.Final {
		p.open = false
	}
	return []remote.Result{r}, nil
}

// seconds converts a time of the service; what cannot be one is 0.
func seconds(s float64) time.Duration {
	if !(s > 0 && s < 1e6) {
		return 0
	}
	return time.Duration(math.Round(s * float64(time.Second)))
}
