package webhook

import (
	"cmp"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/ingest/wire"
)

// callRail is CallRail: Pre-Call, Call Routing Complete, Post-Call, Call
// Modified and the two of outbound calls. A Post-Call may come without the
// recording and is no last word; what is modified comes as the whole call.
// Source, medium, campaign and so on are of the first touch, click ids of the
// most valuable click. Text messages and forms are not calls.
func callRail() dialect {
	from := map[string][]string{
		event.FieldCaller:       {"customer_phone_number", "customer_number", "callernum"},
		event.FieldNumber:       {"tracking_phone_number", "trackingnum"},
		event.FieldDestination:  {"business_phone_number", "destinationnum"},
		event.FieldStarted:      {"start_time", "datetime"},
		event.FieldTotal:        {"duration"},
		event.FieldWasAnswered:  {"answered"},
		event.FieldDirection:    {"direction"},
		event.FieldRecordingURL: {"recording"},
		event.FieldAgent:        {"agent_email"},
		event.FieldGAClient:     {"ga"},
		"source":                {"source", "utm_source", "source_name"},
		"medium":                {"medium", "utm_medium"},
		"campaign":              {"campaign", "utm_campaign"},
		"keyword":               {"keywords", "utm_term"},
		"match_type":            {"match_type", "utma_match_type"},
		"content":               {"utm_content", "ad_content", "content"},
		"landing":               {"landing_page_url", "landingpage"},
		"referrer":              {"referrer_domain", "referrer", "referring_url"},
	}
	for _, click := range event.ClickFields() {
		from[click] = []string{click}
	}
	for model, milestone := range map[string]string{"first": "first_touch", "last": "last_touch", "lead": "lead_created"} {
		for ours, theirs := range map[string]string{
			"source": "source", "medium": "medium", "campaign": "campaign", "keyword": "keywords", "match_type": "match_type",
			"content": "ad_content", "landing": "landing", "referrer": "referrer",
		} {
			from[model+"."+ours] = []string{"milestones." + milestone + "." + theirs}
		}
	}
	return dialect{
		name: "callrail", signed: callRailSigned,
		dated: func(f facts) time.Time { return wire.Moment(f["timestamp"]) },
		told: func(f facts, id string) ([]event.Told, *wire.Problem) {
			if has(f, "form_data", "form_url", "thread_resource_id", "conversation_id", "message_type") {
				return nil, nil
			}
			t := event.Told{
				Provider: "callrail", ID: id, Call: f.of("resource_id", "id"), Tracking: true, At: wire.Moment(f["timestamp"]),
			}
			if !isID(t.Call) {
				return nil, noCall("resource_id")
			}
			f.fill(&t, from, "resource_id", "id", "timestamp", "changes")
			t.Fields[event.FieldTouch], t.Fields[event.FieldRecording] = "first", t.Call
			return []event.Told{t}, nil
		},
	}
}

// has says whether a body has one of some fields, or an object of that name.
func has(f facts, names ...string) bool {
	for _, n := range names {
		if _, ok := f[n]; ok {
			return true
		}
		for name := range f {
			if strings.HasPrefix(name, n+".") {
				return true
			}
		}
	}
	return false
}

// invoca is Invoca's transactions. A correction is a transaction of its own that
// names the one in whose place it stands.
func invoca() dialect {
	from := map[string][]string{
		event.FieldCaller:       {"calling_phone_number"},
		event.FieldNumber:       {"promo_line_phone_number", "promo_number", "virtual_line_number"},
		event.FieldDestination:  {"destination_phone_number"},
		event.FieldStarted:      {"start_time_utc", "start_time_local"},
		event.FieldTotal:        {"duration"},
		event.FieldTalk:         {"connect_duration"},
		event.FieldRing:         {"ring_duration"},
		event.FieldRecordingURL: {"recording"},
		event.FieldGAClient:     {"g_cid"},
		event.FieldGASession:    {"ga_session_id"},
		"source":                {"utm_source"},
		"medium":                {"utm_medium", "media_type"},
		"campaign":              {"utm_campaign", "advertiser_campaign_name"},
		"keyword":               {"utm_term"},
		"content":               {"utm_content"},
		"landing":               {"landing_page"},
	}
	for _, click := range event.ClickFields() {
		from[click] = []string{click}
	}
	return dialect{
		name: "invoca",
		told: func(f facts, _ string) ([]event.Told, *wire.Problem) {
			t := event.Told{
				Provider: "invoca", ID: f["transaction_id"], Call: f.of("complete_call_id", "transaction_id"), Tracking: true,
				Corrects: f["corrects_transaction_id"], At: wire.Moment(f.of("corrected_at", "signal_occurred_at", "start_time_utc")),
			}
			switch {
			case !isID(t.ID):
				return nil, noCall("transaction_id")
			case !isID(t.Call):
				return nil, noCall("complete_call_id")
			}
			f.fill(&t, from, "transaction_id", "complete_call_id", "corrects_transaction_id", "corrected_at", "signal_occurred_at")
			t.Fields[event.FieldRecording] = t.Call
			t.Fields[event.FieldDirection] = "inbound"
			return []event.Told{t}, nil
		},
	}
}

