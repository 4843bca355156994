package openai

import "time"

// vad is the fake server's own voice activity detection.
type vad struct {
	ears *endpointer
	open bool
	pcm  []int16
}

// detect cuts what was appended, as the service does with server_vad.
func (s *rtSession) detect(pcm []int16) {
	for _, c := range s.vad.ears.feed(pcm) {
		if c.first {
			s.vad.open, s.vad.pcm = true, nil
			s.say(map[string]any{"type": "input_audio_buffer.speech_started", "item_id": s.item(), "audio_start_ms": s.vad.ears.time(c.begin) / time.Millisecond})
		}
		s.vad.pcm = append(s.vad.pcm, c.pcm...)
		if !c.last {
			continue
		}
		s.vad.open = false
		s.say(map[string]any{"type": "input_audio_buffer.speech_stopped", "item_id": s.item(), "audio_end_ms": s.vad.ears.time(c.end) / time.Millisecond})
		s.done(text(s.f.hears(s.vad.pcm, s.rate)))
		s.vad.pcm = nil
	}
}

// take gives the buffer for a commit by the client. An item that was open
// goes on under another id.
func (v *vad) take() []int16 {
	if !v.open {
		return nil
	}
	for _, c := range v.ears.flush() {
		v.pcm = append(v.pcm, c.pcm...)
	}
	v.open = false
	return v.pcm
}
