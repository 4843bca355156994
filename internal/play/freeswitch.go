package play

import "context"

// playFreeSWITCH is mod_audio_stream: one socket with the caller on the left,
// metadata as the dialplan writes it, and a text just before the end.
func playFreeSWITCH(_ context.Context, o Options) ([]leg, error) {
	s, err := newSampled(o, "freeswitch", o.PlatformCall, o.Recording.both()...)
	if err != nil {
		return nil, err
	}
	if o.Key != "" {
		s.header.Set("Authorization", "Bearer "+o.Key)
	}
	s.first = s.facts()
	s.first["uuid"], s.first["rate"], s.first["mix"] = s.call, "8k", s.mix()
	s.last = append([]message{text([]byte(`{"event":"stop"}`))}, closing()...)
	return []leg{s}, nil
}