// genesysPlatform is the name under which the audio of Genesys comes in.
const genesysPlatform = "audiohook"

// genesys is the conversation events of Genesys Cloud, as an integration posts
// them: the body of a topic v2.detail.events.conversation.{id}.*, alone or as
// Amazon EventBridge wraps it, or a few fields that a trigger's action writes.
func genesys() dialect {
	return dialect{
		name: "genesys",
		told: func(f facts, id string) ([]event.Told, *wire.Problem) {
			topic := strings.ToLower(f.of("topicname", "detail.topicname", "detail-type", "topic"))
			f = f.inner("detail.eventbody.", "eventbody.")
			if media := f["mediatype"]; media != "" && !strings.EqualFold(media, "voice") {
				return nil, nil
			}
			t := event.Told{Provider: genesysPlatform, ID: id, Call: f["conversationid"], At: wire.Moment(f.of("eventtime", "time"))}
			if !isID(t.Call) {
				return nil, noCall("conversationId")
			}
			f.fill(&t, map[string][]string{
				event.FieldFrom: {"ani"}, event.FieldTo: {"dnis"}, event.FieldDirection: {"direction"},
				event.FieldQueue: {"queuename", "queueid"}, event.FieldAgent: {"username", "userid"},
			}, "conversationid", "eventtime", "time", "mediatype", "state", "disconnecttype")
			genesysPhase(&t, topic, strings.ToLower(f["state"]), f["disconnecttype"])
			return []event.Told{t}, nil
		},
	}
}

// inner gives the fields of the first of some objects that is there.
func (f facts) inner(prefixes ...string) facts {
	for _, p := range prefixes {
		in := facts{}
		for name, v := range f {
			if rest, ok := strings.CutPrefix(name, p); ok {
				in[rest] = v
			}
		}
		if len(in) > 0 {
			return in
		}
	}
	return f
}

// genesysPhase reads where a call is: from the topic, whose last two words say
// whose part of the conversation began or ended, or from a state that a trigger
// wrote. The customer's part is the call; the end of an agent's ends nothing.
func genesysPhase(t *event.Told, topic, state, cause string) {
	phase := map[string]string{
		"alerting": event.PhaseRinging, "ringing": event.PhaseRinging, "dialing": event.PhaseRinging, "offering": event.PhaseRinging,
		"connected": event.PhaseAnswered, "answered": event.PhaseAnswered,
		"disconnected": event.PhaseEnded, "terminated": event.PhaseEnded, "ended": event.PhaseEnded,
	}[state]
	switch {
	case strings.HasSuffix(topic, ".customer.start"):
		phase = event.PhaseRinging
	case strings.HasSuffix(topic, ".customer.end"):
		phase = event.PhaseEnded
	}
	if !strings.HasSuffix(topic, ".customer.start") && strings.HasPrefix(topic, "v2.") {
		delete(t.Fields, event.FieldFrom) // of an agent's leg
		delete(t.Fields, event.FieldTo)
		delete(t.Fields, event.FieldDirection)
	}
	if t.Fields[event.FieldPhase] = phase; phase == event.PhaseEnded {
		t.Fields[event.FieldCause], t.Ends = cause, true
	}
}

// jambonz is the call status events of jambonz, whose audio comes in by the
// listen verb. They have no time: that of their arrival is taken, and the status
// tells one from others.
func jambonz() dialect {
	from := map[string][]string{event.FieldFrom: {"from"}, event.FieldTo: {"to"}, event.FieldDirection: {"direction"}}
	return dialect{
		name: "jambonz",
		told: func(f facts, _ string) ([]event.Told, *wire.Problem) {
			status := f["call_status"]
			t := event.Told{Provider: "jambonz", ID: wire.EventID(f["call_sid"], status), Call: f["call_sid"]}
			if !isID(t.Call) {
				return nil, noCall("call_sid")
			}
			f.fill(&t, from, "call_sid", "call_status", "sip_reason")
			switch status {
			case "trying", "ringing", "early-media":
				t.Fields[event.FieldPhase] = event.PhaseRinging
			case "in-progress":
				t.Fields[event.FieldPhase] = event.PhaseAnswered
			case "completed", "failed", "busy", "no-answer":
				t.Ends = true
				t.Fields[event.FieldPhase], t.Fields[event.FieldCause] = event.PhaseEnded, cmp.Or(f["sip_reason"], status)
			}
			return []event.Told{t}, nil
		},
	}
}
