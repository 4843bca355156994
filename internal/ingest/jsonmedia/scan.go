package jsonmedia

// A call sends a hundred media messages a second and hardly anything else, so
// these have a parser of their own, which allocates nothing. It knows exactly
// the members that the platform documents, once each, in any order, without
// escapes; whatever else it meets, it gives up and encoding/json decides.

// scanner reads the JSON that the fast path understands.
type scanner struct {
	data []byte
	pos  int
}

// scanMedia reads a media message into m, whose slices then alias data. False
// means that the message is to be parsed properly, not that it is wrong.
func scanMedia(data []byte, m *media) bool {
	const event, number, sid, frame, extra = 1, 2, 4, 8, 16
	s := scanner{data: data}
	m.at = -1
	seen := 0
	ok := s.object(func(key []byte) bool {
		switch string(key) {
		case "event":
			v, ok := s.text()
			return ok && string(v) == "media" && once(&seen, event)
		case "sequenceNumber", "sequence_number":
			_, ok := s.number()
			return ok && once(&seen, number)
		case "streamSid", "streamId", "stream_id", "stream_sid":
			v, ok := s.text()
			m.sid = v
			return ok && once(&seen, sid)
		case "extra_headers":
			_, ok := s.text()
			return ok && once(&seen, extra)
		case "media":
			return s.media(m) && once(&seen, frame)
		}
		return false
	})
	return ok && s.end() && seen&(event|frame) == event|frame
}

// media reads the inner object.
func (s *scanner) media(m *media) bool {
	const track, chunk, timestamp, payload = 1, 2, 4, 8
	seen := 0
	ok := s.object(func(key []byte) bool {
		var ok bool
		switch string(key) {
		case "track":
			var v []byte
			v, ok = s.text()
			m.side = SideOf(string(v))
			return ok && once(&seen, track)
		case "chunk":
			m.chunk, ok = s.number()
			return ok && once(&seen, chunk)
		case "timestamp":
			m.at, ok = s.number()
			return ok && once(&seen, timestamp)
		case "payload":
			m.payload, ok = s.text()
			return ok && once(&seen, payload)
		}
		return false
	})
	return ok && seen&(track|timestamp|payload) == track|timestamp|payload
}

// once notes a member and says whether it is the first of its name: of two,
// encoding/json takes the last.
func once(seen *int, member int) bool {
	first := *seen&member == 0
	*seen |= member
	return first
}

// object reads {"key": value, ...}, calling field at each value.
func (s *scanner) object(field func(key []byte) bool) bool {
	if !s.take('{') {
		return false
	}
	for {
		key, ok := s.text()
		if !ok || !s.take(':') || !field(key) {
			return false
		}
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// text reads a string of plain ASCII without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	for i, c := range s.data[s.pos:] {
		if c == '"' {
			v := s.data[s.pos : s.pos+i]
			s.pos += i + 1
			return v, true
		}
		if c < ' ' || c >= 0x7f || c == '\\' {
			return nil, false
		}
	}
	return nil, false
}

// number reads digits, bare or in quotes, at most 15 of them, which cannot
// overflow and are exact in every JSON implementation.
func (s *scanner) number() (int64, bool) {
	quoted := s.take('"')
	start := s.pos
	var n int64
	for s.pos < len(s.data) && s.data[s.pos] >= '0' && s.data[s.pos] <= '9' {
		n = n*10 + int64(s.data[s.pos]-'0')
		s.pos++
	}
	digits := s.pos - start
	if digits == 0 || digits > 15 {
		return 0, false
	}
	if quoted {
		return n, s.next('"')
	}
	// 007 is no JSON number; 7.5 and 7e3 are numbers, but what follows the 7
	// will not fit.
	return n, digits == 1 || s.data[start] != '0'
}

// take skips white space and then c, if it is there.
func (s *scanner) take(c byte) bool {
	for s.pos < len(s.data) && isSpace(s.data[s.pos]) {
		s.pos++
	}
	return s.next(c)
}

// next skips c, if it is there.
func (s *scanner) next(c byte) bool {
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// end says whether only white space is left.
func (s *scanner) end() bool {
	for s.pos < len(s.data) && isSpace(s.data[s.pos]) {
		s.pos++
	}
	return s.pos == len(s.data)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
