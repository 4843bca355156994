package play

import (
	"context"
	"fmt"
)

// playAsterisk is chan_websocket: a channel for each party, with what the
// dialplan tells in the address, and a hangup handler that tells of the end.
func playAsterisk(_ context.Context, o Options) ([]leg, error) {
	var legs []leg
	call := o.PlatformCall
	for _, who := range o.Recording.both() {
		s, err := newSampled(o, "asterisk", call, who)
		if err != nil {
			return nil, err
		}
		call = s.call
		s.basic()
		s.protocols = []string{"media"}
		told := s.facts()
		told["call"], told["party"] = call, who
		s.query(told)
		s.words = fmt.Sprintf("MEDIA_START connection_id:%s channel:WebSocket/heed-%s format:slin optimal_frame_size:320 ptime:20", s.stream, who)
		s.told = s.ended
		legs = append(legs, s)
	}
	return legs, nil
}
