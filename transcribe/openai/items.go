package openai

import (
	"fmt"
	"strings"
	"time"

	"heed/transcribe"
	"heed/transcribe/remote"
)

// take sorts one event in, under the lock. Events that are not ours to know
// are passed over, as the document asks.
func (s *realtimeSession) take(e event) ([]remote.Result, error) {
	const transcription = "conversation.item.input_audio_transcription."
	if len(s.items) > maxItems {
		return nil, remote.Refused(realtimeName, remote.ErrFlood)
	}
	switch e.Type {
	case "input_audio_buffer.speech_started":
		return s.started(e)
	case "input_audio_buffer.speech_stopped":
		s.stopped(e)
	case "input_audio_buffer.committed":
		return s.committed(e), nil
	case "input_audio_buffer.cleared":
		s.clearing = false
	case transcription + "delta":
		return s.grown(e)
	case transcription + "completed":
		return s.completed(e), nil
	case transcription + "failed":
		return s.failed(e)
	case "error":
		return nil, s.wrong(e.fault())
	}
	return nil, nil
}

// find gives an item that is not over, and makes it when it is new.
func (s *realtimeSession) find(id string) *item {
	if s.over[id] {
		return nil
	}
	it := s.items[id]
	if it == nil {
		it = &item{}
		s.items[id] = it
	}
	return it
}

// started notes a stretch that the server heard begin.
func (s *realtimeSession) started(e event) ([]remote.Result, error) {
	it := s.find(e.ItemID)
	if it == nil || it.known {
		return nil, nil
	}
	it.known, it.span.from = true, milliseconds(e.AudioStartMS)
	return []remote.Result{{Key: e.ItemID}}, nil
}

// stopped notes where it ended.
func (s *realtimeSession) stopped(e event) {
	if it := s.items[e.ItemID]; it != nil {
		it.span.to = milliseconds(e.AudioEndMS)
		s.cutAt = max(s.cutAt, it.span.to)
	}
}

// milliseconds converts a time, which may be anything.
func milliseconds(ms int64) time.Duration {
	const most = int64(1 << 31)
	return time.Duration(min(max(ms, 0), most)) * time.Millisecond
}

// committed gives the oldest commit's span to its item, and announces it, so
// that it comes before those committed later. An item that the server cut has
// its times already.
func (s *realtimeSession) committed(e event) []remote.Result {
	it := s.find(e.ItemID)
	if it == nil {
		return nil
	}
	if len(s.spans) > 0 && (!it.known || it.span.to == 0) {
		from := it.span.from
		it.span, s.spans = s.spans[0], s.spans[1:]
		if it.known {
			it.span.from = from
		}
		it.known = true
		s.supersede(it)
	}
	return []remote.Result{{Key: e.ItemID}}
}

// supersede forgets a stretch that the server heard begin and that became
// part of our commit under another name.
func (s *realtimeSession) supersede(by *item) {
	for id, it := range s.items {
		if s.vad && it != by && it.known && it.span.to == 0 {
			by.span.from = it.span.from
			delete(s.items, id)
			s.over[id] = true
		}
	}
}

// grown adds a delta. Deltas part words anywhere, so the whole is passed on.
func (s *realtimeSession) grown(e event) ([]remote.Result, error) {
	it := s.find(e.ItemID)
	if it == nil {
		return nil, nil
	}
	if it.text.Len()+len(e.Delta) > maxText {
		return nil, remote.Refused(realtimeName, fmt.Errorf("deltas of one item: %w", remote.ErrFlood))
	}
	it.text.WriteString(e.Delta)
	from := it.span.from
	if !it.known {
		from = s.begun
	}
	to := s.head
	if it.span.to > 0 {
		to = it.span.to
	}
	return []remote.Result{partial(e.ItemID, it.text.String(), from, to)}, nil
}

// partial is the open stretch's text so far. Its times are those of its words
// and not its own End: that would say that all up to there was heard, and we
// only know that it was sent.
func partial(key, text string, from, to time.Duration) remote.Result {
	r := remote.Result{Key: key, Text: text}
	if from >= 0 && to > from && strings.TrimSpace(text) != "" {
		r.Words = []transcribe.Word{{Text: text, Start: from, End: to}}
	}
	return r
}

// completed closes an item.
func (s *realtimeSession) completed(e event) []remote.Result {
	it := s.find(e.ItemID)
	if it == nil {
		return nil
	}
	s.close(e.ItemID, it)
	return []remote.Result{{
		Key: e.ItemID, Final: true, Text: e.Transcript, Start: it.span.from, End: it.span.to, Confidence: confidence(e.Logprobs),
	}}
}

// close forgets an item. One that was never said to be committed is the
// oldest commit's.
func (s *realtimeSession) close(id string, it *item) {
	if !it.known && len(s.spans) > 0 {
		it.span, s.spans = s.spans[0], s.spans[1:]
	}
	delete(s.items, id)
	s.over[id] = true
}

// done tells whether every commit has its text.
func (s *realtimeSession) done() bool { return len(s.spans)+len(s.items) == 0 && !s.clearing }

// failed closes an item in which nothing could be made out, and lets the
// rest be sent again on a new connection.
func (s *realtimeSession) failed(e event) ([]remote.Result, error) {
	f := e.fault()
	if f.Code != codeNotAudible {
		return nil, f.verdict()
	}
	it := s.find(e.ItemID)
	if it == nil {
		return nil, nil
	}
	s.close(e.ItemID, it)
	return []remote.Result{{Key: e.ItemID, Final: true, End: it.span.to}}, nil
}

// wrong judges an error event. A commit of nothing is answered by it in the
// place of an item.
func (s *realtimeSession) wrong(f fault) error {
	if f.Code != codeCommitEmpty {
		return f.verdict()
	}
	if len(s.spans) > 0 {
		s.spans = s.spans[1:]
	}
	return nil
}
