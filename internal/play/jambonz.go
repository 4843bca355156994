package play

import (
	"context"

	"heed/internal/ingest/l16"
)

// playJambonz is the listen verb: one socket with the caller on the left, and
// the status hook when the call is over.
func playJambonz(_ context.Context, o Options) ([]leg, error) {
	s, err := newSampled(o, "jambonz", o.PlatformCall, o.Recording.both()...)
	if err != nil {
		return nil, err
	}
	s.basic()
	s.protocols = []string{"audio.jambonz.org"}
	facts := s.facts()
	s.first = map[string]any{
		"callSid": s.call, "accountSid": account, "callStatus": "in-progress", "direction": "inbound",
		"sampleRate": telephone, "mixType": s.mix(), "heed": facts,
	}
	for _, name := range []string{"from", "to"} {
		if v, told := facts[name]; told {
			s.first[name] = v
		}
	}
	s.told = func(ctx context.Context) error {
		return o.post(ctx, l16.StatusPath, map[string]any{"call_sid": s.call, "call_status": "completed"}, nil)
	}
	return []leg{s}, nil
}
