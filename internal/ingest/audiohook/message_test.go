package audiohook

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestPositions(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Duration{
		"PT0S": 0, "PT4S": 4 * time.Second, "PT11.238S": 11238 * time.Millisecond, "PT.5S": time.Second / 2,
		"PT0.000772003S": 772003, "PT0.0007720039999S": 772003, "PT00012.50S": 12500 * time.Millisecond,
	} {
		if got, err := parsePosition(s); err != nil || got != want {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "PTS", "PT.S", "PT1.S", "PT1", "1S", "PT-1S", "PT1M", "PT1e3S", "PT1H2S", "pt1s", "PT1,5S", "PT 1S", "PT99999999999999999999S", "PT8640001S"} {
		if got, err := parsePosition(s); err == nil {
			t.Errorf("%q: %v", s, got)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "PT0S", 4 * time.Second: "PT4S", 1500 * time.Millisecond: "PT1.5S", 11238 * time.Millisecond: "PT11.238S",
		100 * time.Second: "PT100S", -1: "PT0S", 1_000_600_000: "PT1.001S",
	} {
		if got := position(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		organization: true, strings.ToUpper(session): true, null: true, "": false, "{" + session + "}": false,
		"30b0e395-84d3-7570-ac13-9a62d8f514c0": false, "30b0e395-84d3-4570-1c13-9a62d8f514c0": false, "30b0e39584d34570ac139a62d8f514c0": false,
	} {
		if isUUID(s) != want {
			t.Errorf("UUID %q: %v", s, !want)
		}
	}
	for s, want := range map[string]bool{
		"en-US": true, "EN-us": true, "cmn-CN": true, "fil-PHL": true, "en": false, "en-": false, "e-US": false, "en-USAA": false, "en_US": false, "en-U1": false,
	} {
		if isLanguage(s) != want {
			t.Errorf("language %q: %v", s, !want)
		}
	}
}

func TestCountsMayBeStrings(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]count{`7`: 7, `"7"`: 7, `0`: 0, `-1`: -1, `1.5`: -1, `"x"`: -1, `99999999999999999999`: -1, `true`: -1} {
		var c count
		if err := json.Unmarshal([]byte(s), &c); err != nil && want >= 0 || err == nil && c != want {
			t.Errorf("%s: %d, %v", s, c, err)
		}
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		strings.Repeat("x", maxText): false, strings.Repeat("x", maxText+1): true,
		strings.Repeat("é", maxText): false, strings.Repeat("😀", maxText/2): false, strings.Repeat("😀", maxText/2+1): true,
	} {
		if tooLong([]byte(text)) != want {
			t.Errorf("%d bytes of %q: %v", len(text), text[:4], !want)
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(`{"version":"2","id":"` + session + `","type":"ping","seq":1,"serverseq":"0","position":"PT0S","parameters":{}}`))
	f.Add([]byte(`{"version":"2","id":"` + session + `","type":"open","seq":1,"serverseq":0,"position":"PT0S","parameters":{"organizationId":"` + organization +
		`","conversationId":"` + session + `","participant":{"id":"` + session + `"},"media":` + offers("L16", stereo, internal) + `,"customConfig":{"a":true}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := parse(data)
		if err != nil {
			return
		}
		if e.at < 0 || *e.Seq < 0 || !isUUID(e.ID) {
			t.Errorf("read %+v", e)
		}
		p, err := readOpen(e.Parameters)
		if err != nil {
			return
		}
		if m := choose(p.Media); m != nil {
			if s := p.start(e.ID, m); s.Call == "" || len(s.Parties) == 0 || len(s.Agent) > maxValue {
				t.Errorf("start %+v", s)
			}
		}
	})
}

// FuzzPosition compares with the pattern that the vendor's client accepts.
func FuzzPosition(f *testing.F) {
	for _, s := range []string{"PT0S", "PT.5S", "PT1.5S", "PT1.S", "PTS", "PT00S"} {
		f.Add(s)
	}
	pattern := regexp.MustCompile(`^PT(?:[0-9]*\.)?[0-9]+S\z`)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parsePosition(s)
		switch {
		case err == nil && (!pattern.MatchString(s) || d < 0 || d > longest+time.Second):
			t.Errorf("%q read as %v", s, d)
		case err != nil && pattern.MatchString(s) && len(s) < 9:
			t.Errorf("%q refused", s)
		}
		if again, err := parsePosition(position(d)); err != nil || again.Round(time.Millisecond) != d.Round(time.Millisecond) {
			t.Errorf("%v written and read as %v, %v", d, again, err)
		}
	})
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4}, true, true)
	f.Add([]byte{}, false, true)
	f.Fuzz(func(t *testing.T, data []byte, linear, both bool) {
		format, channels := "PCMU", external
		if linear {
			format = "L16"
		}
		if both {
			channels = stereo
		}
		offer := strings.TrimSuffix(strings.TrimPrefix(offers(format, channels), "["), "]")
		m := choose([]json.RawMessage{json.RawMessage(offer)})
		tracks, ok := m.split(data)
		if ok != (len(data)%(m.width*len(m.parties)) == 0) {
			t.Fatalf("%d bytes: %v", len(data), ok)
		}
		for _, track := range tracks {
			if len(track)*m.width*len(m.parties) != len(data) {
				t.Errorf("%d samples of %d bytes", len(track), len(data))
			}
		}
	})
}
